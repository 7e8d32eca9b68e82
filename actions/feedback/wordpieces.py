"""Cut a reply and the partner's line into word pieces for the reading model, in windows that overlap."""

import dataclasses
from pathlib import Path

from tokenizers import Tokenizer

from actions.feedback.plain_text import flatten

CONTEXT_PIECES = 48
"""Pieces of the partner's line that are read: its beginning and its end."""
WINDOW_PIECES = 160
"""Pieces of the reply in one window. Attention grows with the square, so long replies are read in windows."""
OVERLAP_PIECES = 32


@dataclasses.dataclass(frozen=True)
class Window:
    """One pass of the model. `spans[i]` is the (start, end) in the typed reply of piece `first_reply + i`."""

    ids: tuple[int, ...]
    types: tuple[int, ...]
    first_reply: int
    spans: tuple[tuple[int, int], ...]


class WordPieces:
    """Holds the tokenizer; made once per process."""

    def __init__(self, tokenizer_file: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._begin: int = self._tokenizer.encode("").ids[0]
        self._part: int = self._tokenizer.encode("").ids[-1]

    def cut(self, reply: str, context: str | None) -> list[Window]:
        """Windows over `reply` (code points as typed), each with the whole shortened context. At least one."""
        context_ids: list[int] = []
        if context:
            context_ids = self._tokenizer.encode(flatten(context).text, add_special_tokens=False).ids
            if len(context_ids) > CONTEXT_PIECES:
                half = CONTEXT_PIECES // 2
                context_ids = context_ids[:half] + context_ids[-half:]
        plain = flatten(reply)
        pieces = self._tokenizer.encode(plain.text, add_special_tokens=False)
        spans = [(plain.origin[start], plain.origin[end - 1] + 1) if end > start else (0, 0) for start, end in pieces.offsets]
        head = (self._begin, *context_ids, self._part)
        windows = []
        start = 0
        while True:
            part = pieces.ids[start : start + WINDOW_PIECES]
            ids = (*head, *part, self._part)
            types = (0,) * len(head) + (1,) * (len(part) + 1)
            windows.append(Window(ids, types, len(head), tuple(spans[start : start + WINDOW_PIECES])))
            if start + WINDOW_PIECES >= len(pieces.ids):
                return windows
            start += WINDOW_PIECES - OVERLAP_PIECES
