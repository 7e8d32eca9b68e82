"""What the API takes: every body is checked against one of these; a key that is not listed is refused."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from web.rehearsal.controls import LONGEST_TIME_OUT_MINUTES
from web.rehearsal.faults import NotUnderstood
from web.rehearsal.storing import Incoming
from web.rehearsal.typed_text import read_typed

MessageId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
TurnId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
B = TypeVar("B", bound=BaseModel)
Typed = Annotated[str, Field(max_length=50_000)]
"""Longer texts than a reply may be still reach the door, so that safety sees them; the length for a reply is checked after it."""


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NewAttempt(Body):
    """With `assignment_item`, an item of one's own homework: its level (if it sets one), feedback and check are taken."""

    message_id: MessageId
    scene: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,20}$")]
    level: Literal["friendly", "guarded", "upset"] = "friendly"
    feedback: Literal["full", "line", "none"] = "full"
    check: Literal["before", "after", "new"] | None = None
    assignment_item: ItemId | None = None


class NewDrill(Body):
    """With `assignment_item`, an item of one's own homework: its feedback is taken."""

    message_id: MessageId
    skill: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]
    feedback: Literal["full", "line", "none"] = "full"
    assignment_item: ItemId | None = None


class Reply(Body):
    message_id: MessageId
    text: Typed


class GuessArgument(Body):
    feeling: Annotated[str, Field(max_length=200)] = ""
    need: Annotated[str, Field(max_length=200)] = ""


class PlainCommand(Body):
    message_id: MessageId
    command: Literal["begin", "hint", "pause", "resume", "stop", "reveal", "debrief"]


class TimeOut(Body):
    message_id: MessageId
    command: Literal["time_out"]
    minutes: Annotated[int, Field(ge=1, le=LONGEST_TIME_OUT_MINUTES)] = 20


class TryAgain(Body):
    message_id: MessageId
    command: Literal["try_again"]
    turn: TurnId


class Guess(Body):
    message_id: MessageId
    command: Literal["guess"]
    guess: GuessArgument = GuessArgument()


AnyCommand = Annotated[PlainCommand | TimeOut | TryAgain | Guess, Field(discriminator="command")]
"""One of the commands, told apart by `command`."""

COMMAND_READER: TypeAdapter[PlainCommand | TimeOut | TryAgain | Guess] = TypeAdapter(AnyCommand)


class HelpAnswer(Body):
    answer: Literal["not_meant", "resume"]


class SelfCheck(Body):
    """What the client says before a talk; null takes it back."""

    leaning: Literal["want", "should", "unsure"] | None


class CardBody(Body):
    limits: Typed = ""
    signal: Typed = ""
    next_step: Typed = ""
    review: Typed = ""
    review_on: date | None = None


class NoteBody(Body):
    text: Typed


class ShareChoice(Body):
    """With whom (the id of a clinician, from `/carers`) and what of the rehearsal; what is left out is not shared."""

    to: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    talk: bool = False
    note: bool = False
    card: bool = False
    counts: bool = False
    help_pauses: bool = False


class NewShare(ShareChoice):
    """The choice that was previewed, and what the preview gave as `seen`."""

    seen: Annotated[str, Field(max_length=100)]


def read_body(shape: type[B]) -> B:
    """The request's JSON as `shape`; raises NotUnderstood."""
    try:
        return shape.model_validate_json(request.get_data(cache=True))
    except ValidationError:
        raise NotUnderstood from None


def read_command() -> Incoming:
    """The request's JSON as a command; raises NotUnderstood."""
    try:
        body = COMMAND_READER.validate_json(request.get_data(cache=True))
    except ValidationError:
        raise NotUnderstood from None
    return make_command(body)


def make_command(body: PlainCommand | TimeOut | TryAgain | Guess) -> Incoming:
    """The command as the rehearsal takes it. What was guessed keeps only what can be read."""
    if isinstance(body, TimeOut):
        return Incoming(body.message_id, "command", command="time_out", argument={"minutes": body.minutes})
    if isinstance(body, TryAgain):
        return Incoming(body.message_id, "command", command="try_again", argument={"turn": body.turn}, redo_turn_id=body.turn)
    if isinstance(body, Guess):
        typed = {"feeling": body.guess.feeling, "need": body.guess.need}
        argument = {name: read_typed(text, longest=200) for name, text in typed.items() if text.strip()}
        return Incoming(body.message_id, "command", command="guess", argument=argument)
    return Incoming(body.message_id, "command", command=body.command)
