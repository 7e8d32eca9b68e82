"""One message as an action sees it, and the answer object that goes back (docs/INTERFACES.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """The message cannot be carried out: an HTTP `status` (400, 409 or 422) and one sentence without the client's words."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Turn:
    """One message: what was said or pressed, what Rasa understood it as, and the state that came with it."""

    message_id: str
    command: str | None
    argument: Mapping[str, Any]
    text: str
    state: Mapping[str, Any]
    intent: str
    confidence: float = 1.0
    """How sure Rasa is of the intent, 0 to 1; always 1 for commands and in a scene."""
    nearest: Mapping[str, float] = field(default_factory=dict)
    """Scenes by how near they come to what was typed in the lobby, by sentence vectors, -1 to 1; empty elsewhere."""


def guide(text: str, kind: str = "answer") -> dict[str, str]:
    """A line by the guide, who explains and never plays the partner."""
    return {"who": "guide", "text": text, "kind": kind}


def make_answer(
    turn: Turn,
    state: Mapping[str, Any],
    lines: Iterable[Mapping[str, str]] = (),
    *,
    feedback: Mapping[str, Any] | None = None,
    offers: Iterable[Mapping[str, str]] = (),
    moved: Mapping[str, Any] | None = None,
    ending: Mapping[str, Any] | None = None,
    reveal: Mapping[str, Any] | None = None,
    drill: Mapping[str, Any] | None = None,
    counted: Iterable[str] = (),
    agreement: Mapping[str, Any] | None = None,
    crisis: bool = False,
) -> dict[str, Any]:
    """The whole answer; its phase is the new state's."""
    return {
        "message_id": turn.message_id,
        "phase": state["phase"],
        "state": dict(state),
        "lines": [dict(line) for line in lines],
        "feedback": feedback,
        "offers": [dict(offer) for offer in offers],
        "moved": moved,
        "ending": ending,
        "reveal": reveal,
        "drill": drill,
        "counted": list(counted),
        "agreement": agreement,
        "crisis": crisis,
    }
