"""Retention: practice is erased when its time after the last practice has passed, whether anybody comes to see it or not.

Account and care stay. Thirty days before, the person is told on their pages; when a clinic changes the time, nothing is erased in the
thirty days after that, so that everybody could be told before. Guests are not meant: theirs goes within a day.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from web.clinic.clinic_settings import read_clinic_settings
from web.clinic.local_days import find_day
from web.database.clinic_tables import Assignment, ClinicSetting
from web.database.erasure import erase_practice, select_untouched_homework
from web.database.tables import Attempt, Person
from web.rehearsal.house import House

WARNED = timedelta(days=30)
PRACTISING_ROLES = ("client", "clinician")
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Ending:
    """When a person's practice will be erased, as a day in their own zone, after so many months without practice."""

    day: date
    months: int
    near: bool
    """The day is thirty days away, or nearer."""


@dataclass(frozen=True)
class _Rule:
    months: int
    not_before: datetime


@dataclass(frozen=True)
class _Practice:
    last: datetime
    time_zone: str | None
    has_attempts: bool
    has_old_homework: bool


def erase_outlived(house: House) -> int:
    """Erase the practice of everybody whose time has passed, one person at a time; gives how many it were."""
    now = house.now()
    with house.database.reading() as session:
        rule = _read_rule(session)
        due = [] if rule.not_before > now else _list_candidates(session, add_months(now, -rule.months))
    erased = sum(_erase_if_due(house, person_id, now) for person_id in due)
    if erased:
        house.database.forget_freed_pages()
    return erased


def find_ending(session: Session, person_id: str, *, now: datetime) -> Ending | None:
    """When this person's practice ends; None while there is none."""
    rule = _read_rule(session)
    practice = _read_practice(session, person_id, add_months(now, -rule.months))
    if practice is None or not practice.has_attempts:
        return None
    moment = _find_end(practice, rule)
    return Ending(find_day(moment, practice.time_zone), rule.months, moment - WARNED <= now)


def add_months(moment: datetime, months: int) -> datetime:
    """The same day and hour `months` later (or earlier); in a month that is too short its last day."""
    place = moment.month - 1 + months
    year, month = moment.year + place // 12, place % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _erase_if_due(house: House, person_id: str, now: datetime) -> bool:
    with house.database.writing() as session:
        session.get(Person, person_id, with_for_update=True)  # whoever practises at this moment was first, or waits
        rule = _read_rule(session)
        cutoff = add_months(now, -rule.months)
        practice = _read_practice(session, person_id, cutoff)
        if practice is None or _find_end(practice, rule) > now or not (practice.has_attempts or practice.has_old_homework):
            return False
        house.audit.record(session, "retention_erased", now=now, actor_id=None, subject_id=person_id)
        erase_practice(session, person_id, why="outlived", now=now, homework_before=cutoff)
        return True


def _find_end(practice: _Practice, rule: _Rule) -> datetime:
    return max(add_months(practice.last, rule.months), rule.not_before)


def _read_rule(session: Session) -> _Rule:
    changed_at = session.scalar(select(ClinicSetting.changed_at).where(ClinicSetting.id == "retention_months"))
    return _Rule(read_clinic_settings(session).retention_months, _LONG_AGO if changed_at is None else changed_at + WARNED)


def _list_candidates(session: Session, cutoff: datetime) -> list[str]:
    """Who may be due: looked at once more, one by one, before anything is erased."""
    lately = exists().where(Attempt.person_id == Person.id, Attempt.last_used_at > cutoff + timedelta(days=3))
    homework = exists().where(Assignment.client_id == Person.id, Assignment.changed_at <= cutoff)
    query = select(Person.id).where(Person.role.in_(PRACTISING_ROLES), ~lately)
    query = query.where(func.coalesce(Person.last_practised_at, Person.created_at) <= cutoff + timedelta(days=3))  # months differ in length
    return list(session.scalars(query.where(or_(exists().where(Attempt.person_id == Person.id), homework))))


def _read_practice(session: Session, person_id: str, cutoff: datetime) -> _Practice | None:
    latest = select(func.max(Attempt.last_used_at)).where(Attempt.person_id == person_id).scalar_subquery()
    old = select_untouched_homework(person_id, cutoff).exists()
    query = select(Person.last_practised_at, Person.created_at, Person.time_zone, latest, old)
    row = session.execute(query.where(Person.id == person_id, Person.role.in_(PRACTISING_ROLES))).first()
    if row is None:
        return None
    practised_at, created_at, time_zone, used_at, has_old_homework = row
    last = max(moment for moment in (practised_at or created_at, used_at) if moment is not None)
    return _Practice(last, time_zone, used_at is not None, has_old_homework)
