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
from sayable.train_scorer.network import ReadingModel
from sayable.train_scorer.partner_lines import FILE as PARTNER_LINES
from sayable.train_scorer.partner_lines import read_partner_lines
from sayable.train_scorer.unpack import unpack_models

LEFT_OUT = ({"h03", "h08", "h17"}, {"h05", "h09", "h15"})
"""Hands that each model of the pair does not learn from: score curves and thresholds are fitted on them."""
KEPT_BACK = "h9"
"""Hands whose name starts so are for the final look only: nothing is fitted or tuned on them."""


GOING_ON = Recipe(epochs=1, rate=6e-5, head_rate=3e-4, averaging=0.99)
"""For going on from a model: gentler, once over the new hands twice, half of the old hands and a third of the partner's lines."""
KEPT_SHARE = 0.25
"""Share of the weights gone on from in the mean that is kept: on the development replies 0, a quarter and a half did equally well."""


def train(target: Path = FOLDER, sample: int | None = None, report: Callable[[str], None] = print, before: Path | None = None) -> None:
    """Write reading.onnx, tokenizer.json, calibration.json and manifest.json into `target`.

    `sample` takes only about so many replies, for a trial of the whole way. `before` is the folder of a model to go on from, which
    learns the hands that its manifest does not name. All replies from the start: about twenty minutes on two free cores with
    instructions for half precision, well over an hour without; going on: twenty minutes.
    """
    replies = [reply for reply in read_hands(HANDS) if not reply.hand.startswith(KEPT_BACK)]
    if sample:
        replies = replies[:: max(1, len(replies) // sample)]
    recipe = GOING_ON if before else Recipe(epochs=1) if sample else Recipe()
    known = json.loads((before / "manifest.json").read_text(encoding="utf-8")) if before else {}
    report(f"{len(replies)} replies by {len({r.hand for r in replies})} hands")
    with tempfile.TemporaryDirectory() as folder:
        base = extract_model(folder)
        wordpieces = WordPieces(base / "tokenizer.json")
        starts = unpack_models(before / "reading.onnx") if before else [base / "model.safetensors" for _ in LEFT_OUT]
        models, left, logits = [], [], []
        friendly = read_partner_lines()[:: 40 if sample else 3 if before else 1]
        for number, hands in enumerate(LEFT_OUT):
            kept = [reply for reply in replies if reply.hand not in hands]
            if before:
                new = [reply for reply in kept if reply.hand not in known["hands"]]
                kept = [*new, *new, *[reply for reply in kept if reply.hand in known["hands"]][::2]]
            aside = [reply for reply in replies if reply.hand in hands]
            report(f"model {number + 1} of {len(LEFT_OUT)}: learns from {len(kept)}, leaves out {len(aside)} ({', '.join(sorted(hands))})")
            own = dataclasses.replace(recipe, seed=recipe.seed + number)
            model = fit([*kept, *friendly], starts[number], wordpieces, own, report)
            if before:
                model = mix(unpack_models(before / "reading.onnx")[number], model, KEPT_SHARE)
            models.append(model)
            left.extend(aside)
            logits.append(predict(model, aside, wordpieces))
        curves = calibrate(left, np.concatenate(logits), read_signs(left))
        target.mkdir(parents=True, exist_ok=True)
        export(models, target / "reading.onnx")
        shutil.copyfile(base / "tokenizer.json", target / "tokenizer.json")
    (target / "calibration.json").write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")
    write_manifest(target, replies, recipe, known)
    report(f"written to {target}")


def mix(one: ReadingModel, other: ReadingModel, share: float) -> ReadingModel:
    """A model whose weights are `share` of `one` and the rest of `other` (Wortsman et al. 2022, "Robust fine-tuning")."""
    weights = other.state_dict()
    other.load_state_dict({name: share * part + (1 - share) * weights[name] for name, part in one.state_dict().items()})
    return other.eval()


def write_manifest(target: Path, replies: Sequence[LabelledReply], recipe: Recipe, before: dict[str, object]) -> None:
    """Hashes of the model's files and of the hands it learnt from; a test checks them. `before`: the manifest gone on from."""
    files = {name: digest(target / name) for name in ("reading.onnx", "tokenizer.json", "calibration.json")}
    hands = {name: digest(HANDS / f"{name}.txt") for name in sorted({reply.hand for reply in replies})}
    manifest = {
        "files": files,
        "hands": hands,
        "partner_lines": digest(PARTNER_LINES),
        "replies": len(replies),
        "recipe": dataclasses.asdict(recipe),
        "kept share": KEPT_SHARE if before else 0.0,
        "base": "all-MiniLM-L6-v2 (Apache 2.0)",
    }
    if before:
        manifest["gone on from"] = {name: before[name] for name in ("files", "hands", "replies", "recipe") if name in before}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
