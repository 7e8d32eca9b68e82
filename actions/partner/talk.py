"""What the partner's functions return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Line:
    """Something said: `who` is partner or guide; `kind` is one of the kinds in docs/INTERFACES.md."""

    who: Literal["partner", "guide"]
    text: str
    kind: str = "say"


@dataclass(frozen=True)
class Moved:
    """Openness (0–4) after the reply, which way it went (-1, 0, +1), and because of which words, for the debrief."""

    openness: int
    shift: int
    because: str


@dataclass(frozen=True)
class Reached:
    """An ending of the scene. `kind` is its conditions joined by "+"; `card` the agreement card."""

    id: str
    title: str
    text: str
    kind: str
    card: dict[str, Any]


@dataclass(frozen=True)
class Talk:
    """The new state and what is said. `phase`: scene, paused, timed_out, guess, reveal or debrief."""

    state: dict[str, Any]
    lines: tuple[Line, ...] = ()
    ending: Reached | None = None
    moved: Moved | None = None
    phase: str = "scene"
    reveal: dict[str, str] | None = None
