"""Using an invitation: by its link or its short code. Opening a page uses up nothing; only the form on it does. Open to everybody."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_limiter import Limiter

from web.access.passphrases import ADVISED
from web.access.refusals import InvitationGone, Refused
from web.access.signing_in import Reception
from web.clinic.clinic_settings import read_clinic_settings
from web.clinic.invitations import derive_way, find_by_code, find_by_token, find_maker_name
from web.clinic.joining import DEFAULT_TIME_ZONE, Wish, join, list_time_zones, renew
from web.pages.sign_in import Page, begin_visit, find_address
from web.rehearsal.house import House
from web.settings import Settings


def make_joining_pages(house: House, settings: Settings, reception: Reception, limiter: Limiter) -> Blueprint:
    pages = Blueprint("joining", __name__)
    life = timedelta(hours=settings.login_hours)

    @pages.get("/join")
    def show() -> Page:
        return render_template("clinic/join_code.html", sentence=str(InvitationGone.sentence) if "gone" in request.args else "")

    @pages.post("/join")
    def find() -> Page:
        address = find_address()
        try:
            reception.throttle.check_codes(address)
            with house.database.reading() as session:
                invitation = find_by_code(session, request.form.get("code", ""), reception.name_secret, now=house.now())
            if invitation is None:
                reception.throttle.note_wrong_code(address)
                raise InvitationGone
        except Refused as fault:
            return render_template("clinic/join_code.html", sentence=str(fault.sentence)), fault.status
        return redirect(url_for("joining.show_invitation", token=derive_way(invitation.id, reception.name_secret).token), 303)

    @pages.get("/join/<token>")
    @limiter.limit("60 per minute")
    def show_invitation(token: str) -> Page:
        return draw(token)

    @pages.post("/join/<token>")
    @limiter.limit("60 per minute")
    def take(token: str) -> Page:
        form = request.form
        try:
            if form.get("renewal"):
                session_token = renew(house.database, house.audit, token, form.get("passphrase", ""), now=house.now(), life=life)
            else:
                count_name(token)
                locale = str(get_locale() or settings.locale)
                wish = Wish(form.get("name", ""), form.get("passphrase", ""), form.get("time_zone", DEFAULT_TIME_ZONE), locale)
                session_token = join(house.database, house.audit, reception.name_secret, token, wish, now=house.now(), life=life)
        except InvitationGone:
            return redirect(url_for("joining.show", gone=1), 303)
        except Refused as fault:
            return draw(token, sentence=str(fault.sentence), status=fault.status)
        return begin_visit(house, settings, session_token, url_for("account.show_recovery"))

    def count_name(token: str) -> None:
        """Whoever holds a card could ask for names without end: a passphrase that is refused leaves the card open."""
        with house.database.reading() as session:
            invitation = find_by_token(session, token, now=house.now())
        if invitation is not None:
            reception.throttle.count_name(f"invitation {invitation.id}", find_address())

    def draw(token: str, *, sentence: str = "", status: int = 200) -> Page:
        with house.database.reading() as session:
            invitation = find_by_token(session, token, now=house.now())
            if invitation is None:
                return redirect(url_for("joining.show", gone=1), 303)
            by, clinic = find_maker_name(session, invitation), read_clinic_settings(session)
        page = render_template(
            "clinic/invited.html",
            invitation=invitation,
            token=token,
            by=by,
            clinic=clinic,
            sentence=sentence,
            name=request.form.get("name", "")[:100],
            time_zone=request.form.get("time_zone") or "",
            time_zones=list_time_zones(),
            advised=ADVISED,
            guest_here=g.visitor is not None and g.visitor.role == "guest",
            someone_here=g.visitor is not None and g.visitor.role != "guest",
        )
        return page, status

    return pages
