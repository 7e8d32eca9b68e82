"""Read `observables.yml`: what shows each O and N code of the catalogue, and the detectors that help the partner to answer."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.criteria import KEYS
from data.read_yaml import YamlFile, read_yaml

PATH = Path(__file__).resolve().parent / "observables.yml"
CODES = tuple(f"O{number}" for number in range(1, 31)) + tuple(f"N{number}" for number in range(1, 11))
SENTENCE_END = re.compile(r"(?<=[.!?…\n;])\s+|\n+")
QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "´": "'", "`": "'"})


@dataclass(frozen=True)
class Observable:
    """One code of the catalogue: shown by any of `keys` or `detectors`, or, when `all_of` is given, by all of these together."""

    code: str
    name: str
    keys: tuple[str, ...]
    detectors: tuple[str, ...]
    all_of: tuple[str, ...]

    def shown_by(self, deeds: frozenset[str]) -> bool:
        if self.all_of:
            return all(name in deeds for name in self.all_of)
        return any(name in deeds for name in (*self.keys, *self.detectors))


@dataclass(frozen=True)
class Detector:
    """Patterns that find one thing a reply does. It chooses partner lines and never scores."""

    name: str
    whole: re.Pattern[str] | None
    within: re.Pattern[str] | None
    but_not: re.Pattern[str] | None
    must_find: tuple[str, ...]
    must_leave: tuple[str, ...]

    def finds(self, text: str) -> bool:
        """Whether any sentence of `text` (as typed) does it."""
        return any(self.fits(sentence) for sentence in split_sentences(text))

    def fits(self, sentence: str) -> bool:
        """Whether this one sentence (lower case, straight quotes) does it."""
        if self.but_not and self.but_not.search(sentence):
            return False
        if self.within and self.within.search(sentence):
            return True
        if self.whole is None:
            return False
        bare = re.sub(r"\s+", " ", re.sub(r"[^\w' ]+", " ", sentence)).strip()
        return bool(bare and self.whole.fullmatch(bare))


@dataclass(frozen=True)
class Observables:
    codes: dict[str, Observable]
    detectors: dict[str, Detector]
    questions: dict[str, Detector]  # what a question asks, the first that fits
    unmarked: Detector  # how a question begins when its mark was left out
    idiom: Detector  # words that look like a topic and are none


def split_sentences(text: str) -> list[str]:
    """Sentences of `text` in lower case with straight quotes and single spaces."""
    folded = text.translate(QUOTES).lower()
    return [sentence for part in SENTENCE_END.split(folded) if (sentence := re.sub(r"\s+", " ", part).strip())]


@functools.cache
def load_observables(path: Path = PATH) -> Observables:
    """The codes, detectors and kinds of questions. ContentError for an unknown key, a missing code, a pattern that does not compile."""
    file = read_yaml(path)
    detectors = {name: read_detector(file, ("detectors", name), name, entry) for name, entry in file.value["detectors"].items()}
    codes = {code: read_code(file, code, entry, detectors) for code, entry in file.value["observables"].items()}
    for code in CODES:
        if code not in codes:
            raise file.fault(("observables",), f"{code} is missing", "every O and N code of the catalogue is mapped")
    questions = {name: read_detector(file, ("questions", name), name, entry) for name, entry in file.value["questions"].items()}
    unmarked = read_detector(file, ("unmarked",), "unmarked", file.value["unmarked"])
    idiom = read_detector(file, ("idiom",), "idiom", file.value["idiom"])
    return Observables(codes, detectors, questions, unmarked, idiom)


def read_detector(file: YamlFile, place: tuple[str, ...], name: str, entry: dict[str, list[str]]) -> Detector:
    """One detector with its compiled patterns and its examples."""
    patterns: dict[str, re.Pattern[str] | None] = {}
    for part in ("whole", "within", "but_not"):
        for number, pattern in enumerate(entry.get(part, ())):
            try:
                re.compile(pattern)
            except re.error as error:
                raise file.fault((*place, part, number), f"is not a pattern ({error})", "mend the regular expression") from None
        joined = "|".join(f"(?:{pattern})" for pattern in entry.get(part, ()))
        patterns[part] = re.compile(joined) if joined else None
    for part in ("finds", "leaves"):
        if not entry.get(part):
            raise file.fault(place, f"no examples in `{part}`", "give sentences that it must and must not find")
    return Detector(name, patterns["whole"], patterns["within"], patterns["but_not"], tuple(entry["finds"]), tuple(entry["leaves"]))


def read_code(file: YamlFile, code: str, entry: dict[str, Any], detectors: dict[str, Detector]) -> Observable:
    """One code of the catalogue."""
    observable = Observable(
        code, entry["name"], tuple(entry.get("keys", ())), tuple(entry.get("detectors", ())), tuple(entry.get("all", ()))
    )
    for key in observable.keys:
        if key not in KEYS:
            raise file.fault(("observables", code, "keys"), f"{key!r} is not a criterion of the codebook", f"use one of {', '.join(KEYS)}")
    for name in observable.detectors:
        if name not in detectors:
            raise file.fault(("observables", code, "detectors"), f"no detector {name!r}", "add it under `detectors:`")
    for name in observable.all_of:
        if name not in detectors and name not in KEYS:
            raise file.fault(("observables", code, "all"), f"{name!r} is neither a criterion nor a detector", "correct the name")
    return observable
