"""Whose data may be seen: every page and API route of the clinic asks here, and nowhere else.

Each function gives what may be seen or None; a route answers None with 404, so that "not yours" and "not there" look alike.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.database.clinic_tables import Assignment, Care, Comment, Consent, Share
from web.database.tables import Attempt


def find_care(session: Session, *, clinician_id: str, client_id: str) -> Care | None:
    """The living bond between this clinician and this client."""
    query = select(Care).where(Care.clinician_id == clinician_id, Care.client_id == client_id, Care.ended_at.is_(None))
    return session.scalar(query)


def find_shared_attempt(session: Session, *, clinician_id: str, share_id: str) -> tuple[Share, Attempt] | None:
    """A share made to this clinician, not revoked, by a client who is still in their care, with its attempt."""
    query = (
        select(Share, Attempt)
        .join(Attempt, Attempt.id == Share.attempt_id)
        .join(Care, (Care.client_id == Attempt.person_id) & (Care.clinician_id == Share.clinician_id))
        .where(Share.id == share_id, Share.clinician_id == clinician_id, Share.revoked_at.is_(None), Care.ended_at.is_(None))
    )
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


def shares_skill_counts(session: Session, *, clinician_id: str, client_id: str) -> bool:
    """Whether this client lets this clinician see counts of skills at present."""
    query = select(Consent.id).where(
        Consent.person_id == client_id,
        Consent.clinician_id == clinician_id,
        Consent.what == "skill_counts",
        Consent.withdrawn_at.is_(None),
    )
    return session.scalar(query.limit(1)) is not None and find_care(session, clinician_id=clinician_id, client_id=client_id) is not None


def find_own_assignment(session: Session, *, client_id: str, assignment_id: str) -> Assignment | None:
    """Homework of this client that was not withdrawn."""
    query = select(Assignment).where(Assignment.id == assignment_id, Assignment.client_id == client_id, Assignment.withdrawn_at.is_(None))
    return session.scalar(query)


def find_given_assignment(session: Session, *, clinician_id: str, assignment_id: str) -> Assignment | None:
    """Homework that this clinician gave to a client who is still in their care."""
    query = (
        select(Assignment)
        .join(Care, (Care.client_id == Assignment.client_id) & (Care.clinician_id == Assignment.clinician_id))
        .where(Assignment.id == assignment_id, Assignment.clinician_id == clinician_id, Care.ended_at.is_(None))
    )
    return session.scalar(query)


def find_own_attempt(session: Session, *, person_id: str, attempt_id: str) -> Attempt | None:
    """An attempt of this person."""
    return session.scalar(select(Attempt).where(Attempt.id == attempt_id, Attempt.person_id == person_id))


def find_own_share(session: Session, *, client_id: str, share_id: str) -> tuple[Share, Attempt] | None:
    """A share that this client made, taken back or not, with its attempt."""
    query = select(Share, Attempt).join(Attempt, Attempt.id == Share.attempt_id)
    row = session.execute(query.where(Share.id == share_id, Attempt.person_id == client_id)).first()
    return None if row is None else (row[0], row[1])


def find_own_comment(session: Session, *, author_id: str, share_id: str, comment_id: str) -> tuple[Comment, str] | None:
    """A comment of this clinician to a share that is still open to them, and whose rehearsal it is about."""
    found = find_shared_attempt(session, clinician_id=author_id, share_id=share_id)
    query = select(Comment).where(Comment.id == comment_id, Comment.share_id == share_id, Comment.author_id == author_id)
    comment = None if found is None else session.scalar(query)
    return None if found is None or comment is None else (comment, found[1].person_id)
