"""What a scene is: the pydantic models behind `data/scenarios/*.yml` and their JSON Schema. docs/SCENES.md explains them to writers."""

from __future__ import annotations

import datetime
import functools
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from data.criteria import KEYS
from data.scenarios.groups import GROUPS, LEVELS
from data.scenarios.line_book import Spoken, fill_book
from data.scenarios.visible_words import Readable

Text = Annotated[str, Field(min_length=2, max_length=1200), Readable()]
Say = Annotated[str, Field(min_length=2, max_length=420), Readable()]  # one thing a person says in one breath
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Cue = Annotated[str, Field(min_length=2, max_length=60), Readable(digits=True)]
Level = Literal["friendly", "guarded", "upset"]
Openness = Annotated[int, Field(ge=0, le=4)]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Banded(Part):
    """Lines by how open the partner is: closed (openness 0–1), open (2–4), any."""

    closed: tuple[Say, ...] = ()
    open: tuple[Say, ...] = ()
    any: tuple[Say, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def read_plain_list(cls, value: Any) -> Any:
        """A plain list means: for any openness."""
        return {"any": value} if isinstance(value, list | tuple) else value

    def said(self) -> list[tuple[str, str]]:
        """(band, text) in file order of the bands."""
        return [(band, text) for band in ("any", "open", "closed") for text in getattr(self, band)]


class Surface(Part):
    feeling: Text
    families: Annotated[tuple[Name, ...], Field(min_length=1)]


class Hidden(Part):
    feeling: Text
    families: Annotated[tuple[Name, ...], Field(min_length=1)]
    need: Text
    need_families: Annotated[tuple[Name, ...], Field(min_length=1)]
    told: Text  # what the partner says at the reveal, in the first person


class Start(Part):
    friendly: Openness = 2
    guarded: Openness = 1
    upset: Openness = 0


class Ceiling(Part):
    friendly: Openness = 4
    guarded: Openness = 4
    upset: Openness = 3


class Tests(Part):
    """How often the partner tests a limit before keeping to it, by level."""

    friendly: Annotated[int, Field(ge=0, le=3)] = 0
    guarded: Annotated[int, Field(ge=0, le=3)] = 0
    upset: Annotated[int, Field(ge=0, le=3)] = 1


class Partner(Part):
    name: Annotated[str, Field(min_length=1, max_length=40), Readable()]
    age: Annotated[int, Field(ge=18, le=110)]
    pronouns: Annotated[str, Field(min_length=3, max_length=30), Readable()]
    relationship: Text
    voice: Text
    surface: Surface
    hidden: Hidden
    also: tuple[Name, ...] = ()  # families that are there too: guessed, they are "true, and not all of it"
    start: Start = Start()
    ceiling: Ceiling = Ceiling()
    tests_limit: Tests = Tests()
    says_no: Text | None = None  # what the partner has declined when the talk opens (scenes of hearing a no)


class Layer(Part):
    """Something the partner tells only when heard well and open enough."""

    id: Name
    openness: Openness
    says: Annotated[tuple[Say, ...], Field(min_length=1)]


class Amendment(Part):
    """A counter-proposal: what the partner says, and the same step in a few words for the agreement card."""

    says: Say
    fits: tuple[Name, ...] = ()  # topics of the proposals it answers; without them it fits any proposal
    step: Annotated[str, Field(min_length=3, max_length=120), Readable()]


class Topic(Part):
    """Something the partner knows about: asked, told by the client, or part of a proposed step."""

    id: Name
    cues: Annotated[tuple[Cue, ...], Field(min_length=1)]
    asked: Banded = Banded()
    told: Banded = Banded()
    agree: tuple[Say, ...] = ()
    hesitate: tuple[Say, ...] = ()
    decline: tuple[Say, ...] = ()  # an honest no to a step about this, also when open and heard
    after: Name | None = None  # only once this other topic has come up


class FollowUp(Part):
    """What the partner answers when the client asks (`says`) or tells (`told`) something about what the partner has just said."""

    to: Annotated[tuple[Cue, ...], Field(min_length=1)]  # words of the partner's own line
    says: tuple[Say, ...] = ()
    told: tuple[Say, ...] = ()

    @model_validator(mode="after")
    def say_something(self) -> FollowUp:
        if not self.says and not self.told:
            raise ValueError("a follow-up without lines; add `says:` (answers) or `told:` (when the client answers)")
        return self


class Hint(Part):
    stage: Literal["start", "hear", "share", "ask", "limit", "mend", "close"]
    nudge: Text
    cue: Text
    example: Text


Condition = Literal["step_agreed", "limit_kept", "heard", "no_accepted", "repaired", "reviewed", "open", "next_talk", "stopped", "pressed"]


class Ending(Part):
    id: Name
    title: Annotated[str, Field(min_length=3, max_length=80), Readable()]
    when: Annotated[tuple[Condition, ...], Field(min_length=1)]
    says: Annotated[tuple[Say, ...], Field(min_length=1)]
    text: Text


class Exchange(Part):
    who: Literal["you", "partner"]
    says: Say
    why: Text | None = None


class Debrief(Part):
    sound_wording: Text  # shown when the client's wording was sound and the partner stayed closed all the same
    questions: Annotated[tuple[Text, ...], Field(min_length=2)]


class Head(Part):
    """What every scene file begins with, whether it is a talk or a reflection."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9_]{1,19}$")]
    version: Annotated[int, Field(ge=1)]
    locale: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
    title: Annotated[str, Field(min_length=3, max_length=60), Readable()]
    summary: Annotated[str, Field(min_length=10, max_length=200), Readable()]
    adults_only: Literal[True]
    content_notes: tuple[Annotated[str, Field(min_length=2, max_length=60), Readable()], ...]
    power: Literal["equal", "client_holds_more", "partner_holds_more"]
    author: Text
    licence: Text
    review_by: datetime.date
    techniques: Annotated[tuple[Annotated[str, Field(pattern=r"^T[0-5][0-9]$")], ...], Field(min_length=1)]
    focus: Annotated[tuple[Text, ...], Field(min_length=1)]
    asks_for: Annotated[tuple[Text, ...], Field(min_length=3)]
    setting: Text
    client_goal: Text


class Prompt(Part):
    """One question of a reflection: `asks` in variants, `helps` when somebody is stuck."""

    id: Name
    asks: Annotated[tuple[Say, ...], Field(min_length=1)]
    helps: Annotated[tuple[Say, ...], Field(min_length=1)]


class Reflection(Head):
    """A guided reflection: no partner, nothing scored, nothing agreed; prompts one after another, each of which may be skipped."""

    kind: Literal["reflection"]
    prompts: Annotated[tuple[Prompt, ...], Field(min_length=4)]
    receives: Annotated[tuple[Say, ...], Field(min_length=6)]  # said after an answer
    skips: Annotated[tuple[Say, ...], Field(min_length=3)]  # said after "I don't know", "skip", silence
    self_blame: Annotated[tuple[Say, ...], Field(min_length=2)]  # a kinder voice, offered when the words are hard on oneself
    closing: Annotated[tuple[Say, ...], Field(min_length=2)]
    debrief: Debrief

    @property
    def partner(self) -> None:
        """Nobody: a reflection is with oneself."""

    @property
    def aims(self) -> tuple[str, ...]:
        """Nothing here is scored."""
        return ()

    @property
    def listening(self) -> bool:
        return False


class Scene(Head):
    """A scene with a partner. Every name here is a key of the YAML file."""

    kind: Literal["talk"] = "talk"
    aims: Annotated[tuple[str, ...], Field(min_length=1)]
    listening: bool
    partner: Partner
    min_turns: Annotated[int, Field(ge=2, le=30)] = 5
    max_turns: Annotated[int, Field(ge=8, le=500)] = 24
    agrees_after: Annotated[int, Field(ge=0, le=6)] = 1  # layers told before a step can be agreed
    opening: dict[str, Annotated[tuple[Say, ...], Field(min_length=1)]]
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
    topics: Annotated[tuple[Topic, ...], Field(min_length=3)]
    amends: tuple[Amendment, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    lines: dict[str, Banded]
    hints: Annotated[tuple[Hint, ...], Field(min_length=3)]
    endings: Annotated[tuple[Ending, ...], Field(min_length=4)]
    worked_example: Annotated[tuple[Exchange, ...], Field(min_length=4)]
    debrief: Debrief

    @functools.cached_property
    def book(self) -> dict[str, tuple[Spoken, ...]]:
        """Partner lines by pool (see `line_book`)."""
        return fill_book(self)

    @field_validator("aims")
    @classmethod
    def know_the_criteria(cls, aims: tuple[str, ...]) -> tuple[str, ...]:
        for key in aims:
            if key not in KEYS:
                raise ValueError(f"{key!r} is not a criterion; use keys of the codebook: {', '.join(KEYS)}")
        return aims

    @field_validator("opening")
    @classmethod
    def open_every_level(cls, opening: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for level in opening:
            if level not in LEVELS:
                raise ValueError(f"no such level: {level!r}; the levels are {', '.join(LEVELS)}")
        for level in LEVELS:
            if level not in opening:
                raise ValueError(f"no opening for the level {level!r}; add one")
        return opening

    @field_validator("lines")
    @classmethod
    def know_the_groups(cls, lines: dict[str, Banded]) -> dict[str, Banded]:
        for group in lines:
            if group not in GROUPS:
                raise ValueError(f"no such group of lines: {group!r}; the groups are: {', '.join(GROUPS)}")
        for group, about in GROUPS.items():
            had = len(lines[group].said()) if group in lines else 0
            if had < about.least:
                raise ValueError(f"the group {group!r} has {had} lines and needs {about.least}; write lines for: {about.said_when}")
        return lines
