"""Which of the partner's topics a text is about, and what kind of thing a question asks."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from data.rubric.observables import load_observables
from data.scenarios import Scene


def is_question(sentence: str) -> bool:
    """Whether a sentence (lower case) asks, with or without its question mark."""
    return sentence.rstrip(" \"')").endswith("?") or load_observables().unmarked.fits(sentence)


def find_kind(question: str) -> str:
    """more, change, need, us, why, feeling, or generic."""
    for kind, detector in load_observables().questions.items():
        if detector.fits(question):
            return kind
    return "generic"


@functools.lru_cache(maxsize=4096)
def cues_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    """Any of a topic's cues, longest first; a single word of four letters or more may be bent (walk, walks, walked, walking)."""
    return re.compile("|".join(write_pattern(cue) for cue in sorted(cues, key=len, reverse=True)))


def write_pattern(cue: str) -> str:
    cue = cue.lower().replace("’", "'")
    if " " in cue or len(cue) < 4:
        return rf"\b{re.escape(cue)}s?\b"
    stem = cue[:-1] if cue.endswith("e") else cue
    return rf"\b(?:{re.escape(cue)}(?:s|es|'s|d|ed)?|{re.escape(stem)}(?:ing|ed|y)?)\b"


def find_topics(scene: Scene, texts: Iterable[str], came_up: Iterable[str]) -> list[str]:
    """Ids of the topics in `texts` (lower case), the best first: by length of the cues found, then in file order."""
    known, scores = set(came_up), []
    joined = " \n ".join(texts)
    idiom = load_observables().idiom.within
    if idiom:
        joined = idiom.sub(" ", joined)
    for number, topic in enumerate(scene.topics):
        if topic.after is not None and topic.after not in known:
            continue
        score = sum(map(len, set(cues_pattern(topic.cues).findall(joined))))
        if score:
            scores.append((-score, number, topic.id))
    return [topic_id for _, _, topic_id in sorted(scores)]
