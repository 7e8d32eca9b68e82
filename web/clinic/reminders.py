"""When a reminder goes out, and that it goes out once.

What is due is worked out at the moment of sending, from the client's own zone and hour as they are then; so a journey, a change of the
clocks or of the homework needs nothing to be planned anew. Every reminder has a key (homework, kind, day) that the database keeps
unique, and is claimed under a lock on the client's row before anything is sent: two processes, or two windows, never send it twice.
A reminder that was claimed and neither noted as sent nor as refused may have gone out: it is told as such and not sent again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.permissions import find_own_assignment
from web.clinic.homework_states import AssignmentState, list_own_states
from web.clinic.local_days import find_day, find_moment
from web.database.clinic_tables import Assignment, Reminder
from web.database.tables import Person, make_id
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

CLAIM_FOR = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=5)
MOST_TRIES = 6
"""5, 15, 45 minutes, … between them; after the last one it is given up."""
LEAST_BETWEEN = timedelta(hours=12)
"""Between two mails to one client, besides never two on one day of theirs: days get short on a journey east."""

Kind = Literal["due", "overdue", "snoozed"]
WINDOW_DAYS: dict[str, int] = {"due": 1, "overdue": 2, "snoozed": 2}
"""On how many days, from its own on, a reminder may still go out: one that comes too late is worse than none."""
Status = Literal["waiting", "sending", "sent", "maybe", "failed", "cancelled"]


@dataclass(frozen=True)
class Claimed:
    """A mail to send now; it stands for all these reminders."""

    reminder_ids: tuple[str, ...]
    address: str
    subject: str
    locale: str | None


@dataclass(frozen=True)
class Told:
    """One reminder as the client may look at it."""

    kind: Kind
    status: Status
    at: datetime


@dataclass(frozen=True)
class _Ripe:
    """What should go out now: rows that wait, and keys that have no row yet."""

    waiting: tuple[Reminder, ...] = ()
    fresh: tuple[tuple[AssignmentState, Kind, date], ...] = ()
    lapsed: tuple[Reminder, ...] = ()


def list_reminded(session: Session) -> list[str]:
    """The ids of clients who switched reminders on."""
    query = select(Person.id).where(Person.mail_sealed.is_not(None), Person.role == "client", Person.blocked_at.is_(None))
    return list(session.scalars(query.order_by(Person.id)))


def claim(house: House, client_id: str) -> Claimed | None:
    """What is to be sent to this client now, taken so that nobody else sends it; None when nothing is."""
    with house.database.reading() as session:
        person = session.get(Person, client_id)
        if person is None or not _has_work(_find_ripe(session, person, house.now())):
            return None
    with house.database.writing() as session:
        person = session.get(Person, client_id, with_for_update=True)
        if person is None or person.mail is None:
            return None
        now = house.now()
        ripe = _find_ripe(session, person, now)  # read again under the lock: it may have been done, or sent, a moment ago
        for row in ripe.lapsed:
            row.cancelled_at = now
        rows = list(ripe.waiting)
        for state, kind, day in ripe.fresh:
            row = Reminder(id=make_id(), assignment_id=state.assignment_id, kind=kind, key=make_key(state.assignment_id, kind, day))
            row.send_at, row.tries = now, 0
            session.add(row)
            rows.append(row)
        if not rows:
            return None
        for row in rows:
            row.claimed_until = now + CLAIM_FOR
            row.tries += 1
        return Claimed(tuple(row.id for row in rows), person.mail["address"], person.mail["subject"], person.locale)


def note_sent(house: House, claimed: Claimed) -> None:
    with house.database.writing() as session:
        for row in session.scalars(select(Reminder).where(Reminder.id.in_(claimed.reminder_ids))):
            row.sent_at = house.now()


def note_refused(house: House, claimed: Claimed) -> None:
    """It was certainly not sent: it waits for the next try, each time three times as long, and is given up after the last."""
    now = house.now()
    with house.database.writing() as session:
        for row in session.scalars(select(Reminder).where(Reminder.id.in_(claimed.reminder_ids))):
            row.claimed_until = None
            row.send_at = now + FIRST_WAIT * 3 ** (row.tries - 1)
            if row.tries >= MOST_TRIES:
                row.cancelled_at = now


def remind_tomorrow(house: House, client_id: str, assignment_id: str) -> None:
    """ "Remind me tomorrow": instead of today's. Asked twice on one day it comes once. Raises NotFound."""
    with house.database.writing() as session:
        person = session.get(Person, client_id, with_for_update=True)
        if person is None or find_own_assignment(session, client_id=client_id, assignment_id=assignment_id) is None:
            raise NotFound
        now = house.now()
        day = find_day(now, person.time_zone) + timedelta(days=1)
        key = make_key(assignment_id, "snoozed", day)
        row = session.scalar(select(Reminder).where(Reminder.key == key))
        if row is None:
            session.add(Reminder(id=make_id(), assignment_id=assignment_id, kind="snoozed", key=key, send_at=now, tries=0))
        elif row.claimed_until is None:
            row.cancelled_at = None


def list_told(session: Session, client_id: str, now: datetime, most: int = 8) -> list[Told]:
    """The latest reminders of this client and what became of them, the newest first."""
    query = select(Reminder).join(Assignment, Assignment.id == Reminder.assignment_id).where(Assignment.client_id == client_id)
    rows = sorted(session.scalars(query), key=_find_time, reverse=True)
    return [Told(row.kind, _find_status(row, now), _find_time(row)) for row in rows[:most]]


def make_key(assignment_id: str, kind: Kind, day: date) -> str:
    return f"{assignment_id}:{kind}:{day.isoformat()}"


def _find_ripe(session: Session, person: Person, now: datetime) -> _Ripe:
    mail = person.mail
    if mail is None or person.role != "client" or person.blocked_at is not None:
        return _Ripe()
    zone, today = person.time_zone, find_day(now, person.time_zone)
    states = {state.assignment_id: state for state in list_own_states(session, person.id, now)}
    to_do = {key: state for key, state in states.items() if state.state in ("open", "begun")}
    query = select(Reminder).join(Assignment, Assignment.id == Reminder.assignment_id).where(Assignment.client_id == person.id)
    rows = {row.key: row for row in session.scalars(query)}
    pending = [row for row in rows.values() if row.claimed_until is None and row.cancelled_at is None]
    lapsed = tuple(row for row in pending if not _still_fits(row, to_do.get(row.assignment_id), today))
    if _was_mailed_lately(rows.values(), zone, now):
        return _Ripe(lapsed=lapsed)
    snoozed = {row.assignment_id for row in pending if row not in lapsed and row.kind == "snoozed" and _read_key_day(row) > today}
    waiting = []
    for row in pending:
        is_time = row.send_at <= now and now >= find_moment(_read_key_day(row), mail["hour"], zone)
        if is_time and row not in lapsed and row.assignment_id not in snoozed:
            waiting.append(row)
    fresh = []
    for state in to_do.values():
        for kind, day in _list_days(state):
            begins = find_moment(day, mail["hour"], zone)
            is_time = day <= today < day + timedelta(days=WINDOW_DAYS[kind]) and now >= begins
            if is_time and make_key(state.assignment_id, kind, day) not in rows and state.assignment_id not in snoozed:
                fresh.append((state, kind, day))
    return _Ripe(tuple(waiting), tuple(fresh), lapsed)


def _list_days(state: AssignmentState) -> list[tuple[Kind, date]]:
    """The days on which this homework asks for a reminder: the last of its round, and once the day after the very last."""
    if state.late and state.due_on is not None:
        return [("overdue", state.due_on + timedelta(days=1))]
    return [] if state.round.last is None else [("due", state.round.last)]


def _was_mailed_lately(rows: Iterable[Reminder], zone: str | None, now: datetime) -> bool:
    for row in rows:
        if row.claimed_until is None:
            continue
        mailed_at = row.sent_at or row.claimed_until - CLAIM_FOR
        if find_day(mailed_at, zone) == find_day(now, zone) or now - mailed_at < LEAST_BETWEEN:
            return True
    return False


def _has_work(ripe: _Ripe) -> bool:
    return bool(ripe.waiting or ripe.fresh or ripe.lapsed)


def _still_fits(row: Reminder, state: AssignmentState | None, today: date) -> bool:
    """Whether a reminder that waits is still wanted: the homework is to do, due as it was, and the day not long over."""
    if state is None or today >= _read_key_day(row) + timedelta(days=WINDOW_DAYS[row.kind]):
        return False
    return row.kind == "snoozed" or (row.kind, _read_key_day(row)) in _list_days(state)


def _read_key_day(row: Reminder) -> date:
    return date.fromisoformat(row.key.rpartition(":")[2])


def _find_time(row: Reminder) -> datetime:
    claimed_at = None if row.claimed_until is None else row.claimed_until - CLAIM_FOR
    return row.sent_at or row.cancelled_at or claimed_at or row.send_at


def _find_status(row: Reminder, now: datetime) -> Status:
    if row.sent_at is not None:
        return "sent"
    if row.cancelled_at is not None:
        return "failed" if row.tries >= MOST_TRIES else "cancelled"
    if row.claimed_until is not None:
        return "sending" if row.claimed_until > now else "maybe"
    return "waiting"
