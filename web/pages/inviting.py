"""Inviting clients and colleagues, the card to print; and about those in one's care: renewing a login, handing over, ending."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.permissions import find_care
from web.access.refusals import InvitingClosed, InvitingWaits, Refused
from web.access.totp import draw_qr
from web.clinic.care import end_care, find_cared_for, hand_over, list_cared_for, list_clinicians
from web.clinic.clinic_settings import read_clinic_settings
from web.clinic.invitations import DAYS, MOST_DAYS, Role, derive_way, draw_invitation, find_made, fits_way, invite, list_made, withdraw
from web.database.clinic_tables import ClientGroup
from web.pages.sign_in import Page
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House
from web.settings import Settings


def make_inviting_pages(house: House, settings: Settings, name_secret: str) -> Blueprint:
    pages = Blueprint("inviting", __name__)

    @pages.get("/invitations")
    def show() -> Page:
        return draw()

    @pages.post("/invitations")
    def make() -> Page:
        me = visitor_here()
        try:
            with house.database.writing() as session:
                row = invite(
                    session,
                    house.audit,
                    name_secret,
                    role=find_role(session),
                    by_id=me.person_id,
                    now=house.now(),
                    label=request.form.get("label", ""),
                    group_id=find_group(session),
                    life=timedelta(days=read_days()),
                )
        except Refused as fault:
            return draw(sentence=str(fault.sentence), label=request.form.get("label", "")), fault.status
        return redirect(url_for("inviting.show_card", invitation_id=row.id), 303)

    @pages.get("/invitations/<invitation_id>/card")
    def show_card(invitation_id: str) -> Page:
        with house.database.reading() as session:
            row = find_made(session, invitation_id, by_id=visitor_here().person_id)
            if row is None:
                raise NotFound
            card = draw_invitation(row, now=house.now())
            if card.state != "open":
                return redirect(url_for(find_list()), 303)
            way = derive_way(row.id, name_secret)
            if not fits_way(row, way):
                return redirect(url_for(find_list(), done="renewed"), 303)
            clinic = read_clinic_settings(session)
        base = (settings.public_url or request.url_root).rstrip("/")
        link = base + url_for("joining.show_invitation", token=way.token)
        qr = Markup(draw_qr(link, scale=4))  # noqa: S704 - drawn by us
        short = base + url_for("joining.show")
        return render_template("clinic/card.html", card=card, link=link, short=short, code=way.code, qr=qr, clinic=clinic, back=find_list())

    @pages.post("/invitations/<invitation_id>/withdraw")
    def withdraw_one(invitation_id: str) -> AnyResponse:
        with house.database.writing() as session:
            row = find_made(session, invitation_id, by_id=visitor_here().person_id)
            if row is None:
                raise NotFound
            withdraw(session, house.audit, row, by_id=visitor_here().person_id, now=house.now())
        return redirect(url_for(find_list(), done="withdrawn"), 303)

    @pages.get("/clients/<client_id>/care")
    def show_care(client_id: str) -> Page:
        return draw_care(client_id)

    @pages.post("/clients/<client_id>/care/renew")
    def renew(client_id: str) -> Page:
        me = visitor_here()
        with house.database.writing() as session:
            client = find_cared_for(session, clinician_id=me.person_id, client_id=client_id)
            if client is None:
                raise NotFound
            row = invite(
                session,
                house.audit,
                name_secret,
                role="client",
                kind="renewal",
                by_id=me.person_id,
                now=house.now(),
                label=client.label,
                person_id=client_id,
            )
        return redirect(url_for("inviting.show_card", invitation_id=row.id), 303)

    @pages.post("/clients/<client_id>/care/hand-over")
    def give(client_id: str) -> Page:
        me = visitor_here()
        try:
            with house.database.writing() as session:
                care = find_care(session, clinician_id=me.person_id, client_id=client_id, lock=True)
                if care is None:
                    raise NotFound
                hand_over(session, house.audit, care, to_id=request.form.get("to", ""), by_id=me.person_id, now=house.now())
        except Refused as fault:
            return draw_care(client_id, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("inviting.show", done="handed"), 303)

    @pages.post("/clients/<client_id>/care/end")
    def end(client_id: str) -> AnyResponse:
        me = visitor_here()
        with house.database.writing() as session:
            care = find_care(session, clinician_id=me.person_id, client_id=client_id, lock=True)
            if care is None:
                raise NotFound
            end_care(session, house.audit, care, by_id=me.person_id, now=house.now())
        return redirect(url_for("inviting.show", done="ended"), 303)

    def find_role(session: Session) -> Role:
        """What is being invited for, if that is allowed at present."""
        role = request.form.get("role", "client")
        clinic = read_clinic_settings(session)
        if role == "clinician" and clinic.staff_invited_by == "everyone":
            return "clinician"
        if role != "client":
            raise NotFound
        if house.own.help_book.operator_confirmed_on is None:
            raise InvitingWaits
        if clinic.clients_invited_by != "clinicians":
            raise InvitingClosed
        return "client"

    def find_group(session: Session) -> str | None:
        group_id = request.form.get("group") or None
        own = select(ClientGroup.id).where(ClientGroup.id == group_id, ClientGroup.clinician_id == visitor_here().person_id)
        if group_id is not None and session.scalar(own) is None:
            raise NotFound
        return group_id

    def read_days() -> int:
        text = request.form.get("days", str(DAYS))
        if not (text.isascii() and text.isdigit() and len(text) <= 4) or not 1 <= int(text) <= MOST_DAYS:
            return DAYS
        return int(text)

    def find_list() -> str:
        return "people.show" if visitor_here().role == "admin" else "inviting.show"

    def draw(*, sentence: str = "", label: str = "") -> str:
        me = visitor_here()
        with house.database.reading() as session:
            groups = session.scalars(select(ClientGroup).where(ClientGroup.clinician_id == me.person_id))
            return render_template(
                "clinic/inviting.html",
                waits=house.own.help_book.operator_confirmed_on is None,
                help_file=settings.home / f"help.{settings.locale}.yml",
                clinic=read_clinic_settings(session),
                invitations=list_made(session, me.person_id, now=house.now()),
                clients=list_cared_for(session, me.person_id),
                groups=[(group.id, group.name or "") for group in groups],
                days=DAYS,
                most_days=MOST_DAYS,
                sentence=sentence,
                label=label[:100],
                done=request.args.get("done", ""),
            )

    def draw_care(client_id: str, *, sentence: str = "") -> str:
        me = visitor_here()
        with house.database.reading() as session:
            client = find_cared_for(session, clinician_id=me.person_id, client_id=client_id)
            if client is None:
                raise NotFound
            others = list_clinicians(session, but_id=me.person_id)
        return render_template("clinic/care.html", client=client, others=others, sentence=sentence)

    return pages
