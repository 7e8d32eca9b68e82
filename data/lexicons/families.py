"""Read the families of feelings and needs (`feelings.yml`, `needs.yml`) and find them in a text."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from data.faults import ContentError
from data.read_yaml import read_yaml

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Families:
    """Words by family, and which families lie near each other."""

    words: dict[str, tuple[str, ...]]
    near: dict[str, frozenset[str]]
    pattern: re.Pattern[str]
    families_of: dict[str, tuple[str, ...]]

    def find(self, text: str) -> list[tuple[str, tuple[str, ...]]]:
        """(word, its families) in the order they stand in `text`; the longest word wins; a negated one ("not angry") is left out."""
        found = []
        folded = text.lower().replace("’", "'")
        for hit in self.pattern.finditer(folded):
            before = folded[max(0, hit.start() - 14) : hit.start()]
            if re.search(r"\b(not|never|isn't|aren't|ain't|wasn't|n't)\s+(?:(?:so|too|really|that|very|even)\s+)?$", before):
                continue
            found.append((hit.group(), self.families_of[hit.group()]))
        return found

    def are_near(self, some: str, others: tuple[str, ...] | frozenset[str]) -> bool:
        """Whether `some` is one of `others` or lies beside one."""
        return some in others or any(some in self.near[other] or other in self.near[some] for other in others)


def read_families(path: Path) -> Families:
    """Read one file of families; ContentError for a family without words or a neighbour that is not there."""
    file = read_yaml(path)
    if not isinstance(file.value, dict) or not isinstance(file.value.get("families"), dict):
        raise ContentError(path, 1, "families", "missing", "add `families:` with a name, words and near for each")
    words: dict[str, tuple[str, ...]] = {}
    near: dict[str, frozenset[str]] = {}
    families_of: dict[str, tuple[str, ...]] = {}
    entries = file.value["families"]
    for name, entry in entries.items():
        if not isinstance(entry, dict) or not entry.get("words"):
            raise file.fault(("families", name), "has no words", "add `words: […]`")
        words[name] = tuple(str(word).lower() for word in entry["words"])
        near[name] = frozenset(entry.get("near", ()))
        for other in near[name]:
            if other not in entries:
                raise file.fault(("families", name, "near"), f"{other!r} is not a family here", "correct the name or add the family")
        for word in words[name]:
            families_of[word] = (*families_of.get(word, ()), name)
    longest_first = sorted(families_of, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(word) for word in longest_first) + r")\b")
    return Families(words, near, pattern, families_of)


@functools.cache
def load_feelings() -> Families:
    return read_families(HERE / "feelings.yml")


@functools.cache
def load_needs() -> Families:
    return read_families(HERE / "needs.yml")
