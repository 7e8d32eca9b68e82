"""The rehearsal's own page, from briefing to debrief, and the forms it works with when there is no JavaScript."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from pydantic import ValidationError
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.api.requests import COMMAND_READER, CardBody, Reply, make_command
from web.api.routes import REPLY_LIMIT
from web.pages.forms import read_form
from web.rehearsal.agreement import LONGEST_FIELD, Card, keep_card, withdraw_card
from web.rehearsal.branches import take_up_branch
from web.rehearsal.drawing import show_attempt, show_scene, show_turn, show_versions
from web.rehearsal.faults import NotFound, NotUnderstood, RehearsalFault
from web.rehearsal.help_pause import resume_after_help, say_not_meant
from web.rehearsal.house import House
from web.rehearsal.notes import write_note
from web.rehearsal.self_check import Leaning, note_leaning
from web.rehearsal.sending import Outcome, resend, take_back, take_command, take_reply
from web.rehearsal.typed_text import LONGEST_REPLY


def make_practice_pages(house: House, limiter: Limiter) -> Blueprint:
    pages = Blueprint("practice", __name__, url_prefix="/practice/<attempt_id>")

    @pages.get("")
    def show(attempt_id: str) -> str:
        return draw(attempt_id)

    @pages.get("/turns/<turn_id>")
    def show_one_turn(attempt_id: str, turn_id: str) -> str:
        """One turn as a piece of the page, for the widget to put in: it looks as it will after a reload."""
        person_id = visitor_here().person_id
        scene, turn = show_scene(house, person_id, attempt_id), show_turn(house, person_id, attempt_id, turn_id)
        return render_template("_turn.html", attempt_id=attempt_id, scene=scene, turn=turn)

    @pages.get("/turns/<turn_id>/versions")
    def compare(attempt_id: str, turn_id: str) -> str:
        person_id = visitor_here().person_id
        versions = show_versions(house, person_id, attempt_id, turn_id)
        return render_template(
            "versions.html", title=_("Side by side"), attempt=show_attempt(house, person_id, attempt_id), versions=versions
        )

    @pages.post("/reply")
    @limiter.limit(REPLY_LIMIT)
    def reply(attempt_id: str) -> AnyResponse | tuple[str, int]:
        text = request.form.get("text", "")
        try:
            body = read_form(Reply)
            outcome = take_reply(house, visitor_here().person_id, attempt_id, body.message_id, body.text)
        except RehearsalFault as fault:
            return draw(attempt_id, typed=text, sentence=str(fault.sentence)), fault.status
        return go_back(attempt_id, outcome)

    @pages.post("/command")
    @limiter.limit(REPLY_LIMIT)
    def command(attempt_id: str) -> AnyResponse | tuple[str, int]:
        fields: dict[str, object] = {name: value for name, value in request.form.items() if name not in ("csrf_token", "feeling", "need")}
        if fields.get("command") == "guess":
            fields["guess"] = {"feeling": request.form.get("feeling", ""), "need": request.form.get("need", "")}
        try:
            body = COMMAND_READER.validate_python(fields)
        except ValidationError:
            raise NotUnderstood from None
        try:
            outcome = take_command(house, visitor_here().person_id, attempt_id, make_command(body))
        except RehearsalFault as fault:
            return draw(attempt_id, sentence=str(fault.sentence)), fault.status
        return go_back(attempt_id, outcome)

    @pages.post("/turns/<turn_id>/resend")
    @limiter.limit(REPLY_LIMIT)
    def send_again(attempt_id: str, turn_id: str) -> AnyResponse:
        return go_back(attempt_id, resend(house, visitor_here().person_id, attempt_id, turn_id))

    @pages.post("/turns/<turn_id>/take-up")
    def take_up(attempt_id: str, turn_id: str) -> AnyResponse | tuple[str, int]:
        try:
            take_up_branch(house, visitor_here().person_id, attempt_id, turn_id)
        except RehearsalFault as fault:
            if isinstance(fault, NotFound):
                raise
            return draw(attempt_id, sentence=str(fault.sentence)), fault.status
        return go_back(attempt_id)

    @pages.post("/turns/<turn_id>/take-back")
    def take_turn_back(attempt_id: str, turn_id: str) -> str:
        person_id = visitor_here().person_id
        turn = show_turn(house, person_id, attempt_id, turn_id)
        take_back(house, person_id, attempt_id, turn_id)
        return draw(attempt_id, typed="".join(segment.text for segment in turn.segments))

    @pages.post("/help")
    def answer_help(attempt_id: str) -> AnyResponse:
        person_id = visitor_here().person_id
        if request.form.get("answer") == "resume":
            resume_after_help(house, person_id, attempt_id)
        else:
            say_not_meant(house, person_id, attempt_id)
        return go_back(attempt_id)

    @pages.post("/note")
    @limiter.limit(REPLY_LIMIT)
    def keep_note(attempt_id: str) -> AnyResponse | tuple[str, int]:
        try:
            outcome = write_note(house, visitor_here().person_id, attempt_id, request.form.get("text", ""))
        except RehearsalFault as fault:
            return draw(attempt_id, sentence=str(fault.sentence)), fault.status
        return go_back(attempt_id, outcome, kept="note")

    @pages.post("/self-check")
    def keep_self_check(attempt_id: str) -> AnyResponse | tuple[str, int]:
        chosen = request.form.get("leaning", "")
        if chosen not in ("want", "should", "unsure", ""):
            raise NotUnderstood
        try:
            note_leaning(house, visitor_here().person_id, attempt_id, cast("Leaning", chosen) if chosen else None)
        except RehearsalFault as fault:
            return draw(attempt_id, sentence=str(fault.sentence)), fault.status
        return go_back(attempt_id, anchor="self-check")

    @pages.get("/agreement")
    def show_card(attempt_id: str) -> str:
        return draw_card_page(attempt_id)

    @pages.post("/agreement")
    @limiter.limit(REPLY_LIMIT)
    def keep_agreement(attempt_id: str) -> AnyResponse | tuple[str, int]:
        try:
            body = read_form(CardBody)
        except NotUnderstood:
            return draw_card_page(attempt_id, sentence=_("The date could not be read. What you wrote is still here.")), 400
        try:
            outcome = keep_card(house, visitor_here().person_id, attempt_id, Card(**body.model_dump()))
        except RehearsalFault as fault:
            if isinstance(fault, NotFound):
                raise
            return draw_card_page(attempt_id, sentence=str(fault.sentence)), fault.status
        if outcome.status == "help":
            return go_back(attempt_id, outcome)
        doubt = 1 if outcome.doubt else None
        return redirect(url_for("practice.show_card", attempt_id=attempt_id, doubt=doubt, kept="card"), 303)

    @pages.post("/agreement/withdraw")
    def withdraw_agreement(attempt_id: str) -> AnyResponse:
        withdraw_card(house, visitor_here().person_id, attempt_id)
        return redirect(url_for("practice.show_card", attempt_id=attempt_id, kept="withdrawn"), 303)

    def draw_card_page(attempt_id: str, *, sentence: str = "") -> str:
        """The card as kept; after a fault as typed, so that nothing is lost."""
        attempt = show_attempt(house, visitor_here().person_id, attempt_id)
        if attempt.agreement is None:
            raise NotFound
        fields = ("limits", "signal", "next_step", "review", "review_on")
        typed = {name: request.form.get(name, "") for name in fields} if sentence else {}
        return render_template(
            "agreement.html",
            title=_("Agreement card"),
            attempt=attempt,
            card=typed or attempt.agreement,
            agreement=attempt.agreement,
            sentence=sentence,
            doubt="doubt" in request.args,
            kept=request.args.get("kept"),
            longest=LONGEST_FIELD,
        )

    def go_back(attempt_id: str, outcome: Outcome | None = None, kept: str | None = None, anchor: str = "now") -> AnyResponse:
        doubt = 1 if outcome is not None and outcome.doubt else None
        return redirect(url_for("practice.show", attempt_id=attempt_id, doubt=doubt, kept=kept, _anchor=anchor), 303)

    def draw(attempt_id: str, *, typed: str = "", sentence: str = "") -> str:
        attempt = show_attempt(house, visitor_here().person_id, attempt_id)
        return render_template(
            "practice.html",
            title=_("Practice"),
            attempt=attempt,
            typed=typed,
            sentence=sentence,
            doubt="doubt" in request.args,
            kept=request.args.get("kept"),
            longest=LONGEST_REPLY,
        )

    return pages
