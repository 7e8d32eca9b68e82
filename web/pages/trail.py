"""Who looked: the audit trail as a person reads it about themselves."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from web.access.gate import visitor_here
from web.clinic.who_looked import list_trail
from web.pages.whole_numbers import read_number
from web.rehearsal.house import House


def make_trail_pages(house: House) -> Blueprint:
    pages = Blueprint("trail", __name__)

    @pages.get("/who-looked")
    def show() -> str:
        visitor = visitor_here()
        before = read_number(request.args["before"]) if "before" in request.args else None
        lines, more_before = list_trail(house, visitor.person_id, visitor.role, before=before)
        return render_template("clinic/who_looked.html", title=_("Who looked"), lines=lines, more_before=more_before, role=visitor.role)

    return pages
