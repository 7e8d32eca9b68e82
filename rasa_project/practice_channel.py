"""The practice channel: the one way into Rasa, used by `web` alone.

A message comes with its state. The channel writes both into the slots of a fresh tracker, names the intent itself (buttons
and everything said inside a scene) or asks the trained NLU (typed in the lobby), lets Rasa's rules choose and run the action,
reads the answer back and lets the tracker go. Rasa keeps nothing, so any Rasa can take the next message of any attempt.
Every failure is an HTTP error; never 200 with nothing. No typed word reaches a log.
"""

import asyncio
import copy
import hmac
import json
import logging
import uuid
from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from rasa_project.incoming_message import BODY_BYTES, DRILLS, IncomingMessage, Refusal, read_message

logger = logging.getLogger("rasa_project.practice_channel")

REFUSALS_OF_ACTIONS = frozenset({400, 409, 422})


class PracticeChannel(InputChannel):
    """Sanic routes `POST turn` and `GET health` under `/webhooks/practice`."""

    def __init__(self, secret: Text, timeout_seconds: float) -> None:
        """`secret` is shared with web; a turn that takes longer than `timeout_seconds` is answered 504."""
        if not secret or "${" in secret:
            raise ValueError("The practice channel needs a shared secret.")
        self._secret = secret.encode("utf-8")
        self._timeout_seconds = timeout_seconds

    @classmethod
    def name(cls) -> Text:
        """The channel's name in addresses and in Rasa's events."""
        return "practice"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "PracticeChannel":
        """Built from `credentials.yml`. Raises Rasa's missing-credentials error without them."""
        if not credentials:
            cls.raise_missing_credentials_exception()
        return cls(secret=str(credentials["secret"]), timeout_seconds=float(credentials.get("timeout_seconds", 20)))

    def blueprint(self, on_new_message) -> Blueprint:
        """The routes. `on_new_message` is not used: the tracker must be ours before Rasa sees the message."""
        practice = Blueprint("practice_channel")

        @practice.listener("before_server_start")
        async def limit_requests(app: Sanic, _loop) -> None:
            app.config.REQUEST_MAX_SIZE = 2 * BODY_BYTES  # read_message holds the exact line, this one saves the memory

        @practice.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return response.json({"status": "no model loaded", "model": None}, status=503)
            return response.json({"status": "ok", "model": agent.processor.model_filename})

        @practice.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            try:
                self.check_secret(request.headers.get("X-Sayable-Secret", ""))
                message = read_message(request.body)
                answer = await asyncio.wait_for(take_turn(request.app.ctx.agent, message), self._timeout_seconds)
            except Refusal as refusal:
                return response.json({"error": refusal.sentence}, status=refusal.status)
            except asyncio.TimeoutError:
                return response.json({"error": "The turn took too long; it can be sent again."}, status=504)
            except Exception as error:
                # Never the exception's text or its trace: both may hold what the client typed.
                logger.error("turn failed: %s", type(error).__name__)
                return response.json({"error": "The switchboard failed; the message can be sent again."}, status=502)
            return response.json(answer)

        @practice.exception(PayloadTooLarge)
        async def refuse_large_body(_request: Request, _error: SanicException) -> HTTPResponse:
            return response.json({"error": "The request is larger than 64 KiB."}, status=413)

        return practice

    def check_secret(self, given: Text) -> None:
        """Compares in constant time. Raises Refusal 401."""
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret):
            raise Refusal(401, "The shared secret is missing or wrong.")


async def take_turn(agent, message: IncomingMessage) -> Dict[Text, Any]:
    """The answer object for one message (docs/INTERFACES.md). Raises Refusal for everything that is not an answer."""
    if agent is None or not agent.is_ready():
        raise Refusal(503, "No model is loaded.")
    processor = agent.processor
    intent, confidence, nearest = await name_intent(processor, message)
    if intent not in processor.domain.intents:
        raise Refusal(422, "There is no such command.")
    tracker = make_tracker(processor.domain, message, nearest)
    await processor.tracker_store.save(tracker)
    await processor.handle_message(
        UserMessage(
            text=message.text or intent,
            output_channel=CollectingOutputChannel(),
            sender_id=tracker.sender_id,
            parse_data={"text": message.text or intent, "intent": {"name": intent, "confidence": confidence}, "entities": []},
            input_channel=PracticeChannel.name(),
            message_id=message.message_id,
        )
    )
    return read_answer(tracker, message)


async def name_intent(processor, message: IncomingMessage) -> Tuple[Text, float, List[Dict[Text, Any]]]:
    """The intent, how sure it is (0 to 1), and the nearest scenes: commands and speech are what they are, lobby speech goes to the NLU."""
    if message.kind == "command":
        if message.command == "drill":
            skill = message.argument.get("skill")
            if skill not in DRILLS:
                raise Refusal(422, "There is no drill for this skill.")
            return f"command_drill_{skill}", 1.0, []
        return f"command_{message.command}", 1.0, []
    if message.phase != "lobby":
        return "speech", 1.0, []
    # A leading slash would make Rasa read the text as an intent with slots; in here it is only a character.
    text = (message.text or "").lstrip("/ \t\r\n\v\f\u00a0\u2028\u2029\x00")
    if not text.strip():
        return "out_of_scope", 1.0, []
    parse_data = await processor.parse_message(UserMessage(text=text))
    intent = parse_data["intent"]
    return intent.get("name") or "nlu_fallback", float(intent.get("confidence") or 0.0), parse_data.get("nearest", [])


def make_tracker(domain, message: IncomingMessage, nearest: List[Dict[Text, Any]]) -> DialogueStateTracker:
    """A fresh tracker under a name of its own, the message and its state written into the slots, waiting for the user.

    The state goes in as JSON text and as the slot's first value: Rasa copies, walks and re-sends everything that stands in slots
    and events, and a text is copied once and walked never. So a long talk's state costs hardly more than a short one's.
    """
    slots = [copy.copy(slot) for slot in domain.slots]
    for slot in slots:
        if slot.name == "state":
            slot.initial_value = json.dumps(message.state)
        elif slot.name == "incoming":
            slot.initial_value = {**message.for_actions(), "nearest": nearest}
    tracker = DialogueStateTracker(uuid.uuid4().hex, slots)
    tracker.update(SlotSet("phase", message.phase), domain)
    tracker.update(SlotSet("step", message.step), domain)
    tracker.update(ActionExecuted("action_listen"), domain)
    return tracker


def read_answer(tracker: DialogueStateTracker, message: IncomingMessage) -> Dict[Text, Any]:
    """The `answer` slot that the action filled. Raises Refusal 409 when no rule fits, 502 when the action gave nothing."""
    written = tracker.get_slot("answer")
    if written is None:
        ran = [event.action_name for event in tracker.events if isinstance(event, ActionExecuted)]
        rejected = any(isinstance(event, ActionExecutionRejected) for event in tracker.events)
        if "action_default_fallback" in ran and not rejected:
            raise Refusal(409, f"This is not possible in the phase {message.phase}.")
        raise Refusal(502, "The action server is away or failed; the message can be sent again.")
    answer = json.loads(written)
    refused = answer.get("refused")
    if refused is not None:
        status = refused.get("status")
        raise Refusal(status if status in REFUSALS_OF_ACTIONS else 502, str(refused.get("error", "The action failed.")))
    return answer
