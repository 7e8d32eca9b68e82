"""A reply is cut into pieces on the server, so that the marked words are the words that were meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rubric.wording import read_wording
from web.dialogue.messages import Feedback
from web.rehearsal.highlights import cut_segments, list_criteria

WORDING = read_wording()


def make_feedback(*spans: tuple[str, int, int], present: bool = True) -> Feedback:
    criteria: dict[str, dict] = {}
    for key, start, end in spans:
        entry = criteria.setdefault(key, {"present": present, "score": 0.9, "evidence": []})
        entry["evidence"].append({"start": start, "end": end, "text": "", "why": f"why {key}"})
    return Feedback.model_validate({"criteria": criteria})


def draw(text: str, feedback: Feedback | None) -> list[tuple[str, tuple[str, ...]]]:
    return [(piece.text, tuple(mark.key for mark in piece.marks)) for piece in cut_segments(text, feedback, WORDING)]


def test_overlapping_evidence_is_cut_where_it_changes():
    """Nested and overlapping spans give pieces with all their marks, the closest first."""
    text = "I feel torn when you sigh"
    feedback = make_feedback(("i_statement", 0, 11), ("feeling", 7, 11), ("observation", 12, 25))
    assert draw(text, feedback) == [
        ("I feel ", ("i_statement",)),
        ("torn", ("feeling", "i_statement")),
        (" ", ()),
        ("when you sigh", ("observation",)),
    ]


def test_an_emoji_before_shifts_nothing():
    """Offsets count code points: after an emoji outside the basic plane the right words are marked."""
    text = "😀👩‍👧 I feel torn"
    start = text.index("torn")
    assert draw(text, make_feedback(("feeling", start, start + 4)))[-1] == ("torn", ("feeling",))


@pytest.mark.parametrize("span", [(5, 5), (9, 4), (3, 99), (50, 60)])
def test_evidence_outside_the_words_is_not_shown(span):
    """A span that points nowhere marks nothing and breaks nothing."""
    assert draw("I feel torn", make_feedback(("feeling", *span))) == [("I feel torn", ())]


def test_what_is_not_present_is_not_marked():
    """A verdict of no marks nothing, whatever evidence stands beside it."""
    assert draw("I feel torn", make_feedback(("feeling", 0, 6), present=False)) == [("I feel torn", ())]


def test_crisis_is_never_a_mark():
    """Safety has its own page; it is no criterion to look at."""
    feedback = make_feedback(("crisis", 0, 6))
    assert draw("I feel torn", feedback) == [("I feel torn", ())]
    assert list_criteria("I feel torn", feedback, WORDING) == ()


def test_a_verdict_without_evidence_is_not_listed():
    """The fuller view shows only what it can point at, skills before faults."""
    feedback = make_feedback(("blame", 0, 1), ("feeling", 2, 6), ("need", 90, 95))
    assert [criterion.key for criterion in list_criteria("I feel torn", feedback, WORDING)] == ["feeling", "blame"]


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.sampled_from(["feeling", "need", "blame", "crisis"]), st.integers(0, 90), st.integers(0, 90)), max_size=6),
)
def test_the_pieces_are_the_reply(text, spans):
    """Whatever the evidence, all pieces together are the reply as typed, and each piece has something in it."""
    pieces = cut_segments(text, make_feedback(*spans), WORDING)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
