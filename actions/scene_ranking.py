"""Which scenes come closest to what somebody would like to practise. Pure: words in, scenes out.

Computed from the scene files alone (asks_for, title, summary, goal, setting, focus), so a new scene needs no training.
A query is compared with every `asks_for` phrase and with the scene as a whole, by weighted word stems and word pieces;
data/dialogue/word_families.yml says which words belong together (kids, child, baby).
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.dialogue.word_families import WordFamilies

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
ENDINGS = ("ingly", "edly", "ations", "ation", "ments", "ment", "ness", "ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y")

Vector = Mapping[str, float]


@dataclass(frozen=True)
class Ranked:
    """A scene and how close it comes, 0 to about 1."""

    scene: Any
    score: float


class SceneRanking:
    """Holds one weighted vector per phrase and per scene; built once per process."""

    def __init__(self, scenes: Sequence[Any], families: WordFamilies) -> None:
        self._families = families
        bags = [[(scene, self._read(phrase)) for phrase in scene.asks_for] for scene in scenes]
        wholes = [(scene, self._read_whole(scene)) for scene in scenes]
        seen = Counter(feature for _, bag in wholes for feature in bag)
        self._idf = {feature: math.log((1 + len(wholes)) / (1 + count)) + 0.4 for feature, count in seen.items()}
        self._phrases = [[self._weigh(bag) for _, bag in of_scene] for of_scene in bags]
        self._wholes = [self._weigh(bag) for _, bag in wholes]
        self._scenes = list(scenes)

    def rank(self, wish: str) -> list[Ranked]:
        """Every scene, closest first; equal scores keep the order of the files."""
        query = self._weigh(self._read(wish))
        ranked = []
        for scene, phrases, whole in zip(self._scenes, self._phrases, self._wholes, strict=True):
            nearest = max((compare(query, phrase) for phrase in phrases), default=0.0)
            ranked.append(Ranked(scene, 0.65 * nearest + 0.55 * compare(query, whole)))
        return sorted(ranked, key=lambda each: -each.score)

    def _read_whole(self, scene: Any) -> dict[str, float]:
        bag: dict[str, float] = defaultdict(float)
        for text, weight in weigh_parts(scene):
            for feature, count in self._read(text).items():
                bag[feature] += count * weight
        return bag

    def _read(self, text: str) -> dict[str, float]:
        """Stems, families and word pieces of a text; words that say nothing about the topic are left out."""
        bag: dict[str, float] = defaultdict(float)
        for word in WORD.findall(text.lower().replace("’", "'")):
            if word in self._families.idle:
                continue
            family = self._families.family_of(word)
            bag[f"={family or stem(word)}"] += 1
            for piece in cut(word):
                bag[piece] += 0.15
        return bag

    def _weigh(self, bag: dict[str, float]) -> Vector:
        unknown = math.log(1 + len(self._scenes)) if hasattr(self, "_scenes") else 1.0
        weighed = {feature: (1 + math.log1p(count)) * self._idf.get(feature, unknown) * min(count, 1) for feature, count in bag.items()}
        length = math.sqrt(sum(value * value for value in weighed.values())) or 1.0
        return {feature: value / length for feature, value in weighed.items()}


def weigh_parts(scene: Any) -> Iterable[tuple[str, float]]:
    """The texts of a scene with how much each tells about what it is for."""
    for phrase in scene.asks_for:
        yield phrase, 2.0
    yield scene.title, 2.0
    yield scene.summary, 2.0
    yield scene.client_goal, 1.0
    yield scene.setting, 0.5
    for text in scene.focus:
        yield text, 1.0
    for key in scene.aims:
        yield key.replace("_", " "), 0.5


def compare(one: Vector, other: Vector) -> float:
    """Cosine of two vectors of length 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(value * other[feature] for feature, value in one.items() if feature in other)


def stem(word: str) -> str:
    """A word without its most common endings; at least three letters stay."""
    word = word.split("'")[0]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def cut(word: str) -> Iterable[str]:
    """Pieces of four letters, so that a typing error does not lose the whole word."""
    padded = f"<{word}>"
    for start in range(len(padded) - 3):
        yield padded[start : start + 4]
