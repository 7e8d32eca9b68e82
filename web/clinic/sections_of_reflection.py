"""The form of a reflection: its questions, and what is said to an answer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from web.clinic.scene_fields import ONE_A_LINE, Field, Section

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
