"""A second hand labelled a tenth of the replies blind: the codebook can be followed, and the file says how well."""

import pytest

from data.criteria import KEYS
from data.replies.hands import FOLDER, LabelledReply, read_hands
from sayable.evaluate.agreement import agree, read_second_labels


def test_agreement_is_reckoned_as_by_hand():
    """One of two yes shared, one invented: F1 one half; an unclear label of either hand is not counted."""
    labels = [{"blame": 1}, {"blame": 1}, {"blame": 0}, {"blame": None}]
    first = [LabelledReply(str(i), "h", None, "x", {key: label.get(key, 0) for key in KEYS}, {}) for i, label in enumerate(labels)]
    second = {str(i): dict.fromkeys(KEYS, 0) | {"blame": label} for i, label in enumerate((1, 0, 1, 1))}
    assert agree(first, second)["blame"] == pytest.approx({"counted": 3, "yes": 2, "f1": 0.5, "kappa": -0.5})


def test_a_broken_line_is_named(tmp_path):
    """A key that is none, or no colon: file and line."""
    path = tmp_path / "labels.txt"
    path.write_text("h01-1: blame\nh01-2: nonsense\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"labels\.txt:2"):
        read_second_labels(path)


def test_two_hands_agree_on_every_criterion():
    """Every reply of the second hand is one of ours, and kappa is at least 0.85 for each criterion."""
    replies = read_hands()
    second = read_second_labels(FOLDER.parent / "second_hand" / "labels.txt")
    assert set(second) <= {reply.id for reply in replies}
    for key, found in agree(replies, second).items():
        assert found["kappa"] >= 0.85, key
