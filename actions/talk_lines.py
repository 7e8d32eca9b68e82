"""What the partner's engine returns, written the way the answer object wants it."""

from __future__ import annotations

from typing import Any


def write_lines(talk: Any) -> list[dict[str, str]]:
    """The lines of a Talk as JSON."""
    return [{"who": line.who, "text": line.text, "kind": line.kind} for line in talk.lines]


def write_ending(talk: Any) -> dict[str, str] | None:
    """The ending, if the talk has reached one."""
    ending = talk.ending
    return None if ending is None else {"id": ending.id, "title": ending.title, "text": ending.text}


def write_moved(talk: Any) -> dict[str, Any] | None:
    """How the partner's openness moved, for the server only."""
    moved = talk.moved
    return None if moved is None else {"openness": moved.openness, "shift": moved.shift, "because": moved.because}
