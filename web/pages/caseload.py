"""The clinician's list of clients, and the page of one."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _

from web.access.gate import visitor_here
from web.clinic.case_words import list_talking_points, tell_day, tell_homework, tell_parts, tell_state, tell_titles
from web.clinic.caseload import draw_caseload
from web.clinic.client_page import open_client_page
from web.rehearsal.house import House


def make_caseload_pages(house: House) -> Blueprint:
    pages = Blueprint("caseload", __name__)

    @pages.get("/caseload")
    def show() -> str:
        with house.database.reading() as session:
            caseload = draw_caseload(house, session, visitor_here().person_id, request.args.get("page", 1, type=int))
        points = {row.client_id: list_talking_points(house, row) for row in caseload.rows}
        return render_template(
            "clinic/caseload.html",
            title=_("Clients"),
            caseload=caseload,
            points=points,
            tell_homework=tell_homework,
            address=lambda number: url_for("caseload.show", page=None if number == 1 else number),
        )

    @pages.get("/clients/<client_id>")
    def show_client(client_id: str) -> str:
        with house.database.writing() as session:
            page = open_client_page(house, session, visitor_here().person_id, client_id, what="client_page_read")
        return render_template(
            "clinic/client.html",
            title=_("One client"),
            page=page,
            endpoints=current_app.view_functions,
            points=list_talking_points(house, page.row),
            titles=lambda state: tell_titles(house, state),
            tell_state=tell_state,
            tell_day=tell_day,
            tell_parts=tell_parts,
        )

    return pages
