"""Agreement of two hands on the same replies, per criterion."""

from collections.abc import Sequence
from pathlib import Path

from data.criteria import KEYS
from data.replies.hands import LabelledReply

Second = dict[str, dict[str, int | None]]


def read_second_labels(path: Path) -> Second:
    """Lines `id: key key ? key` of a blind second hand: present keys, then unclear ones. Raises ValueError with the line number."""
    found: Second = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        identity, colon, rest = line.partition(":")
        present, _, unclear = rest.partition("?")
        yes, doubted = present.split(), unclear.split()
        if not colon or not {*yes, *doubted} <= set(KEYS):
            raise ValueError(f"{path}:{number}: expected `id: key key ? key` with criteria of the codebook")
        found[identity.strip()] = {key: 1 if key in yes else None if key in doubted else 0 for key in KEYS}
    return found


def agree(first: Sequence[LabelledReply], second: Second) -> dict[str, dict[str, float]]:
    """Per criterion: replies counted (both hands decided), yes of the first, F1 of the second against the first, Cohen's kappa."""
    figures = {}
    for key in KEYS:
        pairs = [(r.labels[key], second[r.id][key]) for r in first if r.id in second]
        decided = [(a, b) for a, b in pairs if a is not None and b is not None]
        both = sum(a == b == 1 for a, b in decided)
        ones, twos = sum(a == 1 for a, _ in decided), sum(b == 1 for _, b in decided)
        n = len(decided)
        same = sum(a == b for a, b in decided) / n if n else 0.0
        chance = (ones * twos + (n - ones) * (n - twos)) / n**2 if n else 0.0
        kappa = (same - chance) / (1 - chance) if chance < 1 else 1.0
        figures[key] = {"counted": n, "yes": ones, "f1": 2 * both / max(1, ones + twos), "kappa": kappa}
    return figures
