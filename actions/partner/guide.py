"""What the guide says around a scene, from `data/scenarios/_guide.yml`."""

from __future__ import annotations

import functools

from actions.partner.talk import Line
from data.read_yaml import read_yaml
from data.scenarios import Scene
from data.scenarios.reader import HERE


@functools.cache
def load_guide(locale: str = "en") -> dict[str, dict[str, str]]:
    """`says` and `because`. English stands in for a locale without a file of its own."""
    path = HERE / ("_guide.yml" if locale == "en" else f"_guide.{locale}.yml")
    return read_yaml(path if path.exists() else HERE / "_guide.yml").value


def guide_line(scene: Scene, key: str, kind: str = "note", **words: str) -> Line:
    """One line by the guide."""
    return Line("guide", load_guide(scene.locale)["says"][key].format(name=scene.partner.name, **words), kind)


def because(scene: Scene, deed: str) -> str:
    """Why openness moved, in words about words."""
    told = load_guide(scene.locale)["because"]
    return told.get(deed, told["nothing"]).format(name=scene.partner.name)
