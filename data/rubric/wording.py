"""Read what the client is told about each criterion (data/rubric/criteria.yml)."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from data.criteria import KEYS
from data.faults import ContentError
from data.read_yaml import YamlFile, read_yaml

FILE = Path(__file__).parent / "criteria.yml"
SPOKEN_IN = "en"
"""The language of FILE: what the scorer says, and what is stored."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CriterionWording(_Frozen):
    name: str
    kind: Literal["skill", "fault", "safety"]
    meaning: str
    why: str
    strength: tuple[str, ...]
    next_step: tuple[str, ...]


class CompleteWording(_Frozen):
    plain_stop: tuple[str, ...]
    plain_no: tuple[str, ...]
    limit: tuple[str, ...]
    good_as_it_is: tuple[str, ...]


class Wording(_Frozen):
    """`version` of the rubric, the wording of each of the 19 criteria, and what is said when nothing is missing."""

    version: str
    criteria: dict[str, CriterionWording]
    complete: CompleteWording


def list_wording_locales() -> list[str]:
    """The languages that the wording is there in."""
    return [SPOKEN_IN, *sorted(path.stem.removeprefix("criteria.") for path in FILE.parent.glob("criteria.*.yml"))]


def read_wording_for(locale: str) -> Wording:
    """The wording for readers of `locale`, text for text beside the English one; English where there is no file. Raises ContentError.

    The scorer says English sentences; each is found again by its place. So a translation has as many sentences in every list.
    """
    ours = read_wording()
    path = FILE.with_name(f"criteria.{locale}.yml")
    if locale not in list_wording_locales() or locale == SPOKEN_IN:
        return ours
    told = read_wording(path)
    file = read_yaml(path)
    if told.version != ours.version:
        raise file.fault(("version",), f"translates {told.version}, but the rubric is at {ours.version}", "bring it up to date")
    for key, entry in ours.criteria.items():
        if told.criteria[key].kind != entry.kind:
            raise file.fault(("criteria", key, "kind"), f"must be {entry.kind!r} as in criteria.yml", "only the texts are translated")
        for part in ("strength", "next_step"):
            _check_as_many(file, ("criteria", key, part), getattr(entry, part), getattr(told.criteria[key], part))
    for part in CompleteWording.model_fields:
        _check_as_many(file, ("complete", part), getattr(ours.complete, part), getattr(told.complete, part))
    return told


def read_every_wording() -> list[Wording]:
    """The wording in every language that it is there in. Raises ContentError."""
    return [read_wording_for(locale) for locale in list_wording_locales()]


def _check_as_many(file: YamlFile, place: tuple[str, ...], ours: tuple[str, ...], told: tuple[str, ...]) -> None:
    if len(told) != len(ours):
        raise file.fault(place, f"has {len(told)} sentences where English has {len(ours)}", "write as many, in the same order")


def read_wording(path: Path = FILE) -> Wording:
    """Read and check the wording. Raises ContentError with file, line and key."""
    file = read_yaml(path)
    try:
        wording = Wording.model_validate(file.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault(first["loc"], first["msg"].lower(), "compare with a neighbouring entry") from None
    for key in KEYS:
        if key not in wording.criteria:
            raise ContentError(path, file.line_of(("criteria",)), f"criteria.{key}", "missing", "add the criterion with its wording")
    for key, entry in wording.criteria.items():
        if key not in KEYS:
            raise file.fault(("criteria", key), "is no criterion of the codebook", "remove it or mend its name")
        if not entry.next_step or (entry.kind == "skill" and not entry.strength):
            raise file.fault(("criteria", key), "has no message", "a skill needs a strength and a next step, a fault a next step")
    return wording
