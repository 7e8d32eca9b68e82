"""Pages that are only read: help, and who can read what. Open to everyone, with or without a session."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from web.rehearsal.door import MODEL_KIND
from web.rehearsal.help_words import draw_help
from web.rehearsal.house import House


def make_reading_pages(house: House) -> Blueprint:
    pages = Blueprint("reading", __name__)

    @pages.get("/help")
    def show_help() -> str:
        help = draw_help(house.help_book, MODEL_KIND)
        return render_template("help.html", title=_("Help"), help=help)

    @pages.get("/privacy")
    def show_privacy() -> str:
        return render_template("privacy.html", title=_("Who can read what"))

    return pages
