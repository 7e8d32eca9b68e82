"""Labelled replies are read as their hands wrote them, and a fault is found with its line."""

import pytest

from data.criteria import KEYS
from data.replies.hands import BadHandFile, read_hand, read_hands

BLOCK = """@ Where were you?
> at work.. and honestly
> i was scared to ring
+ feeling: scared
+ i_statement: i was scared to ring
? observation

@ -
> ok
"""


def test_a_block_becomes_a_labelled_reply(tmp_path):
    """Context, lines joined, labels of three kinds, evidence as offsets."""
    path = tmp_path / "h00.txt"
    path.write_text(BLOCK, encoding="utf-8")
    first, second = read_hand(path)
    assert first.text == "at work.. and honestly\ni was scared to ring"
    assert (first.labels["feeling"], first.labels["observation"], first.labels["blame"]) == (1, None, 0)
    start, end = first.evidence["feeling"][0]
    assert first.text[start:end] == "scared"
    assert second.context is None
    assert second.labels["paraphrase"] is None


@pytest.mark.parametrize("broken", ["@ -\n> a\n+ nokey: a\n", "@ -\n> a\n+ blame: b\n", "> a\n", "@ -\n", "@ -\n> a\nnonsense\n"])
def test_a_broken_block_is_refused_with_its_place(tmp_path, broken):
    """Unknown key, words not in the reply, no context line, no reply, a stray line."""
    path = tmp_path / "h00.txt"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(BadHandFile, match=r"h00\.txt:\d+"):
        list(read_hand(path))


def test_every_hand_of_ours_can_be_read_and_has_every_criterion():
    """The data that the scorer learnt from is whole."""
    replies = read_hands()
    for key in KEYS:
        assert sum(reply.labels[key] == 1 for reply in replies) >= 100, key
    assert len({reply.text for reply in replies}) >= 0.99 * len(replies)
