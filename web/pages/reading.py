"""Pages that are only read: help, and who can read what. Open to everyone, with or without a session."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from web.clinic.clinic_settings import read_clinic_settings
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
        with house.database.reading() as session:
            months = read_clinic_settings(session).retention_months
        is_client = g.visitor is not None and g.visitor.role == "client"
        return render_template("privacy.html", title=_("Who can read what"), months=months, is_client=is_client)

    return pages
