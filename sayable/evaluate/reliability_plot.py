"""Draw how scores and truth go together, one small panel a criterion."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib
import numpy as np
from numpy.typing import NDArray

from data.criteria import KEYS
from data.replies.hands import LabelledReply

matplotlib.use("Agg")


def draw_reliability(replies: Sequence[LabelledReply], scores: NDArray[np.float64], target: Path) -> None:
    """Write a PNG to `target`: dots on the diagonal mean that a score of 0.7 is right seven times in ten."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(4, 5, figsize=(13, 10), sharex=True, sharey=True)
    for column, (key, axis) in enumerate(zip(KEYS, axes.flat, strict=False)):
        known = [i for i, r in enumerate(replies) if r.labels[key] is not None]
        truth = np.array([replies[i].labels[key] for i in known], float)
        score = scores[known, column]
        axis.plot([0, 1], [0, 1], color="#bbb", linewidth=1)
        for low in np.arange(0, 1, 0.2):
            inside = (score >= low) & (score < low + 0.2 + 1e-9)
            if inside.sum() >= 3:
                axis.scatter(score[inside].mean(), truth[inside].mean(), s=12 + 2 * np.sqrt(inside.sum()) * 4, color="#2f6f6a", alpha=0.8)
        axis.set_title(key, fontsize=10)
    axes.flat[-1].axis("off")
    figure.supxlabel("score")
    figure.supylabel("share labelled yes")
    figure.tight_layout()
    figure.savefig(target, dpi=110)
    pyplot.close(figure)
