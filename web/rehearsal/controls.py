"""Which buttons a client has in which phase. Rasa has the last word; what is not listed here is not even stored."""

from __future__ import annotations

SPEAKING_PHASES = frozenset({"scene", "drill"})

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
