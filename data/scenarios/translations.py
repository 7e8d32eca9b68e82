"""A translated scene (`S17.de.yml`) is the English one in other words: it has everything that one has, and moves as that one moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from data.faults import ContentError
from data.read_yaml import read_yaml
from data.scenarios.clinic_file import is_clinic_id
from data.scenarios.groups import LEVELS
from data.scenarios.line_book import Place
from data.scenarios.reach import Unsound
from data.scenarios.reader import HERE, check_scene
from data.scenarios.scene import Reflection, Scene
from data.scenarios.translated_entries import compare_ids, compare_number, compare_setting, compare_talk

AnyScene = Scene | Reflection


def find_missing_translations(scenes: Iterable[tuple[Path, AnyScene]]) -> Iterator[ContentError]:
    """What a translation lacks beside the English scene of the same id, or has beyond it.

    The English one is taken from `scenes`, else from beside the translation, else from data/scenarios. A clinic may write in its own
    language alone, so for a scene of a clinic there need not be one.
    """
    scenes = list(scenes)
    given = {scene.id: scene for _, scene in scenes if scene.locale == "en"}
    for path, scene in scenes:
        if scene.locale == "en":
            continue
        file = read_yaml(path)
        original, beside = given.get(scene.id), find_original(path, scene.id)
        if original is None and beside is not None:
            original = check_scene(beside)[0]
        if original is not None and original.id == scene.id:
            for place, problem, remedy in compare(scene, original):
                yield file.fault(place, problem, remedy)
        elif beside is not None:
            yield file.fault(("id",), f"cannot be compared with {beside.name}, which has faults of its own", "mend that file first")
        elif not is_clinic_id(scene.id):
            yield file.fault(("id",), f"there is no English scene {scene.id!r} to compare this one with", f"put {scene.id}.yml beside it")


def find_original(path: Path, scene_id: str) -> Path | None:
    """The file of the English scene: beside the translation, or ours."""
    places = (path.with_name(f"{scene_id}.yml"), HERE / f"{scene_id}.yml")
    return next((place for place in places if place.is_file()), None)


def compare(scene: AnyScene, original: AnyScene) -> Iterator[Unsound]:
    """Every difference between a translation and its original that is more than wording."""
    if scene.version != original.version:
        problem = f"translates version {scene.version}, but the scene is at {original.version}"
        yield ("version",), problem, "bring it up to date"
    if scene.kind != original.kind:
        yield ("kind",), f"is a {scene.kind}, but the English scene is a {original.kind}", f"write it as a {original.kind}"
        return
    have = dict(list_settings(scene))
    for place, wanted in list_settings(original):
        yield from compare_setting(place, have[place], wanted)
    for name in ("content_notes", "focus"):  # these say something entry by entry
        yield from compare_number((name,), getattr(scene, name), getattr(original, name))
    yield from compare_number(("debrief", "questions"), scene.debrief.questions, original.debrief.questions)
    if isinstance(scene, Scene) and isinstance(original, Scene):
        yield from compare_talk(scene, original)
    elif isinstance(scene, Reflection) and isinstance(original, Reflection):
        yield from compare_ids("prompts", scene.prompts, original.prompts)


def list_settings(scene: AnyScene) -> Iterator[tuple[Place, Any]]:
    """What is no wording and the same in every language, with its place. Lists without an order of their own are sorted."""
    yield ("power",), scene.power
    yield ("techniques",), sorted(scene.techniques)
    if isinstance(scene, Reflection):
        return
    yield ("aims",), sorted(scene.aims)
    for name in ("listening", "min_turns", "max_turns", "agrees_after"):
        yield (name,), getattr(scene, name)
    partner = scene.partner
    yield ("partner", "age"), partner.age
    yield ("partner", "surface", "families"), sorted(partner.surface.families)
    yield ("partner", "hidden", "families"), sorted(partner.hidden.families)
    yield ("partner", "hidden", "need_families"), sorted(partner.hidden.need_families)
    yield ("partner", "also"), sorted(partner.also)
    yield ("partner", "says_no"), "not written" if partner.says_no is None else "written"
    for part in ("start", "ceiling", "tests_limit"):
        for level in LEVELS:
            yield ("partner", part, level), getattr(getattr(partner, part), level)
