"""A clinician's export of one client: the choice of form, and the file. It is made by POST: it leaves a line in the client's trail."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from web.access.gate import visitor_here
from web.clinic.care import find_cared_for
from web.clinic.clinician_export import ClientExport, Form, take_out
from web.clinic.csv_tables import write_tables
from web.clinic.export_pdf import write_pdf
from web.clinic.fhir_bundle import write_bundle
from web.pages.leaving import send_file
from web.rehearsal.faults import NotFound, NotUnderstood
from web.rehearsal.house import House

FHIR = "application/fhir+json"
WRITERS: dict[str, tuple[Form, Callable[[ClientExport], bytes], str, str]] = {
    "pdf": ("pdf", write_pdf, "export.pdf", "application/pdf"),
    "csv": ("csv", write_tables, "export-csv.zip", "application/zip"),
    "fhir-r5": ("fhir r5", lambda export: write_bundle(export, "r5"), "export-fhir-r5.json", FHIR),
    "fhir-r4b": ("fhir r4b", lambda export: write_bundle(export, "r4b"), "export-fhir-r4b.json", FHIR),
}
"""By the value of the form: what the trail says, who writes the file, its name (which names nobody) and its type."""


def make_exporting_pages(house: House) -> Blueprint:
    pages = Blueprint("exporting", __name__)

    @pages.get("/clients/<client_id>/export")
    def show(client_id: str) -> str:
        with house.database.reading() as session:
            client = find_cared_for(session, clinician_id=visitor_here().person_id, client_id=client_id)
        if client is None:
            raise NotFound
        return render_template("clinic/export.html", title=_("Export"), client=client)

    @pages.post("/clients/<client_id>/export")
    def take(client_id: str) -> Response:
        chosen = WRITERS.get(request.form.get("form", ""))
        if chosen is None:
            raise NotUnderstood
        form, write, name, mimetype = chosen
        return send_file(write(take_out(house, visitor_here().person_id, client_id, form)), name, mimetype)

    return pages
