"""The form of a scene: what is practised in the talk, the lines that answer a reply, hints, endings, a worked example."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from data.criteria import KEYS
from data.scenarios.groups import GROUPS
from web.clinic.scene_fields import CONDITIONS, STAGES, Field, Label, Section, choose_from

AIMS = Section(
    "aims",
    _("Aims"),
    _("The skills that count in this scene."),
    (
        Field("aims", "checks", _("Skills"), "", choose_from(*(key for key in KEYS if key != "crisis"))),
        Field("listening", "flag", _("The client's part is to listen; no request is expected of them")),
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
                Field("when", "checks", _("When all of these hold"), "", choose_from(*CONDITIONS)),
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


def make_chapter(key: str, title: Label, first: str, last: str) -> Section:
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


LINES = tuple(make_chapter(*chapter) for chapter in CHAPTERS)
