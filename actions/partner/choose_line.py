"""Choose a line that has not been said: by openness, by the client's words at hand, and by the attempt's seed."""

from __future__ import annotations

import random
import re

from actions.partner.partner_state import State, openness_of
from data.scenarios import Scene
from data.scenarios.groups import GROUPS
from data.scenarios.line_book import Spoken

LEFT_TO_CLOSE = 2  # when fewer fallback lines than this are left, the talk closes


def unsaid(scene: Scene, state: State, pool: str, slots: dict[str, str]) -> list[Spoken]:
    """The lines of a pool that fit now and have not been said."""
    band = "open" if openness_of(state) >= 2 else "closed"
    used = set(state["used"])
    return [
        line
        for line in scene.book.get(pool, ())
        if line.number not in used and line.band in ("any", band) and all(slots.get(slot) for slot in line.slots)
    ]


def take_line(scene: Scene, state: State, pool: str, slots: dict[str, str] | None = None) -> str | None:
    """A line of `pool`, marked as said; None when there is none left. Lines with the client's words go first, then those of the mood."""
    slots = slots or {}
    left = unsaid(scene, state, pool, slots)
    if not left:
        return None
    echoing = [line for line in left if line.slots]
    of_the_mood = [line for line in left if line.band != "any"]
    chance = random.Random(f"{state['seed']}:{state['turn']}:{pool}")  # noqa: S311 - repeatable on purpose
    line = chance.choice(echoing or of_the_mood or left)
    state["used"].append(line.number)
    return fill_slots(line.text, slots)


def take_from_group(scene: Scene, state: State, group: str, slots: dict[str, str] | None = None) -> str | None:
    """A line of a group, else of its neighbour, and so on to `fallback`; None when all of these are used up."""
    tried: set[str] = set()
    while group not in tried:
        tried.add(group)
        line = take_line(scene, state, f"lines.{group}", slots)
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
