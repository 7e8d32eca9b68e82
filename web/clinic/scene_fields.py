"""What a field and a section of the form of a scene are, and the choices that fields offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _

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


def choose_from(*values: str) -> tuple[tuple[str, Label], ...]:
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
