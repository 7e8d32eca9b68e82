"""What the readers of `data/scenarios` say to a scene that is being written, told beside the field it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from data.faults import ContentError
from data.scenarios.clinic_file import check_clinic_scene
from data.scenarios.groups import BANDS
from web.clinic.scene_fields import Field, Section
from web.clinic.scene_form import MOST_ENTRIES, Filled
from web.clinic.scene_sections import list_sections
from web.clinic.scene_text import read_value

MOST_TOLD = 400


@dataclass(frozen=True)
class Told:
    """One fault. `section` and `field` say where in the form it is shown; empty for what stands in no field."""

    line: int
    key: str
    problem: str
    remedy: str
    section: str
    field: str


def tell_faults(text: str, scene_id: str, version: int | None = None) -> list[Told]:
    """Every fault of a scene, in order of line; empty when it can be published."""
    faults = check_clinic_scene(text, scene_id, version)[1]
    sections = list_sections(read_value(text) or {})
    return [_tell(fault, sections) for fault in faults[:MOST_TOLD]]


def sort_by_field(told: Iterable[Told], section: Section, filled: Filled) -> dict[str, list[Told]]:
    """The faults of one section by the name of the input they stand beside; under '' those that belong to the section as a whole."""
    names = set(filled) | {name for field in section.fields for name in _name_parts(field, filled)}
    sorted_: dict[str, list[Told]] = {}
    for each in told:
        if each.section == section.key:
            sorted_.setdefault(_find_nearest(each.field, names), []).append(each)
    return sorted_


def count_by_section(told: Iterable[Told]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in told:
        counts[each.section] = counts.get(each.section, 0) + 1
    return counts


def as_json(told: Iterable[Told], section: Section, filled: Filled) -> dict[str, Any]:
    """What the page is told while somebody types: faults by field, and how many there are elsewhere."""
    told = list(told)
    here = sort_by_field(told, section, filled)
    fields = {
        name: [{"line": each.line, "problem": each.problem, "remedy": each.remedy} for each in faults] for name, faults in here.items()
    }
    return {"fields": fields, "here": sum(map(len, here.values())), "elsewhere": len(told) - sum(map(len, here.values()))}


def _tell(fault: ContentError, sections: Iterable[Section]) -> Told:
    key = fault.key
    if key == "lines":  # a group that is missing or too short is told at `lines`, by its name
        named = re.search(r"group(?: of lines)?:? '([a-z_]+)'|in '([a-z_]+)'", fault.problem)
        key = f"lines.{named[1] or named[2]}" if named else key
    for section in sections:
        for field in section.fields:
            if key == field.name or key.startswith((f"{field.name}.", f"{field.name}[")) or field.name.startswith(f"{key}."):
                return Told(fault.line, fault.key, _put_plainly(fault.problem), fault.remedy, section.key, key)
    return Told(fault.line, fault.key, _put_plainly(fault.problem), fault.remedy, "", "")


def _put_plainly(problem: str) -> str:
    """The two commonest messages of pydantic as an author says them; any other as it is."""
    if re.fullmatch(r"is blank|string should have at least \d+ characters?", problem):
        return _("is empty or too short")
    few = re.fullmatch(r"(?:tuple|list) should have at least (\d+) items? after validation, not (\d+)", problem)
    return _("has %(had)s entries", had=few[2]) if few else problem


def _name_parts(field: Field, filled: Mapping[str, Any]) -> list[str]:
    """Names beside which a fault may stand and that are no inputs: a group of bands, an entry as a whole."""
    if field.kind == "banded":
        return [field.name]
    if field.kind != "entries":
        return []
    parts = [f"{field.name}[{number}]" for number in range(MOST_ENTRIES)] + [field.name]
    banded = [inner.name for inner in field.fields if inner.kind == "banded"]
    return parts + [f"{field.name}[{number}].{name}" for number in range(MOST_ENTRIES) for name in banded]


def _find_nearest(key: str, names: set[str]) -> str:
    """The longest of `names` that is `key` or stands before it; '' for none."""
    while key:
        if key in names:
            return key
        if any(f"{key}.{band}" in names for band in BANDS):
            return f"{key}.any"
        key = re.sub(r"(?:\.[^.\[\]]+|\[\d+\]|^[^.\[\]]+)$", "", key)
    return ""
