"""Flattening keeps its bearings: every character of the plain text knows where it was typed."""

from hypothesis import given
from hypothesis import strategies as st

from actions.feedback.plain_text import blank_noise, flatten


@given(st.text(max_size=300))
def test_any_text_is_flattened_and_every_origin_lies_in_what_was_typed(typed):
    """No text makes it fail; origins never point outside or backwards."""
    plain = flatten(typed)
    assert len(plain.text) == len(plain.origin)
    assert all(0 <= place < len(typed) for place in plain.origin)
    assert list(plain.origin) == sorted(plain.origin)


def test_curly_quotes_become_straight_and_an_emoji_becomes_its_name():
    """The model reads words where people type signs."""
    assert flatten("I’m fine 🙄").text.split() == ["I'm", "fine", "face", "with", "rolling", "eyes"]


def test_an_origin_points_at_the_typed_character_after_an_emoji():
    """Offsets are code points of the reply as typed, also behind an emoji."""
    typed = "😂😂 you"
    plain = flatten(typed)
    place = plain.text.index("you")
    assert typed[plain.origin[place]] == "y"


def test_long_runs_shrink():
    """Two thousand marks cost no more than a few."""
    assert len(flatten("!?" * 1000).text) < 10
    assert flatten("sooooooo").text == "soo"
    assert len(flatten("🙄😂" * 1000).text) < 400


@given(st.text(max_size=300))
def test_the_text_for_grammar_has_the_length_of_what_was_typed(typed):
    """Grammar's offsets are offsets into the typed reply."""
    assert len(blank_noise(typed)) == len(typed)
