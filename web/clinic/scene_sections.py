"""The form of a scene, section by section: which fields stand where, as data. What a field may hold is known to the readers alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from web.clinic.scene_fields import ONE_A_LINE, POWER, Field, Section
from web.clinic.sections_of_partner import FEELINGS, LAYERS, LEVEL_SECTION, OPENING, STEPS, TOPICS, WHO
from web.clinic.sections_of_reflection import ANSWERS, PROMPTS
from web.clinic.sections_of_talk import AIMS, ENDINGS, HINTS, LINES, WORKED

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
DEBRIEF = Section(
    "debrief",
    _("Afterwards"),
    "",
    (
        Field("debrief.sound_wording", "text", _("When the wording was sound and the partner stayed closed all the same")),
        Field("debrief.questions", "lines", _("Questions to think about"), _("two to four, one a line")),
    ),
)

TALK: tuple[Section, ...] = (
    ABOUT,
    SETTING,
    AIMS,
    WHO,
    FEELINGS,
    LEVEL_SECTION,
    OPENING,
    LAYERS,
    TOPICS,
    STEPS,
    *LINES,
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
