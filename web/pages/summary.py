"""The clinician's one page before a meeting, to read, to print and as a PDF."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from web.access.gate import visitor_here
from web.clinic.client_page import open_client_page
from web.clinic.summary import Sheet, make_sheet
from web.clinic.summary_pdf import write_pdf
from web.rehearsal.house import House


def make_summary_pages(house: House) -> Blueprint:
    pages = Blueprint("summary", __name__)

    @pages.get("/clients/<client_id>/summary")
    def show(client_id: str) -> str:
        return render_template("clinic/summary.html", title=_("Summary"), sheet=read_sheet(client_id), client_id=client_id)

    @pages.get("/clients/<client_id>/summary.pdf")
    def show_pdf(client_id: str) -> Response:
        answer = Response(write_pdf(read_sheet(client_id)), mimetype="application/pdf")
        answer.headers["Content-Disposition"] = 'attachment; filename="summary.pdf"'  # no name in a file that lies in a download folder
        return answer

    def read_sheet(client_id: str) -> Sheet:
        with house.database.writing() as session:
            page = open_client_page(house, session, visitor_here().person_id, client_id, what="summary_read")
        return make_sheet(house, page, house.now())

    return pages
