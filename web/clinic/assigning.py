"""Giving homework, changing it and taking it back. What a client has begun goes on as it was begun, whatever becomes of the homework."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.permissions import find_care, find_given_assignment, select_given_assignments, shares_skill_counts
from web.access.refusals import BadField
from web.clinic.homework_faults import DayIsOver, GoalNotShared, NobodyInGroup, TooFarAhead
from web.clinic.homework_plan import Plan, PlannedItem
from web.clinic.homework_states import read_day
from web.clinic.local_days import find_day
from web.database.clinic_tables import Assignment, AssignmentItem
from web.database.tables import Person, make_id
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

FARTHEST = timedelta(days=731)


def assign(house: House, *, clinician_id: str, client_ids: list[str], plan: Plan, form_id: str, group_id: str | None = None) -> list[str]:
    """Give `plan` to each of these clients; gives the ids of the new homework.

    `form_id` is made anew for each form that is drawn: the same form sent twice gives the homework once.
    Raises NotFound when somebody is not in this clinician's care, or a fault of `web.clinic.homework_faults`.
    """
    if not client_ids:
        raise NobodyInGroup
    now = house.now()
    with house.database.writing() as session:
        session.get(Person, clinician_id, with_for_update=True)  # the same form sent twice at once: one goes after the other
        given = select(Assignment.id).where(Assignment.clinician_id == clinician_id, Assignment.batch_id == form_id)
        before = list(session.scalars(given))
        if before:
            return before
        for client_id in client_ids:
            if find_care(session, clinician_id=clinician_id, client_id=client_id) is None:
                raise NotFound
        _check_days(house, session, client_ids, plan)
        check_goals(session, clinician_id, client_ids, plan)
        made = [_make(house, session, clinician_id, client_id, plan, form_id, group_id) for client_id in client_ids]
        for assignment in made:
            house.audit.record(
                session, "assigned", now=now, actor_id=clinician_id, subject_id=assignment.client_id, object_id=assignment.id
            )
        return [assignment.id for assignment in made]


def change(house: House, *, clinician_id: str, assignment_ids: list[str], plan: Plan) -> None:
    """Make each of these pieces of homework what `plan` says. Items that stay keep what was practised for them. Raises as `assign`."""
    now = house.now()
    with house.database.writing() as session:
        found = [_find_living(session, clinician_id, assignment_id) for assignment_id in assignment_ids]
        clients = [assignment.client_id for assignment in found]
        check_goals(session, clinician_id, clients, plan)
        for assignment in found:
            if plan.due_on != read_day(assignment.due_on):
                _check_days(house, session, [assignment.client_id], plan)
            _rewrite(session, assignment, plan)
            assignment.changed_at = now
            house.audit.record(
                session, "assignment_changed", now=now, actor_id=clinician_id, subject_id=assignment.client_id, object_id=assignment.id
            )


def withdraw(house: House, *, clinician_id: str, assignment_ids: list[str]) -> None:
    """Take homework back: it is gone from the client's list, rehearsals for it stay theirs. A second time changes nothing."""
    now = house.now()
    with house.database.writing() as session:
        for assignment_id in assignment_ids:
            assignment = find_given_assignment(session, clinician_id=clinician_id, assignment_id=assignment_id)
            if assignment is None:
                raise NotFound
            if assignment.withdrawn_at is not None:
                continue
            assignment.withdrawn_at = assignment.changed_at = now
            house.audit.record(
                session, "assignment_withdrawn", now=now, actor_id=clinician_id, subject_id=assignment.client_id, object_id=assignment.id
            )


def read_plan(session: Session, assignment: Assignment) -> Plan:
    """A given piece of homework as the plan that it was made from."""
    query = select(AssignmentItem).where(AssignmentItem.assignment_id == assignment.id).order_by(AssignmentItem.place)
    items = tuple(
        PlannedItem(
            kind=item.kind,
            scene_id=item.scene_id,
            level=item.level,
            feedback_mode=item.feedback_mode,
            check_kind=item.check_kind,
            target_attempts=item.target_attempts,
            target_skill=item.target_skill,
            target_count=item.target_count,
            item_id=item.id,
        )
        for item in session.scalars(query)
    )
    return Plan(items, read_day(assignment.opens_on), read_day(assignment.due_on), assignment.every_days, assignment.note)


def list_batch(session: Session, *, clinician_id: str, group_id: str, batch_id: str) -> list[Assignment]:
    """The homework that was given to a group with one form, as far as it was not withdrawn and its client is in care."""
    query = select(Assignment).where(Assignment.id.in_(select_given_assignments(clinician_id)))
    return list(session.scalars(query.where(Assignment.batch_id == batch_id, Assignment.group_id == group_id).order_by(Assignment.id)))


def may_set_goals(session: Session, clinician_id: str, client_ids: list[str]) -> bool:
    """Whether every one of these clients shares skill counts: only then a goal for a skill is offered."""
    return bool(client_ids) and all(shares_skill_counts(session, clinician_id=clinician_id, client_id=each) for each in client_ids)


def check_goals(session: Session, clinician_id: str, client_ids: list[str], plan: Plan) -> None:
    if plan.has_goal and not may_set_goals(session, clinician_id, client_ids):
        raise GoalNotShared


def find_first_day(house: House, session: Session, client_ids: list[str]) -> date:
    """The earliest of these clients' present days, each in their own zone."""
    zones = session.scalars(select(Person.time_zone).where(Person.id.in_(client_ids)))
    return min((find_day(house.now(), zone) for zone in zones), default=find_day(house.now(), None))


def _check_days(house: House, session: Session, client_ids: list[str], plan: Plan) -> None:
    today = find_first_day(house, session, client_ids)
    if plan.due_on is not None and plan.due_on < today:
        raise DayIsOver
    if any(day is not None and day > today + FARTHEST for day in (plan.opens_on, plan.due_on)):
        raise TooFarAhead


def _find_living(session: Session, clinician_id: str, assignment_id: str) -> Assignment:
    assignment = find_given_assignment(session, clinician_id=clinician_id, assignment_id=assignment_id)
    if assignment is None or assignment.withdrawn_at is not None:
        raise NotFound
    return assignment


def _make(house: House, session: Session, clinician_id: str, client_id: str, plan: Plan, form_id: str, group_id: str | None) -> Assignment:
    now = house.now()
    assignment = Assignment(
        id=make_id(),
        clinician_id=clinician_id,
        client_id=client_id,
        group_id=group_id,
        batch_id=form_id,
        made_at=now,
        changed_at=now,
        skip_reason_shared=False,
    )
    session.add(assignment)
    _rewrite(session, assignment, plan)
    return assignment


def _rewrite(session: Session, assignment: Assignment, plan: Plan) -> None:
    """Write `plan` to the row and its items. An item is the same one when it is the same scene or drill as before."""
    assignment.note = plan.note
    assignment.opens_on = None if plan.opens_on is None else plan.opens_on.isoformat()
    assignment.due_on = None if plan.due_on is None else plan.due_on.isoformat()
    assignment.every_days = plan.every_days
    session.flush()
    before = list(session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id == assignment.id)))
    for place, planned in enumerate(plan.items, start=1):
        item = _find_same(before, planned)
        if item is None:
            item = AssignmentItem(id=make_id(), assignment_id=assignment.id, kind=planned.kind, scene_id=planned.scene_id)
            session.add(item)
        else:
            before.remove(item)
        item.place = place
        item.level, item.feedback_mode, item.check_kind = planned.level, planned.feedback_mode, planned.check_kind
        item.target_attempts, item.target_skill, item.target_count = planned.target_attempts, planned.target_skill, planned.target_count
    for item in before:
        session.delete(item)
    session.flush()


def _find_same(before: list[AssignmentItem], planned: PlannedItem) -> AssignmentItem | None:
    """The item that goes on: the very one the form named, else the same scene as the same check, else the same scene."""
    alike = [item for item in before if (item.kind, item.scene_id) == (planned.kind, planned.scene_id)]
    for item in alike:
        if item.id == planned.item_id:
            return item
    for item in alike:
        if item.check_kind == planned.check_kind:
            return item
    return alike[0] if alike else None


def check_form_id(form_id: str) -> str:
    """An id that our own form carried. Raises BadField."""
    if len(form_id) != 32 or any(sign not in "0123456789abcdef" for sign in form_id):
        raise BadField
    return form_id
