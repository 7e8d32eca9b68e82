"""What is counted in a talk: kept sealed with each turn for the way that led to it, so that a chart opens one row for each rehearsal.

A turn carries the counts of its whole path, not of itself alone: whatever branch a talk goes on from, the turn where it stands has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from data.rubric.wording import Wording
from web.database.tables import Turn
from web.rehearsal.debrief import is_said_in_talk


@dataclass(frozen=True)
class Counts:
    """Counts of replies, never a grade. `skills` and `faults`: criterion key to the number of replies that had it.

    `followed`: skill to (how often the partner opened up after a reply with it, replies with it after which the partner could have).
    Faults are known only where the rehearsal had notes on its replies.
    """

    replies: int = 0
    skills: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    followed: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        followed = {key: list(pair) for key, pair in self.followed.items()}
        return {"replies": self.replies, "skills": dict(self.skills), "faults": dict(self.faults), "followed": followed}


class Talk(Protocol):
    """A rehearsal, as a row or as an object: where its talk stands is all that is asked of it."""

    @property
    def id(self) -> str: ...

    @property
    def current_turn_id(self) -> str | None: ...


def read_counts_json(kept: Mapping[str, Any]) -> Counts:
    followed = {key: (pair[0], pair[1]) for key, pair in kept["followed"].items()}
    return Counts(kept["replies"], kept["skills"], kept["faults"], followed)


def count_turn(wording: Wording, before: Counts, turn: Turn) -> Counts:
    """`before` and this turn; a turn that was not said in the talk adds nothing."""
    if not is_said_in_talk(turn):
        return before
    answer = turn.answer or {}
    feedback = answer.get("feedback") or {}
    counted = answer.get("counted") or feedback.get("counted", ())
    skills, faults, followed = dict(before.skills), dict(before.faults), dict(before.followed)
    moved = answer.get("moved")
    for key in counted:
        if key not in wording.criteria or wording.criteria[key].kind != "skill":
            continue
        skills[key] = skills.get(key, 0) + 1
        if moved is not None:
            opened, of = followed.get(key, (0, 0))
            followed[key] = (opened + (moved["shift"] > 0), of + 1)
    for key, verdict in feedback.get("criteria", {}).items():
        if verdict["present"] and key in wording.criteria and wording.criteria[key].kind == "fault":
            faults[key] = faults.get(key, 0) + 1
    return Counts(before.replies + 1, skills, faults, followed)


def count_path(wording: Wording, path: Iterable[Turn]) -> Counts:
    """The counts of these turns, first to last."""
    counts = Counts()
    for turn in path:
        counts = count_turn(wording, counts, turn)
    return counts


def count_to(session: Session, wording: Wording, turn: Turn) -> Counts:
    """The counts of the way to this turn and of the turn itself: those of the turn before, and one more."""
    missing = [turn]
    parent = session.get(Turn, turn.parent_id) if turn.parent_id else None
    while parent is not None and parent.counts_sealed is None:  # answered by an earlier version of this program
        missing.append(parent)
        parent = session.get(Turn, parent.parent_id) if parent.parent_id else None
    counts = Counts() if parent is None else read_counts_json(parent.counts)
    for each in reversed(missing):
        counts = count_turn(wording, counts, each)
    return counts
