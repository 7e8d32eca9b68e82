"""What a piece of homework is, checked before anything is kept: as a form holds it, and as it is meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, cast

from data.rubric.wording import Wording
from web.access.refusals import BadField
from web.clinic.homework_faults import (
    BadDay,
    BadRhythm,
    BadTarget,
    DaysCrossed,
    NoteTooLong,
    NothingChosen,
    SceneNotThere,
    TooMuch,
)
from web.rehearsal.catalogue import Catalogue

MOST_ITEMS = 12
LONGEST_NOTE = 2000
"""Code points."""
MOST_TIMES = 20
MOST_DAYS_BETWEEN = 60
FEEDBACK_MODES = ("full", "line", "none")
CHECK_KINDS = ("before", "after", "new")

Feedback = Literal["full", "line", "none"]
Check = Literal["before", "after", "new"]


@dataclass(frozen=True)
class DraftItem:
    """One scene or drill (then `scene_id` is the skill) as a form holds it: text in every field."""

    kind: str
    scene_id: str
    level: str = ""
    feedback_mode: str = "full"
    check_kind: str = ""
    attempts: str = "1"
    skill: str = ""
    skill_count: str = "2"
    item_id: str = ""
    """Set when it is already there and is being changed."""


@dataclass(frozen=True)
class Draft:
    """Homework as a form holds it, whether it can be used or not."""

    items: tuple[DraftItem, ...] = ()
    opens_on: str = ""
    due_on: str = ""
    every_days: str = ""
    note: str = ""


@dataclass(frozen=True)
class PlannedItem:
    kind: Literal["scene", "drill"]
    scene_id: str
    level: str | None
    feedback_mode: Feedback
    check_kind: Check | None
    target_attempts: int
    target_skill: str | None
    target_count: int | None
    item_id: str | None = None


@dataclass(frozen=True)
class Plan:
    """Homework that can be given. Days are calendar days in the client's own zone."""

    items: tuple[PlannedItem, ...]
    opens_on: date | None = None
    due_on: date | None = None
    every_days: int | None = None
    note: str | None = None

    @property
    def has_goal(self) -> bool:
        return any(item.target_skill for item in self.items)


@dataclass(frozen=True)
class Offered:
    """What can be given: the scenes and drills of the house, and the skills a goal can name."""

    catalogue: Catalogue
    wording: Wording
    drills: frozenset[str] = field(default_factory=frozenset)

    def list_skills(self) -> list[tuple[str, str]]:
        """Criterion key and name of every skill."""
        return [(key, entry.name) for key, entry in self.wording.criteria.items() if entry.kind == "skill"]


def find_offered(catalogue: Catalogue, wording: Wording) -> Offered:
    return Offered(catalogue, wording, frozenset(drill.skill for drill in catalogue.list_drills()))


def check_draft(draft: Draft, offered: Offered) -> Plan:
    """The homework that is meant. Raises a fault of `web.clinic.homework_faults` that says what to change."""
    if not draft.items:
        raise NothingChosen
    if len(draft.items) > MOST_ITEMS:
        raise TooMuch
    opens_on, due_on = _read_day(draft.opens_on), _read_day(draft.due_on)
    if opens_on is not None and due_on is not None and due_on < opens_on:
        raise DaysCrossed
    note = draft.note.replace("\r\n", "\n").strip()
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong
    every_days = None
    if draft.every_days.strip():
        every_days = _read_number(draft.every_days, MOST_DAYS_BETWEEN)
        if every_days is None:
            raise BadRhythm
    items = tuple(_check_item(item, offered) for item in draft.items)
    return Plan(items, opens_on, due_on, every_days, note or None)


def draft_from(plan: Plan) -> Draft:
    """A form filled with this homework."""
    items = tuple(
        DraftItem(
            kind=item.kind,
            scene_id=item.scene_id,
            level=item.level or "",
            feedback_mode=item.feedback_mode,
            check_kind=item.check_kind or "",
            attempts=str(item.target_attempts),
            skill=item.target_skill or "",
            skill_count=str(item.target_count or 2),
            item_id=item.item_id or "",
        )
        for item in plan.items
    )
    opens_on = plan.opens_on.isoformat() if plan.opens_on else ""
    due_on = plan.due_on.isoformat() if plan.due_on else ""
    return Draft(items, opens_on, due_on, str(plan.every_days or ""), plan.note or "")


def add_chosen(draft: Draft, scenes: list[str], drills: list[str]) -> Draft:
    """The draft with newly chosen scenes and drills after those it has."""
    added = [DraftItem("scene", scene_id) for scene_id in dict.fromkeys(scenes)]
    added += [DraftItem("drill", skill) for skill in dict.fromkeys(drills)]
    return replace(draft, items=draft.items + tuple(added))


def as_template(plan: Plan, today: date) -> dict[str, Any]:
    """The plan as a JSON object that fits any day: instead of dates the number of days from now."""
    return {
        "opens_in_days": None if plan.opens_on is None else max(0, (plan.opens_on - today).days),
        "due_in_days": None if plan.due_on is None else max(0, (plan.due_on - today).days),
        "every_days": plan.every_days,
        "note": plan.note,
        "items": [
            {
                "kind": item.kind,
                "scene_id": item.scene_id,
                "level": item.level,
                "feedback_mode": item.feedback_mode,
                "check_kind": item.check_kind,
                "target_attempts": item.target_attempts,
                "target_skill": item.target_skill,
                "target_count": item.target_count,
            }
            for item in plan.items
        ],
    }


def from_template(content: Mapping[str, Any], today: date) -> Plan:
    """The plan of a template, beginning today."""

    def after(days: int | None) -> date | None:
        return None if days is None else today + timedelta(days=days)

    items = tuple(PlannedItem(**item) for item in content["items"])
    return Plan(items, after(content["opens_in_days"]), after(content["due_in_days"]), content["every_days"], content["note"])


def _check_item(item: DraftItem, offered: Offered) -> PlannedItem:
    attempts = _read_number(item.attempts, MOST_TIMES)
    if attempts is None:
        raise BadTarget
    if item.feedback_mode not in FEEDBACK_MODES or item.check_kind not in ("", *CHECK_KINDS):
        raise BadField
    mode = cast(Feedback, item.feedback_mode)
    if item.kind == "drill":
        if item.scene_id not in offered.drills:
            raise SceneNotThere
        return PlannedItem("drill", item.scene_id, None, mode, None, attempts, None, None, item.item_id or None)
    card = offered.catalogue.find(item.scene_id)
    if item.kind != "scene" or card is None:
        raise SceneNotThere
    if card.partner is None:  # a reflection: nobody's mood to choose, and nothing in it is judged
        return PlannedItem("scene", card.id, None, "none", None, attempts, None, None, item.item_id or None)
    if item.level and item.level not in card.levels:
        raise BadField
    skill, times = None, None
    if item.skill:
        if item.skill not in dict(offered.list_skills()):
            raise BadField
        skill, times = item.skill, _read_number(item.skill_count, MOST_TIMES)
        if times is None:
            raise BadTarget
    check = cast(Check, item.check_kind) if item.check_kind else None
    return PlannedItem("scene", card.id, item.level or None, "none" if check else mode, check, attempts, skill, times, item.item_id or None)


def _read_number(text: str, most: int) -> int | None:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= most:
        return None
    return int(text)


def _read_day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadDay from None
