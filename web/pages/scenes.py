"""The lobby and the scenes to choose from, and one's own rehearsals."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.api.requests import NewAttempt, NewDrill
from web.api.routes import REPLY_LIMIT, START_LIMIT
from web.clinic.erasing import erase_own_attempt
from web.clinic.homework import find_waiting
from web.pages.forms import read_form
from web.rehearsal.carry_over import show_carry_over
from web.rehearsal.drawing import show_summaries
from web.rehearsal.faults import RehearsalFault
from web.rehearsal.house import House
from web.rehearsal.lobby import take_wish
from web.rehearsal.scene_cards import draw_drills, draw_scene, list_offered
from web.rehearsal.shapes import LobbyShape
from web.rehearsal.starting import Choice, list_attempts, start_attempt, start_drill


def make_scene_pages(house: House, limiter: Limiter) -> Blueprint:
    pages = Blueprint("scenes", __name__)

    @pages.get("/scenes")
    def show() -> str:
        return draw()

    @pages.post("/scenes/wish")
    @limiter.limit(REPLY_LIMIT)
    def take() -> str | tuple[str, int]:
        text = request.form.get("text", "")
        try:
            answer = take_wish(house, visitor_here().browser_session_id, secrets.token_hex(16), text)
        except RehearsalFault as fault:
            return draw(wish=text, sentence=str(fault.sentence)), fault.status
        return draw(answer=answer)

    @pages.post("/scenes/start")
    @limiter.limit(START_LIMIT)
    def start() -> AnyResponse:
        body = read_form(NewAttempt)
        choice = Choice(body.message_id, body.scene, body.level, body.feedback, body.check)
        attempt_id = start_attempt(house, visitor_here().person_id, choice)
        return redirect(url_for("practice.show", attempt_id=attempt_id), 303)

    @pages.post("/scenes/drill")
    @limiter.limit(START_LIMIT)
    def start_one_drill() -> AnyResponse:
        body = read_form(NewDrill)
        attempt_id = start_drill(house, visitor_here().person_id, Choice(body.message_id, body.skill, feedback_mode=body.feedback))
        return redirect(url_for("practice.show", attempt_id=attempt_id), 303)

    @pages.get("/carried-over")
    def compare() -> str:
        compared = show_carry_over(house, visitor_here().person_id)
        return render_template("carried_over.html", title=_("What carried over"), compared=compared)

    @pages.post("/practice/<attempt_id>/delete")
    def delete(attempt_id: str) -> AnyResponse:
        erase_own_attempt(house, visitor_here().person_id, attempt_id)
        return redirect(url_for("scenes.show", deleted=1), 303)

    def draw(*, answer: LobbyShape | None = None, wish: str = "", sentence: str = "") -> str:
        return render_template(
            "scenes.html",
            title=_("Choose a scene"),
            scenes=[draw_scene(house, card) for card in list_offered(house, visitor_here().role)],
            drills=draw_drills(house),
            attempts=show_summaries(house, list_attempts(house, visitor_here().person_id)),
            waiting=find_waiting(house, visitor_here().person_id) if visitor_here().role == "client" else [],
            answer=answer,
            wish=wish,
            sentence=sentence,
            deleted="deleted" in request.args,
        )

    return pages
