"""The scorer as committed keeps its quality on replies by hands that nothing was learnt from or tuned on."""

import numpy as np
import pytest

from actions.feedback import Scorer
from data.criteria import FAULTS, KEYS
from data.replies.hands import FOLDER, read_hand
from sayable.evaluate.measure import measure
from sayable.score import judge_with_rules
from web.safety import SafetyRules

pytestmark = pytest.mark.slow

MACRO = 0.88
FAULT_PRECISION = 0.83
CRISIS_RECALL = 0.95
"""On 391 replies of h90 and h91 in November 2026: macro F1 0.912 (95 % 0.892-0.930); precision of faults from 0.88 (blame) to 1.00;
crisis, door and model together, all 26 found. The floors lie a little under that: five replies more or less move a figure so far."""


@pytest.fixture(scope="module")
def figures():
    replies = [reply for name in ("h90.txt", "h91.txt") for reply in read_hand(FOLDER / name)]
    scorer, rules = Scorer.load(), SafetyRules.load()
    found = [judge_with_rules(scorer, rules, reply.text, reply.context) for reply in replies]
    scores = np.array([[verdicts[key].score for key in KEYS] for verdicts in found])
    present = np.array([[verdicts[key].present for key in KEYS] for verdicts in found])
    return measure(replies, scores, present)


def test_the_macro_mean_holds(figures):
    """Over all nineteen criteria, each of which has replies labelled yes."""
    assert figures.averaged == len(KEYS)
    assert figures.macro >= MACRO


def test_no_fault_is_found_where_none_is(figures):
    """A client who is wrongly accused stops practising, so each fault is held to its precision."""
    low = {each.key: round(each.precision, 2) for each in figures.figures if each.key in FAULTS and each.precision < FAULT_PRECISION}
    assert low == {}


def test_crises_are_found(figures):
    """By the rules at the door and the model together, as a client meets them."""
    assert next(each for each in figures.figures if each.key == "crisis").recall >= CRISIS_RECALL
