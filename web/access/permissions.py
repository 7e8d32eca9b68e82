"""Whose data may be seen: every page and API route of the clinic asks here, and nowhere else.

Each function gives what may be seen or None; a route answers None with 404, so that "not yours" and "not there" look alike.
"""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from web.database.clinic_tables import Assignment, AssignmentItem, Care, ClientGroup, Comment, Consent, Share
from web.database.tables import Attempt, Person


def find_care(session: Session, *, clinician_id: str, client_id: str, lock: bool = False) -> Care | None:
    """The living bond between this clinician and this client.

    With `lock`, for whoever ends it or gives something that ends with it: they go one after the other, so that nothing given is left
    open after the end. Rows are locked in this order: care, then homework, then what hangs on them; the audit trail comes last.
    """
    query = select(Care).where(Care.clinician_id == clinician_id, Care.client_id == client_id, Care.ended_at.is_(None))
    return session.scalar(query.with_for_update() if lock else query)


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


def find_skill_count_pairs(session: Session, pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these pairs of clinician and client those where the client shares skill counts at present. One query."""
    query = select(Consent.clinician_id, Consent.person_id).join(
        Care, (Care.clinician_id == Consent.clinician_id) & (Care.client_id == Consent.person_id)
    )
    query = query.where(Consent.what == "skill_counts", Consent.withdrawn_at.is_(None), Care.ended_at.is_(None))
    query = query.where(Consent.clinician_id.in_({clinician_id for clinician_id, _ in pairs}))
    return pairs & {(row[0], row[1]) for row in session.execute(query) if row[0] is not None}


def select_given_assignments(clinician_id: str) -> Select[tuple[str]]:
    """The ids of homework that this clinician gave, was not withdrawn, and whose client is still in their care."""
    living = (Care.client_id == Assignment.client_id) & (Care.clinician_id == Assignment.clinician_id) & Care.ended_at.is_(None)
    query = select(Assignment.id).join(Care, living)
    return query.where(Assignment.clinician_id == clinician_id, Assignment.withdrawn_at.is_(None))


def find_own_group(session: Session, *, clinician_id: str, group_id: str) -> ClientGroup | None:
    """A group that this clinician made."""
    return session.scalar(select(ClientGroup).where(ClientGroup.id == group_id, ClientGroup.clinician_id == clinician_id))


def find_own_item(session: Session, *, client_id: str, item_id: str) -> tuple[AssignmentItem, Assignment] | None:
    """One scene or drill of this client's homework that was not withdrawn."""
    query = select(AssignmentItem, Assignment).join(Assignment, Assignment.id == AssignmentItem.assignment_id)
    query = query.where(AssignmentItem.id == item_id, Assignment.client_id == client_id, Assignment.withdrawn_at.is_(None))
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


def find_own_assignment(session: Session, *, client_id: str, assignment_id: str) -> Assignment | None:
    """Homework of this client that was not withdrawn."""
    query = select(Assignment).where(Assignment.id == assignment_id, Assignment.client_id == client_id, Assignment.withdrawn_at.is_(None))
    return session.scalar(query)


def find_own_reason(session: Session, *, client_id: str, assignment_id: str) -> Assignment | None:
    """Homework of this client with a reason of theirs for skipping it, withdrawn since or not: their words stay theirs."""
    query = select(Assignment).where(Assignment.id == assignment_id, Assignment.client_id == client_id)
    return session.scalar(query.where(Assignment.skip_reason_sealed.is_not(None)))


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


def select_caseload(clinician_id: str) -> Select[tuple[Care, Person]]:
    """Everyone in this clinician's care."""
    query = select(Care, Person).join(Person, Person.id == Care.client_id)
    return query.where(Care.clinician_id == clinician_id, Care.ended_at.is_(None))


def select_assigned_attempts(clinician_id: str) -> Select[tuple[Attempt]]:
    """The rehearsals of homework this clinician gave to clients in their care; scenes that a client chose alone are not among them."""
    query = select(Attempt).join(AssignmentItem, AssignmentItem.id == Attempt.assignment_item_id)
    query = query.join(Assignment, (Assignment.id == AssignmentItem.assignment_id) & (Assignment.client_id == Attempt.person_id))
    query = query.join(Care, (Care.client_id == Assignment.client_id) & (Care.clinician_id == Assignment.clinician_id))
    return query.where(Assignment.clinician_id == clinician_id, Care.ended_at.is_(None))


def select_open_shares(clinician_id: str) -> Select[tuple[Share, Attempt]]:
    """Every share that this clinician may read now."""
    query = select(Share, Attempt).join(Attempt, Attempt.id == Share.attempt_id)
    query = query.join(Care, (Care.client_id == Attempt.person_id) & (Care.clinician_id == Share.clinician_id))
    return query.where(Share.clinician_id == clinician_id, Share.revoked_at.is_(None), Care.ended_at.is_(None))


def select_agreeing_clients(clinician_id: str) -> Select[tuple[str]]:
    """The ids of clients in this clinician's care who let them see counts of skills at present."""
    query = select(Consent.person_id).join(Care, (Care.client_id == Consent.person_id) & (Care.clinician_id == Consent.clinician_id))
    living = (Consent.what == "skill_counts", Consent.withdrawn_at.is_(None), Care.ended_at.is_(None))
    return query.where(Consent.clinician_id == clinician_id, *living)


def select_comments_to(client_id: str) -> Select[tuple[Comment]]:
    """The comments to what this client shared, taken back since or not."""
    query = select(Comment).join(Share, Share.id == Comment.share_id).join(Attempt, Attempt.id == Share.attempt_id)
    return query.where(Attempt.person_id == client_id)
