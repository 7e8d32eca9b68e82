"""What a client is told before they end the care of a clinician, and what the clinician is told afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.access.permissions import find_care
from web.database.clinic_tables import AuditEvent, Care, Share
from web.database.tables import Attempt, Person
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card


@dataclass(frozen=True)
class Outlook:
    """How things stand between a client and one clinician.

    `shared`: how many rehearsals are shared; `read`: title and last reading of those that were read; `files`: moment and form (pdf, csv,
    fhir) of what the clinician took out; `is_last`: nobody else cares for the client.
    """

    name: str
    shared: int
    read: tuple[tuple[str, datetime], ...]
    files: tuple[tuple[datetime, str], ...]
    is_last: bool


@dataclass(frozen=True)
class Parted:
    """That a care ended, as its clinician is told it: neither who ended it nor why."""

    label: str
    at: datetime


def look_ahead(house: House, session: Session, *, client_id: str, clinician_id: str) -> Outlook | None:
    """What ending this care would do; None when there is none that goes on."""
    clinician = session.get(Person, clinician_id)
    if clinician is None or find_care(session, clinician_id=clinician_id, client_id=client_id) is None:
        return None
    shares = select(Share, Attempt).join(Attempt, Attempt.id == Share.attempt_id).where(Attempt.person_id == client_id)
    open_ones = session.execute(shares.where(Share.clinician_id == clinician_id, Share.revoked_at.is_(None))).all()
    taken = select(AuditEvent.at, AuditEvent.detail).where(AuditEvent.subject_id == client_id, AuditEvent.actor_id == clinician_id)
    files = session.execute(taken.where(AuditEvent.what == "exported").order_by(AuditEvent.number)).all()
    others = select(Care.id).where(Care.client_id == client_id, Care.clinician_id != clinician_id, Care.ended_at.is_(None))
    return Outlook(
        name=clinician.name or "",
        shared=len(open_ones),
        read=tuple((find_card(house, attempt).title, share.last_read_at) for share, attempt in open_ones if share.last_read_at is not None),
        files=tuple((row[0], row[1] or "") for row in files),
        is_last=session.scalar(others.limit(1)) is None,
    )


def list_parted(session: Session, clinician_id: str, *, since: datetime) -> list[Parted]:
    """The cares of this clinician that somebody else ended or handed over after `since`, the latest first."""
    of_hers = (Care.client_id == AuditEvent.subject_id) & (Care.clinician_id == AuditEvent.object_id)
    query = select(AuditEvent.at, Care).join(Care, of_hers).where(Care.clinician_id == clinician_id, Care.ended_at.is_not(None))
    query = query.where(AuditEvent.what == "care_ended", AuditEvent.at > since)
    query = query.where(or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != clinician_id))
    return [Parted(care.label or "", at) for at, care in session.execute(query.order_by(AuditEvent.number.desc()))]
