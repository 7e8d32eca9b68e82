"""Dialogues without labels, and the grades that hands gave to their turns."""

import pytest

from data.replies.dialogues import read_dialogues
from data.replies.graded_turns import FOLDER, read_graded, read_hand_of_grades


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


def test_a_grade_is_a_chance(tmp_path):
    """What is not written is not there, 1 to 3 rise to a plain yes, a question mark is unclear, and `-` is a turn with none of the four."""
    (tmp_path / "one.txt").write_text("# a hand\nquarrel_plain-2 b1 d2 a3 p?\n\nquarrel_plain-3 -\n", encoding="utf-8")
    found = {turn.id: grades for turn, grades in read_graded(tmp_path)}
    assert found["quarrel_plain-2"] == {"blame": 0.25, "demand": 0.75, "absolutes": 1.0, "pressure": None}
    assert found["quarrel_plain-3"] == dict.fromkeys(("blame", "demand", "absolutes", "pressure"), 0.0)


def test_two_hands_on_one_turn_are_averaged(tmp_path):
    """A turn that two hands graded has their mean, and what one of them left unclear is what the other says."""
    (tmp_path / "one.txt").write_text("quarrel_plain-2 b3 d?\n", encoding="utf-8")
    (tmp_path / "two.txt").write_text("quarrel_plain-2 b2 d1\n", encoding="utf-8")
    ((turn, grades),) = read_graded(tmp_path)
    assert turn.text.startswith("Hey, Marcus")
    assert grades == {"blame": 0.875, "demand": 0.25, "absolutes": 0.0, "pressure": 0.0}


@pytest.mark.parametrize("rest", ["2 b4", "2 x1", "2", "2 - b1", "99999 b1"])
def test_a_faulty_grade_is_refused_with_its_file(tmp_path, rest):
    """A grade, a letter or a turn that there is not, or no grade at all, stops the reading and names the file."""
    (tmp_path / "one.txt").write_text(f"quarrel_plain-{rest}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.txt"):
        read_graded(tmp_path)


def test_a_turn_comes_once_in_a_file(tmp_path):
    """A hand that grades one turn twice has slipped: it is refused with file and line."""
    (tmp_path / "one.txt").write_text("quarrel_plain-2 b1\nquarrel_plain-2 b2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"one\.txt:2"):
        read_hand_of_grades(tmp_path / "one.txt")


def test_our_grades_can_be_read():
    """Every graded turn of the repository belongs to a dialogue, and there are thousands."""
    assert FOLDER.is_dir()
    assert len(read_graded()) > 4000


@pytest.mark.parametrize(("key", "least"), [("blame", 0.8), ("absolutes", 0.75), ("pressure", 0.7), ("demand", 0.55)])
def test_two_hands_of_grades_agree(key, least):
    """On the turns that the first hand and a blind second one both graded, their plain or mild yes agrees beyond chance (Cohen's kappa)."""
    first = read_hand_of_grades(FOLDER / "q1.txt")
    pairs = []
    for path in sorted(FOLDER.glob("q[2-9].txt")):
        second = read_hand_of_grades(path)
        pairs.extend(((first[turn][key] or 0) > 0.5, (second[turn][key] or 0) > 0.5) for turn in second.keys() & first.keys())
    assert len(pairs) > 1000
    agreed = sum(one == other for one, other in pairs) / len(pairs)
    ones, others = (sum(pair[place] for pair in pairs) / len(pairs) for place in (0, 1))
    chance = ones * others + (1 - ones) * (1 - others)
    kappa = (agreed - chance) / (1 - chance)
    print(f"{key}: {len(pairs)} turns, kappa {kappa:.2f}")
    assert kappa >= least
