"""The calendar file, read back by a calendar library: neutral, in wall time, stable, and replaced by a newer one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from tests.web.clinic.homework_forms import fill_form, find_items, give, post, practise
from tests.web.conftest import Clock
from web.clinic.calendar_file import Entry, draw_calendar

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Two days before the clocks go forward in Lisbon."""


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.moment = NOON
    return clock


def fetch(client, **query: object) -> Calendar:
    answer = client.browser.open("/homework/calendar.ics", **query)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    assert 'filename="practice.ics"' in answer.headers["Content-Disposition"]
    drawn = answer.get_data()
    assert all(len(line) <= 75 for line in drawn.split(b"\r\n")) and b"\n" not in drawn.replace(b"\r\n", b"")
    return Calendar.from_ical(drawn)


def list_days(event) -> list[object]:
    """The first day and those of RDATE."""
    rest = event.get("rdate")
    return [event.decoded("dtstart"), *([each.dt for each in rest.dts] if rest else [])]


def test_it_says_practice_and_nothing_else(noor, mika):
    """No title, no name, no note, no address; private, and with an alarm that says as little."""
    give(noor, mika, due_on="2026-03-30", note="secret-note")
    drawn = mika.browser.open("/homework/calendar.ics").get_data(as_text=True)
    for word in ("Scene", "S17", "Noor", "Mika", "secret-note", "Ask for time", "http", "localhost", "@"):
        assert word not in drawn, word
    event = fetch(mika).events[0]
    assert (event["summary"], event["class"], event["status"]) == ("Practice", "PRIVATE", "CONFIRMED")
    assert "description" not in event and "location" not in event and "url" not in event
    alarm = event.walk("VALARM")[0]
    assert (alarm["action"], alarm["description"]) == ("DISPLAY", "Practice")


def test_the_parts_that_the_standard_asks_for_are_there(noor, mika):
    """PRODID, VERSION, METHOD, UID and DTSTAMP in UTC, one VEVENT for each that is due, none for what is not."""
    give(noor, mika, due_on="2026-03-30")
    give(noor, mika, due_on="2026-04-02")
    give(noor, mika)
    calendar = fetch(mika)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH") and calendar["prodid"]
    assert len(calendar.events) == 2 and len({str(event["uid"]) for event in calendar.events}) == 2
    assert all(event.decoded("dtstamp") == NOON for event in calendar.events)


def test_a_whole_day_or_an_hour_of_ones_own(noor, mika):
    """Without an hour a date; with one a wall time without a zone, which no change of the clocks moves."""
    give(noor, mika, due_on="2026-03-29")
    assert fetch(mika).events[0].decoded("dtstart") == date(2026, 3, 29)
    event = fetch(mika, hour=19).events[0]
    assert event.decoded("dtstart") == datetime(2026, 3, 29, 19)  # noqa: DTZ001 - floating: wall time wherever the calendar is
    assert "TZID" not in event["dtstart"].params and event.decoded("duration") == timedelta(minutes=10)
    for wrong in ("24", "-1", "noon", "1 ", "١"):
        assert mika.browser.open("/homework/calendar.ics", hour=wrong).status_code == 400


def test_a_rhythm_is_due_on_the_last_day_of_each_round(noor, mika):
    """Every three days until 3 April, over the change of the clocks: 29 March, 1 April, 3 April."""
    give(noor, mika, every_days="3", due_on="2026-04-03")
    assert list_days(fetch(mika).events[0]) == [date(2026, 3, 29), date(2026, 4, 1), date(2026, 4, 3)]
    hours = list_days(fetch(mika, hour=8).events[0])
    assert [moment.hour for moment in hours] == [8, 8, 8] and all(moment.tzinfo is None for moment in hours)


def test_a_newer_file_replaces_what_an_older_one_put_there(noor, mika, clock, database):
    """Changed, done and withdrawn homework keeps its UID with a higher SEQUENCE, and what is no longer to do is cancelled."""
    changed, done, gone = (give(noor, mika, due_on="2026-03-30") for _ in range(3))
    before = {str(event["uid"]): event for event in fetch(mika).events}
    clock.go_on(minutes=5)
    post(noor, f"/clients/{mika.id}/homework/{changed}/change", fill_form({"scene": "S17"}, due_on="2026-04-05"))
    practise(mika, find_items(database, done)[0])
    noor.browser.post_form(f"/clients/{mika.id}/homework/{gone}/withdraw")
    after = {str(event["uid"]).replace("-", ""): event for event in fetch(mika).events}
    assert {uid.replace("-", "") for uid in before} == set(after) == {changed, done, gone}
    assert {key: str(event["status"]) for key, event in after.items()} == {changed: "CONFIRMED", done: "CANCELLED", gone: "CANCELLED"}
    assert after[changed].decoded("dtstart") == date(2026, 4, 5)
    assert all(int(after[uid.replace("-", "")]["sequence"]) > int(event["sequence"]) for uid, event in before.items())
    assert not after[done].walk("VALARM")


def test_paused_is_cancelled_and_comes_back(noor, mika, clock):
    """Pausing takes it out of the calendar, taking it up again puts it back, each time with a higher SEQUENCE."""
    given = give(noor, mika, due_on="2026-03-30")
    seen = [fetch(mika).events[0]]
    for act in ("pause", "resume"):
        clock.go_on(minutes=1)
        mika.browser.post_form(f"/homework/{given}/{act}")
        seen.append(fetch(mika).events[0])
    assert [str(event["status"]) for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert sorted(int(event["sequence"]) for event in seen) == [int(event["sequence"]) for event in seen]


def test_nobody_elses_homework_is_in_it(noor, mika, other_clinician, other_client):
    """Each client's file holds their own."""
    give(noor, mika, due_on="2026-03-30")
    give(other_clinician, other_client, due_on="2026-03-31")
    assert [event.decoded("dtstart") for event in fetch(mika).events] == [date(2026, 3, 30)]
    assert [event.decoded("dtstart") for event in fetch(other_client).events] == [date(2026, 3, 31)]


def test_an_empty_file_is_still_a_calendar(mika):
    """With nothing due the file opens and holds nothing."""
    assert fetch(mika).events == []


def test_a_summary_in_another_script_is_folded_by_bytes():
    """Long lines of many-byte letters stay within 75 bytes and read back as they were."""
    words = "Übung — тренування 練習 " * 6
    drawn = draw_calendar([Entry("a" * 32, (date(2026, 4, 1),), to_do=True)], summary=words, hour=None, now=NOON)
    assert all(len(line) <= 75 for line in drawn.split(b"\r\n"))
    assert Calendar.from_ical(drawn).events[0]["summary"] == words
