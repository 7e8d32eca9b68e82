"""The form of a scene: who the partner is, how open, and what they know, tell and propose."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from data.lexicons.families import load_feelings, load_needs
from data.scenarios.groups import LEVELS
from web.clinic.scene_fields import LEVEL_NAMES, ONE_A_LINE, Field, Section, choose_from

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


def make_feelings() -> Section:
    feelings, needs = choose_from(*load_feelings().words), choose_from(*load_needs().words)
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


FEELINGS = make_feelings()
