"""The whole way from labelled replies to a model that judges, on a sample. Runs in the training environment (`.ci/train-sample`)."""

import json

import pytest

from actions.feedback import Scorer
from data.criteria import KEYS
from sayable.train_scorer.train import digest, train


@pytest.fixture(scope="module")
def two_trials(tmp_path_factory):
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    for folder in folders:
        train(folder, sample=120, report=lambda line: None)
    return folders


def test_a_trained_model_judges_any_reply(two_trials):
    """What training writes is what the scorer loads: all keys, scores between 0 and 1."""
    verdicts = Scorer.load(two_trials[0]).judge("you never ask me and i'm tired 🙄", "I thought you knew.")
    assert tuple(verdicts) == KEYS
    assert all(0 <= verdict.score <= 1 for verdict in verdicts.values())


def test_the_same_seed_and_replies_give_the_same_scores(two_trials):
    """Training can be done again by somebody else."""
    one, two = (Scorer.load(folder).judge("I was scared, could we talk on Sunday?", None) for folder in two_trials)
    for key in KEYS:
        assert one[key].score == pytest.approx(two[key].score, abs=0.01), key


def test_the_manifest_names_what_was_written(two_trials):
    """Each file's hash is in the manifest, and so is each hand that was learnt from; hands kept back are not."""
    manifest = json.loads((two_trials[0] / "manifest.json").read_text(encoding="utf-8"))
    for name, wanted in manifest["files"].items():
        assert digest(two_trials[0] / name) == wanted
    assert manifest["hands"]
    assert not any(name.startswith("h9") for name in manifest["hands"])
