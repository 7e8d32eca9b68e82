"""Who is stuck, by three plain rules, each told in words: about the homework, never about the person.

Only the first needs nothing but what a clinician sees anyway; the other two look into rehearsals and wait for the consent to counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from web.clinic.homework_states import AssignmentState, ItemState
from web.rehearsal.counting import Counts

QUIET_DAYS = 7
LEFT_OFTEN = 3
PLAYED_OFTEN = 3
LEFT_AFTER = timedelta(days=1)
"""A rehearsal that was begun and not touched for so long counts as left; before, it may just be paused."""
ENDED_PHASES = frozenset({"guess", "reveal", "debrief", "over"})


class Played(NamedTuple):
    """One rehearsal, as much of it as the rules need."""

    id: str
    phase: str
    created_at: datetime
    last_used_at: datetime
    current_turn_id: str | None


@dataclass(frozen=True)
class Stuck:
    """Why somebody may be stuck.

    `quiet`: nothing for `number` days. `left`: begun `number` times and never ended. `level`: ended `number` times without more of
    `skill` (a criterion key; empty: of the skills that the scene trains).
    """

    why: Literal["quiet", "left", "level"]
    number: int
    scene_id: str = ""
    skill: str = ""


def find_quiet(states: Sequence[AssignmentState], now: datetime) -> Stuck | None:
    """Homework has been open, and nothing of any homework was practised, for `QUIET_DAYS` days."""
    waiting = [max(state.made_at, _begin_of(state.opens_on, state.made_at)) for state in states if state.state == "open"]
    if not waiting:
        return None
    practised = [moment for state in states for moment in state.practised_at]
    days = (now - max([min(waiting), *practised])).days
    return Stuck("quiet", days) if days >= QUIET_DAYS else None


def find_left(item: ItemState, attempts: Sequence[Played], now: datetime) -> Stuck | None:
    """This scene was begun and left `LEFT_OFTEN` times and never ended."""
    left = [each for each in attempts if is_left(each, now)]
    if len(left) < LEFT_OFTEN or any(each.phase in ENDED_PHASES for each in attempts):
        return None
    return Stuck("left", len(left), item.scene_id)


def find_level(item: ItemState, attempts: Sequence[Played], counts: Mapping[str, Counts], aims: Sequence[str]) -> Stuck | None:
    """This scene was ended `PLAYED_OFTEN` times, and no later round had more of its skills than the first."""
    skills = [item.target_skill] if item.target_skill else list(aims)
    ended = sorted((each for each in attempts if each.phase in ENDED_PHASES and each.id in counts), key=lambda each: each.created_at)
    if len(ended) < PLAYED_OFTEN or not skills or item.kind != "scene":
        return None
    rounds = [sum(counts[each.id].skills.get(skill, 0) for skill in skills) for each in ended]
    if max(rounds[1:]) > rounds[0]:
        return None
    return Stuck("level", len(ended), item.scene_id, item.target_skill or "")


def is_left(attempt: Played, now: datetime) -> bool:
    return attempt.phase not in ENDED_PHASES and attempt.last_used_at + LEFT_AFTER < now


def _begin_of(day: date | None, otherwise: datetime) -> datetime:
    return otherwise if day is None else datetime.combine(day, time(), UTC)
