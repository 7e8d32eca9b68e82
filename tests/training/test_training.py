"""The whole way from labelled replies to a model that judges, on a sample. Runs in the training environment (`.ci/train-sample`)."""

import dataclasses
import json

import numpy as np
import pytest
import torch
from all_minilm_l6_v2 import extract_model

from actions.feedback import Scorer
from actions.feedback.reading_model import ReadingModel
from actions.feedback.wordpieces import WordPieces
from data.criteria import KEYS
from data.replies.hands import read_hands
from sayable.train_scorer.fit import Recipe, encode, fit, predict
from sayable.train_scorer.taught import read_contexts, read_dialogues, teach
from sayable.train_scorer.teacher import make_small_teacher
from sayable.train_scorer.train import digest, fit_side_by_side, mean_of, train
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


def test_a_teacher_labels_talk_for_the_small_model(trial, tmp_path):
    """Taught, the model goes on from the one before, and the manifest names the teacher and the talk that it labelled."""
    train(tmp_path, sample=60, report=lambda line: None, before=trial, taught=True)
    assert Scorer.load(tmp_path).judge("ok").keys() == set(KEYS)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert "mpnet" in manifest["teacher"]["base"]
    assert manifest["unlabelled"]


def test_talk_is_read_turn_by_turn(tmp_path):
    """Each turn has the turn before it as context, a dialogue begins without, and a line without a speaker is refused with its place."""
    (tmp_path / "one.txt").write_text("# daily\nA: you again\nB: me again: hello\n\nA: tea?\n", encoding="utf-8")
    assert [(turn.context, turn.text) for turn in read_dialogues(tmp_path)] == [
        (None, "you again"),
        ("you again", "me again: hello"),
        (None, "tea?"),
    ]
    (tmp_path / "two.txt").write_text("A: fine\nno speaker\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"two\.txt:2"):
        read_dialogues(tmp_path)


def test_each_line_of_a_partner_is_taken_once():
    """Two replies to one line give one line without a context and without a label; a reply to nothing gives none."""
    replies = read_hands()[:200]
    lines = read_contexts(replies)
    assert sorted(line.text for line in lines) == sorted({reply.context for reply in replies if reply.context})
    assert all(line.context is None and set(line.labels.values()) == {None} for line in lines)


def test_what_the_teacher_says_is_a_chance_for_each_piece(trial):
    """Labels are chances, piece by piece too, nothing is marked outside the reply, and a surer teacher gives a higher chance."""
    wordpieces, replies = WordPieces(trial / "tokenizer.json"), read_hands()[:12]
    teacher, even = make_small_teacher(), torch.ones(len(KEYS))
    taught = teach(teacher, replies, wordpieces, even, 0.02)
    with torch.no_grad():
        teacher.pair_head.bias.add_(3.0)
    surer = teach(teacher, replies, wordpieces, even, 0.02)
    for one, more, given in zip(taught, surer, (encode(reply, wordpieces) for reply in replies), strict=True):
        assert one.marked.shape == given.marked.shape
        assert not one.marked[: given.first_reply].any()
        assert ((one.labels >= 0) & (one.labels <= 1)).all()
        assert (more.labels >= one.labels).all()
        assert more.labels.sum() > one.labels.sum()


def test_runs_side_by_side_do_not_learn_on_each_other(trial):
    """Two runs from one model differ, each is what it would be alone, and the model that they began from is unchanged."""
    replies, recipe = read_hands()[:48], dataclasses.replace(Recipe(), epochs=1, dropout=0.0, piece_dropout=0.0)
    wordpieces, lessons = WordPieces(trial / "tokenizer.json"), [replies[:32], replies[16:]]
    start = mean_of(unpack_models(trial / "reading.onnx"))
    before = predict(start, replies, wordpieces)
    together = fit_side_by_side(lessons, start, trial / "tokenizer.json", recipe, lambda line: None)
    assert predict(start, replies, wordpieces) == pytest.approx(before, abs=1e-6)
    one, two = (predict(model.eval(), replies, wordpieces) for model in together)
    assert abs(one - two).max() > 0.02
    alone = fit(lessons[0], mean_of(unpack_models(trial / "reading.onnx")), wordpieces, recipe, lambda line: None)
    assert predict(alone, replies, wordpieces) == pytest.approx(one, abs=0.05)


def test_the_mean_of_models_lies_between_them(trial):
    """Each weight of the mean is the mean of the weights."""
    one, other = (unpack_models(trial / "reading.onnx")[0] for _ in range(2))
    with torch.no_grad():
        other.words.weight.add_(2.0)
    wanted = one.words.weight + 1.0
    assert torch.allclose(mean_of([one, other]).words.weight, wanted, atol=1e-5)
