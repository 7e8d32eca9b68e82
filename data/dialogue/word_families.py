"""Read `data/dialogue/word_families.yml`: words that belong together when scenes are looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.read_yaml import read_yaml

PATH = Path(__file__).resolve().parent / "word_families.yml"


@dataclass(frozen=True)
class WordFamilies:
    """Whole words and beginnings of words, each with the name of its family; and words to pass over."""

    words: Mapping[str, str]
    beginnings: tuple[tuple[str, str], ...]
    idle: frozenset[str]

    def family_of(self, word: str) -> str | None:
        """The family of a lower-case word, None when it has none."""
        if word in self.words:
            return self.words[word]
        for beginning, family in self.beginnings:
            if word.startswith(beginning):
                return family
        return None


def read_word_families(path: Path = PATH) -> WordFamilies:
    """The families in `path`. Raises ContentError with file, line and key."""
    file = read_yaml(path)
    value = file.value if isinstance(file.value, dict) else {}
    families, idle = value.get("families"), value.get("idle")
    if not isinstance(families, list) or not isinstance(idle, list):
        raise file.fault((), "needs `families:` and `idle:`", "write both as lists")
    words: dict[str, str] = {}
    beginnings: list[tuple[str, str]] = []
    for number, family in enumerate(families):
        if not isinstance(family, list) or len(family) < 2 or not all(isinstance(word, str) and word for word in family):
            raise file.fault(("families", number), "must be a list of at least two words", 'put words such as "no" in double quotes')
        for word in family:
            if word.endswith("*"):
                beginnings.append((word[:-1].lower(), family[0]))
            else:
                words.setdefault(word.lower(), family[0])
    if not all(isinstance(word, str) for word in idle):
        raise file.fault(("idle",), "must be a list of words", 'put words such as "no" in double quotes')
    beginnings.sort(key=lambda each: -len(each[0]))
    return WordFamilies(words, tuple(beginnings), frozenset(word.lower() for word in idle))
