"""What happened around a person's own login and care, from the audit trail: who did it and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from web.clinic.parting import list_parted
from web.database.clinic_tables import AuditEvent
from web.database.tables import Person

TOLD = ("login_renewed", "care_began", "care_ended", "person_unblocked", "passphrase_renewed", "passphrase_changed")
BY_OTHERS = ("login_renewed", "care_began", "care_ended", "person_unblocked")
"""What a person should see without looking for it."""
FRESH_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Piece:
    """One thing that happened: `by` and `about` are names, empty where the person is gone or it was the house itself."""

    what: str
    at: datetime
    by: str
    about: str
    by_self: bool


def list_news(session: Session, person_id: str, *, since: datetime | None = None, most: int = 20) -> list[Piece]:
    """The latest first."""
    query = select(AuditEvent).where(AuditEvent.subject_id == person_id, AuditEvent.what.in_(TOLD))
    if since is not None:
        query = query.where(AuditEvent.at > since)
    events = list(session.scalars(query.order_by(AuditEvent.number.desc()).limit(most)))
    return [_draw(session, event, person_id) for event in events]


def has_fresh_news(session: Session, person_id: str, *, now: datetime) -> bool:
    """Whether somebody else changed something about this person's login or care in the last two weeks, or ended a care of theirs.

    Care that began with one's own joining is no news.
    """
    joined = session.scalar(select(AuditEvent.at).where(AuditEvent.subject_id == person_id, AuditEvent.what == "joined").limit(1))
    since = max(now - FRESH_FOR, joined) if joined is not None else now - FRESH_FOR
    query = select(AuditEvent.id).where(AuditEvent.subject_id == person_id, AuditEvent.what.in_(BY_OTHERS), AuditEvent.at > since)
    query = query.where(or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != person_id))
    return session.scalar(query.limit(1)) is not None or bool(list_parted(session, person_id, since=since))


def has_news_since_last_visit(session: Session, person_id: str, *, now: datetime) -> bool:
    """Whether such a change came after the last sign-in but one, this one being the last."""
    query = select(AuditEvent.at).where(AuditEvent.actor_id == person_id, AuditEvent.what.in_(("signed_in", "joined")))
    visits = list(session.scalars(query.order_by(AuditEvent.number.desc()).limit(2)))
    before = visits[1] if len(visits) == 2 else now - FRESH_FOR
    others = select(AuditEvent.id).where(AuditEvent.subject_id == person_id, AuditEvent.what.in_(BY_OTHERS), AuditEvent.at > before)
    others = others.where(or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != person_id))
    return session.scalar(others.limit(1)) is not None or bool(list_parted(session, person_id, since=before))


def _draw(session: Session, event: AuditEvent, person_id: str) -> Piece:
    by = _name(session, event.actor_id)
    about = _name(session, event.object_id) if event.what in ("care_began", "care_ended") else ""
    return Piece(event.what, event.at, by, about, event.actor_id == person_id)


def _name(session: Session, person_id: str | None) -> str:
    person = None if person_id is None else session.get(Person, person_id)
    return "" if person is None else person.name or ""
