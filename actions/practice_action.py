"""The abstract base of every action: catches everything, logs a type and a line, answers in one slot.

rasa-sdk echoes the whole request when an action raises, and Rasa logs it: so nothing may be raised from here.
The class stays abstract, because rasa-sdk makes an instance of every concrete Action class it finds and dies at start
when that fails.
"""

from __future__ import annotations

import json
import logging
import traceback
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.equipment import Equipment
from actions.turn import Refused, Turn

logger = logging.getLogger("sayable.actions")
ROOT = Path(__file__).resolve().parent.parent


class PracticeAction(Action, ABC):
    """An action of Sayable. Subclasses have a `called` name and an `answer`; they are built with the equipment they use."""

    called: str

    def __init__(self, equipment: Equipment) -> None:
        self.equipment = equipment

    def name(self) -> str:
        """The action's name in domain and rules."""
        return self.called

    @abstractmethod
    def answer(self, turn: Turn) -> dict[str, Any]:
        """The answer object for one message. May raise Refused; anything else raised becomes a 502."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        """Called by rasa-sdk. Never raises, never logs words; sets the slot `answer` and nothing else."""
        try:
            answer = self.answer(read_turn(tracker))
        except Refused as refused:
            answer = {"refused": {"status": refused.status, "error": refused.sentence}}
        except Exception as error:
            logger.error("%s failed: %s at %s", self.called, type(error).__name__, tell_place(error))
            answer = {"refused": {"status": 502, "error": "The action failed; the message can be sent again."}}
        return [SlotSet("answer", json.dumps(answer))]


def read_turn(tracker: Tracker) -> Turn:
    """The message that the practice channel wrote into the slots."""
    incoming = tracker.get_slot("incoming") or {}
    intent = (tracker.latest_message or {}).get("intent") or {}
    return Turn(
        message_id=incoming["message_id"],
        command=incoming.get("command"),
        argument=incoming.get("argument") or {},
        text=incoming.get("text") or "",
        state=json.loads(tracker.get_slot("state") or "{}"),
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        nearest={each["scene"]: each["score"] for each in incoming.get("nearest") or []},
    )


def tell_place(error: BaseException) -> str:
    """File and line of the innermost frame of our own code that an exception went through, without its text."""
    place = "an unknown line"
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            place = f"{path.relative_to(ROOT)}:{frame.lineno}"
    return place
