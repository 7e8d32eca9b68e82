"""Between the YAML of a scene and the fields of its form: what stands in each field, and what a filled form says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data.scenarios.groups import BANDS
from web.clinic.scene_fields import Field, Section

MOST_ENTRIES = 300
Filled = dict[str, str | list[str]]
"""Name of each input to what stands in it; ticked boxes are a list."""


@dataclass(frozen=True)
class Form:
    """A posted form: every value of every name."""

    values: Mapping[str, list[str]]

    def get(self, key: str, default: str = "") -> str:
        return self.values[key][0] if self.values.get(key) else default

    def getlist(self, key: str) -> list[str]:
        return list(self.values.get(key, ()))


class NotFormable(Exception):
    """What stands in the YAML has another shape than the form has fields for; it can be edited as text."""


def fill_form(section: Section, value: Mapping[str, Any]) -> Filled:
    """What stands in every input of a section. Raises NotFormable."""
    filled: Filled = {}
    for field in section.fields:
        _fill(filled, field, field.name, _look_up(value, field.name))
    return filled


def count_entries(filled: Mapping[str, Any], name: str) -> int:
    """How many entries stand in a field of entries."""
    return int(str(filled.get(f"{name}#", "0")))


def keep_typed(section: Section, form: Form) -> Filled:
    """The inputs as they were typed, to draw the form again."""
    typed: Filled = {}
    for field in section.fields:
        _keep(typed, form, field, field.name)
    return typed


def read_form(section: Section, value: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """The top-level keys of a section with what the form says; None for a key that is to go. Other parts of a key are kept."""
    changes: dict[str, Any] = {}
    for field in section.fields:
        top, *inner = field.name.split(".")
        if top not in changes:
            changes[top] = _copy(value.get(top))
        new = _take(form, field, field.name, _look_up(value, field.name))
        if not inner:
            changes[top] = new
        else:
            changes[top] = _put(changes[top], inner, new)
    return {key: None if each in ({}, None) else each for key, each in changes.items()}


def mark_section(section: Section, value: Mapping[str, Any]) -> str:
    """A mark of what stands in a section: another one when somebody else has changed it meanwhile."""
    try:
        filled: Any = fill_form(section, value)
    except NotFormable:
        filled = None
    return hashlib.sha256(json.dumps(filled, sort_keys=True).encode()).hexdigest()[:24]


def _fill(filled: Filled, field: Field, name: str, value: Any) -> None:
    if field.kind == "entries":
        entries = [] if value is None else value
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or len(entries) > MOST_ENTRIES:
            raise NotFormable(name)
        known = {inner.name for inner in field.fields}
        if any(set(entry) - known for entry in entries):
            raise NotFormable(name)
        filled[f"{name}#"] = str(len(entries))
        for number, entry in enumerate(entries):
            for inner in field.fields:
                _fill(filled, inner, f"{name}[{number}].{inner.name}", entry.get(inner.name))
    elif field.kind == "banded":
        bands = {"any": value} if isinstance(value, list) else value or {}
        if not isinstance(bands, dict) or set(bands) - set(BANDS):
            raise NotFormable(name)
        for band in BANDS:
            filled[f"{name}.{band}"] = _join(name, bands.get(band))
    elif field.kind == "lines":
        filled[name] = _join(name, value)
    elif field.kind == "checks":
        ticked = value or []
        if not isinstance(ticked, list) or any(str(each) not in dict(field.options) for each in ticked):
            raise NotFormable(name)
        filled[name] = [str(each) for each in ticked]
    elif field.kind == "flag":
        filled[name] = "1" if value is True else ""
    elif isinstance(value, dict | list):
        raise NotFormable(name)
    else:
        filled[name] = "" if value is None else " ".join(str(value).split())


def _join(name: str, value: Any) -> str:
    lines = [] if value is None else value
    if not isinstance(lines, list) or any(isinstance(line, dict | list) for line in lines):
        raise NotFormable(name)
    return "\n".join(" ".join(str(line).split()) for line in lines if line not in (None, ""))


def _keep(typed: Filled, form: Form, field: Field, name: str) -> None:
    if field.kind == "entries":
        number = _count_posted(form, name)
        typed[f"{name}#"] = str(number)
        for place in range(number):
            for inner in field.fields:
                _keep(typed, form, inner, f"{name}[{place}].{inner.name}")
    elif field.kind == "banded":
        for band in BANDS:
            typed[f"{name}.{band}"] = form.get(f"{name}.{band}", "")
    elif field.kind == "checks":
        typed[name] = form.getlist(name)
    else:
        typed[name] = form.get(name, "")


def _take(form: Form, field: Field, name: str, old: Any) -> Any:
    """What the form says for one field; None for nothing. What was ticked before keeps the order of `old`."""
    if field.kind == "entries":
        entries = []
        for number in range(_count_posted(form, name)):
            before = old[number] if isinstance(old, list) and number < len(old) and isinstance(old[number], dict) else {}
            entry = {inner.name: _take(form, inner, f"{name}[{number}].{inner.name}", before.get(inner.name)) for inner in field.fields}
            if any(value not in (None, False) for inner, value in _typed_into(field, entry)):
                entries.append({key: value for key, value in entry.items() if value is not None})
        return entries or None
    if field.kind == "banded":
        bands = {band: lines for band in BANDS if (lines := _split(form.get(f"{name}.{band}", "")))}
        return bands or None
    if field.kind == "lines":
        return _split(form.get(name, "")) or None
    if field.kind == "checks":
        order = [key for key, _ in field.options]
        known = set(form.getlist(name)) & set(order)
        kept = [key for key in old if key in known] if isinstance(old, list) else []
        return list(dict.fromkeys([*kept, *sorted(known, key=order.index)])) or None
    if field.kind == "flag":
        return form.get(name, "") == "1"
    text = " ".join(form.get(name, "").split())
    if field.kind == "number" and re.fullmatch(r"-?[0-9]{1,6}", text):
        return int(text)
    return text or None


def _typed_into(field: Field, entry: Mapping[str, Any]) -> list[tuple[Field, Any]]:
    """The fields of an entry that make it one: a choice always says something, even in an empty entry."""
    return [(inner, entry[inner.name]) for inner in field.fields if inner.kind != "choice"]


def _count_posted(form: Form, name: str) -> int:
    number = form.get(f"{name}#", "0")
    return min(int(number), MOST_ENTRIES + 10) if number.isascii() and number.isdigit() and len(number) < 4 else 0


def _split(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _look_up(value: Any, name: str) -> Any:
    for step in name.split("."):
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise NotFormable(name)
        value = value.get(step)
    return value


def _copy(value: Any) -> Any:
    return {key: _copy(each) for key, each in value.items()} if isinstance(value, dict) else value


def _put(value: Any, steps: list[str], new: Any) -> dict[str, Any]:
    """`value` with `new` at the place of `steps`; nothing new takes the key out."""
    inner: dict[str, Any] = value if isinstance(value, dict) else {}
    if len(steps) > 1:
        inner[steps[0]] = _put(inner.get(steps[0]), steps[1:], new)
        if not inner[steps[0]]:
            del inner[steps[0]]
    elif new is None:
        inner.pop(steps[0], None)
    else:
        inner[steps[0]] = new
    return inner
