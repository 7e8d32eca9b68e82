"""Retention: practice goes when its time after the last practice has passed, with a warning before, and for guests nothing changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from tests.web.conftest import TwoScenes, WordDoor, close
from web.app import build_app
from web.clinic.clinic_settings import ClinicSettings, change_clinic_settings
from web.clinic.local_days import find_day
from web.clinic.retention import add_months, erase_outlived, find_ending
from web.database.clinic_tables import Assignment, AuditEvent, Care, Share
from web.database.tables import Attempt, Erasure, Note, Person, Turn, make_id


def count(database, table) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def practise(browser, *, words: str = "I feel torn.") -> str:
    attempt_id = browser.start()
    browser.order(attempt_id, "begin")
    browser.say(attempt_id, words)
    return attempt_id


def give_homework(database, clinician, client, clock, **fields) -> str:
    assignment_id = make_id()
    with database.writing() as session:
        row = Assignment(id=assignment_id, clinician_id=clinician.id, client_id=client.id, batch_id=make_id())
        row.made_at = row.changed_at = clock()
        for name, value in fields.items():
            setattr(row, name, value)
        session.add(row)
    return assignment_id


def set_months(app, months: int, by) -> None:
    house = app.extensions["house"]
    with house.database.writing() as session:
        change_clinic_settings(session, house.audit, ClinicSettings(retention_months=months), by_id=by.id, now=house.now())


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def travel(clock, house, mika, settings):
    """Go on in time; Mika's browser signs in anew wherever it arrives."""

    def go(moment: datetime) -> None:
        from web.access.gate import cookie_name
        from web.access.visitors import let_in_person

        clock.moment = moment
        token = let_in_person(house.database, mika.id, now=clock(), life=timedelta(hours=12))
        mika.browser.client.set_cookie(cookie_name(settings), token)
        mika.browser.open("/scenes")

    return go


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-11-22", 12, "2027-11-22"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-01-15", -12, "2026-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_are_those_of_the_calendar(start, months, expected):
    """The same day of a later month; in a month that is too short its last day."""
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert add_months(moment, months) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_practising_is_noted_without_a_query_for_guests(mika, guest, house, clock, app):
    """A client's last practice is kept with each message; a guest's messages write nothing to the person's row."""
    attempt_id = practise(mika.browser)
    clock.go_on(days=3)
    mika.browser.open("/scenes")
    from web.access.visitors import let_in_person  # the session of three days ago has ended

    mika.browser.client.set_cookie("practice", let_in_person(house.database, mika.id, now=clock(), life=timedelta(hours=12)))
    mika.browser.open("/scenes")
    assert mika.browser.say(attempt_id, "I feel glad.").status_code == 200
    with house.database.reading() as session:
        assert session.get_one(Person, mika.id).last_practised_at == clock()
    fresh = type(mika.browser)(app.test_client()).be_guest()
    talk = fresh.start()
    statements: list[str] = []
    note = lambda *args: statements.append(args[2])  # noqa: E731 - a listener to take away again
    event.listen(house.database.engine, "before_cursor_execute", note)
    fresh.order(talk, "begin")
    event.remove(house.database.engine, "before_cursor_execute", note)
    assert statements and not [each for each in statements if each.startswith("UPDATE person")]


def test_practice_goes_after_twelve_months_and_the_account_stays(mika, noor, house, clock, travel):
    """A day before twelve months are over all is there; then rehearsals, notes and shares are gone, login and care are not."""
    began = clock()
    attempt_id = practise(mika.browser)
    mika.browser.call("PUT", f"/attempts/{attempt_id}/note", {"text": "mine alone"})
    with house.database.writing() as session:
        session.add(Share(id=make_id(), attempt_id=attempt_id, clinician_id=noor.id, talk=True, last_turn_number=3, shared_at=clock()))
    clock.moment = add_months(began, 12) - timedelta(days=1)
    assert erase_outlived(house) == 0
    assert count(house.database, Attempt) == 1
    clock.moment = add_months(began, 12)
    assert erase_outlived(house) == 1
    assert [count(house.database, table) for table in (Attempt, Turn, Note, Share)] == [0, 0, 0, 0]
    assert count(house.database, Care) == 1
    with house.database.reading() as session:
        assert session.get(Person, mika.id) is not None
        receipt = session.scalars(select(Erasure)).one()
        assert (receipt.what, receipt.why, receipt.counts["notes"], receipt.counts["shares"]) == ("practice", "outlived", 1, 1)
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert (last.what, last.actor_id, last.subject_id) == ("retention_erased", None, mika.id)
    assert erase_outlived(house) == 0
    travel(clock())
    assert mika.browser.open("/scenes").status_code == 200


def test_words_erased_by_time_are_in_no_file(mika, house, clock, settings):
    """Neither the words nor their ciphertext are in any file after the sweep."""
    practise(mika.browser, words="I feel like a quillfeather today, and that is long enough to be found.")
    with house.database.reading() as session:
        recorded = [bytes(sealed) for sealed in session.scalars(select(Turn.words_sealed).where(Turn.words_sealed.is_not(None)))]
    assert recorded
    clock.moment = add_months(clock(), 12)
    assert erase_outlived(house) == 1
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"quillfeather" not in kept and not [sealed for sealed in recorded if sealed in kept]


def test_practising_again_begins_the_time_anew(mika, house, clock, travel):
    """Someone who practised in the eleventh month keeps everything for twelve more."""
    began = clock()
    practise(mika.browser)
    travel(add_months(began, 11))
    practise(mika.browser)
    clock.moment = add_months(began, 22)
    assert erase_outlived(house) == 0
    assert count(house.database, Attempt) == 2
    clock.moment = add_months(began, 23)
    assert erase_outlived(house) == 1
    assert count(house.database, Attempt) == 0


def test_others_practice_stays(mika, other_client, house, clock, travel):
    """Only those whose time has passed lose anything."""
    began = clock()
    practise(mika.browser)
    clock.moment = began + timedelta(hours=11)
    practise(other_client.browser)
    clock.moment = add_months(began, 12) + timedelta(hours=1)
    assert erase_outlived(house) == 1
    with house.database.reading() as session:
        assert list(session.scalars(select(Attempt.person_id))) == [other_client.id]


def test_homework_nobody_touched_goes_too(mika, noor, house, clock):
    """With the practice go homework and its notes from before; what was given or skipped since, or is due later, stays."""
    began = clock()
    practise(mika.browser)
    old = give_homework(house.database, noor, mika, clock)
    skipped = give_homework(house.database, noor, mika, clock, skipped_at=began + timedelta(days=90))
    due = give_homework(house.database, noor, mika, clock, due_on=add_months(began, 14).date().isoformat())
    clock.moment = began + timedelta(days=200)
    given = give_homework(house.database, noor, mika, clock)
    clock.moment = add_months(began, 12)
    assert erase_outlived(house) == 1
    with house.database.reading() as session:
        assert set(session.scalars(select(Assignment.id))) == {skipped, due, given}, old
    assert erase_outlived(house) == 0


def test_the_clinic_sets_the_months(mika, admin, app, house, clock):
    """With three months set, practice goes after three."""
    set_months(app, 3, admin)
    clock.go_on(hours=1)
    began = clock()
    practise(mika.browser)
    clock.moment = add_months(began, 3) - timedelta(hours=1)
    assert erase_outlived(house) == 0
    clock.moment = add_months(began, 3)
    assert erase_outlived(house) == 1


def test_a_shorter_time_is_told_before_it_counts(mika, admin, app, house, clock, travel):
    """When the clinic shortens the time, nothing goes for thirty days, and the pages say when it will."""
    began = clock()
    practise(mika.browser)
    travel(add_months(began, 6))
    set_months(app, 1, admin)
    assert erase_outlived(house) == 0
    changed = clock()
    with house.database.reading() as session:
        ending = find_ending(session, mika.id, now=clock())
        zone = session.get(Person, mika.id).time_zone
    assert (ending.day, ending.near) == (find_day(changed + timedelta(days=30), zone), True)
    clock.moment = changed + timedelta(days=29)
    assert erase_outlived(house) == 0
    clock.moment = changed + timedelta(days=30)
    assert erase_outlived(house) == 1


def test_the_warning_comes_thirty_days_before(mika, house, clock):
    """Not on the thirty-first day before, but on the thirtieth; with nothing practised there is nothing to warn of."""
    with house.database.reading() as session:
        assert find_ending(session, mika.id, now=clock()) is None
    began = clock()
    practise(mika.browser)
    end = add_months(began, 12)
    with house.database.reading() as session:
        assert not find_ending(session, mika.id, now=end - timedelta(days=31)).near
        near = find_ending(session, mika.id, now=end - timedelta(days=30))
    assert near.near and near.months == 12


def test_guests_stay_as_they_are(guest, talk, house, clock):
    """A guest's practice is not the retention's: it stays until its own time, whatever the months."""
    clock.go_on(days=800)
    assert erase_outlived(house) == 0
    assert count(house.database, Attempt) == 1


def test_a_house_that_was_off_erases_at_start(mika, settings, clock, app):
    """What outlived its time while the house was off is gone before anybody is served."""
    practise(mika.browser)
    clock.moment = add_months(clock(), 13)
    again = build_app(settings, door=WordDoor(), catalogue=TwoScenes(), now=clock)
    assert count(again.extensions["house"].database, Attempt) == 0
    close(again)


def test_the_sweep_carries_it_out(mika, house, settings, monkeypatch, clock):
    """The thread beside the pages erases what outlived its time without anybody asking."""
    import time

    from web import __main__ as program

    practise(mika.browser)
    clock.moment = add_months(clock(), 13)
    monkeypatch.setattr(program, "SWEEP_EVERY_SECONDS", 0.05)
    done = program.start_sweeping(house, settings)
    ends = time.monotonic() + 20
    while count(house.database, Attempt) and time.monotonic() < ends:
        time.sleep(0.05)
    done.set()
    assert count(house.database, Attempt) == 0
