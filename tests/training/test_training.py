"""The whole way from labelled replies to a model that judges, on a sample. Runs in the training environment (`.ci/train-sample`)."""

import dataclasses
import json

import numpy as np
import pytest
from all_minilm_l6_v2 import extract_model

from actions.feedback import Scorer
from actions.feedback.reading_model import ReadingModel
from actions.feedback.wordpieces import WordPieces
from data.criteria import KEYS
from data.replies.hands import read_hands
from sayable.train_scorer.fit import Recipe, fit, predict
from sayable.train_scorer.train import digest, train
from sayable.train_scorer.unpack import unpack_models


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


def test_a_written_model_can_be_read_back(trial):
    """The models unpacked from the file give, on the mean, the logits that the file gives, but for the rounding to eight bits."""
    wordpieces, replies = WordPieces(trial / "tokenizer.json"), read_hands()[:24]
    read_back = np.mean([predict(model.eval(), replies, wordpieces) for model in unpack_models(trial / "reading.onnx")], axis=0)
    running = ReadingModel(trial / "reading.onnx")
    as_run = np.stack([running.read(wordpieces.cut(reply.text, reply.context))[2] for reply in replies])
    assert np.corrcoef(read_back.ravel(), as_run.ravel())[0, 1] > 0.99
    assert read_back == pytest.approx(as_run, abs=0.6)


def test_training_goes_on_from_a_model(trial, tmp_path):
    """Going on changes the model, names the hands anew and says which model it went on from."""
    train(tmp_path, sample=60, report=lambda line: None, before=trial)
    assert Scorer.load(tmp_path).judge("ok").keys() == set(KEYS)
    before = json.loads((trial / "manifest.json").read_text(encoding="utf-8"))
    after = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert after["gone on from"]["files"] == before["files"]
    assert after["files"]["reading.onnx"] != before["files"]["reading.onnx"]
