"""A translated scene (`S17.de.yml`) must have everything that the English one has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from data.faults import ContentError
from data.read_yaml import read_yaml
from data.scenarios.scene import Scene


def find_missing_translations(scenes: Iterable[tuple[Path, Scene]]) -> Iterator[ContentError]:
    """What a translation lacks beside the English scene of the same id, or has beyond it."""
    scenes = list(scenes)
    originals = {scene.id: scene for _, scene in scenes if scene.locale == "en"}
    for path, scene in scenes:
        original = originals.get(scene.id)
        if scene.locale == "en" or original is None:
            continue
        file = read_yaml(path)
        if scene.version != original.version:
            yield file.fault(
                ("version",), f"translates version {scene.version}, but the scene is at {original.version}", "bring it up to date"
            )
        for kind in ("layers", "topics", "endings"):
            have = [each.id for each in getattr(scene, kind)]
            for each in getattr(original, kind):
                if each.id not in have:
                    yield file.fault((kind,), f"no translation of {each.id!r}", f"add it under `{kind}:`")
        for group in original.lines:
            if group not in scene.lines:
                yield file.fault(("lines",), f"no translation of the group {group!r}", f"add `{group}:`")
        stages = [hint.stage for hint in scene.hints]
        for hint in original.hints:
            if hint.stage not in stages:
                yield file.fault(("hints",), f"no translation of the hints for {hint.stage!r}", f"add `- stage: {hint.stage}`")
