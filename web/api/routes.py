"""The routes of the JSON API. Each does one thing with one attempt of the visitor's own."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_limiter import Limiter
from pydantic import BaseModel

from web.access.gate import visitor_here
from web.api.faults import answer_fault
from web.api.openapi import describe_api
from web.api.requests import CardBody, HelpAnswer, NewAttempt, NewDrill, NoteBody, Reply, SelfCheck, read_body, read_command
from web.api.sharing import add_sharing_calls
from web.clinic.erasing import erase_own_attempt
from web.clinic.homework import choose_item
from web.rehearsal.agreement import Card, keep_card, withdraw_card
from web.rehearsal.branches import take_up_branch
from web.rehearsal.carry_over import show_carry_over
from web.rehearsal.drawing import show_attempt, show_outcome, show_summaries, show_turn, show_versions
from web.rehearsal.faults import RehearsalFault
from web.rehearsal.help_pause import resume_after_help, say_not_meant
from web.rehearsal.house import House
from web.rehearsal.lobby import take_wish
from web.rehearsal.notes import write_note
from web.rehearsal.scene_cards import draw_drills, draw_scene, list_offered
from web.rehearsal.self_check import note_leaning
from web.rehearsal.sending import Outcome, resend, take_back, take_command, take_reply
from web.rehearsal.starting import Choice, list_attempts, start_chosen

Answered = Response | tuple[Response, int]

REPLY_LIMIT = "120 per minute"
START_LIMIT = "30 per minute"


def make_api(house: House, limiter: Limiter) -> Blueprint:
    """The blueprint under /api."""
    api = Blueprint("api", __name__, url_prefix="/api")

    @api.errorhandler(RehearsalFault)
    def tell_fault(fault: RehearsalFault) -> Answered:
        return answer_fault(fault.status, fault.code, str(fault.sentence))

    @api.get("/openapi.json")
    def show_openapi() -> Answered:
        return jsonify(describe_api())

    @api.get("/scenes")
    def list_scenes() -> Answered:
        cards = list_offered(house, visitor_here().role)
        return jsonify({"scenes": [draw_scene(house, card).model_dump(mode="json") for card in cards]})

    @api.post("/lobby")
    @limiter.limit(REPLY_LIMIT)
    def talk_in_lobby() -> Answered:
        body = read_body(Reply)
        return _answer(take_wish(house, visitor_here().browser_session_id, body.message_id, body.text))

    @api.get("/attempts")
    def list_own_attempts() -> Answered:
        summaries = show_summaries(house, list_attempts(house, visitor_here().person_id))
        return jsonify({"attempts": [summary.model_dump(mode="json") for summary in summaries]})

    @api.post("/attempts")
    @limiter.limit(START_LIMIT)
    def start() -> Answered:
        body = read_body(NewAttempt)
        person_id = visitor_here().person_id
        choice = Choice(body.message_id, body.scene, body.level, body.feedback, body.check)
        if body.assignment_item is not None:
            choice = choose_item(house, person_id, body.assignment_item, body.message_id, scene_id=body.scene, level=body.level)
        attempt_id = start_chosen(house, person_id, choice)
        return _answer(show_attempt(house, person_id, attempt_id), 201)

    @api.get("/drills")
    def list_drills() -> Answered:
        return jsonify({"drills": [drill.model_dump(mode="json") for drill in draw_drills(house)]})

    @api.post("/drills")
    @limiter.limit(START_LIMIT)
    def begin_drill() -> Answered:
        body = read_body(NewDrill)
        person_id = visitor_here().person_id
        choice = Choice(body.message_id, body.skill, feedback_mode=body.feedback, kind="drill")
        if body.assignment_item is not None:
            choice = choose_item(house, person_id, body.assignment_item, body.message_id, scene_id=body.skill)
        attempt_id = start_chosen(house, person_id, choice)
        return _answer(show_attempt(house, person_id, attempt_id), 201)

    @api.get("/attempts/<attempt_id>")
    def show(attempt_id: str) -> Answered:
        return _answer(show_attempt(house, visitor_here().person_id, attempt_id))

    @api.delete("/attempts/<attempt_id>")
    def erase(attempt_id: str) -> Answered:
        erase_own_attempt(house, visitor_here().person_id, attempt_id)
        return Response(status=204)

    @api.post("/attempts/<attempt_id>/replies")
    @limiter.limit(REPLY_LIMIT)
    def reply(attempt_id: str) -> Answered:
        body = read_body(Reply)
        return _tell(attempt_id, take_reply(house, visitor_here().person_id, attempt_id, body.message_id, body.text))

    @api.post("/attempts/<attempt_id>/commands")
    @limiter.limit(REPLY_LIMIT)
    def command(attempt_id: str) -> Answered:
        incoming = read_command()
        return _tell(attempt_id, take_command(house, visitor_here().person_id, attempt_id, incoming))

    @api.get("/attempts/<attempt_id>/turns/<turn_id>")
    def show_one_turn(attempt_id: str, turn_id: str) -> Answered:
        return _answer(show_turn(house, visitor_here().person_id, attempt_id, turn_id))

    @api.get("/attempts/<attempt_id>/turns/<turn_id>/versions")
    def list_versions(attempt_id: str, turn_id: str) -> Answered:
        versions = show_versions(house, visitor_here().person_id, attempt_id, turn_id)
        return jsonify({"versions": [version.model_dump(mode="json") for version in versions]})

    @api.post("/attempts/<attempt_id>/turns/<turn_id>/resend")
    @limiter.limit(REPLY_LIMIT)
    def send_again(attempt_id: str, turn_id: str) -> Answered:
        return _tell(attempt_id, resend(house, visitor_here().person_id, attempt_id, turn_id))

    @api.post("/attempts/<attempt_id>/turns/<turn_id>/take-up")
    def take_up(attempt_id: str, turn_id: str) -> Answered:
        person_id = visitor_here().person_id
        take_up_branch(house, person_id, attempt_id, turn_id)
        return _answer(show_attempt(house, person_id, attempt_id))

    @api.delete("/attempts/<attempt_id>/turns/<turn_id>")
    def take_turn_back(attempt_id: str, turn_id: str) -> Answered:
        take_back(house, visitor_here().person_id, attempt_id, turn_id)
        return Response(status=204)

    @api.post("/attempts/<attempt_id>/help")
    def answer_help(attempt_id: str) -> Answered:
        body = read_body(HelpAnswer)
        person_id = visitor_here().person_id
        if body.answer == "resume":
            resume_after_help(house, person_id, attempt_id)
        else:
            say_not_meant(house, person_id, attempt_id)
        return _answer(show_attempt(house, person_id, attempt_id))

    @api.put("/attempts/<attempt_id>/note")
    @limiter.limit(REPLY_LIMIT)
    def keep_note(attempt_id: str) -> Answered:
        body = read_body(NoteBody)
        return _tell(attempt_id, write_note(house, visitor_here().person_id, attempt_id, body.text))

    @api.put("/attempts/<attempt_id>/self-check")
    def keep_self_check(attempt_id: str) -> Answered:
        person_id = visitor_here().person_id
        note_leaning(house, person_id, attempt_id, read_body(SelfCheck).leaning)
        return _answer(show_attempt(house, person_id, attempt_id))

    @api.put("/attempts/<attempt_id>/agreement")
    @limiter.limit(REPLY_LIMIT)
    def keep_agreement(attempt_id: str) -> Answered:
        body = read_body(CardBody)
        return _tell(attempt_id, keep_card(house, visitor_here().person_id, attempt_id, Card(**body.model_dump())))

    @api.delete("/attempts/<attempt_id>/agreement")
    def withdraw_agreement(attempt_id: str) -> Answered:
        withdraw_card(house, visitor_here().person_id, attempt_id)
        return Response(status=204)

    @api.get("/carried-over")
    def show_what_carried_over() -> Answered:
        return _answer(show_carry_over(house, visitor_here().person_id))

    add_sharing_calls(api, house, limiter, limit=REPLY_LIMIT)

    def _tell(attempt_id: str, outcome: Outcome) -> Answered:
        return _answer(show_outcome(house, visitor_here().person_id, attempt_id, outcome), 202 if outcome.status == "sent" else 200)

    return api


def _answer(shape: BaseModel, status: int = 200) -> Answered:
    return Response(shape.model_dump_json(), status=status, mimetype="application/json")
