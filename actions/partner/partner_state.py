"""The partner's state: plain JSON that travels with the message. Nothing is kept here."""

from __future__ import annotations

import copy
import zlib
from typing import Any

from data.scenarios import Scene

PER_STEP = 4  # points of trust that make one step of openness
LONGEST_KEPT = 300  # characters of the client's words kept for the agreement card
MOST_KEPT = 6  # steps and limits remembered; later ones replace earlier ones

State = dict[str, Any]


BLANK: State = {
    "turn": 0,
    "told": 0,  # layers told
    "topics": [],  # topics that came up
    "used": [],  # numbers of lines said
    "said": [],  # marks of the client's replies, to know a repeated one
    "steps": [],  # steps the client proposed, in the partner's mouth
    "limits": [],  # limits the client set, in the partner's mouth
    "words": {},  # the client's feeling and need, as they last named them, with the turn
    "recalled": 0,  # the turn in which the partner last brought something back
    "limit_words": [],  # limits as typed, for the agreement card
    "signal_words": "",  # the pause signal, as typed, when it stood in no limit or step
    "review_words": "",  # when to look at it again, as typed
    "tests": 0,  # how often the partner has tested a limit
    "testing": False,  # the last line was such a test
    "kept_limit": False,
    "agreed": None,  # {"step", "words", "by", "turn"}
    "offer": None,  # number of the partner's counter-proposal that waits for an answer
    "offered": 0,  # the turn in which it was made
    "reviewed": False,
    "no_open": False,  # a no of the partner waits for an answer
    "no_accepted": False,
    "repaired": False,
    "listened": 0,
    "shared": 0,
    "pushes": 0,
    "wary": False,  # pushed, and it was not owned since: only listening opens again, and slowly
    "asked_for": 0,  # proposals so far: asking again and again opens nobody
    "harms": 0,
    "idle": 0,  # points for replies in a row that carried nothing
    "hints": {},
    "halted": None,  # stop, pause, time_out
    "last_line": "",
    "moves": [],  # [turn, openness, shift, deed] of every reply, for the timeline
    "ended": None,
}
"""What a state holds besides scene, version, level, seed and trust. A key added later is filled in for attempts that began before it."""


def new_state(scene: Scene, seed: int, level: str) -> State:
    """The state before the first line. `level` is friendly, guarded or upset."""
    return {
        **copy.deepcopy(BLANK),
        "scene": scene.id,
        "version": scene.version,
        "level": level,
        "seed": seed,
        "trust": getattr(scene.partner.start, level) * PER_STEP + 1,
        "no_open": scene.partner.says_no is not None,
    }


def copy_state(state: State) -> State:
    """A copy to work on, with every key: the state handed in is never changed, so that a reply can be tried again from it."""
    return {key: _copy_json(value) for key, value in {**BLANK, **state}.items()}


def _copy_json(value: Any) -> Any:
    """A copy of a JSON value. `copy.deepcopy` also looks for cycles, which JSON has none of, and that cost 3 ms of every reply."""
    if isinstance(value, dict):
        return {key: _copy_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copy_json(each) for each in value]
    return value


def openness_of(state: State) -> int:
    """0 (closed) to 4."""
    return max(0, min(4, state["trust"] // PER_STEP))


def move_trust(scene: Scene, state: State, points: int) -> int:
    """Add points of trust within 0 and the level's ceiling; returns which way openness went (-1, 0, +1)."""
    before = openness_of(state)
    highest = getattr(scene.partner.ceiling, state["level"]) * PER_STEP + PER_STEP - 1
    state["trust"] = max(0, min(highest, state["trust"] + points))
    after = openness_of(state)
    return (after > before) - (after < before)


def keep_words(kept: list[str], words: str) -> None:
    """Remember words of the client once, at most MOST_KEPT of them."""
    if words not in kept:
        kept.append(words)
        del kept[:-MOST_KEPT]


def mark_reply(reply: str) -> str:
    """A short mark by which a repeated reply is known. It holds no words, but it has no key: who guesses a reply can check the guess."""
    plain = " ".join(reply.lower().split())
    return format(zlib.crc32(plain.encode(errors="surrogatepass")) & 0xFFFFFF, "x")
