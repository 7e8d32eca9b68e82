"""What the program says around the practice, for a reader of another language than the one that is practised in.

The action server speaks the language of the scene. What is stored is that sentence; whoever reads it later in another language is told
the same thing in theirs. A sentence is found again by its template, so a stored one needs no key and no second copy of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from data.dialogue.answers import read_answers
from data.drills import Drill, read_drills
from data.faults import ContentError
from data.read_yaml import YamlFile, read_yaml
from data.scenarios.reader import HERE as SCENES

HERE = Path(__file__).resolve().parent
SPOKEN_IN = "en"
"""The language that our scenes and drills are practised in."""
TOLD_AROUND: tuple[str, ...] = (
    *("left", "already_paused", "debrief_done", "typed_in_briefing", "typed_in_paused", "typed_in_timed_out", "typed_in_guess"),
    *("typed_in_reveal", "typed_in_debrief", "typed_in_over", "drill_opened", "drill_paused", "drill_resumed", "drill_stopped"),
    "drill_finished",
)
"""The keys of answers.yml that are said outside the lobby. The lobby reads English, and answers in what it reads."""
EXAMPLE = "For example: {example}"
GAP = re.compile(r"\{(\w+)\}")
FRAME = ("title", "intro", "met", "near", "missed", "fault")

Text = Annotated[str, Field(min_length=2, max_length=600)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DrillFrame(_Frozen):
    """What stands around the lines of a drill."""

    title: Text
    intro: Text
    met: tuple[Text, ...]
    near: Text
    missed: Text
    fault: Text


class _Around(_Frozen):
    says: dict[str, tuple[Text, ...]]
    example: Text
    units: dict[str, str]
    drills: dict[str, DrillFrame]


@dataclass(frozen=True)
class Around:
    """Sentences of ours to what is told instead; `with_gaps` holds those into which something is put. Empty: everything stays."""

    whole: Mapping[str, str]
    with_gaps: tuple[tuple[re.Pattern[str], str], ...] = ()
    units: Mapping[str, str] | None = None

    def tell(self, sentence: str) -> str:
        """The same in the reader's language; a sentence that is not one of ours comes back as it is."""
        if sentence in self.whole:
            return self.whole[sentence]
        for pattern, told in self.with_gaps:
            found = pattern.fullmatch(sentence)
            if found:
                return told.format(**{gap: self._tell_unit(put) for gap, put in found.groupdict().items()})
        return sentence

    def _tell_unit(self, put: str) -> str:
        number, _, unit = put.partition(" ")
        return f"{number} {self.units[unit]}" if number.isdigit() and self.units and unit in self.units else put


def read_around(locale: str) -> Around:
    """For readers of `locale`. Nothing is changed for a language without a file. Raises ContentError with file, line and key."""
    path = HERE / f"around.{locale}.yml"
    if locale == SPOKEN_IN or not path.exists():
        return Around({})
    file = read_yaml(path)
    try:
        told = _Around.model_validate(file.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault(first["loc"], first["msg"].lower(), "compare with data/dialogue/around.de.yml") from None
    whole: dict[str, str] = {}
    with_gaps = []
    for ours, theirs in [*_pair_guide(locale), *_pair_around(file, told)]:
        if GAP.search(ours):
            parts = GAP.split(ours)
            pattern = "".join(f"(?P<{part}>.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts))
            with_gaps.append((re.compile(pattern, re.DOTALL), theirs))
        else:
            whole[ours] = theirs
    return Around(whole, tuple(with_gaps), told.units)


def read_every_around() -> list[Around]:
    """For readers of every language that there is a file for. Raises ContentError."""
    return [read_around(path.stem.removeprefix("around.")) for path in sorted(HERE.glob("around.*.yml"))]


def _pair_guide(locale: str) -> Iterator[tuple[str, str]]:
    ours = read_yaml(SCENES / "_guide.yml")
    file = read_yaml(SCENES / f"_guide.{locale}.yml")
    for part in ("says", "because"):
        for key, text in ours.value[part].items():
            told = file.value.get(part, {}).get(key)
            if not isinstance(told, str):
                raise ContentError(file.path, file.line_of((part,)), f"{part}.{key}", "missing", f"say in this language: {text}")
            yield _check_gaps(file, (part, key), text, told)


def _pair_around(file: YamlFile, told: _Around) -> Iterator[tuple[str, str]]:
    answers, drills = read_answers(), read_drills()
    _check_keys(file, "says", told.says, TOLD_AROUND)
    _check_keys(file, "drills", told.drills, tuple(drills))
    for key in TOLD_AROUND:
        yield from _pair_lists(file, ("says", key), answers.says[key], told.says[key])
    for skill, drill in drills.items():
        yield from _pair_drill(file, skill, drill, told.drills[skill])
    yield _check_gaps(file, ("example",), EXAMPLE, told.example)


def _pair_drill(file: YamlFile, skill: str, drill: Drill, frame: DrillFrame) -> Iterator[tuple[str, str]]:
    for part in FRAME:
        ours, theirs = getattr(drill, part), getattr(frame, part)
        if isinstance(ours, str):
            yield ours, theirs
        else:
            yield from _pair_lists(file, ("drills", skill, part), ours, theirs)


def _pair_lists(file: YamlFile, place: tuple[str, ...], ours: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if len(ours) != len(theirs):
        raise file.fault(place, f"has {len(theirs)} sentences where English has {len(ours)}", "write as many, in the same order")
    for number, (text, told) in enumerate(zip(ours, theirs, strict=True)):
        yield _check_gaps(file, (*place, number), text, told)


def _check_gaps(file: YamlFile, place: tuple[str | int, ...], ours: str, told: str) -> tuple[str, str]:
    if sorted(GAP.findall(ours)) != sorted(GAP.findall(told)) or "{" in GAP.sub("", told):
        raise file.fault(place, "does not have the gaps of the English sentence", f"keep what stands in {{ }} of: {ours}")
    return ours, told


def _check_keys(file: YamlFile, part: str, given: Mapping[str, object], wanted: tuple[str, ...]) -> None:
    for key in wanted:
        if key not in given:
            raise file.fault((part,), f"{key!r} is missing", f"add `{key}:`")
    for key in given:
        if key not in wanted:
            raise file.fault((part, key), "nothing uses this key", "take it out, or check its spelling")
