"""Trying a draft: a talk with its partner, with everything that a client would not see. The page carries it; nothing is stored."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask_babel import gettext as _
from flask_limiter import Limiter

from web.api.routes import REPLY_LIMIT, START_LIMIT
from web.clinic.scene_preview import LEVELS, HelpFirst, Played, begin_preview, go_on, read_token
from web.clinic.scene_versions import find_draft
from web.dialogue.client import DialogueAway, DialogueRefused
from web.rehearsal.faults import NotUnderstood, RehearsalFault
from web.rehearsal.help_words import draw_help
from web.rehearsal.house import House
from web.rehearsal.shapes import HelpShape
from web.rehearsal.typed_text import LONGEST_REPLY


def add_preview_pages(pages: Blueprint, house: House, limiter: Limiter) -> None:
    """Add the preview to the blueprint of authoring."""

    @pages.get("/authoring/<scene_id>/preview")
    def show_preview(scene_id: str) -> str:
        with house.database.reading() as session:
            find_draft(session, scene_id)
        return draw(scene_id)

    @pages.post("/authoring/<scene_id>/preview")
    @limiter.limit(START_LIMIT)
    def start_preview(scene_id: str) -> str | tuple[str, int]:
        try:
            return draw(scene_id, begin_preview(house, find_secret(), scene_id, request.form.get("level", "friendly")))
        except (DialogueAway, DialogueRefused):
            return draw(scene_id, sentence=_("The partner is not answering just now. Try again in a moment.")), 503
        except RehearsalFault as fault:
            if fault.status == 404:
                raise
            return draw(scene_id, sentence=str(fault.sentence)), fault.status

    @pages.post("/authoring/<scene_id>/preview/turn")
    @limiter.limit(REPLY_LIMIT)
    def take_turn(scene_id: str) -> str | tuple[str, int]:
        token, typed, command = (request.form.get(name, "") for name in ("talk", "text", "command"))
        played, _state = read_token(find_secret(), scene_id, token)
        try:
            return draw(scene_id, go_on(house, find_secret(), scene_id, token, text=None if command else typed, command=command))
        except HelpFirst as first:
            return draw(scene_id, played, help=draw_help(house.help_book, first.kind))
        except (DialogueAway, DialogueRefused):
            sentence = _("The partner is not answering just now. Try again in a moment.")
            return draw(scene_id, played, typed=typed, sentence=sentence), 503
        except NotUnderstood:
            raise
        except RehearsalFault as fault:
            return draw(scene_id, played, typed=typed, sentence=str(fault.sentence)), fault.status

    def find_secret() -> str:
        return str(current_app.config["SECRET_KEY"])

    def draw(scene_id: str, played: Played | None = None, *, typed: str = "", sentence: str = "", help: HelpShape | None = None) -> str:
        return render_template(
            "clinic/authoring_preview.html",
            scene_id=scene_id,
            played=played,
            levels=LEVELS,
            typed=typed,
            sentence=sentence,
            help=help,
            longest=LONGEST_REPLY,
        )
