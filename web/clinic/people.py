"""What an administrator does about people: without their words, without who cares for whom, without counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.refusals import CaresForSomebody, LastOfTheirKind, NotYourself
from web.access.sign_in_names import hash_name
from web.access.visitors import end_sessions
from web.clinic.audit import AuditTrail
from web.clinic.care import cares_for_somebody
from web.database.tables import Person
from web.rehearsal.faults import NotFound

STAFF = ("clinician", "admin")


@dataclass(frozen=True)
class Listed:
    """A person as an administrator sees them."""

    id: str
    name: str
    role: str
    blocked_at: datetime | None


def list_staff(session: Session) -> list[Listed]:
    """Clinicians and administrators, by name. Clients are in no list: an administrator finds one by their exact name."""
    people = session.scalars(select(Person).where(Person.role.in_(STAFF)))
    return sorted((_draw(person) for person in people), key=lambda one: (one.role != "admin", one.name.casefold()))


def find_person(session: Session, person_id: str) -> Person | None:
    """Someone with a login; None for guests and unknown ids."""
    person = session.get(Person, person_id)
    return person if person is not None and person.role != "guest" else None


def find_by_name(session: Session, name: str, secret: str) -> Listed | None:
    """Whoever signs in with exactly this name."""
    person = session.scalar(select(Person).where(Person.sign_in_hash == hash_name(name, secret)))
    return None if person is None else _draw(person)


def draw_person(person: Person) -> Listed:
    return _draw(person)


def block(session: Session, audit: AuditTrail, person: Person, *, by_id: str, now: datetime) -> None:
    """End every session of a person and let them sign in no more, until they are unblocked. Raises NotYourself or LastOfTheirKind."""
    _check_may_go(session, person, by_id)
    if person.blocked_at is None:
        person.blocked_at = now
        audit.record(session, "person_blocked", now=now, actor_id=by_id, subject_id=person.id)
    end_sessions(session, person.id)


def unblock(session: Session, audit: AuditTrail, person: Person, *, by_id: str, now: datetime) -> None:
    if person.blocked_at is not None:
        person.blocked_at = None
        audit.record(session, "person_unblocked", now=now, actor_id=by_id, subject_id=person.id)


def sign_out_everywhere(session: Session, audit: AuditTrail, person: Person, *, by_id: str, now: datetime) -> None:
    """End every session of a person; they can sign in again at once."""
    end_sessions(session, person.id)
    audit.record(session, "signed_out", now=now, actor_id=by_id, subject_id=person.id, detail="everywhere")


def check_may_be_erased(session: Session, person: Person, *, by_id: str) -> None:
    """In the writing session that erases. Raises NotYourself, LastOfTheirKind, CaresForSomebody, or NotFound when they are gone already."""
    _check_may_go(session, person, by_id)
    if person.role == "clinician" and cares_for_somebody(session, person.id):
        raise CaresForSomebody


def _check_may_go(session: Session, person: Person, by_id: str) -> None:
    if person.id == by_id:
        raise NotYourself
    if person.role not in STAFF:
        return
    # all of the role are locked, in one order: of two who take each other away at the same moment the second counts after the first
    query = select(Person.id, Person.blocked_at, Person.passphrase_hash.is_not(None)).where(Person.role == person.role).order_by(Person.id)
    there = {row[0]: (row[1] is None, row[2]) for row in session.execute(query.with_for_update(key_share=True))}
    if person.id not in there:
        raise NotFound
    can_sign_in = [each for each, (is_open, has_passphrase) in there.items() if is_open and has_passphrase]
    if there[person.id][0] and len(can_sign_in) <= 1:
        raise LastOfTheirKind


def _draw(person: Person) -> Listed:
    return Listed(person.id, person.name or "", person.role, person.blocked_at)
