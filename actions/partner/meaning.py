"""How near two sentences are in meaning, for choosing among lines that the partner could say. Never used to judge a client.

Sentence vectors by all-MiniLM-L6-v2 (Apache 2.0; Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT"), int8,
written by `sayable/pack_meaning.py`. About 4 ms for a sentence; the vectors of a scene's own lines are kept once they were needed.
What a client typed is reckoned, compared and forgotten when it has been answered: neither the words nor their vector stay.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from actions.partner.client_words import straighten

FOLDER = Path(__file__).parent / "model"
LONGEST = 96  # word pieces; a partner's line has fewer
KEPT = 20_000  # vectors kept: about every line of every scene

Vector = NDArray[np.float32]
_of_this_reply: ContextVar[dict[str, Vector] | None] = ContextVar("of_this_reply", default=None)
_ahead: ContextVar[tuple[str, Future[Vector]] | None] = ContextVar("ahead", default=None)


class Typed(str):
    """A text in which words of the client may stand: compared, and not kept beyond the reply."""

    __slots__ = ()


@contextmanager
def forget_after() -> Iterator[None]:
    """What is typed is reckoned once while this lasts, and forgotten when it ends."""
    token = _of_this_reply.set({})
    try:
        yield
    finally:
        _of_this_reply.reset(token)


@contextmanager
def read_ahead(typed: str) -> Iterator[None]:
    """The vector of `typed` is reckoned on a thread beside other work, such as judging it, for whoever needs it before this ends."""
    begun = _beside().submit(load_meaning()._reckon, straighten(typed))
    token = _ahead.set((straighten(typed), begun))
    try:
        yield
    finally:
        begun.cancel()
        _ahead.reset(token)


@functools.cache
def _beside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="meaning")


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
        self._encode_line = functools.lru_cache(maxsize=KEPT)(self._reckon)

    def _reckon(self, text: str) -> Vector:
        # Half a character, as a broken paste leaves it, is no text for the tokenizer: it reads a question mark there.
        pieces = np.array(self._tokenizer.encode(text.encode(errors="replace").decode()).ids, np.int64)
        vector: Vector = self._session.run(["vector"], {"ids": pieces})[0]
        return vector

    def _encode_typed(self, text: str) -> Vector:
        vectors = _of_this_reply.get()
        if vectors is None:
            return self._reckon(text)
        if text not in vectors:
            vectors[text] = self._take_ahead(text) if (_ahead.get() or ("",))[0] == text else self._reckon(text)
        return vectors[text]

    def _take_ahead(self, text: str) -> Vector:
        """What was begun beside judging; reckoned here when that has not started, because others are before it."""
        ahead = _ahead.get()
        return self._reckon(text) if ahead is None or ahead[1].cancel() else ahead[1].result()

    def nearness(self, typed: str, others: Iterable[str]) -> list[float]:
        """For each of `others`, from about 0 (nothing to do with `typed`) to 1 (the same), to two places.

        `others` are a scene's own words, and their vectors are kept, unless they are `Typed`; that of `typed` never is.
        """
        vector = self._encode_typed(typed)
        return [
            round(float(vector @ (self._encode_typed(other) if isinstance(other, Typed) else self._encode_line(other))), 2)
            for other in others
        ]

    def learn(self, lines: Iterable[str]) -> None:
        """Reckon ahead the lines that will be needed soon."""
        for line in lines:
            self._encode_line(line)

    def kept(self) -> int:
        """How many vectors are kept."""
        return self._encode_line.cache_info().currsize


@functools.cache
def load_meaning() -> Meaning:
    """The model. Raises onnxruntime's NoSuchFile when it is missing."""
    return Meaning()
