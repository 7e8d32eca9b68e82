"""The client's pages of homework: what is due in their own days, beginning it, leaving it, the calendar file and reminders."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.refusals import BadField, Refused
from web.api.routes import REPLY_LIMIT, START_LIMIT
from web.clinic.calendar_file import draw_calendar, list_entries
from web.clinic.care import list_carers
from web.clinic.homework import choose_item, name_clinicians, pause_homework, resume_homework, skip_homework, stop_homework
from web.clinic.homework_faults import NoMailHere
from web.clinic.homework_states import AssignmentState, list_own_states
from web.clinic.reminder_mail import SUBJECTS, body_text, subject_text
from web.clinic.reminder_wish import read_wish, switch_off, switch_on
from web.clinic.reminders import list_told, remind_tomorrow
from web.clinic.scene_search import name_item
from web.rehearsal.faults import NotUnderstood
from web.rehearsal.help_words import draw_help
from web.rehearsal.house import House
from web.rehearsal.shapes import HelpShape
from web.rehearsal.starting import start_chosen
from web.settings import Settings

GROUPS = ("today", "soon", "late", "any_time", "later", "done", "paused", "skipped")
"""The parts of the page, in their order."""
Page = str | tuple[str, int] | AnyResponse


def make_homework_pages(house: House, settings: Settings, limiter: Limiter) -> Blueprint:
    pages = Blueprint("homework", __name__)

    @pages.get("/homework")
    def show() -> str:
        return draw()

    @pages.post("/homework/items/<item_id>/start")
    @limiter.limit(START_LIMIT)
    def start(item_id: str) -> Page:
        me = visitor_here().person_id
        level = request.form.get("level", "")
        if level not in ("", "friendly", "guarded", "upset"):
            raise NotUnderstood
        try:
            choice = choose_item(house, me, item_id, read_message_id(), level=level)
        except Refused as fault:
            return draw(sentence=str(fault.sentence)), fault.status
        return redirect(url_for("practice.show", attempt_id=start_chosen(house, me, choice)), 303)

    @pages.post("/homework/<assignment_id>/pause")
    def pause(assignment_id: str) -> AnyResponse:
        pause_homework(house, visitor_here().person_id, assignment_id)
        return go_back("paused", assignment_id)

    @pages.post("/homework/<assignment_id>/resume")
    def resume(assignment_id: str) -> AnyResponse:
        resume_homework(house, visitor_here().person_id, assignment_id)
        return go_back("resumed", assignment_id)

    @pages.post("/homework/<assignment_id>/stop")
    def stop(assignment_id: str) -> AnyResponse:
        stop_homework(house, visitor_here().person_id, assignment_id)
        return go_back("stopped", assignment_id)

    @pages.post("/homework/<assignment_id>/skip")
    @limiter.limit(REPLY_LIMIT)
    def skip(assignment_id: str) -> Page:
        reason = request.form.get("reason", "")
        finding = house.door.look_at(reason)
        if finding is not None and finding.tier == 1:  # nothing typed is kept, and nothing is skipped
            return draw(help=draw_help(house.help_book, finding.kind))
        try:
            skip_homework(house, visitor_here().person_id, assignment_id, reason=reason, shared="share" in request.form)
        except Refused as fault:
            return draw(sentence=str(fault.sentence), reason=reason, reason_for=assignment_id), fault.status
        return go_back("skipped", assignment_id, doubt=1 if finding is not None else None)

    @pages.post("/homework/<assignment_id>/tomorrow")
    def tomorrow(assignment_id: str) -> AnyResponse:
        remind_tomorrow(house, visitor_here().person_id, assignment_id)
        return go_back("tomorrow", assignment_id)

    @pages.get("/homework/calendar.ics")
    def save_calendar() -> Response:
        asked = request.args.get("hour", "")
        if asked and (not asked.isascii() or not asked.isdigit() or len(asked) > 2 or int(asked) > 23):
            raise NotUnderstood
        with house.database.reading() as session:
            entries = list_entries(session, visitor_here().person_id, house.now())
        drawn = draw_calendar(entries, summary=_("Practice"), hour=int(asked) if asked else None, now=house.now())
        headers = {"Content-Disposition": 'attachment; filename="practice.ics"'}
        return Response(drawn, mimetype="text/calendar", headers=headers)

    @pages.get("/homework/reminders")
    def show_reminders() -> str:
        return draw_reminders()

    @pages.post("/homework/reminders")
    @limiter.limit(START_LIMIT)
    def keep_reminders() -> Page:
        hour = request.form.get("hour", "")
        try:
            if not settings.sends_mail:
                raise NoMailHere
            if not hour.isascii() or not hour.isdigit() or len(hour) > 2:
                raise BadField
            address, subject = request.form.get("address", ""), request.form.get("subject", "")
            switch_on(house, visitor_here().person_id, address=address, subject=subject, hour=int(hour))
        except Refused as fault:
            return draw_reminders(sentence=str(fault.sentence)), fault.status
        return redirect(url_for("homework.show_reminders", done="on"), 303)

    @pages.post("/homework/reminders/off")
    def end_reminders() -> AnyResponse:
        switch_off(house, visitor_here().person_id)
        return redirect(url_for("homework.show_reminders", done="off"), 303)

    def draw(*, sentence: str = "", reason: str = "", reason_for: str = "", help: HelpShape | None = None) -> str:
        me = visitor_here().person_id
        with house.database.reading() as session:
            states = list_own_states(session, me, house.now())
            givers = name_clinicians(session, {state.clinician_id for state in states})
            carers = {carer.clinician_id for carer in list_carers(session, me) if carer.ended_at is None}
            reminded = settings.sends_mail and read_wish(session, me) is not None
        return render_template(
            "clinic/homework.html",
            parts=sort_into_parts(states),
            givers=givers,
            carers=carers,
            reminded=reminded,
            sends_mail=settings.sends_mail,
            has_days=any(state.due_on or state.every_days for state in states),
            name_item=lambda kind, scene_id: name_item(house, kind, scene_id),
            find_card=house.catalogue.find,
            skill_name=tell_skill,
            sentence=sentence,
            reason=reason,
            reason_for=reason_for,
            help=help,
            doubt="doubt" in request.args,
            done=request.args.get("done", ""),
        )

    def draw_reminders(*, sentence: str = "") -> str:
        me = visitor_here().person_id
        with house.database.reading() as session:
            wish, told = read_wish(session, me), list_told(session, me, house.now())
        return render_template(
            "clinic/reminders.html",
            sends_mail=settings.sends_mail,
            wish=wish,
            told=told,
            subjects=[(subject, subject_text(subject)) for subject in SUBJECTS],
            body=body_text(),
            sender=settings.smtp_from,
            typed=request.form if sentence else {},
            sentence=sentence,
            done=request.args.get("done", ""),
        )

    def tell_skill(key: str) -> str:
        entry = house.wording.criteria.get(key)
        return key if entry is None else entry.name

    def go_back(done: str, assignment_id: str, doubt: int | None = None) -> AnyResponse:
        return redirect(url_for("homework.show", done=done, doubt=doubt, _anchor=f"homework-{assignment_id}"), 303)

    return pages


def sort_into_parts(states: list[AssignmentState]) -> list[tuple[str, list[AssignmentState]]]:
    """The parts of the page that have something in them; within a part by the day it is due."""
    parts: dict[str, list[AssignmentState]] = {name: [] for name in GROUPS}
    for state in states:
        parts[find_part(state)].append(state)
    for part in parts.values():
        part.sort(key=lambda state: (state.round.last is None, state.round.last or state.today))
    return [(name, part) for name, part in parts.items() if part]


def find_part(state: AssignmentState) -> str:
    if state.state not in ("open", "begun"):
        return state.state
    if state.late:
        return "late"
    if state.round.last is None:
        return "any_time"
    return "today" if state.round.last == state.today else "soon"


def read_message_id() -> str:
    """The id that the form was drawn with; a form without one begins anew each time it is sent."""
    found = request.form.get("message_id", "")
    if not found:
        return secrets.token_hex(16)
    if len(found) > 64 or not all(sign.isalnum() or sign == "-" for sign in found) or not found.isascii():
        raise NotUnderstood
    return found
