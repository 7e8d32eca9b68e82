"""How homework stands: in the client's own days, from what was practised, in a constant number of queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from tests.web.conftest import Clock
from web.clinic.homework_states import list_client_states, list_own_states, list_states
from web.clinic.local_days import find_day, find_moment
from web.clinic.rounds import Round, find_round, list_due_days
from web.database.clinic_tables import Assignment, AssignmentItem, Care, Consent
from web.database.tables import Attempt, Person, Turn, make_id
from web.rehearsal.counting import Counts

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""A Friday, two days before the clocks go forward in Lisbon and Berlin."""


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.moment = NOON
    return clock


@pytest.fixture
def make_homework(database, noor, mika):
    """`make_homework(due_on="2026-04-01")`: homework of one scene for Mika, as the fields say; gives assignment and item id."""

    def make(*, client=mika, kind="scene", attempts=1, skill=None, times=None, **fields) -> tuple[str, str]:
        assignment_id, item_id = make_id(), make_id()
        fields = {"made_at": NOON, "changed_at": NOON, "skip_reason_shared": False} | fields
        with database.writing() as session:
            session.add(Assignment(id=assignment_id, clinician_id=noor.id, client_id=client.id, batch_id=make_id(), **fields))
            session.flush()
            item = AssignmentItem(id=item_id, assignment_id=assignment_id, place=1, kind=kind, scene_id="S17", feedback_mode="full")
            item.target_attempts, item.target_skill, item.target_count = attempts, skill, times
            session.add(item)
        return assignment_id, item_id

    return make


@pytest.fixture
def make_rehearsal(database, mika):
    """`make_rehearsal(item, replies=3)`: a rehearsal of Mika's for this item with so many replies."""

    def make(
        item_id, *, replies=3, at=NOON, kind="scene", phase="scene", last="speech", skills=None, tries=1, client=mika, said_in="scene"
    ) -> str:
        attempt_id = make_id()
        with database.writing() as session:
            attempt = Attempt(id=attempt_id, person_id=client.id, start_id=make_id(), kind=kind, scene_id="S17", scene_version=1)
            attempt.level, attempt.seed, attempt.feedback_mode, attempt.phase = "friendly", 1, "full", phase
            attempt.created_at, attempt.last_used_at, attempt.assignment_item_id = at, at, item_id
            session.add(attempt)
            session.flush()
            first = None
            for number in range(1, replies + 1):
                for each in range(tries):
                    turn = Turn(id=make_id(), attempt_id=attempt_id, number=number * 10 + each, message_id=make_id())
                    turn.kind = last if number == replies else "speech"
                    turn.status, turn.said_in, turn.created_at = "answered", said_in, at
                    turn.instead_of_id = first if each else None
                    session.add(turn)
                    turn.counts = Counts(replies=number, skills=skills or {}).as_json()
                    first = turn.id if each == 0 else first
                attempt.current_turn_id = turn.id
        return attempt_id

    return make


@pytest.fixture
def look(database, mika, clock):
    """The one piece of homework of Mika as she sees it now."""

    def look():
        with database.reading() as session:
            return list_own_states(session, mika.id, clock())[0]

    return look


def move_to(database, client, zone: str) -> None:
    with database.writing() as session:
        session.get_one(Person, client.id).time_zone = zone


def test_three_replies_make_it_done_two_do_not(make_homework, make_rehearsal, look):
    """Blank work is not done work: begun with two things said, done with three."""
    _, item = make_homework()
    assert look().state == "open"
    make_rehearsal(item, replies=0)
    assert look().state == "begun"
    make_rehearsal(item, replies=2)
    assert look().state == "begun" and look().practised_at == ()
    make_rehearsal(item, replies=3)
    assert look().state == "done" and look().practised_at == (NOON,)


def test_the_same_reply_tried_again_counts_once(make_homework, make_rehearsal, look):
    """Two things said, each in three versions, are two things said."""
    _, item = make_homework()
    make_rehearsal(item, replies=2, tries=3)
    assert look().state == "begun"


def test_what_is_said_while_paused_does_not_count(make_homework, make_rehearsal, look):
    """Words typed in a break are not said in the talk."""
    _, item = make_homework()
    make_rehearsal(item, replies=5, said_in="paused")
    assert look().state == "begun"


def test_a_drill_is_done_with_its_round_not_with_a_stop(make_homework, make_rehearsal, look):
    """Over by its last line answered it counts; over by the stop button it does not, nor while it runs."""
    _, item = make_homework(kind="drill")
    make_rehearsal(item, kind="drill", phase="drill", replies=5)
    make_rehearsal(item, kind="drill", phase="over", replies=2, last="command")
    assert look().state == "begun"
    make_rehearsal(item, kind="drill", phase="over", replies=2)
    assert look().state == "done"


def test_three_attempts_need_three(make_homework, make_rehearsal, look):
    """A target of three is told as so many of so many until it is met."""
    _, item = make_homework(attempts=3)
    for done in (1, 2):
        make_rehearsal(item)
        assert (look().state, look().items[0].practised) == ("begun", done)
    make_rehearsal(item)
    assert look().state == "done"


def test_a_goal_counts_only_while_counts_are_shared(make_homework, make_rehearsal, look, database, noor, mika, clock):
    """Two paraphrases in one attempt: not met by one and one; the best is told; without consent the goal is not there at all."""
    _, item = make_homework(skill="paraphrase", times=2)
    with database.writing() as session:
        consent = Consent(id=make_id(), person_id=mika.id, clinician_id=noor.id, what="skill_counts", given_at=clock())
        consent.wording_version = 1
        session.add(consent)
    make_rehearsal(item, skills={"paraphrase": 1})
    make_rehearsal(item, skills={"paraphrase": 1})
    assert (look().state, look().items[0].best) == ("begun", 1)
    make_rehearsal(item, skills={"paraphrase": 2})
    assert (look().state, look().items[0].best) == ("done", 2)
    with database.writing() as session:
        session.get_one(Consent, consent.id).withdrawn_at = clock()
    with database.reading() as session:
        seen = list_states(session, noor.id, clock())[0].items[0]
    assert (seen.best, seen.target_skill, seen.target_count) == (None, None, None)


def test_late_begins_when_the_clients_own_day_is_over(make_homework, look, clock, database, mika):
    """Due on 27 March: at 23:30 in Lisbon not late, half an hour later it is; in Los Angeles at that moment it is not."""
    make_homework(due_on="2026-03-27")
    clock.moment = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)
    assert not look().late
    clock.go_on(minutes=30)
    assert look().late and look().state == "open"
    move_to(database, mika, "America/Los_Angeles")
    assert not look().late
    move_to(database, mika, "Pacific/Auckland")
    assert look().late


def test_late_work_is_done_work(make_homework, make_rehearsal, look, clock):
    """Practised five weeks after the day: done, and no longer called late."""
    _, item = make_homework(due_on="2026-03-28")
    clock.go_on(days=35)
    make_rehearsal(item, at=clock())
    assert look().state == "done" and not look().late


def test_an_opening_day_is_the_clients_own(make_homework, look, clock, database, mika):
    """Opens on 28 March: at noon UTC on the 27th it is still closed in Lisbon and open in Auckland."""
    make_homework(opens_on="2026-03-28")
    assert look().state == "later"
    move_to(database, mika, "Pacific/Auckland")
    assert look().state == "open"


def test_each_round_of_a_rhythm_begins_anew(make_homework, make_rehearsal, look, clock):
    """Every two days: done today, open again when the next round begins; a missed round is not told of."""
    _, item = make_homework(every_days=2, due_on="2026-04-03")
    make_rehearsal(item)
    assert (look().state, look().round) == ("done", Round(date(2026, 3, 27), date(2026, 3, 28)))
    clock.go_on(days=2)
    assert (look().state, look().late, look().round.last) == ("open", False, date(2026, 3, 30))
    clock.go_on(days=2)
    assert (look().state, look().late) == ("open", False)
    clock.go_on(days=4)
    assert (look().round, look().late) == (Round(date(2026, 4, 2), date(2026, 4, 3)), True)


def test_rounds_are_days_not_hours():
    """Over the night when the clocks change a round still begins at midnight, and the last one ends on the last day."""
    assert find_round(date(2026, 3, 27), None, 3, date(2026, 3, 30)) == Round(date(2026, 3, 30), date(2026, 4, 1))
    assert find_round(date(2026, 3, 27), None, 3, date(2026, 3, 1)) == Round(date(2026, 3, 27), date(2026, 3, 29))
    assert find_round(date(2026, 3, 27), date(2026, 3, 31), 3, date(2027, 1, 1)) == Round(date(2026, 3, 30), date(2026, 3, 31))
    days = [date(2026, 3, 29), date(2026, 4, 1), date(2026, 4, 2)]
    assert list_due_days(date(2026, 3, 27), date(2026, 4, 2), 3) == days
    assert len(list_due_days(date(2026, 3, 27), None, 7)) == 53


@pytest.mark.parametrize(
    ("day", "hour", "zone", "utc"),
    [
        (date(2026, 3, 28), 9, "Europe/Berlin", "2026-03-28T08:00"),
        (date(2026, 3, 29), 9, "Europe/Berlin", "2026-03-29T07:00"),
        (date(2026, 3, 29), 2, "Europe/Berlin", "2026-03-29T01:00"),
        (date(2026, 10, 25), 2, "Europe/Berlin", "2026-10-25T00:00"),
        (date(2026, 10, 25), 3, "Europe/Berlin", "2026-10-25T02:00"),
        (date(2026, 3, 8), 2, "America/New_York", "2026-03-08T07:00"),
        (date(2026, 4, 5), 19, "Australia/Lord_Howe", "2026-04-05T08:30"),
        (date(2026, 3, 28), 9, "Nowhere/Land", "2026-03-28T09:00"),
        (date(2026, 3, 28), 9, None, "2026-03-28T09:00"),
    ],
)
def test_an_hour_on_a_day_is_found_across_the_clock_changes(day, hour, zone, utc):
    """Spring and autumn, hours that are left out and hours that come twice, a half-hour change, an unknown zone."""
    moment = find_moment(day, hour, zone)
    assert moment.strftime("%Y-%m-%dT%H:%M") == utc
    assert find_day(moment, zone) == day


def test_the_clinician_is_not_told_that_something_was_begun_nor_an_unshared_reason(make_homework, make_rehearsal, database, noor, clock):
    """Begun is open to the clinician; a reason is there only when shared."""
    assignment, item = make_homework()
    make_rehearsal(item, replies=2)
    with database.reading() as session:
        seen = list_states(session, noor.id, clock())[0]
    assert seen.state == "open" and seen.items[0].running_id is None and seen.practised_at == ()
    for shared, reason in ((False, None), (True, "too near to me")):
        with database.writing() as session:
            row = session.get_one(Assignment, assignment)
            row.skipped_at, row.skip_reason, row.skip_reason_shared = clock(), "too near to me", shared
        with database.reading() as session:
            seen = list_client_states(session, noor.id, row.client_id, clock())[0]
        assert (seen.state, seen.skip_reason) == ("skipped", reason)


def test_a_rehearsal_of_somebody_else_counts_for_nobody(make_homework, make_rehearsal, look, other_client):
    """An attempt that carries a foreign item id changes nothing."""
    _, item = make_homework()
    make_rehearsal(item, client=other_client)
    assert look().state == "open"


def test_ended_care_shows_nothing(make_homework, database, noor, other_clinician, clock):
    """Neither another clinician nor one whose care has ended gets a row."""
    make_homework()
    with database.reading() as session:
        assert len(list_states(session, noor.id, clock())) == 1 and list_states(session, other_clinician.id, clock()) == []
    with database.writing() as session:
        session.query(Care).filter_by(clinician_id=noor.id).one().ended_at = clock()
    with database.reading() as session:
        assert list_states(session, noor.id, clock()) == []


def test_the_number_of_queries_does_not_grow(make_homework, make_rehearsal, make_person, take_into_care, database, noor, clock):
    """One client with one piece of homework and six clients with four each take the same number of queries."""
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda c, cursor, statement, *rest: seen.append(statement))

    def ask() -> tuple[int, int]:
        seen.clear()
        with database.reading() as session:
            states = list_states(session, noor.id, clock())
        return len(states), sum(1 for statement in seen if statement.startswith("SELECT"))

    make_rehearsal(make_homework()[1])
    one, queries = ask()
    for number in range(5):
        client = make_person("client", f"Client {number}")
        take_into_care(noor, client)
        for _ in range(4):
            make_rehearsal(make_homework(client=client)[1], client=client, at=NOON + timedelta(hours=1))
    many, same = ask()
    assert (one, many) == (1, 21) and queries == same <= 7
