"""Signing in, with a code where it is switched on; and a new passphrase by one's own recovery code. Open to everybody."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import set_visit_cookie
from web.access.own_login import renew_with_recovery_code
from web.access.refusals import NotKnown, Refused
from web.access.signing_in import Reception, check_name_and_passphrase, let_in, let_in_with_code
from web.access.visitors import end_visit
from web.pages.language import forget_form_session
from web.pages.navigation import find_home
from web.rehearsal.house import House
from web.settings import Settings

HALF_WAY_MINUTES = 5
Page = str | tuple[str, int] | AnyResponse


def make_sign_in_pages(house: House, settings: Settings, reception: Reception) -> Blueprint:
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    def show() -> Page:
        if g.visitor is not None and g.visitor.role != "guest":
            return redirect(find_home(), 303)
        return draw_sign_in(locked="locked" in request.args)

    @pages.post("/sign-in")
    def take() -> Page:
        name, passphrase = request.form.get("name", ""), request.form.get("passphrase", "")
        try:
            shown = check_name_and_passphrase(reception, name, passphrase, address=find_address(), now=house.now())
            if shown.needs_code:
                until = house.now() + timedelta(minutes=HALF_WAY_MINUTES)
                form_session["half_way"] = [shown.person_id, shown.seal, until.timestamp()]
                return redirect(url_for("sign_in.show_code"), 303)
            token = let_in(reception, shown, now=house.now())
        except Refused as fault:
            return draw_sign_in(name=name, sentence=str(fault.sentence)), fault.status
        return begin_visit(house, settings, token, url_for("account.arrive"))

    @pages.get("/sign-in/code")
    def show_code() -> Page:
        if _find_half_way(house) is None:
            return redirect(url_for("sign_in.show"), 303)
        return render_template("clinic/sign_in_code.html", sentence="")

    @pages.post("/sign-in/code")
    def take_code() -> Page:
        half_way = _find_half_way(house)
        if half_way is None:
            return redirect(url_for("sign_in.show"), 303)
        person_id, seal = half_way
        try:
            token = let_in_with_code(reception, person_id, seal, request.form.get("code", ""), address=find_address(), now=house.now())
        except NotKnown as fault:
            form_session.pop("half_way", None)
            return draw_sign_in(sentence=str(fault.sentence)), fault.status
        except Refused as fault:
            return render_template("clinic/sign_in_code.html", sentence=str(fault.sentence)), fault.status
        return begin_visit(house, settings, token, url_for("account.arrive"))

    @pages.get("/renew")
    def show_renew() -> Page:
        return render_template("clinic/renew.html", name="", sentence="")

    @pages.post("/renew")
    def renew() -> Page:
        name = request.form.get("name", "")
        try:
            token, code = renew_with_recovery_code(
                reception,
                name,
                request.form.get("code", ""),
                request.form.get("passphrase", ""),
                address=find_address(),
                now=house.now(),
            )
        except Refused as fault:
            return render_template("clinic/renew.html", name=name[:100], sentence=str(fault.sentence)), fault.status
        page = render_template("clinic/codes_once.html", codes=[code], purpose="passphrase", renewed=True, signed_in=bool(token))
        return begin_visit(house, settings, token, page=page) if token else page

    def draw_sign_in(*, name: str = "", sentence: str = "", locked: bool = False) -> str:
        return render_template("clinic/sign_in.html", name=name[:100], sentence=sentence, locked=locked, minutes=settings.lock_minutes)

    return pages


def begin_visit(house: House, settings: Settings, token: str, target: str = "", *, page: str = "") -> AnyResponse:
    """An answer that lets this browser in under `token`: whatever session it had before ends, and its form token with it."""
    if g.visitor is not None:
        end_visit(house.database, g.visitor, now=house.now())
    forget_form_session()
    response = make_response(page) if page else make_response(redirect(target, 303))
    set_visit_cookie(response, settings, token, life=timedelta(hours=settings.login_hours))
    return response


def find_address() -> str:
    """Where the request came from."""
    return request.remote_addr or "unknown"


def _find_half_way(house: House) -> tuple[str, str] | None:
    """Person and seal of a sign-in in this browser that lacks only its code."""
    half_way = form_session.get("half_way")
    if not isinstance(half_way, list) or len(half_way) != 3 or half_way[2] < house.now().timestamp():
        return None
    return str(half_way[0]), str(half_way[1])
