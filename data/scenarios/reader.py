"""Read scenes from `data/scenarios/*.yml`, check them, and say where a fault is."""

from __future__ import annotations

import difflib
import functools
import logging
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from data.faults import ContentError
from data.read_yaml import YamlFile, read_yaml
from data.scenarios.scene import Reflection, Scene
from data.scenarios.soundness import find_unsound, find_unsound_in_reflection

LOG = logging.getLogger(__name__)
HERE = Path(__file__).resolve().parent


def list_scene_files(folder: Path = HERE) -> list[Path]:
    """Every scene file, in order of name."""
    return sorted(path for path in folder.glob("*.yml") if not path.name.startswith("_"))


def list_scenes(folder: Path = HERE, locale: str = "en") -> list[Scene]:
    """Every scene with a partner in `locale`, in order of id. A faulty file is left out and logged: one slip closes no house."""
    return [scene for scene in read_all(folder) if isinstance(scene, Scene) and scene.locale == locale]


def list_reflections(folder: Path = HERE, locale: str = "en") -> list[Reflection]:
    """Every guided reflection in `locale` (no partner, not scored), in order of id; faulty files as in `list_scenes`."""
    return [scene for scene in read_all(folder) if isinstance(scene, Reflection) and scene.locale == locale]


def read_all(folder: Path) -> list[Scene | Reflection]:
    """Every file of the folder that is sound, in order of id."""
    scenes = []
    for path in list_scene_files(folder):
        try:
            scenes.append(read_scene(path))
        except ContentError as fault:
            LOG.error("a scene is left out: %s", fault)
    return sorted(scenes, key=lambda scene: scene.id)


@functools.lru_cache(maxsize=128)
def load_scene(scene_id: str, locale: str = "en") -> Scene | Reflection:
    """The scene `scene_id`, checked. Raises KeyError for a scene that is not there, ContentError for a fault in its file."""
    if not scene_id.isalnum():
        raise KeyError(scene_id)
    path = HERE / (f"{scene_id}.yml" if locale == "en" else f"{scene_id}.{locale}.yml")
    if not path.exists():
        raise KeyError(scene_id)
    return read_scene(path)


def read_scene(path: Path, text: str | None = None) -> Scene | Reflection:
    """Read one file (or `text` in its name). Raises the first fault as ContentError."""
    scene, faults = check_scene(path, text)
    if faults or scene is None:
        raise faults[0]
    return scene


def check_scene(path: Path, text: str | None = None) -> tuple[Scene | Reflection | None, list[ContentError]]:
    """The scene if its shape is right, and every fault found, in order of line."""
    try:
        file = read_yaml(path, text)
    except ContentError as fault:
        return None, [fault]
    if not isinstance(file.value, dict):
        return None, [ContentError(path, 1, "", "is not a scene", "start from data/scenarios/_template.yml")]
    try:
        model = Reflection if file.value.get("kind") == "reflection" else Scene
        scene = model.model_validate(file.value)
    except ValidationError as error:
        faults = [tell_fault(file, each, model) for each in leave_out_echoes(error.errors(include_url=False))]
        return None, sorted(faults, key=lambda fault: fault.line)
    unsound = find_unsound(scene) if isinstance(scene, Scene) else find_unsound_in_reflection(scene)
    faults = [file.fault(place, problem, remedy) for place, problem, remedy in unsound]
    expected = scene.id if scene.locale == "en" else f"{scene.id}.{scene.locale}"
    if path.stem != expected:
        faults.append(
            file.fault(("id",), f"the file is called {path.name!r} but holds {scene.id!r} ({scene.locale})", f"call it {expected}.yml")
        )
    return scene, sorted(faults, key=lambda fault: fault.line)


def leave_out_echoes(errors: list[Any]) -> list[Any]:
    """Without "too few entries" where the entries are there and have faults of their own: pydantic counts the good ones."""
    places = [each["loc"] for each in errors]
    kept = []
    for each in errors:
        place = each["loc"]
        within = any(len(other) > len(place) and other[: len(place)] == place for other in places)
        if each["type"] != "too_short" or not within:
            kept.append(each)
    return kept


def tell_fault(file: YamlFile, error: Any, model: type[Scene] | type[Reflection]) -> ContentError:
    """One pydantic error as a ContentError with a remedy."""
    place, kind, message = error["loc"], error["type"], error["msg"]
    last = str(place[-1]) if place else ""
    context = error.get("ctx", {})
    if kind == "missing":
        return file.fault(place, "missing", f"add `{last}:` (docs/SCENES.md says what it is)")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(last, names_at(place[:-1], model), n=1)
        return file.fault(place, "no such key", f"did you mean `{near[0]}`?" if near else "take it out, or see docs/SCENES.md for the keys")
    if kind == "string_too_short" and error["input"] == "":
        return file.fault(place, "is blank", f"write at least {context['min_length']} characters")
    if kind == "value_error":
        problem, _, remedy = str(context.get("error", message)).partition("; ")
        return file.fault(place, problem, remedy)
    remedies = {
        "string_too_long": f"shorten it to {context.get('max_length')} characters",
        "string_too_short": f"write at least {context.get('min_length')} characters",
        "too_short": f"write at least {context.get('min_length')}",
        "literal_error": f"use {context.get('expected')}",
        "string_type": "write one, without brackets" if isinstance(error["input"], list) else "put the text in double quotes",
        "greater_than_equal": f"use {context.get('ge')} or more" + (": every character is an adult" if last == "age" else ""),
        "less_than_equal": f"use {context.get('le')} or less",
        "string_pattern_mismatch": f"it must match {context.get('pattern')}",
        "tuple_type": 'write a list: one `- "…"` a line',
    }
    if place[-1:] == ("adults_only",):
        return file.fault(place, "must be true", "every character in every scene is an adult; write `adults_only: true`")
    return file.fault(place, message[:1].lower() + message[1:], remedies.get(kind, "see docs/SCENES.md"))


def names_at(place: tuple[str | int, ...], model: type[Scene] | type[Reflection]) -> list[str]:
    """The keys that the model has at `place` (for "did you mean")."""
    schema = model.model_json_schema()
    node = schema
    for step in place:
        node = resolve(schema, node)
        if isinstance(step, int):
            node = node.get("items", {})
        else:
            node = node.get("properties", {}).get(step) or node.get("additionalProperties") or {}
        if not isinstance(node, dict):
            return []
    return list(resolve(schema, node).get("properties", {}))


def resolve(schema: dict, node: dict) -> dict:
    """Follow a `$ref` of a JSON Schema."""
    if "$ref" in node:
        return schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node
