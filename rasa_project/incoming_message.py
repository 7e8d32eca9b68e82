"""What the practice channel accepts: the checks on one request body, free of Rasa and of the web server.

Every refusal is one sentence without the client's words, with the HTTP status to answer (docs/INTERFACES.md).
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple

BODY_BYTES = 64 * 1024
TEXT_CODE_POINTS = 2000
ARGUMENT_BYTES = 4096

PHASES: Tuple[str, ...] = ("lobby", "briefing", "scene", "paused", "timed_out", "guess", "reveal", "debrief", "drill", "over")
COMMANDS: Tuple[str, ...] = (
    "start",
    "begin",
    "hint",
    "try_again",
    "pause",
    "resume",
    "time_out",
    "stop",
    "guess",
    "reveal",
    "debrief",
    "drill",
    "lobby",
)
DRILLS: Tuple[str, ...] = ("i_statement", "paraphrase", "emotion_label")
KEYS = frozenset({"message_id", "kind", "command", "argument", "text", "state"})
MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
STEP = re.compile(r"[a-z_]{1,40}")
# A lone surrogate is valid in JSON's escapes but is no character: nothing behind the channel could write it out again.
SURROGATE = re.compile("[\ud800-\udfff]")


class Refusal(Exception):
    """A request that gets an HTTP error: `status`, and one sentence for the body."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class IncomingMessage:
    """One accepted request. `state` is the last answer's state, `{}` when there was none."""

    message_id: str
    kind: str
    command: Optional[str]
    argument: Dict[str, Any]
    text: Optional[str]
    state: Dict[str, Any]

    @property
    def phase(self) -> str:
        """Where the talk stands; without a state that is the lobby."""
        return self.state.get("phase", "lobby")

    @property
    def step(self) -> Optional[str]:
        """What the last action reported, for rules to branch on."""
        return self.state.get("step")

    def for_actions(self) -> Dict[str, Any]:
        """The `incoming` slot that actions read."""
        return {
            "message_id": self.message_id,
            "kind": self.kind,
            "command": self.command,
            "argument": self.argument,
            "text": self.text,
        }


def read_message(body: bytes) -> IncomingMessage:
    """The checked message in a request body. Raises Refusal (400, 413 or 422)."""
    if len(body) > BODY_BYTES:
        raise Refusal(413, "The request is larger than 64 KiB.")
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "The body is not JSON.") from None
    if not isinstance(content, dict) or not KEYS.issuperset(content):
        raise Refusal(400, "The body must be an object with the keys of the practice channel and no others.")
    message_id = content.get("message_id")
    if not isinstance(message_id, str) or not MESSAGE_ID.fullmatch(message_id):
        raise Refusal(400, "message_id must be 1 to 64 letters, digits or hyphens.")
    state = read_state(content.get("state"))
    kind = content.get("kind")
    if kind == "speech":
        if content.get("command") is not None or content.get("argument") not in (None, {}):
            raise Refusal(400, "Speech carries neither a command nor an argument.")
        return IncomingMessage(message_id, "speech", None, {}, read_text(content.get("text")), state)
    if kind == "command":
        if content.get("text") is not None:
            raise Refusal(400, "A command carries no text.")
        command = content.get("command")
        if not isinstance(command, str) or command not in COMMANDS:
            raise Refusal(422, "There is no such command.")
        return IncomingMessage(message_id, "command", command, read_argument(content.get("argument")), None, state)
    raise Refusal(400, "kind must be speech or command.")


def read_state(state: Any) -> Dict[str, Any]:
    """The state of the last answer, `{}` for none. Raises Refusal 400 when it cannot have come from here."""
    if state is None:
        return {}
    if not isinstance(state, dict):
        raise Refusal(400, "state must be an object or null.")
    if state.get("phase") not in PHASES:
        raise Refusal(400, "state.phase is none of the phases.")
    step = state.get("step")
    if step is not None and not (isinstance(step, str) and STEP.fullmatch(step)):
        raise Refusal(400, "state.step must be a short name or null.")
    return state


def read_text(text: Any) -> str:
    """Typed words as they are, never cut or trimmed. Raises Refusal 422 when empty or too long, 400 when no text."""
    if not isinstance(text, str):
        raise Refusal(400, "Speech needs a text.")
    if SURROGATE.search(text):
        raise Refusal(400, "The text holds half a character.")
    if not text.strip():
        raise Refusal(422, "The text is empty.")
    if len(text) > TEXT_CODE_POINTS:
        raise Refusal(422, "The text is longer than 2000 characters.")
    return text


def read_argument(argument: Any) -> Dict[str, Any]:
    """A command's argument, `{}` for none. Raises Refusal 400 when it is no small object."""
    if argument is None:
        return {}
    if not isinstance(argument, dict):
        raise Refusal(400, "argument must be an object.")
    encoded = json.dumps(argument)
    if len(encoded) > ARGUMENT_BYTES:
        raise Refusal(413, "argument is larger than 4 KiB.")
    return argument


def refuse_constant(name: str) -> None:
    """NaN and the infinities are not JSON, though Python's reader lets them through."""
    raise ValueError(name)
