"""The whole way from labelled replies to a model that judges, on a sample. Runs in the training environment (`.ci/train-sample`)."""

import dataclasses
import json

import pytest
from all_minilm_l6_v2 import extract_model

from actions.feedback import Scorer
from actions.feedback.wordpieces import WordPieces
from data.criteria import KEYS
from data.replies.hands import read_hands
from sayable.train_scorer.fit import Recipe, fit, predict
from sayable.train_scorer.train import digest, train


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trial")
    train(folder, sample=60, report=lambda line: None)
    return folder


def test_a_trained_model_judges_any_reply(trial):
    """What training writes is what the scorer loads: all keys, scores between 0 and 1."""
    verdicts = Scorer.load(trial).judge("you never ask me and i'm tired 🙄", "I thought you knew.")
    assert tuple(verdicts) == KEYS
    assert all(0 <= verdict.score <= 1 for verdict in verdicts.values())


def test_the_same_seed_and_replies_give_the_same_logits(tmp_path):
    """Training can be done again by somebody else."""
    base = extract_model(tmp_path)
    wordpieces, replies = WordPieces(base / "tokenizer.json"), read_hands()[:32]
    recipe = dataclasses.replace(Recipe(), epochs=1)
    one, two = (
        predict(fit(replies, base / "model.safetensors", wordpieces, recipe, lambda line: None), replies, wordpieces) for _ in range(2)
    )
    assert one == pytest.approx(two, abs=0.05)


def test_the_manifest_names_what_was_written(trial):
    """Each file's hash is in the manifest, and so is each hand that was learnt from; hands kept back are not."""
    manifest = json.loads((trial / "manifest.json").read_text(encoding="utf-8"))
    for name, wanted in manifest["files"].items():
        assert digest(trial / name) == wanted
    assert manifest["hands"]
    assert not any(name.startswith("h9") for name in manifest["hands"])
