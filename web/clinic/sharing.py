"""Sharing one rehearsal with one clinician: previewed, confirmed, and taken back whenever the client likes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from web.access.permissions import find_care, find_own_share, find_shared_attempt
from web.clinic.shared_view import Parts, SharedShape, draw_shared, find_last_number, parts_of
from web.database.clinic_tables import Comment, Share
from web.database.tables import Attempt, Person, make_id
from web.rehearsal.faults import NotFound, RehearsalFault
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card
from web.rehearsal.storing import find_attempt


class NothingToShare(RehearsalFault):
    status, code = 422, "nothing_to_share"
    sentence = _("There is nothing to share yet: choose at least one thing that this rehearsal has.")


class PreviewChanged(RehearsalFault):
    status, code = 409, "preview_changed"
    sentence = _("Something changed since you looked. Nothing was shared. Here is what would be seen now.")


@dataclass(frozen=True)
class Preview:
    """What a clinician would see; `fingerprint` goes back with the confirmation, so that only what was looked at is shared."""

    shape: SharedShape
    fingerprint: str


@dataclass(frozen=True)
class ShareRow:
    """One share as its client sees it in a list."""

    id: str
    attempt_id: str
    title: str
    clinician_name: str
    parts: Parts
    shared_at: datetime
    revoked_at: datetime | None
    first_read_at: datetime | None
    last_read_at: datetime | None
    comments: int
    unseen: int
    changed_since: bool


def preview_share(house: House, client_id: str, attempt_id: str, parts: Parts) -> Preview:
    """What would be shared now. Raises NotFound, or NothingToShare."""
    with house.database.reading() as session:
        return _preview(house, session, find_attempt(session, client_id, attempt_id), parts)


def share_attempt(house: House, client_id: str, attempt_id: str, clinician_id: str, parts: Parts, fingerprint: str) -> str:
    """Share what was previewed; gives the share's id. A living share with this clinician becomes this one.

    Raises NotFound, NothingToShare, or PreviewChanged when the rehearsal is no longer what was previewed.
    """
    now = house.now()
    with house.database.writing() as session:
        care = find_care(session, clinician_id=clinician_id, client_id=client_id, lock=True)
        attempt = find_attempt(session, client_id, attempt_id, lock=True)
        if care is None:
            raise NotFound
        if _preview(house, session, attempt, parts).fingerprint != fingerprint:
            raise PreviewChanged
        last = find_last_number(session, attempt)
        living = (Share.attempt_id == attempt.id, Share.clinician_id == clinician_id, Share.revoked_at.is_(None))
        share = session.scalar(select(Share).where(*living))
        if share is None:
            share = Share(id=make_id(), attempt_id=attempt.id, clinician_id=clinician_id)
            session.add(share)
        share.talk, share.note, share.card = parts.talk, parts.note, parts.card
        share.counts, share.help_pauses = parts.counts, parts.help_pauses
        share.last_turn_number = last
        share.shared_at = now
        share.first_read_at = share.last_read_at = None
        house.audit.record(session, "shared", now=now, actor_id=client_id, subject_id=client_id, object_id=share.id)
        return share.id


def revoke_share(house: House, client_id: str, share_id: str) -> None:
    """Take a share back: from now on it opens nothing. A second time changes nothing. Raises NotFound."""
    with house.database.writing() as session:
        found = find_own_share(session, client_id=client_id, share_id=share_id)
        if found is None:
            raise NotFound
        share, _attempt = found
        if share.revoked_at is None:
            share.revoked_at = house.now()
            house.audit.record(session, "share_revoked", now=house.now(), actor_id=client_id, subject_id=client_id, object_id=share.id)


def count_own_shares(session: Session, client_id: str, *, living: bool | None = None) -> int:
    """How many shares this client has: all, those that are open, or those that were taken back."""
    query = select(func.count(Share.id)).join(Attempt, Attempt.id == Share.attempt_id).where(Attempt.person_id == client_id)
    return session.scalar(query if living is None else query.where(_is_living(living))) or 0


def list_own_shares(
    house: House, session: Session, client_id: str, *, living: bool | None = None, limit: int | None = None, offset: int = 0
) -> list[ShareRow]:
    """Shares of this client (all, the open ones, those taken back), open ones first, then the latest first. Two queries, however many."""
    query = select(Share, Attempt, Person).join(Attempt, Attempt.id == Share.attempt_id).join(Person, Person.id == Share.clinician_id)
    query = query.where(Attempt.person_id == client_id).order_by(Share.revoked_at.is_not(None), Share.shared_at.desc(), Share.id)
    if living is not None:
        query = query.where(_is_living(living))
    rows = session.execute(query.limit(limit).offset(offset)).all()
    counts = select(Comment.share_id, func.count(), func.count().filter(Comment.seen_at.is_(None)))
    counts = counts.where(Comment.share_id.in_([share.id for share, _, _ in rows])).group_by(Comment.share_id)
    found = {row[0]: (row[1], row[2]) for row in session.execute(counts)}
    return [
        ShareRow(
            id=share.id,
            attempt_id=attempt.id,
            title=find_card(house, attempt).title,
            clinician_name=clinician.name or "",
            parts=parts_of(share),
            shared_at=share.shared_at,
            revoked_at=share.revoked_at,
            first_read_at=share.first_read_at,
            last_read_at=share.last_read_at,
            comments=found.get(share.id, (0, 0))[0],
            unseen=found.get(share.id, (0, 0))[1],
            changed_since=attempt.last_used_at > share.shared_at,
        )
        for share, attempt, clinician in rows
    ]


def _is_living(living: bool) -> ColumnElement[bool]:
    return Share.revoked_at.is_(None) if living else Share.revoked_at.is_not(None)


def draw_share(house: House, session: Session, share: Share, attempt: Attempt) -> SharedShape:
    """What this share shows."""
    return draw_shared(house, session, attempt, parts_of(share), last_turn_number=share.last_turn_number, shared_at=share.shared_at)


def open_shared(house: House, session: Session, clinician_id: str, share_id: str) -> tuple[Share, Attempt, SharedShape]:
    """A share as its clinician reads it, in a writing session: that it was read, and when, is kept. Raises NotFound."""
    found = find_shared_attempt(session, clinician_id=clinician_id, share_id=share_id)
    if found is None:
        raise NotFound
    share, attempt = found
    now = house.now()
    share.first_read_at = share.first_read_at or now
    share.last_read_at = now
    house.audit.record(session, "share_read", now=now, actor_id=clinician_id, subject_id=attempt.person_id, object_id=share.id)
    return share, attempt, draw_share(house, session, share, attempt)


def _preview(house: House, session: Session, attempt: Attempt, parts: Parts) -> Preview:
    last = find_last_number(session, attempt)
    shape = draw_shared(house, session, attempt, parts, last_turn_number=last, shared_at=house.now())
    if shape.is_empty():
        raise NothingToShare
    return Preview(shape, f"{last}-{shape.make_fingerprint()}")
