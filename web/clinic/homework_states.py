"""How homework stands: worked out from the rehearsals that were begun for it, whenever somebody looks. Every state is a fine one.

A talk counts once the client said three things in it, a drill once its round was finished; less counts when the client says
"I chose to stop here". A constant number of queries, however many people and rehearsals there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlalchemy.orm import Session

from web.access.permissions import find_skill_count_pairs, select_given_assignments
from web.clinic.local_days import find_day
from web.clinic.rounds import Round, find_round
from web.clinic.skill_counts import open_skills
from web.database.clinic_tables import Assignment, AssignmentItem
from web.database.tables import Attempt, Person, Turn
from web.rehearsal.controls import TALKING_PHASES

LEAST_REPLIES = 3
"""So many things said make a talk count: blank work is not done work."""

State = Literal["later", "open", "begun", "done", "paused", "skipped"]
FINISHED_PHASES = frozenset({"debrief", "over"})


class _Given(NamedTuple):
    """Of a row of homework what is needed, in the order of `_GIVEN`."""

    id: str
    batch_id: str
    group_id: str | None
    clinician_id: str
    client_id: str
    time_zone: str | None
    opens_on: str | None
    due_on: str | None
    every_days: int | None
    made_at: datetime
    changed_at: datetime
    stopped_at: datetime | None
    skipped_at: datetime | None
    paused_at: datetime | None
    skip_reason_shared: bool
    skip_reason_sealed: bytes | None
    note_sealed: bytes | None


class _Item(NamedTuple):
    """Of a row of a scene or drill what is needed, in the order of `_ITEM`."""

    assignment_id: str
    id: str
    kind: Literal["scene", "drill"]
    scene_id: str
    level: str | None
    feedback_mode: Literal["full", "line", "none"]
    check_kind: Literal["before", "after", "new"] | None
    target_attempts: int
    target_skill: str | None
    target_count: int | None


_GIVEN = [getattr(Person if name == "time_zone" else Assignment, name) for name in _Given._fields]
_ITEM = [getattr(AssignmentItem, name) for name in _Item._fields]


@dataclass(frozen=True)
class Practised:
    """One rehearsal for an item, or the latest of so many `times` that counted.

    `counts`: it is enough to be counted; `skills` is known only where a goal needs it.
    """

    attempt_id: str
    begun_at: datetime
    finished: bool
    counts: bool
    skills: dict[str, int] = field(default_factory=dict)
    times: int = 1


@dataclass(frozen=True)
class ItemState:
    """One scene or drill of homework in its present round. `best`: the most of the skill in one rehearsal, only while counts are shared."""

    item_id: str
    kind: Literal["scene", "drill"]
    scene_id: str
    level: str | None
    feedback_mode: Literal["full", "line", "none"]
    check_kind: Literal["before", "after", "new"] | None
    target_attempts: int
    target_skill: str | None
    target_count: int | None
    practised: int
    best: int | None
    done: bool
    running_id: str | None = None
    """A rehearsal that can be gone on with; for the client only."""


@dataclass(frozen=True)
class AssignmentState:
    """One piece of homework now. `due_on` is the last day of all, `round` the present one; `late` is told, never counted."""

    assignment_id: str
    batch_id: str
    group_id: str | None
    clinician_id: str
    client_id: str
    state: State
    late: bool
    today: date
    round: Round
    opens_on: date | None
    due_on: date | None
    every_days: int | None
    made_at: datetime
    changed_at: datetime
    stopped: bool
    items: tuple[ItemState, ...]
    practised_at: tuple[datetime, ...]
    """When something was practised for it, in any round, first to last."""
    note: str | None = None
    skip_reason: str | None = None
    skip_reason_shared: bool = False


def list_states(session: Session, clinician_id: str, now: datetime, *, brief: bool = False) -> list[AssignmentState]:
    """Homework of everyone in this clinician's care that was not withdrawn, as the clinician may know it; the newest first.

    That something was begun is the client's own affair until it counts: here it is still `open`. In `brief` no note
    is opened, and of what was practised without a rhythm and a goal only the latest moment of each scene and drill is told.
    """
    wanted = Assignment.id.in_(select_given_assignments(clinician_id))
    return _read(session, wanted, now, for_clinician=True, brief=brief)


def list_client_states(session: Session, clinician_id: str, client_id: str, now: datetime) -> list[AssignmentState]:
    """As `list_states`, for one client."""
    wanted = Assignment.id.in_(select_given_assignments(clinician_id)) & (Assignment.client_id == client_id)
    return _read(session, wanted, now, for_clinician=True)


def list_own_states(session: Session, client_id: str, now: datetime) -> list[AssignmentState]:
    """A client's own homework that was not withdrawn, the newest first, with notes and their own reasons."""
    return _read(session, (Assignment.client_id == client_id) & Assignment.withdrawn_at.is_(None), now, for_clinician=False)


def _read(
    session: Session, wanted: ColumnElement[bool], now: datetime, *, for_clinician: bool, brief: bool = False
) -> list[AssignmentState]:
    query = select(*_GIVEN).join_from(Assignment, Person, Person.id == Assignment.client_id).where(wanted)
    given = [_Given._make(row) for row in session.execute(query.order_by(Assignment.made_at.desc(), Assignment.id))]
    if not given:
        return []
    items: dict[str, list[_Item]] = {assignment.id: [] for assignment in given}
    chosen = select(*_ITEM).join(Assignment, Assignment.id == AssignmentItem.assignment_id).where(wanted)
    for row in session.execute(chosen.order_by(AssignmentItem.place)):
        item = _Item._make(row)
        items[item.assignment_id].append(item)
    practised = _read_practised(session, wanted, brief=brief)
    pairs = find_skill_count_pairs(session, {(assignment.clinician_id, assignment.client_id) for assignment in given})
    states = []
    for assignment in given:
        note = reason = None
        if not brief and assignment.note_sealed is not None:
            note = Assignment.note.open(session, assignment.note_sealed, row_id=assignment.id, table=Assignment.__tablename__)
        if assignment.skip_reason_sealed is not None and (assignment.skip_reason_shared or not for_clinician):
            reason = Assignment.skip_reason.open(
                session, assignment.skip_reason_sealed, row_id=assignment.id, table=Assignment.__tablename__
            )
        shares_counts = (assignment.clinician_id, assignment.client_id) in pairs
        states.append(_draw(assignment, items[assignment.id], practised, note, reason, shares_counts, for_clinician, now))
    return states


def _read_practised(session: Session, wanted: ColumnElement[bool], *, brief: bool) -> dict[str, list[Practised]]:
    """Item id to the rehearsals for it, first to last. One query; of each talk the database looks at no more than it needs.

    In `brief`, two: where neither a rhythm nor a goal asks for each rehearsal, the database counts them and finds the latest.
    """
    counts = _is_enough()
    goal = select(Turn.counts_sealed).where(Turn.id == Attempt.current_turn_id).scalar_subquery()
    columns = (AssignmentItem.id, Attempt.id, Attempt.phase, Attempt.created_at, Attempt.current_turn_id, counts)
    query = select(*columns, case((AssignmentItem.target_skill.is_not(None), goal)))
    query = query.join_from(Attempt, AssignmentItem, AssignmentItem.id == Attempt.assignment_item_id)
    query = query.join(Assignment, (Assignment.id == AssignmentItem.assignment_id) & (Assignment.client_id == Attempt.person_id))
    query = query.where(wanted)
    is_plain = Assignment.every_days.is_(None) & AssignmentItem.target_skill.is_(None)
    found: dict[str, list[Practised]] = {}
    each = query.where(not_(is_plain)) if brief else query
    for item_id, attempt_id, phase, begun_at, turn_id, is_counted, sealed in session.execute(each.order_by(Attempt.created_at)):
        skills = {} if sealed is None else open_skills(session, turn_id, sealed)
        found.setdefault(item_id, []).append(Practised(attempt_id, begun_at, phase in FINISHED_PHASES, bool(is_counted), skills))
    if brief:
        together = query.with_only_columns(AssignmentItem.id, func.max(Attempt.created_at), func.count()).where(is_plain, counts)
        for item_id, begun_at, times in session.execute(together.group_by(AssignmentItem.id)):
            found[item_id] = [Practised("", begun_at, True, True, times=times)]
    return found


def _is_enough() -> ColumnElement[bool]:
    """Whether a rehearsal counts. A drill ends by its last line being answered, or by a stop, which is a button."""
    answered = select(Turn.id).where(Turn.id == Attempt.current_turn_id, Turn.kind == "speech").exists()
    said = select(func.coalesce(Turn.instead_of_id, Turn.id).label("reply")).distinct()
    said = said.where(Turn.attempt_id == Attempt.id, Turn.kind == "speech", Turn.status.in_(("answered", "replaced")))
    said = said.where(Turn.said_in.is_(None) | Turn.said_in.in_(TALKING_PHASES))
    # as a table of its own: asked directly, EXISTS of SQLite looks past DISTINCT
    enough = said.limit(1).offset(LEAST_REPLIES - 1).correlate(Attempt).subquery()
    return case((Attempt.kind == "drill", (Attempt.phase == "over") & answered), else_=select(enough.c.reply).exists())


def _draw(
    assignment: _Given,
    items: list[_Item],
    practised: dict[str, list[Practised]],
    note: str | None,
    reason: str | None,
    counts_shared: bool,
    for_clinician: bool,
    now: datetime,
) -> AssignmentState:
    zone = assignment.time_zone
    today = find_day(now, zone)
    opens_on, due_on = read_day(assignment.opens_on), read_day(assignment.due_on)
    present = find_round(opens_on or find_day(assignment.made_at, zone), due_on, assignment.every_days, today)

    def in_round(moment: datetime) -> bool:
        return assignment.every_days is None or find_day(moment, zone) >= present.first

    drawn, begun = [], False
    for item in items:
        here = [one for one in practised.get(item.id, []) if in_round(one.begun_at)]
        begun = begun or bool(here)
        drawn.append(_draw_item(item, here, counts_shared, with_running=not for_clinician))
    stopped = assignment.stopped_at is not None and in_round(assignment.stopped_at)
    state: State = "open"
    if stopped or (drawn and all(item.done for item in drawn)):
        state = "done"
    elif assignment.skipped_at is not None:
        state = "skipped"
    elif assignment.paused_at is not None:
        state = "paused"
    elif opens_on is not None and today < opens_on:
        state = "later"
    elif begun:
        state = "open" if for_clinician else "begun"
    counted = sorted(one.begun_at for item in items for one in practised.get(item.id, []) if one.counts)
    return AssignmentState(
        assignment_id=assignment.id,
        batch_id=assignment.batch_id,
        group_id=assignment.group_id,
        clinician_id=assignment.clinician_id,
        client_id=assignment.client_id,
        state=state,
        late=state in ("open", "begun") and due_on is not None and today > due_on,
        today=today,
        round=present,
        opens_on=opens_on,
        due_on=due_on,
        every_days=assignment.every_days,
        made_at=assignment.made_at,
        changed_at=assignment.changed_at,
        stopped=stopped,
        items=tuple(drawn),
        practised_at=tuple(counted),
        note=note,
        skip_reason=reason if state == "skipped" else None,
        skip_reason_shared=assignment.skip_reason_shared,
    )


def _draw_item(item: _Item, here: list[Practised], counts_shared: bool, *, with_running: bool) -> ItemState:
    counted = [one for one in here if one.counts]
    goal = item.target_skill if counts_shared else None  # a goal that tells a count is only there while counts are shared
    best = max((one.skills.get(goal, 0) for one in counted), default=0) if goal else None
    met = best is None or best >= (item.target_count or 1)
    times = sum(one.times for one in counted)
    running = [one.attempt_id for one in here if not one.finished] if with_running else []
    return ItemState(
        item_id=item.id,
        kind=item.kind,
        scene_id=item.scene_id,
        level=item.level,
        feedback_mode=item.feedback_mode,
        check_kind=item.check_kind,
        target_attempts=item.target_attempts,
        target_skill=goal,
        target_count=item.target_count if goal else None,
        practised=times,
        best=best,
        done=times >= item.target_attempts and met,
        running_id=running[-1] if running else None,
    )


def read_day(text: str | None) -> date | None:
    """A day as it is kept."""
    return None if text is None else date.fromisoformat(text)
