"""Every character is an adult: a scene that speaks of somebody by an age under 18 is refused, wherever in it that stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from data.scenarios.line_book import Place
from data.scenarios.scene import Reflection, Scene

_YOUNG = "1[0-7]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
YOUNG_AGE = re.compile(
    rf"\b(?:{_YOUNG})[ -](?:and[ -]a[ -]half[ -])?years?[ -]olds?\b|\baged (?:{_YOUNG})\b|\b(?:{_YOUNG}) ?y/?o\b|\bunder[- ]?age(?:d)?\b",
    re.IGNORECASE,
)


def check_ages(scene: Scene | Reflection) -> Iterator[tuple[Place, str, str]]:
    """Ground rule G8: all personas are adults, stated in the file. The partner's own age is checked by its field."""
    for place, text in walk_texts(scene.model_dump(), ()):
        young = YOUNG_AGE.search(text)
        if young:
            yield (
                place,
                f"{young.group()!r} is an age under 18",
                "every character is an adult; leave it out, also for a thing (“for six years”)",
            )


def walk_texts(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Every text in a value of YAML, with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from walk_texts(each, (*place, key))
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from walk_texts(each, (*place, number))
