"""Who cares for whom: how it begins, ends and is handed over. The client is told each time, by the audit trail that they can read.

What was shared with one clinician opens nothing to the next: shares and consents end with the care they were given in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from web.access.permissions import find_care
from web.access.refusals import NobodyToHandTo
from web.clinic.audit import AuditTrail
from web.clinic.invitations import withdraw_renewals
from web.database.clinic_tables import Assignment, Care, ClientGroup, Consent, GroupMember, Share
from web.database.tables import Attempt, Person, make_id


@dataclass(frozen=True)
class CaredFor:
    """A client as their clinician sees them in a list."""

    client_id: str
    label: str
    name: str
    began_at: datetime


@dataclass(frozen=True)
class Carer:
    """A clinician as their client sees them; `ended_at` is None while the care goes on."""

    clinician_id: str
    name: str
    label: str
    began_at: datetime
    ended_at: datetime | None


def begin_care(
    session: Session, audit: AuditTrail, *, clinician_id: str, client_id: str, label: str, by_id: str | None, now: datetime
) -> Care:
    """Put a client into a clinician's care, or back into it. `label`: what the clinician calls them; the client sees it too."""
    care = session.scalar(select(Care).where(Care.clinician_id == clinician_id, Care.client_id == client_id))
    if care is None:
        care = Care(id=make_id(), clinician_id=clinician_id, client_id=client_id, began_at=now)
        session.add(care)
    elif care.ended_at is None:
        return care
    care.began_at, care.ended_at = now, None
    care.label = label
    audit.record(session, "care_began", now=now, actor_id=by_id, subject_id=client_id, object_id=clinician_id)
    return care


def end_care(session: Session, audit: AuditTrail, care: Care, *, by_id: str, now: datetime) -> None:
    """End a care: its shares, shared reasons and consents end with it, and the client leaves the clinician's groups.

    `care` was found with its lock, so that whatever was given at the same moment is either here already or refused.
    """
    attempts = select(Attempt.id).where(Attempt.person_id == care.client_id)
    living = (Share.clinician_id == care.clinician_id, Share.attempt_id.in_(attempts), Share.revoked_at.is_(None))
    session.execute(update(Share).where(*living).values(revoked_at=now))
    given = (Consent.clinician_id == care.clinician_id, Consent.person_id == care.client_id, Consent.withdrawn_at.is_(None))
    session.execute(update(Consent).where(*given).values(withdrawn_at=now))
    homework = (Assignment.clinician_id == care.clinician_id, Assignment.client_id == care.client_id)
    session.execute(update(Assignment).where(*homework).values(skip_reason_shared=False))
    groups = select(ClientGroup.id).where(ClientGroup.clinician_id == care.clinician_id)
    session.execute(delete(GroupMember).where(GroupMember.client_id == care.client_id, GroupMember.group_id.in_(groups)))
    withdraw_renewals(session, care.client_id, now=now, by_id=care.clinician_id)
    care.ended_at = now
    audit.record(session, "care_ended", now=now, actor_id=by_id, subject_id=care.client_id, object_id=care.clinician_id)


def hand_over(session: Session, audit: AuditTrail, care: Care, *, to_id: str, by_id: str, now: datetime) -> None:
    """End a care and begin it with another clinician, who takes over the homework. Raises NobodyToHandTo."""
    to = session.get(Person, to_id)
    if to is None or to.role != "clinician" or to.blocked_at is not None or to_id == care.clinician_id:
        raise NobodyToHandTo
    client = session.get(Person, care.client_id)
    end_care(session, audit, care, by_id=by_id, now=now)
    label = (client.name if client is not None else None) or "?"
    begin_care(session, audit, clinician_id=to_id, client_id=care.client_id, label=label, by_id=by_id, now=now)
    homework = (Assignment.client_id == care.client_id, Assignment.clinician_id == care.clinician_id)
    session.execute(update(Assignment).where(*homework).values(clinician_id=to_id, group_id=None))


def hand_over_everyone(session: Session, audit: AuditTrail, *, from_id: str, to_id: str, by_id: str, now: datetime) -> None:
    """Hand over everyone in a clinician's care, without telling how many. Raises NobodyToHandTo."""
    to = session.get(Person, to_id)
    if to is None or to.role != "clinician" or to.blocked_at is not None or to_id == from_id:
        raise NobodyToHandTo
    for care in lock_cares(session, from_id):
        hand_over(session, audit, care, to_id=to_id, by_id=by_id, now=now)


def lock_cares(session: Session, clinician_id: str) -> list[Care]:
    """Everyone's care by this clinician that goes on, locked with its homework before the first of them is ended."""
    cares = select(Care).where(Care.clinician_id == clinician_id, Care.ended_at.is_(None)).order_by(Care.id)
    locked = list(session.scalars(cares.with_for_update()))
    homework = select(Assignment.id).where(Assignment.clinician_id == clinician_id).order_by(Assignment.id)
    session.execute(homework.with_for_update()).all()
    return locked


def cares_for_somebody(session: Session, clinician_id: str) -> bool:
    return session.scalar(select(Care.id).where(Care.clinician_id == clinician_id, Care.ended_at.is_(None)).limit(1)) is not None


def list_cared_for(session: Session, clinician_id: str) -> list[CaredFor]:
    """Everyone in this clinician's care, by label."""
    query = select(Care, Person).join(Person, Person.id == Care.client_id).where(Care.clinician_id == clinician_id, Care.ended_at.is_(None))
    found = [
        CaredFor(care.client_id, care.label or person.name or "", person.name or "", care.began_at)
        for care, person in session.execute(query)
    ]
    return sorted(found, key=lambda one: one.label.casefold())


def find_cared_for(session: Session, *, clinician_id: str, client_id: str) -> CaredFor | None:
    """One client of this clinician; None when they are not in their care."""
    care = find_care(session, clinician_id=clinician_id, client_id=client_id)
    person = None if care is None else session.get(Person, client_id)
    if care is None or person is None:
        return None
    return CaredFor(client_id, care.label or person.name or "", person.name or "", care.began_at)


def list_carers(session: Session, client_id: str) -> list[Carer]:
    """Everyone who cares or cared for this client, the present ones first."""
    query = select(Care, Person).join(Person, Person.id == Care.clinician_id).where(Care.client_id == client_id)
    query = query.order_by(Care.ended_at.is_not(None), Care.began_at)
    return [
        Carer(care.clinician_id, person.name or "", care.label or "", care.began_at, care.ended_at)
        for care, person in session.execute(query)
    ]


def list_clinicians(session: Session, *, but_id: str | None = None) -> list[tuple[str, str]]:
    """Id and name of every clinician who can sign in, by name."""
    query = select(Person).where(Person.role == "clinician", Person.blocked_at.is_(None))
    found = [(person.id, person.name or "") for person in session.scalars(query) if person.id != but_id]
    return sorted(found, key=lambda one: one[1].casefold())


def count_can_sign_in(session: Session, role: str) -> int:
    """How many people in this role could sign in at this moment."""
    query = (
        select(func.count())
        .select_from(Person)
        .where(Person.role == role, Person.blocked_at.is_(None), Person.passphrase_hash.is_not(None))
    )
    return session.scalar(query) or 0
