"""Train the scorer from the labelled replies: fit twice with different hands left out, calibrate on those, export."""

import dataclasses
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from all_minilm_l6_v2 import extract_model

from actions.feedback.reading_model import FOLDER
from actions.feedback.wordpieces import WordPieces
from data.replies.hands import FOLDER as HANDS
from data.replies.hands import LabelledReply, read_hands
from sayable.train_scorer.calibrate import calibrate
from sayable.train_scorer.export import export
from sayable.train_scorer.fit import Recipe, fit, predict
from sayable.train_scorer.grammar_signs import read_signs
from sayable.train_scorer.partner_lines import FILE as PARTNER_LINES
from sayable.train_scorer.partner_lines import read_partner_lines

LEFT_OUT = ({"h03", "h08", "h17"}, {"h05", "h09", "h15"})
"""Hands that each model of the pair does not learn from: score curves and thresholds are fitted on them."""
KEPT_BACK = "h9"
"""Hands whose name starts so are for the final look only: nothing is fitted or tuned on them."""


def train(target: Path = FOLDER, sample: int | None = None, report: Callable[[str], None] = print) -> None:
    """Write reading.onnx, tokenizer.json, calibration.json and manifest.json into `target`.

    `sample` takes only about so many replies, for a trial of the whole way. All replies: about twenty minutes on two free cores.
    """
    replies = [reply for reply in read_hands(HANDS) if not reply.hand.startswith(KEPT_BACK)]
    if sample:
        replies = replies[:: max(1, len(replies) // sample)]
    recipe = Recipe(epochs=1) if sample else Recipe()
    report(f"{len(replies)} replies by {len({r.hand for r in replies})} hands")
    with tempfile.TemporaryDirectory() as folder:
        base = extract_model(folder)
        wordpieces = WordPieces(base / "tokenizer.json")
        models, left, logits = [], [], []
        friendly = read_partner_lines()[:: 1 if sample is None else 40]
        for number, hands in enumerate(LEFT_OUT):
            kept = [reply for reply in replies if reply.hand not in hands]
            aside = [reply for reply in replies if reply.hand in hands]
            report(f"model {number + 1} of {len(LEFT_OUT)}: learns from {len(kept)}, leaves out {len(aside)} ({', '.join(sorted(hands))})")
            own = dataclasses.replace(recipe, seed=recipe.seed + number)
            model = fit([*kept, *friendly], base / "model.safetensors", wordpieces, own, report)
            models.append(model)
            left.extend(aside)
            logits.append(predict(model, aside, wordpieces))
        curves = calibrate(left, np.concatenate(logits), read_signs(left))
        target.mkdir(parents=True, exist_ok=True)
        export(models, target / "reading.onnx")
        shutil.copyfile(base / "tokenizer.json", target / "tokenizer.json")
    (target / "calibration.json").write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
    write_manifest(target, replies, recipe)
    report(f"written to {target}")


def write_manifest(target: Path, replies: Sequence[LabelledReply], recipe: Recipe) -> None:
    """Hashes of the model's files and of the hands it learnt from; a test checks them."""
    files = {name: digest(target / name) for name in ("reading.onnx", "tokenizer.json", "calibration.json")}
    hands = {name: digest(HANDS / f"{name}.txt") for name in sorted({reply.hand for reply in replies})}
    manifest = {
        "files": files,
        "hands": hands,
        "partner_lines": digest(PARTNER_LINES),
        "replies": len(replies),
        "recipe": dataclasses.asdict(recipe),
        "base": "all-MiniLM-L6-v2 (Apache 2.0)",
    }
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
