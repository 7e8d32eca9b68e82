"""One's own account: name, place, passphrase, authenticator app, sessions, recovery code, and what others changed about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from web.access.gate import visitor_here
from web.access.names import rename
from web.access.own_login import change_passphrase, make_own_recovery_code, switch_totp_off, switch_totp_on
from web.access.passphrases import ADVISED
from web.access.recovery_codes import count_codes
from web.access.refusals import Refused, SecondFactorStays
from web.access.second_factor import is_required
from web.access.signing_in import Reception, confirm_passphrase
from web.access.totp import draw_qr, is_secret, make_address, make_secret
from web.access.visitors import begin_session, end_session, end_sessions, list_sessions
from web.clinic.care import list_carers
from web.clinic.clinic_settings import read_clinic_settings
from web.clinic.joining import check_time_zone, list_time_zones
from web.clinic.news import has_news_since_last_visit, list_news
from web.clinic.parting import list_parted
from web.database.tables import BrowserSession, Person
from web.pages.language import list_locales
from web.pages.navigation import find_home, is_open
from web.pages.sign_in import Page, begin_visit, find_address
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House
from web.settings import Settings

PARTED_SHOWN = timedelta(days=60)
JUST_JOINED = timedelta(minutes=10)
"""A session that young has shown its passphrase a moment ago."""


def make_account_pages(house: House, settings: Settings, reception: Reception) -> Blueprint:
    pages = Blueprint("account", __name__)
    idle = timedelta(minutes=settings.lock_minutes + settings.lock_grace_minutes)

    @pages.get("/account")
    def show() -> Page:
        return draw()

    @pages.get("/account/arrive")
    def arrive() -> Page:
        """Just signed in: to one's own area, or first to what others changed meanwhile."""
        with house.database.reading() as session:
            news = has_news_since_last_visit(session, visitor_here().person_id, now=house.now())
        return redirect(url_for("account.show", _anchor="news") if news else find_home(), 303)

    @pages.get("/account/stay")
    def stay() -> Page:
        """A page that is being used says so once a minute; asking is enough to keep the session."""
        return make_response("", 204)

    @pages.post("/account/name")
    def change_name() -> Page:
        def act() -> None:
            confirm()
            reception.throttle.count_name(f"person {visitor_here().person_id}", find_address())
            with house.database.writing() as session:
                rename(session, reception.name_secret, get_me(session), request.form.get("name", ""))

        return do(act, "name")

    @pages.post("/account/place")
    def change_place() -> Page:
        def act() -> None:
            time_zone, locale = check_time_zone(request.form.get("time_zone", "")), request.form.get("locale", "")
            with house.database.writing() as session:
                me = get_me(session)
                me.time_zone = time_zone
                if locale in list_locales():
                    me.locale = locale

        return do(act, "place")

    @pages.post("/account/passphrase")
    def take_passphrase() -> Page:
        try:
            confirm()
            token = change_passphrase(reception, visitor_here(), request.form.get("fresh", ""), now=house.now())
        except Refused as fault:
            return draw(sentence=str(fault.sentence), at="passphrase"), fault.status
        return begin_visit(house, settings, token, url_for("account.show", done="passphrase"))

    @pages.get("/account/recovery")
    def show_recovery() -> Page:
        return draw_recovery()

    @pages.post("/account/recovery")
    def make_recovery() -> Page:
        with house.database.reading() as session:
            asks = asks_passphrase(session)
        if asks:
            try:
                confirm()
            except Refused as fault:
                return draw_recovery(str(fault.sentence)), fault.status
        code = make_own_recovery_code(reception, visitor_here().person_id, now=house.now())
        return render_template("clinic/codes_once.html", codes=[code], purpose="passphrase", renewed=False, signed_in=True)

    @pages.get("/account/code-app")
    def show_totp() -> Page:
        return draw_totp(make_secret())

    @pages.post("/account/code-app/on")
    def take_totp() -> Page:
        secret = request.form.get("secret", "")
        try:
            confirm()
            codes = switch_totp_on(reception, visitor_here().person_id, secret, request.form.get("code", ""), now=house.now())
        except Refused as fault:
            return draw_totp(secret if is_secret(secret) else make_secret(), sentence=str(fault.sentence)), fault.status
        return render_template("clinic/codes_once.html", codes=codes, purpose="totp", renewed=False, signed_in=True)

    @pages.post("/account/code-app/off")
    def drop_totp() -> Page:
        try:
            if is_required(settings, visitor_here().role):
                raise SecondFactorStays
            confirm()
        except Refused as fault:
            return draw_totp(make_secret(), sentence=str(fault.sentence)), fault.status
        switch_totp_off(reception, visitor_here().person_id, now=house.now())
        return redirect(url_for("account.show", done="totp"), 303)

    @pages.post("/account/sessions/<browser_session_id>/end")
    def end_one(browser_session_id: str) -> Page:
        with house.database.writing() as session:
            if not end_session(session, visitor_here().person_id, browser_session_id):
                raise NotFound
        return redirect(url_for("account.show", done="session"), 303)

    @pages.post("/account/sessions/end")
    def end_all() -> Page:
        """Sign out everywhere else; this browser goes on under a new token."""
        me = visitor_here()
        with house.database.writing() as session:
            end_sessions(session, me.person_id)
            token = begin_session(session, me.person_id, now=house.now(), life=reception.life)
            house.audit.record(
                session, "signed_out", now=house.now(), actor_id=me.person_id, subject_id=me.person_id, detail="everywhere else"
            )
        return begin_visit(house, settings, token, url_for("account.show", done="sessions"))

    def confirm() -> None:
        confirm_passphrase(reception, visitor_here().person_id, request.form.get("passphrase", ""), address=find_address())

    def do(act: Any, what: str) -> Page:
        try:
            act()
        except Refused as fault:
            return draw(sentence=str(fault.sentence), at=what), fault.status
        return redirect(url_for("account.show", done=what), 303)

    def get_me(session: Any) -> Person:
        me = session.get(Person, visitor_here().person_id)
        if me is None:
            raise NotFound
        return me

    def asks_passphrase(session: Session) -> bool:
        """Whoever has just joined gets the first code as it is; later a phone left open must not be enough to take the login over."""
        visitor = visitor_here()
        browser = session.get(BrowserSession, visitor.browser_session_id)
        fresh = browser is not None and browser.created_at + JUST_JOINED > house.now()
        return not fresh or bool(count_codes(session, visitor.person_id, "passphrase"))

    def draw_recovery(sentence: str = "") -> str:
        with house.database.reading() as session:
            has_code = bool(count_codes(session, visitor_here().person_id, "passphrase"))
            return render_template("clinic/recovery.html", has_code=has_code, asks=asks_passphrase(session), sentence=sentence)

    def draw(*, sentence: str = "", at: str = "") -> str:
        me = visitor_here()
        with house.database.reading() as session:
            person = get_me(session)
            return render_template(
                "clinic/account.html",
                person=person,
                news=list_news(session, me.person_id),
                parted=list_parted(session, me.person_id, since=house.now() - PARTED_SHOWN) if me.role == "clinician" else [],
                carers=list_carers(session, me.person_id) if me.role == "client" else [],
                sessions=list_sessions(session, me.person_id, now=house.now(), idle=idle),
                here_id=me.browser_session_id,
                totp_on=person.totp_sealed is not None,
                totp_codes_left=count_codes(session, me.person_id, "totp"),
                has_recovery_code=bool(count_codes(session, me.person_id, "passphrase")),
                time_zones=list_time_zones(),
                locales=list_locales(),
                advised=ADVISED,
                lock_minutes=settings.lock_minutes,
                sentence=sentence,
                at=at,
                done=request.args.get("done", ""),
                more=[endpoint for endpoint in ("trail.show", "leaving.show") if is_open(endpoint)],
            )

    def draw_totp(secret: str, *, sentence: str = "") -> str:
        with house.database.reading() as session:
            person, clinic = get_me(session), read_clinic_settings(session)
            name = person.name or ""
        address = make_address(secret, account=name, issuer=clinic.clinic_name or _("Practice"))
        return render_template(
            "clinic/code_app.html",
            on=person.totp_sealed is not None,
            required=is_required(settings, visitor_here().role),
            locales=list_locales(),
            secret=secret,
            qr=Markup(draw_qr(address)),  # noqa: S704 - drawn by us
            sentence=sentence,
        )

    return pages
