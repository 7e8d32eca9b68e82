"""Make examples of graded turns: the grades as labels of the four criteria, what a model says as labels of the others."""

import dataclasses
import random
from collections.abc import Sequence

import torch

from actions.feedback.wordpieces import WordPieces
from data.criteria import KEYS
from data.replies.graded_turns import Grades
from data.replies.hands import LabelledReply
from sayable.train_scorer.fit import Example, Network
from sayable.train_scorer.taught import teach

SURE = 0.5
TIMES = {"small_talk": 2, "daily": 2, "harmless": 2, "listening": 2, "peace_and_work": 2, "persona_talk": 3}
"""How often a run reads the turns of a dialogue file: calm talk, in which the model saw blame where there was none, more than quarrels.
Files numbered on (`persona_talk2`) go with the first."""
QUARRELS = 3_500
"""So many turns of all other files, drawn by chance, so that a quarrel does not become the usual case."""
LENIENT = "demand"
"""The hands of grades read quickly and passed over friendly orders, which the codebook counts: where they saw none and the model plainly
one, it is left unclear."""


def choose_turns(graded: Sequence[tuple[LabelledReply, Grades]], seed: int) -> list[tuple[LabelledReply, Grades]]:
    """What one run reads, with repeats."""
    chosen, others = [], []
    for one in graded:
        times = TIMES.get(manner_of(one[0]), 0)
        chosen.extend([one] * times)
        if not times:
            others.append(one)
    random.Random(seed).shuffle(others)
    return chosen + others[:QUARRELS]


def manner_of(turn: LabelledReply) -> str:
    """The manner of talk that a turn is of: the name of its dialogue file without the number."""
    return turn.id.rpartition("-")[0].rstrip("0123456789")


def learn_grades(
    graded: Sequence[tuple[LabelledReply, Grades]], model: Network, wordpieces: WordPieces, balance: torch.Tensor, smoothing: float
) -> list[Example]:
    """One example a turn. `model` is the one gone on from, so that on the fifteen other criteria nothing drifts.

    Which words carry a verdict is known where there is none, and where the model already finds what the hand found; elsewhere
    it is left to the model. `balance` (19,) and `smoothing` are those of the training.
    """
    examples = []
    for (_, grades), said in zip(graded, teach(model, [turn for turn, _ in graded], wordpieces, balance, smoothing), strict=True):
        labels, known, placed, marked = said.labels.copy(), said.known.copy(), said.placed.copy(), said.marked.copy()
        for key, chance in grades.items():
            column = KEYS.index(key)
            found = labels[column] > SURE
            if chance is None or (key == LENIENT and chance == 0.0 and found):
                known[column] = placed[column] = 0.0
                continue
            labels[column] = chance
            if chance == 0.0:
                marked[:, column] = 0.0
            elif not (found and chance > SURE):
                placed[column] = 0.0
        examples.append(dataclasses.replace(said, labels=labels, known=known, marked=marked, placed=placed))
    return examples
