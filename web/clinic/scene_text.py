"""The YAML of a scene, changed key by key: what an author did not touch keeps its lines, its order and its comments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from data.faults import ContentError
from data.read_yaml import Loader, read_yaml
from data.scenarios.reader import HERE
from data.scenarios.scene import Reflection, Scene

ORDER = tuple(dict.fromkeys((*Scene.model_fields, *Reflection.model_fields)))
TEMPLATE = HERE / "_template.yml"
Value = dict[str, Any]


class _Dumper(yaml.SafeDumper):
    """Block style; words in double quotes, names plain, as docs/SCENES.md asks of a person."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", text) is not None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _write_text)


def write_value(value: Any) -> str:
    """A value as YAML."""
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1_000_000, default_flow_style=False)


def read_value(text: str) -> Value | None:
    """The scene as plain values; None when the text is no YAML mapping (then it can only be mended as text)."""
    try:
        value = read_yaml(HERE / "draft.yml", text).value
    except ContentError:
        return None
    return value if isinstance(value, dict) and all(isinstance(key, str) for key in value) else None


def change_keys(text: str, changes: Mapping[str, Any]) -> str:
    """`text` with these top-level keys set, or taken out where the new value is None. The text must be a YAML mapping."""
    wanted = dict(read_value(text) or {})
    for key, value in changes.items():
        if value is None:
            wanted.pop(key, None)
        else:
            wanted[key] = value
    changed = text
    for key, value in changes.items():
        present = read_value(changed)
        if present is None:
            break
        if present.get(key) != value:
            changed = _change_lines(changed, key, value)
    return changed if read_value(changed) == wanted else write_value(wanted)  # flow style, odd indentation: all written anew


def name_scene(text: str, scene_id: str, version: int) -> str:
    """`text` as this version of this scene; a text that is no YAML at present keeps its other lines as they are."""
    if read_value(text) is not None:
        return change_keys(text, {"id": scene_id, "version": version})
    for key, value in (("id", scene_id), ("version", str(version))):
        text = re.sub(rf"(?m)^{key}:.*$", f"{key}: {value}", text, count=1)
    return text


def read_head(text: str, key: str) -> str:
    """One short value from the head of a scene, such as its title, also from a text with faults; '' when it has none."""
    found = re.search(rf"(?m)^{key}:[ \t]*(\S.*)$", text)
    if not found:
        return ""
    try:
        value = yaml.safe_load(found[1])
    except yaml.YAMLError:
        value = found[1]
    return " ".join(str(value).split())[:120] if isinstance(value, str | int | float) else ""


def _change_lines(text: str, key: str, value: Any) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    begins = _find_keys(text)
    written = [] if value is None else write_value({key: value}).splitlines(keepends=True)
    starts = sorted(begins.values())
    if key in begins:
        start = begins[key]
        end = next((line for line in starts if line > start), len(lines))
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1  # blank lines and comments before the next key belong to that one
        return "".join([*lines[:start], *written, *lines[end:]])
    place = ORDER.index(key) if key in ORDER else len(ORDER)
    later = [line for name, line in begins.items() if name in ORDER and ORDER.index(name) > place]
    at = min(later, default=len(lines))
    return "".join([*lines[:at], *written, *lines[at:]])


def _find_keys(text: str) -> dict[str, int]:
    """The line (from 0) on which each top-level key begins."""
    root = yaml.compose(text, Loader=Loader)
    if not isinstance(root, yaml.MappingNode):
        return {}
    return {key.value: key.start_mark.line for key, _ in root.value}
