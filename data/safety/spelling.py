"""Read how people shorten, hide and mistype words (data/safety/spelling.yml)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase

from pydantic import BaseModel, ConfigDict, ValidationError

from data.faults import ContentError
from data.read_yaml import read_yaml

FILE = Path(__file__).parent / "spelling.yml"
SHORTEST_MENDED = 4  # shorter words have too many real neighbours
MAY_FOLLOW_A_NAME = frozenset({"has", "had", "was", "will", "would", "did", "and", "said", "keeps", "take", "hate"})
SHORTEST_REPLACED = 6  # a wrong or an added letter is only mended in words at least this long


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    short_forms: dict[str, str]
    fillers: tuple[str, ...]
    hidden: tuple[str, ...]
    mended: tuple[str, ...]
    real_words: tuple[str, ...]
    no_names: tuple[str, ...]


@dataclass(frozen=True)
class Spelling:
    """`short_forms` and slang with the plain words they stand for; `fillers` that no rule needs; `hidden`: words that people mask;
    `known`: every word that some rule or list names;
    `no_names`: words that are no person's name though capitalised;
    `openers`: those that show, by following a first word, that it is none either; `slips`: mistyped words of the rules."""

    short_forms: dict[str, tuple[str, ...]]
    fillers: frozenset[str]
    hidden: tuple[str, ...]
    no_names: frozenset[str]
    openers: frozenset[str]
    known: frozenset[str]
    slips: dict[str, str]

    def mend(self, word: str) -> str:
        """The word of the rules that `word` most likely is a slip of, else `word`."""
        return self.slips.get(word, word)

    def uncover(self, written: str) -> str | None:
        """The hidden word behind `k*ll` or `su1cide`: the one of the same length whose visible letters agree."""
        shape = "".join(letter if letter.isalpha() else "." for letter in written)
        if shape.count(".") * 2 > len(shape):
            return None
        for word in self.hidden:
            if len(word) == len(shape) and re.fullmatch(shape, word):
                return word
        return None


def read_spelling(vocabulary: Iterable[str], path: Path = FILE) -> Spelling:
    """Read the file and work out the likely slips of every word in `vocabulary`. Raises ContentError."""
    file = read_yaml(path)
    try:
        content = _File.model_validate(file.value)
    except ValidationError as error:
        first = error.errors()[0]
        raise file.fault(first["loc"], first["msg"].lower(), "compare with a neighbouring entry") from None
    for short, plain in content.short_forms.items():
        if not re.fullmatch(r"[a-z0-9]+", short) or not re.fullmatch(r"[a-z ]+", plain):
            problem = "needs small letters or digits on the left and plain words on the right"
            raise ContentError(path, file.line_of(("short_forms", short)), f"short_forms.{short}", problem, "leave out ' and capitals")
    words = set(vocabulary) | set(content.mended)
    known = words | set(content.real_words) | set(content.short_forms) | set(content.fillers)
    return Spelling(
        short_forms={short: tuple(plain.split()) for short, plain in content.short_forms.items()},
        fillers=frozenset(content.fillers),
        hidden=content.hidden,
        no_names=frozenset(known | set(content.no_names)),
        openers=frozenset(content.no_names) - MAY_FOLLOW_A_NAME,
        known=frozenset(known),
        slips=_list_slips(content.mended, known | set(content.no_names)),
    )


def _list_slips(mended: Iterable[str], known: set[str]) -> dict[str, str]:
    """Every likely slip with the word it stands for. A slip that two words share is left alone."""
    slips: dict[str, str] = {}
    shared: set[str] = set()
    for word in sorted(mended):
        for slip in _slips_of(word) - known:
            if slips.setdefault(slip, word) != word:
                shared.add(slip)
    return {slip: word for slip, word in slips.items() if slip not in shared}


def _slips_of(word: str) -> set[str]:
    """Slips of one letter: two swapped, one left out or doubled; in long words also one wrong or one too many. The first letter stays."""
    slips: set[str] = set()
    if len(word) < SHORTEST_MENDED:
        return slips
    for place in range(len(word)):
        head, tail = word[:place], word[place + 1 :]
        if place + 1 < len(word):
            slips.add(head + tail[0] + word[place] + tail[1:])
        slips.add(head + word[place] * 2 + tail)
        if place > 0:
            if len(head + tail) >= SHORTEST_MENDED - 1:
                slips.add(head + tail)
            if len(word) >= SHORTEST_REPLACED:
                for letter in ascii_lowercase:
                    slips.add(head + letter + tail)
                    slips.add(head + letter + word[place:])
    return slips - {word}
