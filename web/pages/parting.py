"""A client ends the care of a clinician themselves: first a page that says what ends and what the clinician still has, then the act."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.permissions import find_care
from web.clinic.care import end_care
from web.clinic.parting import look_ahead
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House


def make_parting_pages(house: House) -> Blueprint:
    pages = Blueprint("parting", __name__)

    @pages.get("/care/<clinician_id>/end")
    def ask(clinician_id: str) -> str:
        with house.database.reading() as session:
            outlook = look_ahead(house, session, client_id=visitor_here().person_id, clinician_id=clinician_id)
        if outlook is None:
            raise NotFound
        return render_template("clinic/end_care.html", title=_("End the care"), clinician_id=clinician_id, outlook=outlook)

    @pages.post("/care/<clinician_id>/end")
    def end(clinician_id: str) -> AnyResponse:
        me = visitor_here().person_id
        with house.database.writing() as session:
            care = find_care(session, clinician_id=clinician_id, client_id=me, lock=True)
            if care is None:
                raise NotFound
            end_care(session, house.audit, care, by_id=me, now=house.now())
        return redirect(url_for("account.show", done="care_ended", _anchor="news"), 303)

    return pages
