"""What a browser may see, as pages and the JSON API both draw it. What is not in a shape cannot leak."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class MarkShape(Shape):
    """Why some words are marked: the criterion, its name, its part of the codebook, whether it helps or stands in the way, the reason."""

    key: str
    name: str
    kind: Literal["skill", "fault"]
    group: Literal["self", "listening", "limits", "harm"]
    why: str


class SegmentShape(Shape):
    """A piece of a reply, cut on the server; all pieces together are the reply as typed. `marks`: the closest first."""

    text: str
    marks: tuple[MarkShape, ...] = ()


class LineShape(Shape):
    who: Literal["partner", "guide"]
    kind: str
    text: str


class CriterionShape(Shape):
    """One criterion found in a reply, for the fuller view."""

    key: str
    name: str
    kind: Literal["skill", "fault"]
    meaning: str
    evidence: tuple[str, ...]


class ReadingShape(Shape):
    """The feedback on one reply: at most one strength and one next step, the rewording, and what was found."""

    strength: str | None
    next_step: str | None
    rewording: str | None
    criteria: tuple[CriterionShape, ...]


class EndingShape(Shape):
    title: str
    text: str


class RevealShape(Shape):
    feeling: str
    need: str
    text: str


class TurnShape(Shape):
    """One message and its answer. `segments` is what the client said (empty for buttons); `versions` counts the tries of this reply."""

    id: str
    number: int
    message_id: str
    kind: Literal["speech", "command"]
    command: str | None
    status: Literal["sent", "answered", "failed", "replaced"]
    segments: tuple[SegmentShape, ...]
    lines: tuple[LineShape, ...]
    reading: ReadingShape | None
    ending: EndingShape | None
    reveal: RevealShape | None
    versions: int
    can_try_again: bool


class PartnerShape(Shape):
    name: str
    age: int
    pronouns: str
    relationship: str


class SceneShape(Shape):
    """A scene as the client may know it before and during the talk; `partner` is null in a reflection and in a drill."""

    id: str
    version: int
    title: str
    summary: str
    setting: str
    goal: str
    partner: PartnerShape | None
    content_notes: tuple[str, ...]
    power: str
    skills: tuple[str, ...]
    listening: bool
    levels: tuple[str, ...]
    locale: str


class ResourceShape(Shape):
    """Somewhere to turn to."""

    name: str
    about: str
    phone: str
    text: str
    address: str


class HelpShape(Shape):
    """The help panel. `folded`: the client said "that's not what I meant"; `may_take_back`: that can be said now, which is once."""

    kind: str
    folded: bool
    may_take_back: bool
    title: str
    paragraphs: tuple[str, ...]
    resources: tuple[ResourceShape, ...]
    who_is_told: str


class TimelinePoint(Shape):
    """How open the partner was after a reply (0 to 4), and what moved it."""

    turn_id: str
    words: str
    openness: int
    shift: int
    because: str


class SkillCount(Shape):
    key: str
    name: str
    times: int


class ExampleShape(Shape):
    who: Literal["you", "partner"]
    text: str
    why: str | None


class DebriefShape(Shape):
    """What can be looked at once the talk is over; never a grade."""

    timeline: tuple[TimelinePoint, ...]
    skills: tuple[SkillCount, ...]
    ending: EndingShape | None
    reveal: RevealShape | None
    worked_example: tuple[ExampleShape, ...]
    questions: tuple[str, ...]


class AgreementChange(Shape):
    what: Literal["kept", "changed", "withdrawn"]
    at: datetime


class AgreementShape(Shape):
    """The agreement card. `draft`: filled from the talk and not kept yet; `withdrawn`: its words are gone, the dates stay."""

    status: Literal["draft", "kept", "withdrawn"]
    limits: str
    signal: str
    next_step: str
    review: str
    review_on: date | None
    partner_agreed: bool
    changes: tuple[AgreementChange, ...]


class AttemptShape(Shape):
    """One rehearsal. `controls` are the commands possible now, `waiting_turn_id` a message without an answer.

    `away`: nobody is waiting for that answer any more, so the message may be sent again now.
    """

    id: str
    kind: Literal["scene", "drill"]
    scene: SceneShape
    level: str
    feedback: Literal["full", "line", "none"]
    check: Literal["before", "after", "new"] | None
    self_check: Literal["want", "should", "unsure"] | None
    phase: str
    can_speak: bool
    controls: tuple[str, ...]
    waiting_turn_id: str | None
    away: bool
    help: HelpShape | None
    return_at: datetime | None
    created_at: datetime
    erase_after: datetime | None
    turns: tuple[TurnShape, ...]
    debrief: DebriefShape | None
    agreement: AgreementShape | None
    note: str | None


class AttemptSummary(Shape):
    """One line of the list of one's own rehearsals."""

    id: str
    title: str
    level: str
    check: Literal["before", "after", "new"] | None
    phase: str
    created_at: datetime
    last_used_at: datetime
    erase_after: datetime | None


class OutcomeShape(Shape):
    """What became of a message: `answered` with its turn, `sent` (no answer yet; `away`: send it again), or `help`."""

    status: Literal["answered", "sent", "help"]
    away: bool
    doubt: bool
    phase: str
    can_speak: bool
    controls: tuple[str, ...]
    turn: TurnShape | None
    help: HelpShape | None


class CountedAttempt(Shape):
    """A finished rehearsal with how often each skill was used; `check` is set for check scenes."""

    id: str
    title: str
    check: Literal["before", "after", "new"] | None
    level: str
    begun_at: datetime
    replies: int
    skills: tuple[SkillCount, ...]


class CarryOverShape(Shape):
    """Finished rehearsals, oldest first: check scenes apart from those with feedback."""

    checks: tuple[CountedAttempt, ...]
    practice: tuple[CountedAttempt, ...]


class DrillShape(Shape):
    """A one-minute drill to choose."""

    skill: str
    title: str
    intro: str


class OfferShape(Shape):
    scene: SceneShape
    why: str


class LobbyShape(Shape):
    """The answer in the lobby; nothing of it is kept."""

    status: Literal["answered", "away", "help"]
    lines: tuple[LineShape, ...]
    offers: tuple[OfferShape, ...]
    help: HelpShape | None
    doubt: bool
