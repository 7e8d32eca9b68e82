"""A calendar file (RFC 5545) of what is due, for any calendar program: it says "Practice" and nothing else.

Times float: they are wall time wherever the calendar is, so neither summer time nor a journey moves them. Each piece of homework keeps
its UID, and SEQUENCE only grows, so that a newer file replaces what an older one put there; what is no longer to do is cancelled by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from icalendar import Alarm, Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session

from web.clinic.homework_states import AssignmentState, list_own_states, read_day
from web.clinic.local_days import find_day
from web.clinic.rounds import list_due_days
from web.database.clinic_tables import Assignment
from web.database.tables import Person

LASTS = timedelta(minutes=10)
ALARM_ON_A_WHOLE_DAY = timedelta(hours=9)
FORGET_WITHDRAWN_AFTER = timedelta(days=90)
_COUNTED_FROM = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One entry of the calendar: the days it is due, and whether it is still to do."""

    assignment_id: str
    days: tuple[date, ...]
    to_do: bool


def list_entries(session: Session, client_id: str, now: datetime) -> list[Entry]:
    """What of this client's homework has a day, also what was withdrawn lately: a calendar must hear of that too."""
    entries = [_make_entry(state, state.made_at, session, client_id) for state in list_own_states(session, client_id, now)]
    withdrawn = select(Assignment).where(Assignment.client_id == client_id, Assignment.withdrawn_at > now - FORGET_WITHDRAWN_AFTER)
    for assignment in session.scalars(withdrawn):
        days = _list_days(session, client_id, assignment.opens_on, assignment.due_on, assignment.every_days, assignment.made_at)
        entries.append(Entry(assignment.id, days, to_do=False))
    return [entry for entry in entries if entry.days]


def draw_calendar(entries: Iterable[Entry], *, summary: str, hour: int | None, now: datetime) -> bytes:
    """The file. `hour` (0 to 23): when on the day; None: the whole day."""
    calendar = Calendar()
    calendar.add("prodid", "-//Practice//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_draw_event(entry, summary, hour, now))
    return bytes(calendar.to_ical())


def _draw_event(entry: Entry, summary: str, hour: int | None, now: datetime) -> Event:
    first, rest = entry.days[0], entry.days[1:]
    event = Event()
    event.add("uid", str(UUID(hex=entry.assignment_id)))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", int((now - _COUNTED_FROM).total_seconds()))
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if entry.to_do else "CANCELLED")
    event.add("dtstart", _at(first, hour))
    if hour is not None:
        event.add("duration", LASTS)
    if rest:
        event.add("rdate", [_at(day, hour) for day in rest])
    if entry.to_do:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", timedelta(0) if hour is not None else ALARM_ON_A_WHOLE_DAY)
        event.add_component(alarm)
    return event


def _at(day: date, hour: int | None) -> date | datetime:
    return day if hour is None else datetime.combine(day, time(hour))  # no zone on purpose: see above


def _make_entry(state: AssignmentState, made_at: datetime, session: Session, client_id: str) -> Entry:
    opens_on = None if state.opens_on is None else state.opens_on.isoformat()
    due_on = None if state.due_on is None else state.due_on.isoformat()
    days = _list_days(session, client_id, opens_on, due_on, state.every_days, made_at)
    to_do = state.state in ("open", "begun", "later") or (state.state == "done" and state.every_days is not None)
    return Entry(state.assignment_id, days, to_do)


def _list_days(
    session: Session, client_id: str, opens_on: str | None, due_on: str | None, every_days: int | None, made_at: datetime
) -> tuple[date, ...]:
    person = session.get_one(Person, client_id)
    begins_on = read_day(opens_on) or find_day(made_at, person.time_zone)
    return tuple(list_due_days(begins_on, read_day(due_on), every_days))
