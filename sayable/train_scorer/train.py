"""Train the scorer from the labelled replies: fit, calibrate on left-out hands, export. One command, one seed."""

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

HELD_OUT = ("h90", "h91", "h92")
"""Hands that nothing is fitted or tuned on; `sayable evaluate` looks at them."""


def train(target: Path = FOLDER, seeds: Sequence[int] = (7, 8), folds: int = 4, sample: int | None = None, report: Callable[[str], None] = print) -> None:
    """Write reading.onnx, tokenizer.json, calibration.json and manifest.json into `target`.

    `sample` limits the replies (for a trial run). Takes about a minute per 4,000 replies and epoch on two cores.
    """
    replies = [reply for reply in read_hands(HANDS) if reply.hand not in HELD_OUT]
    if sample:
        replies = replies[:: max(1, len(replies) // sample)]
    report(f"{len(replies)} replies by {len({r.hand for r in replies})} hands")
    with tempfile.TemporaryDirectory() as folder:
        base = extract_model(folder)
        wordpieces = WordPieces(base / "tokenizer.json")
        recipe = Recipe()
        logits = np.zeros((len(replies), 19), np.float32)
        for fold, members in enumerate(split_by_hand(replies, folds)):
            report(f"fold {fold + 1} of {folds}: {len(members)} replies left out")
            kept = [r for i, r in enumerate(replies) if i not in members]
            left = sorted(members)
            model = fit(kept, base / "model.safetensors", wordpieces, recipe, report)
            logits[left] = predict(model, [replies[i] for i in left], wordpieces)
        curves = calibrate(replies, logits, read_signs(replies))
        models = [fit(replies, base / "model.safetensors", wordpieces, dataclasses.replace(recipe, seed=seed), report) for seed in seeds]
        target.mkdir(parents=True, exist_ok=True)
        export(models, target / "reading.onnx")
        shutil.copy(base / "tokenizer.json", target / "tokenizer.json")
    (target / "calibration.json").write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
    write_manifest(target, replies, list(seeds))
    report(f"written to {target}")


def split_by_hand(replies: Sequence[LabelledReply], folds: int) -> list[set[int]]:
    """Indices of the replies in each fold; a hand is never split, folds are as even as that allows."""
    sizes: dict[str, int] = {}
    for reply in replies:
        sizes[reply.hand] = sizes.get(reply.hand, 0) + 1
    buckets: list[tuple[int, set[str]]] = [(0, set()) for _ in range(folds)]
    for hand in sorted(sizes, key=lambda h: (-sizes[h], h)):
        buckets.sort(key=lambda bucket: bucket[0])
        size, hands = buckets[0]
        buckets[0] = (size + sizes[hand], hands | {hand})
    return [{i for i, r in enumerate(replies) if r.hand in hands} for _, hands in buckets]


def write_manifest(target: Path, replies: Sequence[LabelledReply], seeds: list[int]) -> None:
    """Hashes of the model's files and of what it learnt from; CI checks them."""
    files = {name: hashlib.sha256((target / name).read_bytes()).hexdigest() for name in ("reading.onnx", "tokenizer.json", "calibration.json")}
    hands = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(HANDS.glob("*.txt"))}
    manifest = {"files": files, "hands": hands, "replies": len(replies), "seeds": seeds, "base": "all-MiniLM-L6-v2 (Apache 2.0)"}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
