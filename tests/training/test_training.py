"""The whole way from labelled replies to a model that judges, on a sample. Runs in the training environment (`.ci/train-sample`)."""

import collections
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
from data.replies.graded_turns import read_graded
from data.replies.hands import read_hands
from sayable.train_scorer.fit import Recipe, encode, fit, predict
from sayable.train_scorer.graded import TIMES, choose_turns, learn_grades, manner_of
from sayable.train_scorer.taught import read_contexts, teach
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


def test_a_graded_turn_teaches_its_grades_and_nothing_new_else(trial):
    """The four accusing criteria get the grades, an unclear one is not learnt, the fifteen others are what the model itself says."""
    wordpieces, model = WordPieces(trial / "tokenizer.json"), unpack_models(trial / "reading.onnx")[0]
    even, turns = torch.ones(len(KEYS)), read_hands()[:3]
    grades = {"blame": 1.0, "demand": None, "absolutes": 0.0, "pressure": 0.25}
    learnt = learn_grades([(turn, grades) for turn in turns], model, wordpieces, even, 0.02)
    for one, said in zip(learnt, teach(model, turns, wordpieces, even, 0.02), strict=True):
        blame, demand, absolutes, pressure = (KEYS.index(key) for key in grades)
        assert (one.labels[blame], one.labels[absolutes], one.labels[pressure]) == (1.0, 0.0, 0.25)
        assert (one.known[demand], one.placed[demand]) == (0.0, 0.0)
        assert (one.placed[absolutes], one.marked[:, absolutes].any()) == (1.0, False)
        assert one.placed[pressure] == 0.0
        others = [column for column, key in enumerate(KEYS) if key not in grades]
        assert one.labels[others] == pytest.approx(said.labels[others])
        assert one.marked[:, others] == pytest.approx(said.marked[:, others])


def test_an_order_that_the_hand_passed_over_is_left_unclear(trial):
    """Where a hand graded no demand and the model plainly sees one, neither is taught; elsewhere the hand's nothing is."""
    wordpieces, model = WordPieces(trial / "tokenizer.json"), unpack_models(trial / "reading.onnx")[0]
    even, turns, column = torch.ones(len(KEYS)), read_hands()[:3], KEYS.index("demand")
    nothing = [(turn, dict.fromkeys(("blame", "demand", "absolutes", "pressure"), 0.0)) for turn in turns]
    with torch.no_grad():
        model.pair_head.bias[column] = 50.0
    assert [one.known[column] for one in learn_grades(nothing, model, wordpieces, even, 0.02)] == [0.0] * 3
    with torch.no_grad():
        model.pair_head.bias[column] = -50.0
    assert [one.known[column] for one in learn_grades(nothing, model, wordpieces, even, 0.02)] == [1.0] * 3


def test_calm_talk_is_read_more_often_than_quarrels():
    """A run reads tidy and calm talk two or three times and a part of the quarrels once; another seed draws another part."""
    graded = read_graded()
    chosen = choose_turns(graded, 1)
    times = collections.Counter(turn.id for turn, _ in chosen)
    assert {times[turn.id] for turn, _ in graded if turn.id.startswith("persona_talk")} == {3}
    assert {times[turn.id] for turn, _ in graded if turn.id.startswith("small_talk-")} == {2}
    unnamed = {manner_of(turn) for turn, _ in graded} - TIMES.keys()
    assert all(name.startswith(("quarrel", "conflict", "rough")) for name in unnamed), "a file that is no quarrel belongs into TIMES"
    quarrels = [turn.id for turn, _ in chosen if turn.id.startswith(("quarrel", "conflict", "rough"))]
    assert len(quarrels) == len(set(quarrels)) == 3500
    assert [turn.id for turn, _ in choose_turns(graded, 2)] != [turn.id for turn, _ in chosen]
