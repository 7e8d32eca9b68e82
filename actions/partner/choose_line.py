"""Choose a line that has not been said: by openness, by the client's words at hand, by meaning, and by the attempt's seed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from actions.partner.meaning import load_meaning
from actions.partner.partner_state import State, openness_of
from data.scenarios import Scene
from data.scenarios.groups import GROUPS
from data.scenarios.line_book import Spoken

LEFT_TO_CLOSE = 2  # when fewer fallback lines than this are left, the talk closes
AS_NEAR = 0.12  # lines of one pool that lie this close together in meaning are all as good; the seed chooses
OF_THE_MOOD = 0.05
ECHO = 0.08  # a line that takes up the client's own words
LUCK = 0.05  # what the seed may add to a line, so that two attempts differ
# How near a line with the client's words in it comes to a reply, reckoned from the line with empty gaps (a vector of each would take
# milliseconds): so much in any case, by its own nearness, by the share of the line and of the reply that are those words. Fitted to 139
# lines of eight scenes; error 0.07.
FILLED, BY_ITSELF, OF_LINE, OF_REPLY = 0.145, 0.89, 0.11, 0.58
NEAREST = 0.95
SAID_BEFORE = re.compile(r"\bI(?:'ve| have)? (?:already )?(?:said|told you|answered)\b", re.IGNORECASE)
"""Where nothing was asked for yet, nobody has said no."""


@dataclass(frozen=True)
class Option:
    """A pool that could answer, and how far it is preferred before meaning is looked at (0 to about 0.6)."""

    pool: str
    liking: float


def unsaid(scene: Scene, state: State, pool: str, slots: dict[str, str]) -> list[Spoken]:
    """The lines of a pool that fit now and have not been said."""
    band = "open" if openness_of(state) >= 2 else "closed"
    used = set(state["used"])
    refused = state["no_open"] or state["asked_for"] or scene.partner.says_no is not None or pool != "lines.pressured"
    return [
        line
        for line in scene.book.get(pool, ())
        if line.number not in used
        and line.band in ("any", band)
        and all(slots.get(slot) for slot in line.slots)
        and (refused or not SAID_BEFORE.search(line.text))
    ]


def take_line(scene: Scene, state: State, pool: str, slots: dict[str, str] | None = None, to: str = "") -> str | None:
    """A line of `pool`, marked as said; None when there is none left.

    Lines with the client's words go first, then those of the mood; among these the nearest in meaning to the reply `to`.
    """
    slots = slots or {}
    left = unsaid(scene, state, pool, slots)
    if not left:
        return None
    fitting = [line for line in left if line.slots] or [line for line in left if line.band != "any"] or left
    if to and len(fitting) > 1:
        near = load_meaning().nearness(to, (line.text for line in fitting))
        fitting = [line for line, how_near in zip(fitting, near, strict=True) if how_near >= max(near) - AS_NEAR]
    chance = random.Random(f"{state['seed']}:{state['turn']}:{pool}")  # noqa: S311 - repeatable on purpose
    line = chance.choice(fitting)
    state["used"].append(line.number)
    return fill_slots(line.text, slots)


def find_best(scene: Scene, state: State, options: Sequence[Option], slots: dict[str, str], to: str) -> tuple[float, Spoken] | None:
    """Of all unsaid lines of several pools the one that answers `to` best, with its points: how it is liked plus how near it is."""
    found = [(option.liking, line) for option in options for line in unsaid(scene, state, option.pool, slots)]
    if not found:
        return None
    near = load_meaning().nearness(to, (line.text for _, line in found))
    points = []
    for (liking, line), by_itself in zip(found, near, strict=True):
        how_near = near_when_filled(line, by_itself, slots, to) if line.slots else by_itself
        chance = crc32(f"{state['seed']}:{line.number}".encode()) / 2**32
        extra = (OF_THE_MOOD if line.band != "any" else 0) + (ECHO if line.slots else 0) + LUCK * chance
        points.append((round(liking + how_near + extra, 2), -line.number, line))
    best = max(points, key=lambda each: each[:2])
    return best[0], best[2]


def near_when_filled(line: Spoken, by_itself: float, slots: dict[str, str], to: str) -> float:
    """The nearness to `to` of a line with the client's words in it, given that of the line with empty gaps."""
    theirs = sum(len(slots[slot].split()) for slot in line.slots)
    of_line, of_reply = theirs / (len(line.text.split()) - len(line.slots) + theirs), theirs / max(1, len(to.split()))
    return min(NEAREST, FILLED + BY_ITSELF * by_itself + OF_LINE * of_line + OF_REPLY * of_reply)


def take_from_group(scene: Scene, state: State, group: str, slots: dict[str, str] | None = None, to: str = "") -> str | None:
    """A line of a group, else of its neighbour, and so on to `fallback`; None when all of these are used up."""
    tried: set[str] = set()
    while group not in tried:
        tried.add(group)
        line = take_line(scene, state, f"lines.{group}", slots, to)
        if line is not None:
            return line
        group = GROUPS[group].instead
    return None


def is_running_out(scene: Scene, state: State) -> bool:
    """Whether so few lines are left that the talk should close now."""
    return len(unsaid(scene, state, "lines.fallback", {})) < LEFT_TO_CLOSE


def fill_slots(text: str, slots: dict[str, str]) -> str:
    """Put the client's words in; the first letter is large at the start of a sentence."""

    def fill(hit: re.Match[str]) -> str:
        words = slots[hit.group(1)]
        before = text[: hit.start()].rstrip()
        starts = not before or before[-1] in ".!?…" or (before[-1] in '“"' and before[:-1].rstrip()[-1:] in ("", ".", "!", "?", "…"))
        return words[:1].upper() + words[1:] if starts else words

    return re.sub(r"\{(\w+)\}", fill, text)
