"""What a client sees of their own data before they take it along or erase it: rehearsals, shares, reasons, and who else took a copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from web.clinic.pieces import Piece, take_piece
from web.clinic.sharing import ShareRow, count_own_shares, list_own_shares
from web.database.clinic_tables import Assignment, AuditEvent, Share
from web.database.tables import Agreement, Attempt, Note, Person
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card

REHEARSALS_SHOWN = 20
SHARES_SHOWN = 10
"""At a time, with links to the older ones: each has buttons of its own, and somebody may have practised for years."""


@dataclass(frozen=True)
class OwnRehearsal:
    id: str
    title: str
    begun_at: datetime
    has_note: bool
    has_card: bool
    is_shared: bool


@dataclass(frozen=True)
class OwnReason:
    """What the client typed when they skipped homework. `is_told`: the clinician can read it at present."""

    assignment_id: str
    words: str
    given_by: str
    given_at: datetime
    is_withdrawn: bool
    is_told: bool


@dataclass(frozen=True)
class TakenCopy:
    """That somebody else made a file of what was shared with them. `by` is empty when they are no longer here."""

    at: datetime
    by: str
    form: str
    """pdf, csv or fhir"""


@dataclass(frozen=True)
class OwnDataView:
    rehearsals: Piece[OwnRehearsal]
    shares: Piece[ShareRow]
    reasons: tuple[OwnReason, ...]
    copies: tuple[TakenCopy, ...]


def look_over(house: House, session: Session, person_id: str, *, rehearsals: int = 1, shares: int = 1) -> OwnDataView:
    """A piece of their rehearsals and of their shares, by number, the latest first. As many queries for many as for few."""
    own = select(func.count()).where(Attempt.person_id == person_id)
    many = session.scalar(own) or 0
    shared = count_own_shares(session, person_id)
    return OwnDataView(
        take_piece(many, REHEARSALS_SHOWN, rehearsals, lambda limit, offset: _list_rehearsals(house, session, person_id, limit, offset)),
        take_piece(
            shared, SHARES_SHOWN, shares, lambda limit, offset: list_own_shares(house, session, person_id, limit=limit, offset=offset)
        ),
        _list_reasons(session, person_id),
        _list_copies(session, person_id),
    )


def _list_rehearsals(house: House, session: Session, person_id: str, limit: int, offset: int) -> list[OwnRehearsal]:
    columns = (Attempt.id, Attempt.created_at, Attempt.kind, Attempt.scene_id, Attempt.scene_version)
    query = select(Attempt).options(load_only(*columns)).where(Attempt.person_id == person_id)
    attempts = list(session.scalars(query.order_by(Attempt.created_at.desc(), Attempt.id).limit(limit).offset(offset)))
    ids = [each.id for each in attempts]
    with_note = set(session.scalars(select(Note.attempt_id).where(Note.attempt_id.in_(ids))))
    with_card = set(session.scalars(select(Agreement.attempt_id).where(Agreement.attempt_id.in_(ids))))
    living = set(session.scalars(select(Share.attempt_id).where(Share.attempt_id.in_(ids), Share.revoked_at.is_(None))))
    return [
        OwnRehearsal(each.id, find_card(house, each).title, each.created_at, each.id in with_note, each.id in with_card, each.id in living)
        for each in attempts
    ]


def _list_reasons(session: Session, person_id: str) -> tuple[OwnReason, ...]:
    """Also of homework that was withdrawn since, or done after all: nowhere else could these words be erased alone."""
    query = select(Assignment, Person).join(Person, Person.id == Assignment.clinician_id)
    query = query.where(Assignment.client_id == person_id, Assignment.skip_reason_sealed.is_not(None))
    return tuple(
        OwnReason(
            assignment_id=each.id,
            words=each.skip_reason or "",
            given_by=clinician.name or "",
            given_at=each.made_at,
            is_withdrawn=each.withdrawn_at is not None,
            is_told=each.skip_reason_shared and each.withdrawn_at is None,
        )
        for each, clinician in session.execute(query.order_by(Assignment.made_at.desc(), Assignment.id))
    )


def _list_copies(session: Session, person_id: str) -> tuple[TakenCopy, ...]:
    query = select(AuditEvent).where(AuditEvent.subject_id == person_id, AuditEvent.what == "exported", AuditEvent.actor_id != person_id)
    events = list(session.scalars(query.order_by(AuditEvent.number.desc())))
    people = session.scalars(select(Person).where(Person.id.in_({event.actor_id for event in events})))
    names = {person.id: person.name or "" for person in people}
    return tuple(TakenCopy(event.at, names.get(event.actor_id or "", ""), event.detail or "") for event in events)
