"""Which buttons a client has in which phase. Rasa has the last word; what is not listed here is not even stored."""

from __future__ import annotations

TALKING_PHASES = frozenset({"scene", "drill"})
"""Here every reply is said to the partner and counts."""

PAUSED_PHASES = frozenset({"paused", "timed_out"})

BEFORE_THE_TALK = frozenset({"new", "briefing"})


def may_speak(kind: str, phase: str) -> bool:
    """Whether something may be typed now: in the talk, and in a paused scene, where the partner can be asked to go on."""
    return phase in TALKING_PHASES or (kind == "scene" and phase in PAUSED_PHASES)


CONTROLS: dict[str, tuple[str, ...]] = {
    "new": ("start", "drill"),
    "briefing": ("begin",),
    "scene": ("hint", "pause", "time_out", "stop", "try_again"),
    "drill": ("hint", "try_again", "pause", "stop"),
    "paused": ("resume", "time_out", "stop"),
    "timed_out": ("resume", "stop"),
    "guess": ("guess", "try_again"),
    "reveal": ("reveal",),
    "debrief": ("debrief", "try_again"),
    "over": (),
}

LEAVING_COMMANDS = frozenset({"pause", "time_out", "stop"})
"""Commands that must work even when an earlier message got stuck on its way."""

LONGEST_TIME_OUT_MINUTES = 24 * 60
