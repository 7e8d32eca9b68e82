"""One page before a meeting: what was practised, what is shared, what to talk about. It holds no word a client typed:

those are read on the pages of what is shared, where the client can take them back; a sheet of paper cannot be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from web.clinic.case_words import list_talking_points, tell_day, tell_parts, tell_state, tell_titles
from web.clinic.client_page import ClientPage
from web.clinic.progress import Progress
from web.rehearsal.house import House

MOST_LINES = 8
"""In each section, so that it stays one page."""
MOST_ROUNDS = 10
"""The latest rehearsals whose counts are listed."""


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What stands on the page, in plain lines: the same for the browser and for the PDF."""

    title: str
    made: str
    sections: tuple[Section, ...]
    footer: str


def make_sheet(house: House, page: ClientPage, now: datetime) -> Sheet:
    """The sheet of one client, from what their page has."""
    row = page.row
    practised = (
        _("Last practised: %(day)s", day=_tell_moment(row.last_practised_at)) if row.last_practised_at else _("Nothing practised yet")
    )
    homework = [practised]
    for state in row.homework:
        words = f"{tell_titles(house, state)}: {tell_state(state)}"
        if state.late:
            words += ", " + _("late")
        if state.due_on is not None:
            words += ", " + _("for %(day)s", day=tell_day(state.due_on))
        if state.practised_at:
            words += ", " + ngettext("practised %(num)s time", "practised %(num)s times", len(state.practised_at))
        homework.append(words)
    shared = [
        _("“%(title)s”, %(day)s: %(parts)s", title=each.title, day=_tell_moment(each.shared_at), parts=tell_parts(each.parts))
        for each in row.shares
    ]
    sections = [
        Section(_("To talk about"), _cut(list_talking_points(house, row))),
        Section(_("Homework"), _cut(homework)),
        Section(_("Shared"), _cut(shared)),
        Section(_("Counts of skills"), _list_counts(page.progress)),
    ]
    return Sheet(
        title=page.client.label,
        made=_("Before the meeting, as of %(day)s", day=_tell_moment(now)),
        sections=tuple(section for section in sections if section.lines),
        footer=_(
            "Only what you gave and what is shared with you. "
            "Counts come from a program that reads wording and can be wrong; they are no grade."
        ),
    )


def _list_counts(progress: Progress | None) -> tuple[str, ...]:
    if progress is None or not progress.skills:
        return ()
    lines = [_("In the latest finished rehearsals of homework, the first on the left:")]
    for line in progress.skills:
        lines.append(f"{line.name}: {', '.join(str(times) for times in line.times[-MOST_ROUNDS:])}")
    return tuple(lines)


def _cut(lines: list[str]) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    more = len(lines) - MOST_LINES + 1
    return (*lines[: MOST_LINES - 1], ngettext("and %(num)s more", "and %(num)s more", more))


def _tell_moment(moment: datetime) -> str:
    return str(format_date(moment, "medium"))
