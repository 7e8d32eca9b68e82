"""Feelings and needs are found as whole words, longest first, and not when negated."""

import pytest

from data.faults import ContentError
from data.lexicons.families import load_feelings, load_needs, read_families


def test_the_longest_word_wins():
    """ "Worn out" is one feeling, and "left out" is not "out"."""
    assert [word for word, _ in load_feelings().find("You seem worn out and left out.")] == ["worn out", "left out"]


def test_a_negated_feeling_is_not_offered():
    """ "Not angry" guesses no anger."""
    assert load_feelings().find("you're not angry") == []
    assert load_feelings().find("You aren’t really sad") == []


def test_needs_are_found():
    """Needs are words people use."""
    assert load_needs().find("I need some reassurance")[0][1] == ("reassurance",)


def test_neighbours_count_from_both_sides():
    """Nervous lies beside afraid, whichever of the two names the other."""
    assert load_feelings().are_near("nervous", ("afraid",))
    assert not load_feelings().are_near("happy", ("afraid",))


def test_a_neighbour_that_is_not_there_is_told(tmp_path):
    """A typing error in a list of neighbours is named with its line."""
    path = tmp_path / "feelings.yml"
    path.write_text("families:\n  sad:\n    words: [sad]\n    near: [sadd]\n")
    with pytest.raises(ContentError, match=r"feelings\.yml:4: families\.sad\.near: 'sadd' is not a family"):
        read_families(path)
