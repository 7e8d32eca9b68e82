"""The settings of the clinic: an administrator changes them, a clinician may read them."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from web.access.gate import visitor_here
from web.access.refusals import BadField
from web.clinic.clinic_settings import MOST_MONTHS, ClinicSettings, change_clinic_settings, read_clinic_settings
from web.pages.sign_in import Page
from web.rehearsal.house import House
from web.settings import Settings


def make_clinic_settings_pages(house: House, settings: Settings) -> Blueprint:
    pages = Blueprint("clinic_settings", __name__)

    @pages.get("/clinic")
    def show() -> Page:
        with house.database.reading() as session:
            return draw(read_clinic_settings(session))

    @pages.post("/clinic")
    def change() -> Page:
        form = request.form
        months = form.get("retention_months", "")
        wanted = ClinicSettings(
            clinic_name=form.get("clinic_name", ""),
            retention_months=int(months) if months.isascii() and months.isdigit() and len(months) <= 4 else 0,
            embed_origins=tuple(form.get("embed_origins", "")[:4000].split()),
            clients_invited_by=form.get("clients_invited_by", ""),
            staff_invited_by=form.get("staff_invited_by", ""),
        )
        try:
            with house.database.writing() as session:
                change_clinic_settings(session, house.audit, wanted, by_id=visitor_here().person_id, now=house.now())
        except BadField as fault:
            return draw(wanted, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("clinic_settings.show", done=1), 303)

    def draw(clinic: ClinicSettings, *, sentence: str = "") -> str:
        return render_template(
            "clinic/clinic_settings.html",
            clinic=clinic,
            most_months=MOST_MONTHS,
            may_change=visitor_here().role == "admin",
            help_file=settings.home / f"help.{settings.locale}.yml",
            confirmed_on=house.own.help_book.operator_confirmed_on,
            warnings=house.own.help_book.find_warnings(house.now().date()),
            mail_server=getattr(settings, "smtp_host", ""),
            sentence=sentence,
            done="done" in request.args,
        )

    return pages
