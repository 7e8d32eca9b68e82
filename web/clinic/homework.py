"""What a client does with their homework: pause it, skip it, stop where it is, take it up again; and how much is there to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.permissions import find_care, find_own_assignment, find_own_item
from web.clinic.homework_faults import NotOpenYet, OtherScene, ReasonTooLong
from web.clinic.homework_states import AssignmentState, list_own_states, read_day
from web.clinic.local_days import find_day
from web.database.clinic_tables import Assignment
from web.database.tables import Person
from web.rehearsal.faults import NotFound, NotUnderstood
from web.rehearsal.house import House
from web.rehearsal.starting import Choice

LONGEST_REASON = 500
"""Code points."""


@dataclass(frozen=True)
class Waiting:
    """How many things of one clinician are open."""

    clinician: str
    number: int


def count_waiting(session: Session, client_id: str, states: list[AssignmentState]) -> list[Waiting]:
    """Scenes and drills still to do, by who gave them; in the order of the list."""
    numbers: Counter[str] = Counter()
    for state in states:
        if state.state in ("open", "begun"):
            numbers[state.clinician_id] += sum(1 for item in state.items if not item.done)
    names = name_clinicians(session, set(numbers))
    return [Waiting(names[clinician_id], number) for clinician_id, number in numbers.items() if number]


def find_waiting(house: House, client_id: str) -> list[Waiting]:
    """As `count_waiting`, for the first line of the scenes page."""
    with house.database.reading() as session:
        return count_waiting(session, client_id, list_own_states(session, client_id, house.now()))


def name_clinicians(session: Session, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return {person.id: person.name or "" for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def choose_item(house: House, client_id: str, item_id: str, message_id: str, *, scene_id: str | None = None, level: str = "") -> Choice:
    """How a rehearsal of this item begins: feedback and check are the item's, the level too unless the client may choose.

    Raises NotFound, NotOpenYet, or OtherScene when the caller meant another scene than the item's.
    """
    with house.database.reading() as session:
        found = find_own_item(session, client_id=client_id, item_id=item_id)
        person = session.get(Person, client_id)
        if found is None or person is None:
            raise NotFound
        item, assignment = found
        opens_on = read_day(assignment.opens_on)
        if opens_on is not None and find_day(house.now(), person.time_zone) < opens_on:
            raise NotOpenYet
        if scene_id is not None and scene_id != item.scene_id:
            raise OtherScene
        return Choice(
            message_id=message_id,
            scene_id=item.scene_id,
            level=item.level or level or "friendly",
            feedback_mode=item.feedback_mode,
            check=item.check_kind,
            kind=item.kind,
            assignment_item_id=item.id,
        )


def pause_homework(house: House, client_id: str, assignment_id: str) -> None:
    """Put it aside for now; a second time changes nothing."""
    with house.database.writing() as session:
        assignment = _find(session, client_id, assignment_id)
        if assignment.paused_at is None:
            assignment.paused_at = house.now()
            _record(house, session, assignment, "assignment_paused")


def skip_homework(house: House, client_id: str, assignment_id: str, *, reason: str = "", shared: bool = False) -> None:
    """Leave it out. The reason is sealed, and shown to the clinician only when `shared`. Raises ReasonTooLong.

    Whoever calls has shown the reason to the door of safety first.
    """
    reason = reason.replace("\r\n", "\n").strip()
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong
    with house.database.writing() as session:
        assignment = find_own_assignment(session, client_id=client_id, assignment_id=assignment_id)
        clinician_id = "" if assignment is None else assignment.clinician_id
        care = find_care(session, clinician_id=clinician_id, client_id=client_id, lock=True) if shared else None
        assignment = _find(session, client_id, assignment_id)
        if shared and (care is None or care.clinician_id != assignment.clinician_id):
            raise NotUnderstood
        if assignment.skipped_at is None:
            assignment.skipped_at = house.now()
            _record(house, session, assignment, "assignment_skipped")
        assignment.skip_reason = reason or None
        assignment.skip_reason_shared = bool(reason) and shared
    house.database.forget_freed_pages()


def stop_homework(house: House, client_id: str, assignment_id: str) -> None:
    """ "I chose to stop here": done as it is, with less than was asked."""
    with house.database.writing() as session:
        assignment = _find(session, client_id, assignment_id)
        assignment.stopped_at = house.now()
        _record(house, session, assignment, "assignment_stopped")


def resume_homework(house: House, client_id: str, assignment_id: str) -> None:
    """Take it up again after a pause, a skip or a stop; the reason for a skip is erased."""
    with house.database.writing() as session:
        assignment = _find(session, client_id, assignment_id)
        if assignment.paused_at is None and assignment.skipped_at is None and assignment.stopped_at is None:
            return
        assignment.paused_at = assignment.skipped_at = assignment.stopped_at = None
        assignment.skip_reason, assignment.skip_reason_shared = None, False
        _record(house, session, assignment, "assignment_resumed")
    house.database.forget_freed_pages()


def _find(session: Session, client_id: str, assignment_id: str) -> Assignment:
    assignment = find_own_assignment(session, client_id=client_id, assignment_id=assignment_id)
    if assignment is None:
        raise NotFound
    session.refresh(assignment, with_for_update=True)
    if assignment.withdrawn_at is not None:
        raise NotFound
    return assignment


def _record(house: House, session: Session, assignment: Assignment, what: str) -> None:
    house.audit.record(
        session, what, now=house.now(), actor_id=assignment.client_id, subject_id=assignment.client_id, object_id=assignment.id
    )
