"""What goes to the practice channel and what comes back (docs/INTERFACES.md), checked on both ways."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Phase = Literal["lobby", "briefing", "scene", "paused", "timed_out", "guess", "reveal", "debrief", "drill", "over"]
Command = Literal[
    "start", "begin", "hint", "try_again", "pause", "resume", "time_out", "stop", "guess", "reveal", "debrief", "drill", "lobby"
]


class Part(BaseModel):
    """Frozen; unknown keys are let through unread, so that an answer may grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Message(Part):
    """One message to the partner. `state` is what the last answer returned, None in the lobby."""

    message_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,64}$")
    kind: Literal["speech", "command"]
    command: Command | None = None
    argument: dict[str, Any] = {}
    text: str | None = None
    state: dict[str, Any] | None = None


class Line(Part):
    who: Literal["partner", "guide"]
    text: str
    kind: Literal["say", "setting", "hint", "closing", "reveal", "offer", "answer", "note"] = "say"


class Evidence(Part):
    """A span of the reply as typed, in code points, and why it counts."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str = ""
    why: str = ""


class Verdict(Part):
    present: bool
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()


class AdviceLine(Part):
    key: str | None = None
    text: str


class Advice(Part):
    strength: AdviceLine | None = None
    next_step: AdviceLine | None = None
    rewording: AdviceLine | None = None


class Feedback(Part):
    rubric: str = ""
    criteria: dict[str, Verdict] = {}
    advice: Advice = Advice()
    counted: tuple[str, ...] = ()


class Offer(Part):
    scene: str
    why: str = ""


class Moved(Part):
    """For the server only until the debrief."""

    openness: int = Field(ge=0, le=4)
    shift: int = 0
    because: str = ""


class Ending(Part):
    id: str
    title: str
    text: str


class Reveal(Part):
    feeling: str
    need: str
    text: str


class DrillReport(Part):
    """How far a drill's round is. `missed`: lines that come back in the next round."""

    skill: str
    left: int = 0
    lines: int = 0
    missed: tuple[str, ...] = ()


class AgreementFound(Part):
    """What a talk came to, in the client's own words; each may be empty."""

    limits: tuple[str, ...] = ()
    signal: str = ""
    next_step: str = ""
    agreed: bool = False
    review: str = ""


class Answer(Part):
    message_id: str
    phase: Phase
    state: dict[str, Any] | None
    lines: tuple[Line, ...] = ()
    feedback: Feedback | None = None
    offers: tuple[Offer, ...] = ()
    moved: Moved | None = None
    ending: Ending | None = None
    reveal: Reveal | None = None
    drill: DrillReport | None = None
    counted: tuple[str, ...] = ()
    agreement: AgreementFound | None = None
    crisis: bool = False
