"""What somebody asks to be erased, with its line in the audit trail and its receipt. The deleting itself is in `web.database.erasure`.

Each function gives the id of a receipt: a random id under which stays what went, how much and when, and nothing about whose it was.
The line in the trail comes last: whoever waits for a row while holding the trail's lock would stop everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.permissions import find_own_attempt, find_own_reason, find_own_share
from web.clinic.care import end_care, lock_cares
from web.clinic.people import find_person
from web.database import erasure
from web.database.clinic_tables import Assignment
from web.database.tables import Attempt, Erasure, Person
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

COPIES_MADE_EVERY = timedelta(days=1)
"""How often backups are advised: a copy goes when the next one is made after its time."""


class MayBeErased(Protocol):
    """Raises a refusal while this person must stay; asked in the transaction that erases them."""

    def __call__(self, session: Session, person: Person, *, by_id: str) -> None: ...


@dataclass(frozen=True)
class Receipt:
    """What went. `copies_until`: by then it is gone from backups too, as they are kept when nothing else is said."""

    id: str
    what: str
    """attempt, practice, person, note, card, share or reason"""
    erased_at: datetime
    counts: dict[str, int]
    copies_until: date


def erase_own_attempt(house: House, person_id: str, attempt_id: str) -> str:
    """Erase a rehearsal with its turns, note, card, shares and comments. Raises NotFound."""
    with house.database.writing() as session:
        attempt = _find_attempt(session, person_id, attempt_id)
        has_trail = attempt.erase_after is None  # guests leave none
        receipt_id = erasure.erase_attempt(session, attempt_id, why="asked", now=house.now())
        if has_trail:
            _record(house, session, "attempt_erased", person_id, attempt_id)
    house.database.forget_freed_pages()
    return receipt_id


def erase_own_practice(house: House, person_id: str) -> str:
    """Erase every rehearsal of a person; account and homework stay."""
    with house.database.writing() as session:
        receipt_id = erasure.erase_practice(session, person_id, why="asked", now=house.now())
        _record(house, session, "attempt_erased", person_id, None, detail="all")
    house.database.forget_freed_pages()
    return receipt_id


def erase_own_note(house: House, person_id: str, attempt_id: str) -> str:
    """Erase the note to a rehearsal. Raises NotFound."""
    with house.database.writing() as session:
        receipt_id = erasure.erase_note(session, _find_attempt(session, person_id, attempt_id).id, now=house.now())
        if receipt_id is None:
            raise NotFound
        _record(house, session, "note_erased", person_id, attempt_id)
    house.database.forget_freed_pages()
    return receipt_id


def erase_own_card(house: House, person_id: str, attempt_id: str) -> str:
    """Erase the agreement card of a rehearsal, its dates included. Raises NotFound."""
    with house.database.writing() as session:
        receipt_id = erasure.erase_card(session, _find_attempt(session, person_id, attempt_id).id, now=house.now())
        if receipt_id is None:
            raise NotFound
        _record(house, session, "card_erased", person_id, attempt_id)
    house.database.forget_freed_pages()
    return receipt_id


def erase_own_share(house: House, client_id: str, share_id: str) -> str:
    """Take a share back and erase it with its comments. Raises NotFound."""
    with house.database.writing() as session:
        if find_own_share(session, client_id=client_id, share_id=share_id) is None:
            raise NotFound
        receipt_id = erasure.erase_share(session, share_id, now=house.now())
        assert receipt_id is not None  # it was found in this transaction
        _record(house, session, "share_erased", client_id, share_id)
    house.database.forget_freed_pages()
    return receipt_id


def erase_own_reason(house: House, client_id: str, assignment_id: str) -> str:
    """Erase why the client skipped homework, also after it was withdrawn. Raises NotFound."""
    with house.database.writing() as session:
        if find_own_reason(session, client_id=client_id, assignment_id=assignment_id) is None:
            raise NotFound
        receipt_id = erasure.erase_skip_reason(session, assignment_id, now=house.now())
        if receipt_id is None:
            raise NotFound
        _record(house, session, "skip_reason_erased", client_id, assignment_id)
    house.database.forget_freed_pages()
    return receipt_id


def erase_account(house: House, person_id: str, *, by_id: str, check: MayBeErased | None = None) -> str:
    """Erase somebody with everything of theirs; who may do so is decided by the page. Raises NotFound, and what `check` raises.

    When it is a clinician, everyone still in their care is told by the trail that the care ended and that homework was withdrawn;
    what was shared with them, and their comments, go with them.
    """
    now = house.now()
    with house.database.writing() as session:
        person = find_person(session, person_id)
        if person is None:
            raise NotFound
        if check is not None:
            check(session, person, by_id=by_id)
        if person.role == "clinician":
            _part_from_clients(house, session, person_id, by_id)
        receipt_id = erasure.erase_login(session, person_id, why="asked", now=now)
        house.audit.record(session, "person_erased", now=now, actor_id=by_id, subject_id=person_id)
    house.database.forget_freed_pages()
    return receipt_id


def find_receipt(session: Session, receipt_id: str) -> Receipt | None:
    """The receipt with this id, whoever asks: it tells nothing about anybody."""
    row = session.get(Erasure, receipt_id)
    if row is None:
        return None
    counts = row.counts or {"rehearsals": row.attempts, "turns": row.turns}
    until = row.erased_at + erasure.KEEP_COPIES + COPIES_MADE_EVERY
    return Receipt(row.id, row.what, row.erased_at, {kind: number for kind, number in counts.items() if number}, until.date())


def _part_from_clients(house: House, session: Session, clinician_id: str, by_id: str) -> None:
    now = house.now()
    cares = lock_cares(session, clinician_id)
    given = select(Assignment.client_id, Assignment.id).where(Assignment.clinician_id == clinician_id, Assignment.withdrawn_at.is_(None))
    for client_id, assignment_id in session.execute(given).all():
        house.audit.record(session, "assignment_withdrawn", now=now, actor_id=by_id, subject_id=client_id, object_id=assignment_id)
    for care in cares:
        end_care(session, house.audit, care, by_id=by_id, now=now)


def _find_attempt(session: Session, person_id: str, attempt_id: str) -> Attempt:
    attempt = find_own_attempt(session, person_id=person_id, attempt_id=attempt_id)
    if attempt is None:
        raise NotFound
    return attempt


def _record(house: House, session: Session, what: str, person_id: str, object_id: str | None, *, detail: str | None = None) -> None:
    house.audit.record(session, what, now=house.now(), actor_id=person_id, subject_id=person_id, object_id=object_id, detail=detail)
