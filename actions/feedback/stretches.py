"""From piece logits to the stretches of the typed reply that carried a verdict."""

import numpy as np
from numpy.typing import NDArray

MOST_STRETCHES = 4
_GAP = 2
_KEEP = 0.4
_LOOSE = ",;:.-–—"


def find_stretches(reply: str, spans: list[tuple[int, int]], logits: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Stretches (start, end) of `reply` in reading order, strongest `MOST_STRETCHES` at most.

    `logits` (pieces,) belong to one criterion. A stretch joins neighbouring pieces close to the strongest one,
    grown to whole words. Empty only where the reply has no visible piece.
    """
    usable = [index for index, (start, end) in enumerate(spans) if end > start]
    if not usable:
        return []
    chances = 1.0 / (1.0 + np.exp(-logits[usable]))
    peak = float(np.max(chances))
    chosen = [place for place, chance in enumerate(chances) if chance >= min(0.5, _KEEP * peak)]
    groups: list[list[int]] = []
    for place in chosen:
        if groups and place - groups[-1][-1] <= _GAP + 1:
            groups[-1].append(place)
        else:
            groups.append([place])
    strong = [(max(float(chances[place]) for place in group), group) for group in groups]
    strong = [pair for pair in strong if pair[0] >= 0.6 * peak]
    strong.sort(key=lambda pair: -pair[0])
    found = []
    for _, group in strong[:MOST_STRETCHES]:
        start, end = spans[usable[group[0]]][0], spans[usable[group[-1]]][1]
        found.append(_grow_to_words(reply, start, end))
    return _join_touching(sorted(found))


def _grow_to_words(reply: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _inside_word(reply[start - 1]) and _inside_word(reply[start]):
        start -= 1
    while end < len(reply) and _inside_word(reply[end - 1]) and _inside_word(reply[end]):
        end += 1
    while start < end - 1 and (reply[start].isspace() or reply[start] in _LOOSE):
        start += 1
    while end > start + 1 and (reply[end - 1].isspace() or reply[end - 1] in _LOOSE):
        end -= 1
    return start, end


def _inside_word(character: str) -> bool:
    return character.isalnum() or character in "'’"


def _join_touching(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
