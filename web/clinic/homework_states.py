"""How homework stands: worked out from the rehearsals that were begun for it, whenever somebody looks. Every state is a fine one.

A talk counts once the client said three things in it, a drill once its round was finished; less counts when the client says
"I chose to stop here". A constant number of queries, however many people and rehearsals there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from web.access.permissions import find_skill_count_pairs, select_given_assignments
from web.clinic.local_days import find_day
from web.clinic.rounds import Round, find_round
from web.database.clinic_tables import Assignment, AssignmentItem
from web.database.tables import Attempt, Person, Turn
from web.rehearsal.controls import TALKING_PHASES
from web.rehearsal.counting import read_counts_json

LEAST_REPLIES = 3
"""So many things said make a talk count: blank work is not done work."""

State = Literal["later", "open", "begun", "done", "paused", "skipped"]
FINISHED_PHASES = frozenset({"debrief", "over"})


@dataclass(frozen=True)
class Practised:
    """One rehearsal for an item. `counts`: it is enough to be counted; `skills` is known only where a goal needs it."""

    attempt_id: str
    begun_at: datetime
    finished: bool
    counts: bool
    skills: dict[str, int] = field(default_factory=dict)


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


def list_states(session: Session, clinician_id: str, now: datetime) -> list[AssignmentState]:
    """Homework of everyone in this clinician's care that was not withdrawn, as the clinician may know it; the newest first.

    That something was begun is the client's own affair until it counts: here it is still `open`.
    """
    given = _read(session, Assignment.id.in_(select_given_assignments(clinician_id)), now)
    return [_hide_from_clinician(state) for state in given]


def list_client_states(session: Session, clinician_id: str, client_id: str, now: datetime) -> list[AssignmentState]:
    """As `list_states`, for one client."""
    wanted = Assignment.id.in_(select_given_assignments(clinician_id)) & (Assignment.client_id == client_id)
    return [_hide_from_clinician(state) for state in _read(session, wanted, now)]


def list_own_states(session: Session, client_id: str, now: datetime) -> list[AssignmentState]:
    """A client's own homework that was not withdrawn, the newest first, with notes and their own reasons."""
    return _read(session, (Assignment.client_id == client_id) & Assignment.withdrawn_at.is_(None), now)


def _hide_from_clinician(state: AssignmentState) -> AssignmentState:
    items = tuple(replace(item, running_id=None) for item in state.items)
    reason = state.skip_reason if state.skip_reason_shared else None
    return replace(state, state="open" if state.state == "begun" else state.state, items=items, skip_reason=reason)


def _read(session: Session, wanted: ColumnElement[bool], now: datetime) -> list[AssignmentState]:
    query = select(Assignment, Person.time_zone).join(Person, Person.id == Assignment.client_id).where(wanted)
    given = list(session.execute(query.order_by(Assignment.made_at.desc(), Assignment.id)))
    if not given:
        return []
    ids = select(Assignment.id).where(wanted)
    items: dict[str, list[AssignmentItem]] = {assignment.id: [] for assignment, _ in given}
    chosen = select(AssignmentItem).where(AssignmentItem.assignment_id.in_(ids)).order_by(AssignmentItem.place)
    for item in session.scalars(chosen):
        items[item.assignment_id].append(item)
    practised = _read_practised(session, ids)
    pairs = find_skill_count_pairs(session, {(assignment.clinician_id, assignment.client_id) for assignment, _ in given})
    return [
        _draw(assignment, zone, items[assignment.id], practised, (assignment.clinician_id, assignment.client_id) in pairs, now)
        for assignment, zone in given
    ]


def _read_practised(session: Session, assignment_ids: Select[tuple[str]]) -> dict[str, list[Practised]]:
    """Item id to the rehearsals for it, first to last. Four queries."""
    own = (
        select(Attempt.id)
        .join(AssignmentItem, AssignmentItem.id == Attempt.assignment_item_id)
        .join(Assignment, (Assignment.id == AssignmentItem.assignment_id) & (Assignment.client_id == Attempt.person_id))
        .where(Assignment.id.in_(assignment_ids))
    )
    said = select(Turn.attempt_id, func.count(func.distinct(func.coalesce(Turn.instead_of_id, Turn.id))))
    said = said.where(Turn.attempt_id.in_(own), Turn.kind == "speech", Turn.status.in_(("answered", "replaced")))
    said = said.where(Turn.said_in.is_(None) | Turn.said_in.in_(TALKING_PHASES)).group_by(Turn.attempt_id)
    replies = dict(session.execute(said).tuples().all())
    last_kind = dict(
        session.execute(select(Attempt.id, Turn.kind).join(Turn, Turn.id == Attempt.current_turn_id).where(Attempt.id.in_(own)))
        .tuples()
        .all()
    )
    goals = select(Turn).join(Attempt, Attempt.current_turn_id == Turn.id)
    goals = goals.join(AssignmentItem, AssignmentItem.id == Attempt.assignment_item_id)
    goals = goals.where(Attempt.id.in_(own), AssignmentItem.target_skill.is_not(None), Turn.counts_sealed.is_not(None))
    skills = {turn.attempt_id: dict(read_counts_json(turn.counts).skills) for turn in session.scalars(goals)}
    found: dict[str, list[Practised]] = {}
    query = select(Attempt.id, Attempt.assignment_item_id, Attempt.kind, Attempt.phase, Attempt.created_at).where(Attempt.id.in_(own))
    for attempt_id, item_id, kind, phase, begun_at in session.execute(query.order_by(Attempt.created_at)):
        if kind == "drill":  # a drill ends by its last line being answered, or by a stop, which is a button
            counts = phase == "over" and last_kind.get(attempt_id) == "speech"
        else:
            counts = replies.get(attempt_id, 0) >= LEAST_REPLIES
        one = Practised(attempt_id, begun_at, phase in FINISHED_PHASES, counts, skills.get(attempt_id, {}))
        found.setdefault(item_id, []).append(one)
    return found


def _draw(
    assignment: Assignment,
    zone: str | None,
    items: list[AssignmentItem],
    practised: dict[str, list[Practised]],
    counts_shared: bool,
    now: datetime,
) -> AssignmentState:
    today = find_day(now, zone)
    opens_on, due_on = read_day(assignment.opens_on), read_day(assignment.due_on)
    present = find_round(opens_on or find_day(assignment.made_at, zone), due_on, assignment.every_days, today)

    def in_round(moment: datetime) -> bool:
        return assignment.every_days is None or find_day(moment, zone) >= present.first

    drawn, begun = [], False
    for item in items:
        here = [one for one in practised.get(item.id, []) if in_round(one.begun_at)]
        begun = begun or bool(here)
        drawn.append(_draw_item(item, here, counts_shared))
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
        state = "begun"
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
        note=assignment.note,
        skip_reason=assignment.skip_reason if state == "skipped" else None,
        skip_reason_shared=assignment.skip_reason_shared,
    )


def _draw_item(item: AssignmentItem, here: list[Practised], counts_shared: bool) -> ItemState:
    counted = [one for one in here if one.counts]
    goal = item.target_skill if counts_shared else None  # a goal that tells a count is only there while counts are shared
    best = max((one.skills.get(goal, 0) for one in counted), default=0) if goal else None
    met = best is None or best >= (item.target_count or 1)
    running = [one.attempt_id for one in here if not one.finished]
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
        practised=len(counted),
        best=best,
        done=len(counted) >= item.target_attempts and met,
        running_id=running[-1] if running else None,
    )


def read_day(text: str | None) -> date | None:
    """A day as it is kept."""
    return None if text is None else date.fromisoformat(text)
