"""The parts of the scorer alone, and static word vectors, measured beside it: what each way of judging is worth."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from actions.feedback.reading_model import FOLDER, ReadingModel
from actions.feedback.wordpieces import WordPieces
from data.replies.hands import LabelledReply
from sayable.evaluate.baselines import regress
from sayable.train_scorer.grammar_signs import read_signs

Judged = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Scores and verdicts, each (replies, 19)."""


def grammar_alone(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> Judged:
    """Which signs of grammar a reply has, weighed by logistic regression on the same replies; no reading model."""
    return regress(read_signs(train), read_signs(replies), train)


def model_alone(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> Judged:
    """The reading model without grammar, calibration and thresholds of its own: present from a chance of one half."""
    model, wordpieces = ReadingModel(), WordPieces(FOLDER / "tokenizer.json")
    logits = np.array([model.read(wordpieces.cut(reply.text, reply.context))[2] for reply in replies], np.float64)
    return 1 / (1 + np.exp(-logits)), logits > 0


def word_vectors(train: Sequence[LabelledReply], replies: Sequence[LabelledReply]) -> Judged:
    """wordllama's static vectors of reply and partner's line (and their product) with logistic regression on the same replies."""
    import wordllama
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer
    from wordllama.inference import WordLlamaInference

    # its own loader looks for the tokenizer in a folder that the package names differently, and then asks a hub
    folder = Path(wordllama.__file__).parent
    tokenizer = Tokenizer.from_file(str(folder / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    vectors = WordLlamaInference(load_file(folder / "weights" / "l2_supercat_256.safetensors")["embedding.weight"], tokenizer)

    def look(these: Sequence[LabelledReply]) -> NDArray[np.float64]:
        said = vectors.embed([r.text for r in these], norm=True)
        heard = vectors.embed([r.context or "-" for r in these], norm=True)
        return np.hstack([said, heard, 10 * said * heard]).astype(np.float64)

    return regress(look(train), look(replies), train)


WAYS = {
    "wordllama + logistic regression": word_vectors,
    "grammar alone": grammar_alone,
    "reading model alone": model_alone,
}
