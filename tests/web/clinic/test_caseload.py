"""The caseload answers who has practised, who is stuck and what to talk about, from what the clinician may know and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.web.clinic.steps import finish_talk, give_homework, link_homework, share, sign_in_again
from tests.web.test_pages import text_of
from web.clinic.caseload import draw_caseload
from web.clinic.homework_states import list_states
from web.database.clinic_tables import Assignment, AssignmentItem, AuditEvent, Consent
from web.database.sealed import SealedText
from web.database.tables import Attempt, Person, make_id

THREE = ("one", "two", "three")


def plain(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text_of(answer)))


@pytest.fixture
def agree(database, clock):
    def give(client, clinician) -> None:
        with database.writing() as session:
            consent = Consent(id=make_id(), person_id=client.id, clinician_id=clinician.id, what="skill_counts", given_at=clock())
            consent.wording_version = 1
            session.add(consent)

    return give


@pytest.fixture
def row_of(app, database):
    """`row_of(clinician, client)`: the row that this clinician has of this client."""

    def find(clinician, client):
        with database.reading() as session:
            rows = draw_caseload(app.extensions["house"], session, clinician.id).rows
        return next(row for row in rows if row.client_id == client.id)

    return find


def test_an_assigned_scene_is_seen_as_practised_and_one_chosen_alone_is_not(mika, noor, database, clock, row_of):
    """A scene of the client's own choice leaves no trace on the clinician's pages; one that was given has its day, and nothing else."""
    finish_talk(mika.browser, *THREE, scene="S01")
    assert row_of(noor, mika).last_practised_at is None
    pages = plain(noor.browser.open("/caseload")) + plain(noor.browser.open(f"/clients/{mika.id}"))
    assert "S01" not in pages and "nothing yet" in pages
    item_id = give_homework(database, noor, mika, now=clock())
    attempt_id = finish_talk(mika.browser, "assigned-canary", "two", "I feel three.")
    link_homework(database, attempt_id, item_id)
    assert row_of(noor, mika).last_practised_at is not None
    pages = text_of(noor.browser.open("/caseload")) + text_of(noor.browser.open(f"/clients/{mika.id}"))
    assert "Scene S17" in pages and "canary" not in pages and attempt_id not in pages and "“I” statement" not in pages


def test_nothing_for_a_week_is_told_in_words(mika, noor, app, settings, database, clock, row_of):
    """Homework open for eight days and nothing practised: may be stuck; practising takes it away."""
    item_id = give_homework(database, noor, mika, now=clock())
    clock.go_on(days=8)
    sign_in_again(app, settings, clock, mika, noor)
    page = plain(noor.browser.open("/caseload"))
    assert "may be stuck" in page and "Nothing practised for 8 days." in page
    link_homework(database, finish_talk(mika.browser, *THREE), item_id)
    assert row_of(noor, mika).stuck == ()


@pytest.mark.parametrize("state", ["paused_at", "skipped_at", "withdrawn_at", "stopped_at"])
def test_paused_skipped_withdrawn_and_stopped_homework_makes_nobody_stuck(mika, noor, database, clock, row_of, state):
    """Every state is a fine one."""
    give_homework(database, noor, mika, now=clock(), **{state: clock()})
    clock.go_on(days=30)
    assert row_of(noor, mika).stuck == ()


def begin_and_leave(client, database, clock, item_id: str, times: int) -> None:
    for _ in range(times):
        attempt_id = client.browser.start()
        client.browser.order(attempt_id, "begin")
        link_homework(database, attempt_id, item_id)
    clock.go_on(days=2)


def test_begun_three_times_and_left_is_told_only_with_consent(mika, noor, database, clock, row_of, agree):
    """Without consent nothing of it is seen; with it the scene is named; two times are not enough."""
    item_id = give_homework(database, noor, mika, now=clock())
    begin_and_leave(mika, database, clock, item_id, 2)
    assert row_of(noor, mika).stuck == ()
    agree(mika, noor)
    assert row_of(noor, mika).stuck == ()
    with database.writing() as session:
        attempt = session.scalar(select(Attempt))
        first = {column.name: getattr(attempt, column.name) for column in Attempt.__table__.columns}
        session.add(Attempt(**(first | {"id": make_id(), "start_id": "third"})))
    (stuck,) = row_of(noor, mika).stuck
    assert (stuck.why, stuck.number, stuck.scene_id) == ("left", 3, "S17")
    with database.writing() as session:
        session.scalar(select(Consent)).withdrawn_at = clock()
    assert row_of(noor, mika).stuck == ()


@pytest.mark.parametrize(("rounds", "is_stuck"), [((1, 1, 0), True), ((1, 0, 2), False), ((0, 0), False), ((2, 1, 2, 1), True)])
def test_no_rise_over_three_rounds_is_told_only_with_consent(mika, noor, database, clock, row_of, agree, rounds, is_stuck):
    """The same scene ended three times or more without more of the skill than at first; two times, or more of it, is not stuck."""
    item_id = give_homework(database, noor, mika, now=clock(), target_attempts=9, target_skill="i_statement", target_count=3)
    for times in rounds:
        clock.go_on(minutes=1)
        link_homework(database, finish_talk(mika.browser, *["I feel torn."] * times, "well"), item_id)
    assert row_of(noor, mika).stuck == ()
    agree(mika, noor)
    assert [stuck.why for stuck in row_of(noor, mika).stuck] == (["level"] if is_stuck else [])
    if is_stuck:
        assert "without more of “" in plain(noor.browser.open("/caseload"))


def test_what_was_shared_is_to_read_until_it_was_read(mika, noor):
    """An unread share stands at the top, by number and by title, with none of its words; read, it is no longer new."""
    attempt_id = finish_talk(mika.browser, "canary words")
    share_id = share(mika, attempt_id, noor, talk="1")
    page = text_of(noor.browser.open("/caseload"))
    assert "shared rehearsal to read" in page and f"/shared/{share_id}" in page and "canary" not in page
    noor.browser.open(f"/shared/{share_id}")
    page = text_of(noor.browser.open("/caseload"))
    assert "Nothing new was shared" in page and f"/shared/{share_id}" not in page
    assert f"/shared/{share_id}" in text_of(noor.browser.open(f"/clients/{mika.id}"))


def test_who_needs_attention_stands_first(noor, make_person, take_into_care, database, clock, app, settings):
    """Stuck before something to read before late before the rest; those alike by name."""
    names = ["Abe", "Bo", "Cleo", "Dia"]
    people = {name: make_person("client", name) for name in names}
    for client in people.values():
        take_into_care(noor, client)
    share(people["Cleo"], finish_talk(people["Cleo"].browser, "x"), noor, talk="1")
    give_homework(database, noor, people["Dia"], now=clock())
    clock.go_on(days=9)
    late = (clock() - timedelta(days=3)).date().isoformat()
    give_homework(database, noor, people["Bo"], now=clock(), due_on=late)
    sign_in_again(app, settings, clock, noor)
    page = text_of(noor.browser.open("/caseload"))
    assert re.findall(r'<th scope="row"><a [^>]*>(\w+)</a>', page) == ["Dia", "Cleo", "Bo", "Abe"]
    assert "1 late" in page


def test_a_reason_is_told_only_when_the_client_shares_it(mika, noor, database, clock):
    """A skipped homework says that there is a reason only when the client let the clinician see it."""
    for shared, words in ((False, "secret-canary"), (True, "open-canary")):
        item_id = give_homework(database, noor, mika, now=clock(), skipped_at=clock(), skip_reason_shared=shared)
        with database.writing() as session:
            assignment = session.get_one(Assignment, session.get_one(AssignmentItem, item_id).assignment_id)
            assignment.skip_reason = words
    page = text_of(noor.browser.open(f"/clients/{mika.id}"))
    assert "open-canary" in page and "secret-canary" not in page
    assert plain(noor.browser.open("/caseload")).count("and said why") == 1


def test_opening_a_client_is_in_their_trail(mika, noor, database):
    """One event a visit, which the client can read."""
    noor.browser.open(f"/clients/{mika.id}")
    with database.reading() as session:
        (seen,) = session.scalars(select(AuditEvent))
    assert (seen.what, seen.actor_id, seen.subject_id) == ("client_page_read", noor.id, mika.id)
    assert "Noor" in text_of(mika.browser.open("/who-looked"))


def test_a_caseload_is_ones_own(mika, noor, other_client, other_clinician):
    """Each clinician has their clients and no others, on the list and on the page of one."""
    assert "Rafa" not in text_of(noor.browser.open("/caseload")) and "Mika" not in text_of(other_clinician.browser.open("/caseload"))
    assert noor.browser.open(f"/clients/{other_client.id}").status_code == 404
    assert "Nobody is in your care" not in text_of(noor.browser.open("/caseload"))


def test_members_of_a_group_see_nothing_of_each_other(mika, other_client, noor, take_into_care):
    """What one client shares is on no page of another, though both are in the same care."""
    take_into_care(noor, other_client)
    share_id = share(mika, finish_talk(mika.browser, "group-canary"), noor, talk="1")
    for path in ("/sharing", "/progress", "/who-looked", f"/sharing/{share_id}", f"/shared/{share_id}"):
        page = text_of(other_client.browser.open(path))
        assert "canary" not in page and "Mika" not in page, path


def test_as_many_queries_for_fifty_clients_as_for_five(noor, app, database, clock, agree):
    """Five clients or fifty, each with homework, rehearsals, a share and consent: the same number of statements."""
    house = app.extensions["house"]

    def add_clients(number: int) -> None:
        from web.database.clinic_tables import Care, Share

        with database.writing() as session:
            for _ in range(number):
                client_id, assignment_id, item_id, attempt_id = make_id(), make_id(), make_id(), make_id()
                client = Person(id=client_id, role="client", created_at=clock(), time_zone="Europe/Lisbon")
                session.add(client)
                client.name = "C"
                session.flush()
                care = Care(id=make_id(), clinician_id=noor.id, client_id=client_id, began_at=clock())
                session.add(care)
                care.label = "C"
                ids = {"clinician_id": noor.id, "client_id": client_id}
                session.add(Assignment(id=assignment_id, **ids, batch_id=make_id(), made_at=clock(), changed_at=clock()))
                session.flush()
                session.add(
                    AssignmentItem(id=item_id, assignment_id=assignment_id, place=1, kind="scene", scene_id="S17", feedback_mode="full")
                )
                for number_of in range(3):
                    attempt = Attempt(
                        id=attempt_id, person_id=client_id, start_id=str(number_of), kind="scene", scene_id="S17", scene_version=1
                    )
                    attempt.level, attempt.seed, attempt.feedback_mode, attempt.phase, attempt.turn_count = "friendly", 1, "full", "over", 0
                    attempt.created_at = attempt.last_used_at = clock()
                    attempt.assignment_item_id = item_id
                    session.add(attempt)
                    session.flush()
                    last, attempt_id = attempt_id, make_id()
                session.add(Share(id=make_id(), attempt_id=last, clinician_id=noor.id, talk=True, last_turn_number=1, shared_at=clock()))
                consent = Consent(id=make_id(), person_id=client_id, clinician_id=noor.id, what="skill_counts", given_at=clock())
                consent.wording_version = 1
                session.add(consent)

    def count_statements() -> tuple[int, int]:
        asked = []
        note = lambda *args: asked.append(args[2])  # noqa: E731 - a listener to take away again
        event.listen(house.database.engine, "before_cursor_execute", note)
        with database.reading() as session:
            clients = draw_caseload(house, session, noor.id).shown.whole
        event.remove(house.database.engine, "before_cursor_execute", note)
        return len(asked), clients

    add_clients(5)
    asked, clients = count_statements()
    assert clients == 5
    add_clients(45)
    assert count_statements() == (asked, 50)
    assert noor.browser.open("/caseload").status_code == 200


NAMES = re.compile(r'<th scope="row"><a [^>]*>([^<]+)</a>')


@pytest.fixture
def many(noor, make_person, take_into_care):
    """Twenty-one more clients in Noor's care, by name."""
    people = {f"Client {number:02}": make_person("client", f"Client {number:02}") for number in range(1, 22)}
    for client in people.values():
        take_into_care(noor, client)
    return people


def test_every_client_stands_on_one_page(many, noor):
    """Following the links from the first page to the last, ten clients a page, each is met once, in the order of their names."""
    page = text_of(noor.browser.open("/caseload"))
    pages = [page]
    while on := re.search(r'<a href="([^"]+)" rel="next">', page):
        page = text_of(noor.browser.client.get(on[1]))
        pages.append(page)
    found = [NAMES.findall(page) for page in pages]
    assert [len(names) for names in found] == [10, 10, 1] and [name for names in found for name in names] == sorted(many)
    back = re.search(r'<a href="([^"]+)" rel="prev">', page)
    assert back and back[1] == "/caseload?page=2"
    assert "Page 3 of 3" in page and '<nav class="pieces" aria-label="Pages of clients">' in page


def test_few_clients_need_no_pages(mika, noor):
    """With one client there is no word of pages."""
    assert "Pages of clients" not in text_of(noor.browser.open("/caseload"))


def test_attention_comes_first_across_pages(many, noor, database, clock, app, settings):
    """Whoever is last by name and stuck, has something to read, told a reason or is late, stands on the first page; the rest move on."""
    stuck, reader, reason, late = (many[f"Client {number}"] for number in (21, 20, 19, 18))
    give_homework(database, noor, stuck, now=clock())
    share(reader, finish_talk(reader.browser, "x"), noor, talk="1")
    clock.go_on(days=9)
    item_id = give_homework(database, noor, reason, now=clock(), skipped_at=clock(), skip_reason_shared=True)
    with database.writing() as session:
        session.get_one(Assignment, session.get_one(AssignmentItem, item_id).assignment_id).skip_reason = "Too much."
    give_homework(database, noor, late, now=clock(), due_on=(clock() - timedelta(days=3)).date().isoformat())
    sign_in_again(app, settings, clock, noor)
    pages = [NAMES.findall(text_of(noor.browser.open("/caseload", page=number))) for number in (1, 2, 3)]
    assert pages[0] == [f"Client {number:02}" for number in (21, 20, 19, 18, 1, 2, 3, 4, 5, 6)]
    assert [*pages[1], *pages[2]] == [f"Client {number:02}" for number in range(7, 18)]


def test_the_figures_are_of_all_clients(many, noor, database, clock, app, settings):
    """What stands at the top is the same on every page, and counts clients who are not shown there."""
    for number in range(1, 13):
        give_homework(database, noor, many[f"Client {number:02}"], now=clock())
    clock.go_on(days=9)
    for number in (1, 13):
        client = many[f"Client {number:02}"]
        sign_in_again(app, settings, clock, client)
        attempt_id = finish_talk(client.browser, *THREE)
        share(client, attempt_id, noor, talk="1")
        link_homework(database, attempt_id, give_homework(database, noor, client, now=clock()))
    sign_in_again(app, settings, clock, noor)
    for number in (1, 2, 3):
        told = plain(noor.browser.open("/caseload", page=number))
        assert "2 of 21 practised in the last seven days" in told and "11 may be stuck" in told
        assert "2 shared rehearsals to read, from 2 clients" in told


@pytest.mark.parametrize(
    ("typed", "number"),
    [("0", 1), ("-1", 1), ("abc", 1), ("", 1), ("2.5", 1), ("%00", 1), ("2", 2), ("999", 3), ("9" * 40, 3), ("9" * 5000, 1)],
)
def test_a_page_nobody_linked_to_is_the_nearest(many, noor, typed, number):
    """Typed by hand, whatever stands there, a page of clients comes."""
    answer = noor.browser.client.get(f"/caseload?page={typed}")
    assert answer.status_code == 200 and f"Page {number} of 3" in text_of(answer)


def test_a_page_without_clients_is_a_page(noor):
    """Whoever cares for nobody yet is told so, on any page."""
    for number in (1, 2):
        assert "Nobody is in your care" in text_of(noor.browser.open("/caseload", page=number))


def test_the_caseload_opens_no_note(mika, noor, app, database, clock, monkeypatch):
    """The list needs no word of anybody's homework, so none is decrypted for it: neither a note nor a reason that was not shared."""
    give_homework(database, noor, mika, now=clock())
    with database.writing() as session:
        assignment = session.scalar(select(Assignment))
        assignment.note, assignment.skip_reason, assignment.skipped_at = "note-canary", "reason-canary", clock()
    opened = []
    decode = SealedText.decode

    def note(self, plain):
        opened.append(self.column)
        return decode(self, plain)

    monkeypatch.setattr(SealedText, "decode", note)
    with database.reading() as session:
        (row,) = draw_caseload(app.extensions["house"], session, noor.id).rows
    assert row.label and opened and not {"note_sealed", "skip_reason_sealed"} & set(opened)


def test_the_short_reading_tells_what_the_long_one_tells(mika, noor, database, clock):
    """Read briefly for the list or at length for the page of one, homework stands the same: plain, with a rhythm, with a goal."""
    now = clock()
    kinds: list[dict[str, Any]] = [
        {},
        {"target_attempts": 2},
        {"every_days": 7},
        {"target_skill": "i_statement", "target_count": 1},
        {"kind": "drill"},
    ]
    for fields in kinds:
        item_id = give_homework(database, noor, mika, now=now, **fields)
        for replies in (THREE, ("one", "two"), ("I feel torn.", "two", "three")):
            clock.go_on(minutes=1)
            link_homework(database, finish_talk(mika.browser, *replies), item_id)
    for days in (0, 5):
        clock.go_on(days=days)
        with database.reading() as session:
            long, brief = list_states(session, noor.id, clock()), list_states(session, noor.id, clock(), brief=True)
        assert [replace(state, practised_at=()) for state in brief] == [replace(state, practised_at=()) for state in long]
        assert [max(state.practised_at) for state in brief] == [max(state.practised_at) for state in long]
        assert {state.state for state in long} >= {"done"} and len(long) == len(kinds)
