"""Figures per criterion: precision, recall, F1, AUC, calibration, agreement, with bootstrap intervals."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from data.criteria import KEYS
from data.replies.hands import LabelledReply

BOOTSTRAPS = 1000


@dataclasses.dataclass(frozen=True)
class Figures:
    """Of one criterion. `auc` and `error` are NaN where undefined; `error` is the expected calibration error in ten bins."""

    key: str
    positives: int
    counted: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    auc: float
    error: float
    kappa: float
    evidence: float


@dataclasses.dataclass(frozen=True)
class Report:
    """`macro` is the mean F1 over the criteria that some reply is labelled yes for (`averaged`); NaN where there is none."""

    figures: tuple[Figures, ...]
    macro: float
    low: float
    high: float
    averaged: int


Overlaps = dict[str, tuple[int, int]]
"""Per criterion: true verdicts whose evidence touches a marked stretch, and all true verdicts with marks."""


def measure(
    replies: Sequence[LabelledReply],
    scores: NDArray[np.float64],
    present: NDArray[np.bool_],
    overlaps: Overlaps | None = None,
    seed: int = 7,
) -> Report:
    """`scores` and `present` are (n, 19). Labels that are None are left out. Intervals are 95 % over replies drawn with replacement."""
    truth = np.array([[np.nan if r.labels[k] is None else float(r.labels[k] or 0) for k in KEYS] for r in replies])
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(replies), (BOOTSTRAPS, len(replies)))
    counts = np.zeros((BOOTSTRAPS, len(replies)))
    for row, draw in enumerate(draws):
        counts[row] = np.bincount(draw, minlength=len(replies))
    figures, sampled = [], []
    for column, key in enumerate(KEYS):
        known = ~np.isnan(truth[:, column])
        y, p, s = truth[known, column], present[known, column], scores[known, column]
        weights = counts[:, known]
        hits, found, wanted = weights @ (p * y), weights @ p.astype(float), weights @ y
        f1s = 2 * hits / np.maximum(found + wanted, 1e-9)
        if y.sum() > 0:  # a criterion that nobody was labelled for has no F1
            sampled.append(f1s)
        touched, marked = (overlaps or {}).get(key, (0, 0))
        figures.append(_figures(key, y, p, s, f1s, touched / marked if marked else float("nan")))
    if not sampled:
        return Report(tuple(figures), float("nan"), float("nan"), float("nan"), 0)
    macro = np.mean(np.stack(sampled), axis=0)
    mean = float(np.mean([f.f1 for f in figures if f.positives]))
    return Report(tuple(figures), mean, float(np.quantile(macro, 0.025)), float(np.quantile(macro, 0.975)), len(sampled))


def _figures(
    key: str, y: NDArray[np.float64], p: NDArray[np.bool_], s: NDArray[np.float64], f1s: NDArray[np.float64], evidence: float
) -> Figures:
    hits = float((p * y).sum())
    precision, recall = hits / max(1, int(p.sum())), hits / max(1.0, float(y.sum()))
    f1 = 2 * hits / max(1e-9, float(p.sum() + y.sum()))
    mixed = 0 < y.sum() < len(y)
    agreed = float((p == y.astype(bool)).mean()) if len(y) else 0.0
    chance = float(p.mean() * y.mean() + (1 - p.mean()) * (1 - y.mean())) if len(y) else 0.0
    return Figures(
        key,
        int(y.sum()),
        len(y),
        precision,
        recall,
        f1,
        float(np.quantile(f1s, 0.025)),
        float(np.quantile(f1s, 0.975)),
        float(roc_auc_score(y, s)) if mixed else float("nan"),
        calibration_error(y, s),
        (agreed - chance) / (1 - chance) if chance < 1 else float("nan"),
        evidence,
    )


def calibration_error(y: NDArray[np.float64], s: NDArray[np.float64], bins: int = 10) -> float:
    """Mean distance between score and share of true labels over equal-width bins, weighted by replies."""
    total = 0.0
    for low in np.linspace(0, 1, bins, endpoint=False):
        inside = (s >= low) & (s < low + 1 / bins + (1e-9 if low + 1 / bins >= 1 else 0))
        if inside.any():
            total += abs(float(y[inside].mean()) - float(s[inside].mean())) * int(inside.sum())
    return total / max(1, len(y))
