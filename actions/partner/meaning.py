"""How near two sentences are in meaning, for choosing among lines that the partner could say. Never used to judge a client.

Sentence vectors by all-MiniLM-L6-v2 (Apache 2.0; Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT"), int8,
written by `sayable/pack_meaning.py`. About 4 ms for a sentence; the vectors of lines are kept once they were needed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "model"
LONGEST = 96  # word pieces; a partner's line has fewer
KEPT = 20_000  # vectors kept: every line of every scene, and the latest replies


class Meaning:
    """Holds the model; made once per process and safe to share between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(folder / "meaning.onnx"), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._encode = functools.lru_cache(maxsize=KEPT)(self._reckon)

    def _reckon(self, text: str) -> NDArray[np.float32]:
        pieces = np.array(self._tokenizer.encode(text).ids, np.int64)
        vector: NDArray[np.float32] = self._session.run(["vector"], {"ids": pieces})[0]
        return vector

    def nearness(self, text: str, others: Iterable[str]) -> list[float]:
        """For each of `others`, from about 0 (nothing to do with `text`) to 1 (the same), to two places."""
        vector = self._encode(text)
        return [round(float(vector @ self._encode(other)), 2) for other in others]

    def learn(self, texts: Iterable[str]) -> None:
        """Reckon ahead what will be needed soon."""
        for text in texts:
            self._encode(text)


@functools.cache
def load_meaning() -> Meaning:
    """The model. Raises onnxruntime's NoSuchFile when it is missing."""
    return Meaning()
