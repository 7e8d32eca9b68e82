"""Counts over time: skills in each finished rehearsal, check scenes beside each other, and what was followed by the partner opening up.

Never a grade, a sum over skills, or a streak. Drawn as small bars by `clinic/_charts.html`: our own few lines of SVG, since chart libraries
write styles into the drawing, which the content-security policy of every page forbids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from web.clinic.skill_counts import name_counts, read_counts
from web.database.tables import Attempt
from web.rehearsal.counting import Counts
from web.rehearsal.debrief import OPEN_BOOK_PHASES
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card
from web.rehearsal.shapes import SkillCount

MOST_SHOWN = 40
"""The latest finished rehearsals that are drawn."""
FEWEST_TOLD = 3
"""A skill is told to have been followed by something only from so many replies on."""


@dataclass(frozen=True)
class Rehearsal:
    """A finished rehearsal and its counts; faults and what followed are left out of what a clinician gets."""

    id: str
    title: str
    check: str | None
    level: str
    begun_at: datetime
    counts: Counts


@dataclass(frozen=True)
class SkillLine:
    """One skill over the rehearsals, in their order: how many replies used it."""

    key: str
    name: str
    times: tuple[int, ...]

    @property
    def most(self) -> int:
        return max(self.times)


@dataclass(frozen=True)
class CheckLine:
    """One skill in the latest check scene of each kind; None where none was played."""

    key: str
    name: str
    before: int | None
    after: int | None
    new: int | None


@dataclass(frozen=True)
class Followed:
    """Of `of` replies with this skill, the partner opened up after `opened`."""

    skill: SkillCount
    opened: int
    of: int


@dataclass(frozen=True)
class Progress:
    rehearsals: tuple[Rehearsal, ...]
    skills: tuple[SkillLine, ...]
    checks: tuple[CheckLine, ...]
    followed: tuple[Followed, ...]
    earlier: int
    """Finished rehearsals that are not drawn, because there are newer ones."""


def show_own_progress(house: House, person_id: str) -> Progress:
    """A person's own progress, from everything they finished. Three queries at most, however much it is."""
    with house.database.reading() as session:
        attempts = list(session.scalars(select(Attempt).where(Attempt.person_id == person_id, *is_finished_scene())))
        return draw_progress(house, session, attempts, with_followed=True)


def is_finished_scene() -> tuple[ColumnElement[bool], ...]:
    """The conditions on an attempt for its counts to be looked at: what moved the partner stays hidden until then."""
    return Attempt.kind == "scene", Attempt.phase.in_(OPEN_BOOK_PHASES)


def draw_progress(house: House, session: Session, attempts: Sequence[Attempt], *, with_followed: bool) -> Progress:
    """Progress from these finished rehearsals; reflections, in which nothing is counted, are left out."""
    counted = sorted((each for each in attempts if find_card(house, each).partner is not None), key=lambda each: each.created_at)
    shown = counted[-MOST_SHOWN:]
    counts = read_counts(session, house.wording, shown)
    rehearsals = tuple(
        Rehearsal(each.id, find_card(house, each).title, each.check_kind, each.level, each.created_at, counts[each.id]) for each in shown
    )
    return Progress(
        rehearsals=rehearsals,
        skills=_draw_skills(house, rehearsals),
        checks=_draw_checks(house, rehearsals),
        followed=_draw_followed(house, rehearsals) if with_followed else (),
        earlier=len(counted) - len(shown),
    )


def _draw_skills(house: House, rehearsals: Sequence[Rehearsal]) -> tuple[SkillLine, ...]:
    lines = []
    for key, entry in house.wording.criteria.items():
        times = tuple(each.counts.skills.get(key, 0) for each in rehearsals)
        if entry.kind == "skill" and any(times):
            lines.append(SkillLine(key, entry.name, times))
    return tuple(lines)


def _draw_checks(house: House, rehearsals: Sequence[Rehearsal]) -> tuple[CheckLine, ...]:
    latest = {each.check: each.counts.skills for each in rehearsals if each.check is not None}
    lines = []
    for key, entry in house.wording.criteria.items():
        if entry.kind == "skill" and any(skills.get(key) for skills in latest.values()):
            found = {kind: skills.get(key, 0) for kind, skills in latest.items()}
            lines.append(CheckLine(key, entry.name, found.get("before"), found.get("after"), found.get("new")))
    return tuple(lines)


def _draw_followed(house: House, rehearsals: Sequence[Rehearsal]) -> tuple[Followed, ...]:
    totals: dict[str, tuple[int, int]] = {}
    for each in rehearsals:
        for key, (opened, of) in each.counts.followed.items():
            before = totals.get(key, (0, 0))
            totals[key] = (before[0] + opened, before[1] + of)
    told = {key: of for key, (_opened, of) in totals.items() if of >= FEWEST_TOLD}
    lines = [Followed(skill, *totals[skill.key]) for skill in name_counts(house.wording, told, "skill")]
    return tuple(sorted(lines, key=lambda line: -line.opened / line.of))
