"""What a client typed, made fit to be kept: as typed, but for characters that nobody types."""

from __future__ import annotations

import unicodedata

from web.rehearsal.faults import EmptyReply, ReplyTooLong

LONGEST_REPLY = 2000
"""Code points."""


def read_typed(text: str, *, longest: int = LONGEST_REPLY) -> str:
    """The text to keep: line ends as \\n, no control characters, no halves of characters. Raises EmptyReply or ReplyTooLong.

    Nothing else is changed, since evidence points into the text as typed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"))
    if not any(_can_be_seen(sign) for sign in kept):
        raise EmptyReply
    if len(kept) > longest:
        raise ReplyTooLong
    return kept


def _can_be_seen(sign: str) -> bool:
    return not sign.isspace() and unicodedata.category(sign) != "Cf"
