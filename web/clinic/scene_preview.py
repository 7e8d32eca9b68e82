"""A talk with a draft, through Rasa and the actions as a client's would go. Nothing of it is kept: the page itself carries it, signed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from web.clinic.scene_checks import tell_faults
from web.clinic.scene_files import lay_draft
from web.clinic.scene_refusals import FaultsLeft
from web.clinic.scene_text import read_value
from web.clinic.scene_versions import find_draft
from web.dialogue.messages import Answer, Message
from web.rehearsal.controls import CONTROLS
from web.rehearsal.door import MODEL_KIND
from web.rehearsal.faults import NotNow, NotUnderstood
from web.rehearsal.highlights import list_criteria
from web.rehearsal.house import House
from web.rehearsal.own_words import put_in_own_words
from web.rehearsal.typed_text import read_typed

MOST_TURNS = 60
COMMANDS = ("begin", "hint", "pause", "resume", "stop", "guess", "reveal", "debrief")
LEVELS = ("friendly", "guarded", "upset")


@dataclass(frozen=True)
class Step:
    """One exchange: what was said (None for a button), what came back, what was found in the words and what moved the partner."""

    said: str | None
    lines: list[list[str]]
    found: list[list[Any]] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    moved: str = ""
    ending: str = ""


@dataclass(frozen=True)
class Played:
    """A preview as it stands. `token` is all of it, signed, to go on with."""

    scene_id: str
    version: int
    partner: str
    level: str
    phase: str
    steps: list[Step]
    token: str = ""

    @property
    def controls(self) -> tuple[str, ...]:
        return tuple(command for command in CONTROLS.get(self.phase, ()) if command in COMMANDS)

    @property
    def can_speak(self) -> bool:
        return self.phase in ("scene", "paused", "timed_out") and len(self.steps) < MOST_TURNS


class HelpFirst(Exception):
    """Safety spoke: nothing was sent, and the page shows where help is."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind


def begin_preview(house: House, secret: str, scene_id: str, level: str) -> Played:
    """Begin with the draft as it is kept now. Raises FaultsLeft, DialogueAway, DialogueRefused."""
    with house.database.reading() as session:
        row = find_draft(session, scene_id)
        text, version = row.content or "", row.version
    if level not in LEVELS:
        raise NotUnderstood
    if tell_faults(text, scene_id, version):
        raise FaultsLeft
    draft = lay_draft(house.own.folder, scene_id, version, text)
    argument = {"scene": scene_id, "version": version, "draft": draft, "level": level, "feedback": "full"}
    seed = secrets.randbelow(2**31 - 1)
    answer = house.dialogue.send(Message(message_id=_make_id(), kind="command", command="start", argument={**argument, "seed": seed}))
    partner = ((read_value(text) or {}).get("partner") or {}).get("name", "")
    played = Played(scene_id, version, str(partner), level, answer.phase, [_draw_step(house, None, answer)])
    return _sign(secret, played, answer.state)


def go_on(house: House, secret: str, scene_id: str, token: str, *, text: str | None = None, command: str = "") -> Played:
    """Say something or press a button. Raises HelpFirst, NotNow, NotUnderstood, DialogueAway, DialogueRefused."""
    played, state = read_token(secret, scene_id, token)
    if text is not None:
        finding = house.door.look_at(text)
        if finding is not None and finding.tier == 1:
            raise HelpFirst(finding.kind)
        if not played.can_speak:
            raise NotNow
        message = Message(message_id=_make_id(), kind="speech", text=read_typed(text), state=state)
    else:
        if command not in played.controls:
            raise NotNow
        message = Message.model_validate({"message_id": _make_id(), "kind": "command", "command": command, "state": state})
    answer = house.dialogue.send(message)
    if answer.crisis:
        raise HelpFirst(MODEL_KIND)
    step = _draw_step(house, message.text, answer)
    further = Played(scene_id, played.version, played.partner, played.level, answer.phase, [*played.steps, step])
    return _sign(secret, further, answer.state)


def read_token(secret: str, scene_id: str, token: str) -> tuple[Played, dict[str, Any] | None]:
    """What a page carried, if this house signed it for this scene. Raises NotUnderstood."""
    try:
        kept: Mapping[str, Any] = _signer(secret).loads(token)
    except BadSignature:
        raise NotUnderstood from None
    if kept["played"]["scene_id"] != scene_id:
        raise NotUnderstood
    steps = [Step(**step) for step in kept["played"]["steps"]]
    return Played(**{**kept["played"], "steps": steps, "token": token}), kept["state"]


def _draw_step(house: House, said: str | None, answer: Answer) -> Step:
    own = house.own.words
    lines = [[line.who, line.kind, own.tell_line(line.who, line.text)] for line in answer.lines]
    found: list[list[Any]] = []
    advice: list[str] = []
    if answer.feedback is not None and said:
        feedback = put_in_own_words(answer.feedback, own)
        found = [[one.name, one.kind, list(one.evidence)] for one in list_criteria(said, feedback, house.wording)]
        given = (feedback.advice.strength, feedback.advice.next_step, feedback.advice.rewording)
        advice = [line.text for line in given if line is not None]
    moved = answer.moved
    told = "" if moved is None else f"{moved.openness} ({moved.shift:+d}) {own.around.tell(moved.because)}"
    if answer.reveal is not None:
        lines.append(["guide", "reveal", f"{answer.reveal.feeling} · {answer.reveal.need}"])
    ending = "" if answer.ending is None else f"{answer.ending.title}: {answer.ending.text}"
    return Step(said, lines, found, advice, told, ending)


def _sign(secret: str, played: Played, state: dict[str, Any] | None) -> Played:
    kept = {**asdict(played), "token": ""}
    return Played(**{**played.__dict__, "token": str(_signer(secret).dumps({"played": kept, "state": state}))})


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="scene preview")


def _make_id() -> str:
    return secrets.token_hex(16)
