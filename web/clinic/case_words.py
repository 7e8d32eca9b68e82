"""What the caseload and the summary say, in sentences: about homework and what was shared, never about the person."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from web.clinic.caseload import CaseRow
from web.clinic.homework_states import AssignmentState
from web.clinic.scene_search import name_item
from web.clinic.shared_view import Parts
from web.clinic.stuck import Stuck
from web.rehearsal.house import House


def tell_stuck(house: House, stuck: Stuck) -> str:
    """Why somebody may be stuck, in one sentence."""
    if stuck.why == "quiet":
        return ngettext("Nothing practised for %(num)s day.", "Nothing practised for %(num)s days.", stuck.number)
    title = name_item(house, "scene", stuck.scene_id)
    if stuck.why == "left":
        return _("“%(title)s” was begun %(times)s times and not finished yet.", title=title, times=stuck.number)
    skill = house.wording.criteria.get(stuck.skill)
    if skill is None:
        return _("“%(title)s” was played %(times)s times without more of the skills it trains.", title=title, times=stuck.number)
    return _("“%(title)s” was played %(times)s times without more of “%(skill)s”.", title=title, times=stuck.number, skill=skill.name)


def tell_homework(row: CaseRow) -> list[str]:
    """How the homework stands, in a few words each; every state is a fine one."""
    told = []
    for state, words in (
        ("open", lambda n: ngettext("%(num)s open", "%(num)s open", n)),
        ("later", lambda n: ngettext("%(num)s for later", "%(num)s for later", n)),
        ("paused", lambda n: ngettext("%(num)s paused", "%(num)s paused", n)),
        ("skipped", lambda n: ngettext("%(num)s skipped", "%(num)s skipped", n)),
        ("done", lambda n: ngettext("%(num)s done", "%(num)s done", n)),
    ):
        number = row.count(state)
        if number:
            told.append(words(number))
    return told


def list_talking_points(house: House, row: CaseRow) -> list[str]:
    """What to talk about next time: what waits to be read, what is stuck, reasons told, what is past its day, else what was done."""
    points = [_("Shared “%(title)s”: to read.", title=share.title) for share in row.new_shares]
    points += [tell_stuck(house, each) for each in row.stuck]
    points += [_("Skipped %(titles)s and said why.", titles=tell_titles(house, each)) for each in row.skipped_with_reason]
    points += [
        _("%(titles)s: was for %(day)s; late is fine.", titles=tell_titles(house, each), day=tell_day(each.due_on))
        for each in row.homework
        if each.late and each.due_on is not None
    ]
    if not points:
        points += [_("%(titles)s is done: how was it?", titles=tell_titles(house, each)) for each in row.homework if each.state == "done"][
            :2
        ]
    return points


def tell_titles(house: House, state: AssignmentState) -> str:
    return ", ".join(f"“{name_item(house, item.kind, item.scene_id)}”" for item in state.items)


def tell_state(state: AssignmentState) -> str:
    """One piece of homework in a word or two."""
    names = {
        "later": _("for later"),
        "open": _("open"),
        "begun": _("open"),
        "done": _("done"),
        "paused": _("paused"),
        "skipped": _("skipped"),
    }
    return names[state.state]


def tell_day(day: date | None) -> str:
    return "" if day is None else str(format_date(day, "medium"))


def tell_parts(parts: Parts) -> str:
    """What of a rehearsal is shared."""
    names = {
        "talk": _("the talk with its feedback"),
        "note": _("the note"),
        "card": _("the agreement card"),
        "counts": _("counts of skills and of what got in the way"),
        "help_pauses": _("pauses for help"),
    }
    return ", ".join(name for key, name in names.items() if getattr(parts, key))
