"""The form of a scene, section by section: which fields stand where, as data. What a field may hold is known to the readers alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _

from data.criteria import KEYS
from data.lexicons.families import load_feelings, load_needs
from data.scenarios.groups import GROUPS, LEVELS

Kind = Literal["line", "text", "lines", "number", "choice", "checks", "flag", "banded", "entries"]
Label = Any
"""A text, or a lazy one of gettext."""


@dataclass(frozen=True)
class Field:
    """One field. `name` is its place in the YAML (`partner.hidden.need`); of an entry's field, its place in the entry."""

    name: str
    kind: Kind
    label: Label
    help: Label = ""
    options: tuple[tuple[str, Label], ...] = ()
    fields: tuple[Field, ...] = ()
    """of entries"""
    spare: int = 1
    """empty entries to fill in"""


@dataclass(frozen=True)
class Section:
    key: str
    title: Label
    lead: Label
    fields: tuple[Field, ...]


def _choose(*values: str) -> tuple[tuple[str, Label], ...]:
    return tuple((value, value) for value in values)


LEVEL_NAMES: dict[str, Label] = {"friendly": _("friendly"), "guarded": _("guarded"), "upset": _("upset")}
BAND_NAMES: dict[str, Label] = {"any": _("whatever the mood"), "open": _("when open"), "closed": _("when closed")}
POWER: tuple[tuple[str, Label], ...] = (
    ("equal", _("equal")),
    ("client_holds_more", _("the client holds more")),
    ("partner_holds_more", _("the partner holds more")),
)
STAGES: tuple[tuple[str, Label], ...] = (
    ("start", _("start: nothing shared yet")),
    ("hear", _("hear: the partner has told something")),
    ("share", _("share: heard, nothing of one's own said yet")),
    ("ask", _("ask: both sides are on the table")),
    ("limit", _("limit: the partner tests a limit")),
    ("mend", _("mend: something landed hard")),
    ("close", _("close: a step is agreed")),
)
CONDITIONS = ("step_agreed", "reviewed", "limit_kept", "heard", "no_accepted", "repaired", "open", "next_talk", "stopped", "pressed")
ONE_A_LINE = _("one a line")

ABOUT = Section(
    "about",
    _("About"),
    _("What stands on the card and in the list. Every character in every scene is an adult."),
    (
        Field("title", "line", _("Title"), _("neutral enough for a shared screen")),
        Field("summary", "line", _("One sentence for the list")),
        Field("content_notes", "lines", _("Topics a person may wish to avoid"), ONE_A_LINE),
        Field("power", "choice", _("Who depends on whom"), _("money, home, care, job, papers"), POWER),
        Field("asks_for", "lines", _("How a client might say that they want to practise this"), _("three or more, one a line")),
        Field("focus", "lines", _("What is practised, in plain words"), ONE_A_LINE),
        Field("techniques", "lines", _("Techniques"), _("T01, T31 …, one a line")),
        Field("locale", "line", _("Language"), _("en, de, es …")),
        Field("author", "line", _("Written by")),
        Field("licence", "line", _("Licence")),
        Field("review_by", "line", _("To be read again by"), _("a date: 2027-11-01")),
    ),
)
SETTING = Section(
    "setting",
    _("Setting"),
    _("Second person, present tense: where you are, who they are to you, what led here. The goal is never to get a yes."),
    (Field("setting", "text", _("The setting")), Field("client_goal", "text", _("What to practise"))),
)
AIMS = Section(
    "aims",
    _("Aims"),
    _("The skills that count in this scene."),
    (
        Field("aims", "checks", _("Skills"), "", _choose(*(key for key in KEYS if key != "crisis"))),
        Field("listening", "flag", _("The client's part is to listen; no request is expected of them")),
    ),
)
WHO = Section(
    "who",
    _("Who"),
    _("The partner: an adult, with a voice of their own."),
    (
        Field("partner.name", "line", _("Name")),
        Field("partner.age", "number", _("Age"), _("18 or more")),
        Field("partner.pronouns", "line", _("Pronouns")),
        Field("partner.relationship", "line", _("Who they are to the client")),
        Field("partner.voice", "text", _("Voice"), _("verbal habits, tempo, what they do with their hands")),
        Field(
            "partner.says_no", "line", _("What they have declined when the talk opens"), _("only for scenes of hearing a no; else empty")
        ),
    ),
)
LEVEL_SECTION = Section(
    "levels",
    _("Levels"),
    _("How open the partner is at the start and at most, from 0 (closed) to 4, and how often a limit is tested before it is kept."),
    (
        *(Field(f"partner.start.{level}", "number", _("Openness at the start: %(level)s", level=LEVEL_NAMES[level])) for level in LEVELS),
        *(Field(f"partner.ceiling.{level}", "number", _("Openness at most: %(level)s", level=LEVEL_NAMES[level])) for level in LEVELS),
        *(Field(f"partner.tests_limit.{level}", "number", _("Tests of a limit: %(level)s", level=LEVEL_NAMES[level])) for level in LEVELS),
        Field("min_turns", "number", _("A good ending at the earliest after so many replies")),
        Field("max_turns", "number", _("The talk closes kindly after so many replies")),
        Field("agrees_after", "number", _("Layers told before a step can be agreed")),
    ),
)
OPENING = Section(
    "opening",
    _("First lines"),
    _("The partner speaks first, so that the client has something to answer. Two or more for each level."),
    tuple(Field(f"opening.{level}", "lines", LEVEL_NAMES[level], ONE_A_LINE) for level in LEVELS),
)
LAYERS = Section(
    "layers",
    _("Layers"),
    _("What the partner tells only when heard well: in order, one for each good listening reply, once openness is reached."),
    (
        Field(
            "layers",
            "entries",
            _("Layer"),
            fields=(
                Field("id", "line", _("Short name"), _("small letters and _")),
                Field("openness", "number", _("From openness"), _("1, 2, 3")),
                Field("says", "lines", _("What they tell, in two or three variants"), ONE_A_LINE),
            ),
        ),
    ),
)
TOPICS = Section(
    "topics",
    _("Topics"),
    _("What the partner knows about: 9 to 14 of them make a partner who listens. An empty topic is left out."),
    (
        Field(
            "topics",
            "entries",
            _("Topic"),
            fields=(
                Field("id", "line", _("Short name")),
                Field("cues", "lines", _("Words by which it is known"), _("small letters, one a line")),
                Field("asked", "banded", _("Answers to a question about it")),
                Field("told", "banded", _("When the client brings it up"), _("may use {feeling} {need}")),
                Field("agree", "lines", _("A proposed step about it: yes"), _("may use {step}")),
                Field("hesitate", "lines", _("A proposed step about it, too early"), _("may use {step}")),
                Field("decline", "lines", _("A proposed step about it: no, and why"), _("may use {step}")),
                Field("after", "line", _("Only once this other topic has come up")),
            ),
        ),
    ),
)
STEPS = Section(
    "steps",
    _("Steps"),
    _("What the partner proposes instead, and what they answer when asked about something they have just said."),
    (
        Field(
            "amends",
            "entries",
            _("Counter-proposal"),
            fields=(
                Field("says", "line", _("What they say")),
                Field("step", "line", _("The step in a few words, for the agreement card")),
                Field("fits", "lines", _("Topics it answers; empty: any"), ONE_A_LINE),
            ),
        ),
        Field(
            "follow_ups",
            "entries",
            _("Follow-up"),
            fields=(
                Field("to", "lines", _("Words of their own line"), ONE_A_LINE),
                Field("says", "lines", _("What they answer"), ONE_A_LINE),
                Field("told", "lines", _("What they say when the client takes it up"), ONE_A_LINE),
            ),
            spare=2,
        ),
    ),
)
HINTS = Section(
    "hints",
    _("Hints"),
    _("For each stage where to look, a sentence starter, one way to say it. Needed: start, hear, mend; and ask, unless listening."),
    (
        Field(
            "hints",
            "entries",
            _("Hint"),
            fields=(
                Field("stage", "choice", _("Stage"), "", STAGES),
                Field("nudge", "line", _("Nudge: where to look")),
                Field("cue", "line", _("Cue: a sentence starter")),
                Field("example", "line", _("Example: one way to say it")),
            ),
        ),
    ),
)
ENDINGS = Section(
    "endings",
    _("Endings"),
    _("The first whose conditions all hold; stricter ones first. next_talk, stopped and pressed stand alone and must be there."),
    (
        Field(
            "endings",
            "entries",
            _("Ending"),
            fields=(
                Field("id", "line", _("Short name")),
                Field("title", "line", _("Title")),
                Field("when", "checks", _("When all of these hold"), "", _choose(*CONDITIONS)),
                Field("says", "lines", _("The partner's last words"), _("one a line; may use {step} {limit}, at least one without")),
                Field("text", "text", _("The narrator's words")),
            ),
        ),
    ),
)
WORKED = Section(
    "worked_example",
    _("Worked example"),
    _("Six to eight exchanges, shown after an attempt, with a reason beside each good reply."),
    (
        Field(
            "worked_example",
            "entries",
            _("Line"),
            fields=(
                Field("who", "choice", _("Who"), "", (("partner", _("the partner")), ("you", _("you")))),
                Field("says", "line", _("Says")),
                Field("why", "line", _("Why this helps")),
            ),
            spare=2,
        ),
    ),
)
DEBRIEF = Section(
    "debrief",
    _("Afterwards"),
    "",
    (
        Field("debrief.sound_wording", "text", _("When the wording was sound and the partner stayed closed all the same")),
        Field("debrief.questions", "lines", _("Questions to think about"), _("two to four, one a line")),
    ),
)
PROMPTS = Section(
    "prompts",
    _("Questions"),
    _("The questions of the reflection, one after another; each may be skipped."),
    (
        Field(
            "prompts",
            "entries",
            _("Question"),
            fields=(
                Field("id", "line", _("Short name")),
                Field("asks", "lines", _("The question, in variants"), ONE_A_LINE),
                Field("helps", "lines", _("When somebody is stuck"), ONE_A_LINE),
            ),
        ),
    ),
)
ANSWERS = Section(
    "answers",
    _("Answers"),
    "",
    (
        Field("receives", "lines", _("Said after an answer"), _("six or more, one a line")),
        Field("skips", "lines", _("Said after “I don't know”, “skip” or silence"), _("three or more")),
        Field("self_blame", "lines", _("A kinder voice, when the words are hard on oneself"), _("two or more")),
        Field("closing", "lines", _("At the end"), _("two or more")),
    ),
)

CHAPTERS: tuple[tuple[str, Label, str, str], ...] = (
    ("lines-listening", _("Lines: the client listens"), "heard", "thanked"),
    ("lines-asking", _("Lines: the client asks"), "asked_feeling", "room_given"),
    ("lines-sharing", _("Lines: the client speaks for themselves"), "shared_feeling", "recalls"),
    ("lines-steps", _("Lines: steps and limits"), "step_hesitate", "no_accepted"),
    ("lines-harm", _("Lines: repair and harm"), "repaired", "hostile"),
    ("lines-people", _("Lines: what people also say"), "client_yes", "leaving"),
    ("lines-closing", _("Lines: pause, stop, close"), "stopped", "fallback"),
)
"""Key, title, first and last group of each chapter, in the order of `GROUPS`."""


def _make_chapter(key: str, title: Label, first: str, last: str) -> Section:
    names = list(GROUPS)
    fields = []
    for name in names[names.index(first) : names.index(last) + 1]:
        group = GROUPS[name]
        slots = " ".join(f"{{{slot}}}" for slot in sorted(group.slots))
        least = _("at least %(number)s", number=group.least) if group.least else _("may stay empty")
        about = _("%(least)s; may use %(slots)s", least=least, slots=slots) if slots else least
        fields.append(Field(f"lines.{name}", "banded", f"{name}: {group.said_when}", about))
    lead = _("What the partner says when the client … One line in each line of a box; open and closed where the mood makes a difference.")
    return Section(key, title, lead, tuple(fields))


def _make_feelings() -> Section:
    feelings, needs = _choose(*load_feelings().words), _choose(*load_needs().words)
    return Section(
        "feelings",
        _("Feelings"),
        _("What shows, and what lies underneath: the two must be tellable apart, so no family stands in both, nor one near it."),
        (
            Field("partner.surface.feeling", "line", _("The feeling that shows")),
            Field("partner.surface.families", "checks", _("Its families"), "", feelings),
            Field("partner.hidden.feeling", "line", _("The feeling underneath")),
            Field("partner.hidden.families", "checks", _("Its families"), "", feelings),
            Field("partner.hidden.need", "line", _("What they need")),
            Field("partner.hidden.need_families", "checks", _("Its families"), "", needs),
            Field("partner.hidden.told", "text", _("What they say at the reveal, in the first person")),
            Field("partner.also", "checks", _("Feelings that are there too"), _("guessed, they are “true, and not all of it”"), feelings),
        ),
    )


TALK: tuple[Section, ...] = (
    ABOUT,
    SETTING,
    AIMS,
    WHO,
    _make_feelings(),
    LEVEL_SECTION,
    OPENING,
    LAYERS,
    TOPICS,
    STEPS,
    *(_make_chapter(*chapter) for chapter in CHAPTERS),
    HINTS,
    ENDINGS,
    WORKED,
    DEBRIEF,
)
REFLECTION: tuple[Section, ...] = (ABOUT, SETTING, PROMPTS, ANSWERS, DEBRIEF)


def list_sections(value: Mapping[str, Any]) -> tuple[Section, ...]:
    """The sections of a talk or of a reflection."""
    return REFLECTION if value.get("kind") == "reflection" else TALK


def find_section(value: Mapping[str, Any], key: str) -> Section | None:
    return next((section for section in list_sections(value) if section.key == key), None)
