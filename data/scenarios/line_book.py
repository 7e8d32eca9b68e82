"""Every partner line of a scene, numbered in an order that never changes within a version: an attempt remembers numbers, not texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.scenarios.groups import BANDS, GROUPS, LEVELS

if TYPE_CHECKING:
    from data.scenarios.scene import Scene

SLOT = re.compile(r"\{(\w*)\}")
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Spoken:
    """One line: its number, the pool it belongs to, its band of openness, and the slots it needs."""

    number: int
    pool: str
    band: str
    text: str
    slots: frozenset[str]


def every_line(scene: Scene) -> Iterator[tuple[Place, str]]:
    """Each partner line of a scene with its place in the file, always in the same order."""
    for level in LEVELS:
        for number, text in enumerate(scene.opening[level]):
            yield ("opening", level, number), text
    for number, layer in enumerate(scene.layers):
        for each, text in enumerate(layer.says):
            yield ("layers", number, "says", each), text
    for number, topic in enumerate(scene.topics):
        for part in ("asked", "told"):
            for band in BANDS:
                for each, text in enumerate(getattr(getattr(topic, part), band)):
                    yield ("topics", number, part, band, each), text
        for part in ("agree", "hesitate", "decline"):
            for each, text in enumerate(getattr(topic, part)):
                yield ("topics", number, part, each), text
    for number, amendment in enumerate(scene.amends):
        yield ("amends", number, "says"), amendment.says
    for group in GROUPS:
        if group in scene.lines:
            for band in BANDS:
                for each, text in enumerate(getattr(scene.lines[group], band)):
                    yield ("lines", group, band, each), text
    for number, ending in enumerate(scene.endings):
        for each, text in enumerate(ending.says):
            yield ("endings", number, "says", each), text
    for number, follow_up in enumerate(scene.follow_ups):
        for part in ("says", "told"):
            for each, text in enumerate(getattr(follow_up, part)):
                yield ("follow_ups", number, part, each), text


def fill_book(scene: Scene) -> dict[str, tuple[Spoken, ...]]:
    """Lines by pool: `opening.guarded`, `layers.0`, `topics.2.asked`, `amends.0`, `lines.heard`, `endings.1`, `follow_ups.0.told`."""
    book: dict[str, list[Spoken]] = {}
    for number, (place, text) in enumerate(every_line(scene)):
        kept = place[:3] if place[0] in ("topics", "follow_ups") else place[:2]
        pool = ".".join(str(step) for step in kept)
        band = next((step for step in place if step in BANDS), "any")
        book.setdefault(pool, []).append(Spoken(number, pool, str(band), text, frozenset(SLOT.findall(text))))
    return {pool: tuple(lines) for pool, lines in book.items()}
