"""The state that a reply is answered with is a copy in every depth."""

import copy

from actions.partner.partner_state import BLANK, copy_state


def test_a_change_in_the_copy_leaves_the_state_as_it_was():
    """Whatever is written to a copy, in lists and in what lies in them, a reply can be tried again from the state before it."""
    state = {"scene": "S17", "moves": [[1, 2, 0, "request"]], "words": {"feeling": ["tired", 3]}, "agreed": {"step": "a walk", "turn": 2}}
    before = copy.deepcopy(state)
    changed = copy_state(state)
    assert {key: changed[key] for key in state} == before
    changed["moves"][0].append("x")
    changed["moves"].append([2, 2, 0, "need"])
    changed["words"]["feeling"][0] = "glad"
    changed["agreed"]["step"] = "none"
    assert state == before


def test_two_copies_share_no_list():
    """Keys that an older state lacks are filled in, each copy with lists of its own."""
    one, other = copy_state({}), copy_state({})
    for key, value in BLANK.items():
        assert one[key] == value
        if isinstance(value, list | dict):
            assert one[key] is not other[key] and one[key] is not value
