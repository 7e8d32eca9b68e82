"""Does another thousand replies still help? Train on growing parts of the hands and measure on hands left out."""

import dataclasses
import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from all_minilm_l6_v2 import extract_model

from actions.feedback.wordpieces import WordPieces
from data.replies.hands import read_hands
from sayable.evaluate.measure import measure
from sayable.train_scorer.fit import Recipe, fit, predict
from sayable.train_scorer.train import CALIBRATED_ON, KEPT_BACK

matplotlib.use("Agg")
SHARES = (0.1, 0.25, 0.5, 1.0)


def draw_learning_curve(target: Path, epochs: int = 5, report: Callable[[str], None] = print) -> None:
    """Write learning-curve.json and .png into `target`: macro F1 of one model (no signs, cut at logit 0) by number of replies."""
    replies = read_hands()
    pool = [reply for reply in replies if not reply.hand.startswith(KEPT_BACK)]
    aside = [reply for reply in replies if reply.hand in CALIBRATED_ON]
    points = []
    with tempfile.TemporaryDirectory() as folder:
        base = extract_model(folder)
        wordpieces = WordPieces(base / "tokenizer.json")
        for share in SHARES:
            part = pool[:: round(1 / share)]
            model = fit(part, base / "model.safetensors", wordpieces, dataclasses.replace(Recipe(), epochs=epochs), lambda line: None)
            logits = predict(model, aside, wordpieces)
            found = measure(aside, 1 / (1 + np.exp(-logits.astype(float))), logits > 0)
            points.append({"replies": len(part), "macro": found.macro, "low": found.low, "high": found.high})
            report(f"{len(part)} replies: macro F1 {found.macro:.3f} ({found.low:.3f}-{found.high:.3f})")
    target.mkdir(parents=True, exist_ok=True)
    (target / "learning-curve.json").write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")
    draw_points(points, "macro F1 on hands left out", target / "learning-curve.png")


def draw_points(points: Sequence[dict[str, float]], measured: str, file: Path) -> None:
    """Draw `points` ({"replies", "macro"} and, where known, "low" and "high") as a PNG; `measured` names the upright axis."""
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(6, 3.6))
    points = sorted(points, key=lambda point: point["replies"])
    sizes = [p["replies"] for p in points]
    if all("low" in p for p in points):
        axis.fill_between(sizes, [p["low"] for p in points], [p["high"] for p in points], color="#2f6f6a", alpha=0.15)
    axis.plot(sizes, [p["macro"] for p in points], marker="o", color="#2f6f6a")
    axis.set_xscale("log")
    axis.set_xlabel("labelled replies learnt from")
    axis.set_ylabel(measured)
    axis.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(file, dpi=120)
    pyplot.close(figure)
