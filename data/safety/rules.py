"""Read the safety rules (data/safety/rules/*.yml) and the word groups that they are built from (data/safety/words.yml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.faults import ContentError
from data.read_yaml import YamlFile, read_yaml

FOLDER = Path(__file__).parent
KINDS = ("self_harm", "being_hurt", "harm_to_others")
Kind = Literal["self_harm", "being_hurt", "harm_to_others"]
_ALTERNATIVE = r"(?:<[a-z_]+>|[a-z0-9]+~?|\$)"
_ELEMENT = re.compile(rf"(?:\.{{2,4}}|\^|{_ALTERNATIVE}(?:\|{_ALTERNATIVE})*)\??")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Frozen):
    """`irregular` forms of verbs, `groups` of words by name, `softeners`: patterns that take the weight from what they stand beside;
    `present`: patterns that say "now", so that nothing in their sentence is softened as past."""

    irregular: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    softeners: dict[str, tuple[str, ...]]
    present: tuple[str, ...]


class Rule(_Frozen):
    """One meaning that safety looks for.

    `tier` 1 or 2; 0: a sign that says nothing alone. `weight` of a sign: two strong signs (2) of one kind, or a strong one with a
    weak one (1), make Tier 1 together. `any`: patterns, one is enough. `unless`: patterns that undo it in the same sentence.
    `softened_by`: softeners of words.yml that lower a Tier 1 (to nothing for fiction, sport and jokes, else to Tier 2) and silence a sign.
    `must` and `must_not`: lines that a test holds against the rule.
    """

    id: str = Field(pattern=r"^[a-z_]+$")
    kind: Kind
    tier: Literal[0, 1, 2]
    weight: Literal[0, 1, 2] = 0
    reason: str
    any: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()
    softened_by: tuple[str, ...] = ("past", "resolved", "fiction", "hypothetical")
    must: tuple[str, ...] = Field(min_length=1)
    must_not: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.tier == 0 and self.weight == 0:
            raise ValueError("a rule of tier 0 is a sign and needs a weight")
        return self


class RuleBook(_Frozen):
    words: Words
    rules: tuple[Rule, ...]


def read_rules(folder: Path = FOLDER) -> RuleBook:
    """Read and check words and rules. Raises ContentError with file, line and key."""
    words_file = read_yaml(folder / "words.yml")
    words: Words = _validate(words_file, Words, words_file.value, ())
    for name, patterns in (*words.groups.items(), *words.softeners.items(), ("present", words.present)):
        where = ("groups", name) if name in words.groups else ("softeners", name) if name in words.softeners else (name,)
        for pattern in patterns:
            _check_pattern(words_file, where, pattern, words)
    _refuse_loops(words_file, words)
    rules: list[Rule] = []
    seen: set[str] = set()
    for path in sorted((folder / "rules").glob("*.yml"), key=lambda path: KINDS.index(path.stem) if path.stem in KINDS else 9):
        if path.stem not in KINDS:
            raise ContentError(path, 1, "", "is no kind of danger", "name the file " + ", ".join(f"{kind}.yml" for kind in KINDS))
        file = read_yaml(path)
        if not isinstance(file.value, list):
            raise ContentError(path, 1, "", "is no list of rules", "start each rule with `- id:`")
        for number, entry in enumerate(file.value):
            value = {"kind": path.stem, **entry} if isinstance(entry, dict) else entry
            rule: Rule = _validate(file, Rule, value, (number,))
            if rule.id in seen:
                raise file.fault((number, "id"), f"the id {rule.id} is given twice", "give each rule a name of its own")
            seen.add(rule.id)
            for key in ("any", "unless"):
                for place, pattern in enumerate(getattr(rule, key)):
                    _check_pattern(file, (number, key, place), pattern, words)
            for softener in rule.softened_by:
                if softener not in words.softeners:
                    raise file.fault((number, "softened_by"), f"no softener {softener} in words.yml", "mend the name")
            rules.append(rule)
    return RuleBook(words=words, rules=tuple(rules))


def split_pattern(pattern: str) -> Iterator[tuple[str, bool]]:
    """The elements of a pattern, each with whether it may be left out."""
    for element in pattern.split():
        yield (element[:-1], True) if element.endswith("?") else (element, False)


def _validate(file: YamlFile, model: type, value: object, place: tuple[str | int, ...]):  # type: ignore[no-untyped-def]
    try:
        return model.model_validate(value)  # type: ignore[attr-defined]
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault((*place, *first["loc"]), first["msg"].lower(), "compare with a neighbouring entry") from None


def _refuse_loops(file: YamlFile, words: Words) -> None:
    """A group that holds itself, straight or by way of others, has no end."""
    for name in words.groups:
        inside, waiting = set(), [name]
        while waiting:
            for held in re.findall(r"<([a-z_]+)>", " ".join(words.groups[waiting.pop()])):
                if held == name:
                    raise file.fault(("groups", name), "this group holds itself", "take the loop out")
                if held not in inside:
                    inside.add(held)
                    waiting.append(held)


def _check_pattern(file: YamlFile, place: tuple[str | int, ...], pattern: str, words: Words) -> None:
    for element in pattern.split():
        if not _ELEMENT.fullmatch(element):
            remedy = "use words, a|b, word~, <group>, .. and ? (see docs/SAFETY.md)"
            raise file.fault(place, f"{element!r} is no element of a pattern", remedy)
        for name in re.findall(r"<([a-z_]+)>", element):
            if name not in words.groups:
                raise file.fault(place, f"there is no group <{name}>", "add it to groups in words.yml or mend the name")
