"""The figures of `sayable evaluate` on cases small enough to reckon by hand."""

import numpy as np
import pytest

from data.criteria import KEYS
from data.replies.hands import LabelledReply
from sayable.evaluate.measure import calibration_error, measure
from sayable.evaluate.read_labelled import read_labelled


def reply(number, **labels):
    return LabelledReply(str(number), "hand", None, f"text {number}", {key: labels.get(key, 0) for key in KEYS}, {})


def test_precision_recall_and_f1_are_those_reckoned_by_hand():
    """Two true, one found rightly, one found wrongly: all three are one half."""
    replies = [reply(0, blame=1), reply(1, blame=1), reply(2), reply(3)]
    scores = np.zeros((4, 19))
    scores[:, KEYS.index("blame")] = [0.9, 0.2, 0.8, 0.1]
    figures = {f.key: f for f in measure(replies, scores, scores >= 0.5).figures}["blame"]
    assert (figures.precision, figures.recall, figures.f1) == (0.5, 0.5, 0.5)
    assert figures.auc == 0.75


def test_unclear_labels_are_left_out():
    """null is neither right nor wrong."""
    replies = [reply(0, blame=1), reply(1, blame=None)]
    present = np.zeros((2, 19), bool)
    present[:, KEYS.index("blame")] = True
    figures = {f.key: f for f in measure(replies, present.astype(float), present).figures}["blame"]
    assert figures.counted == 1
    assert figures.precision == 1.0


def test_a_calibrated_score_has_no_error_and_an_overconfident_one_has():
    """Half of the replies scored 0.5 are yes: no error. All scored 0.9: an error of 0.4."""
    truth = np.array([0.0, 1.0] * 10)
    assert calibration_error(truth, np.full(20, 0.5)) == pytest.approx(0.0)
    assert calibration_error(truth, np.full(20, 0.9)) == pytest.approx(0.4)


def test_a_broken_file_is_answered_with_its_line(tmp_path):
    """Whoever made the file finds the place."""
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": 1, "text": "a", "labels": {"blame": 1}}\n{"id": 2}\n', encoding="utf-8")
    with pytest.raises(Exception, match=r"x\.jsonl:2"):
        read_labelled(path)
