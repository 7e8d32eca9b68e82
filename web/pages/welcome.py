"""The first screen, letting a guest in, and leaving."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from flask import session as form_session
from flask_babel import gettext as _
from flask_limiter import Limiter
from sqlalchemy import update
from werkzeug.wrappers import Response as AnyResponse

from web.access.embedding import is_embedded
from web.access.gate import drop_visit_cookie, set_visit_cookie
from web.access.visitors import end_visit, let_in_guest
from web.database.tables import Person
from web.pages.language import choose_locale, forget_form_session, list_locales
from web.pages.navigation import find_home
from web.rehearsal.house import House
from web.settings import Settings


def make_welcome_pages(house: House, settings: Settings, limiter: Limiter) -> Blueprint:
    pages = Blueprint("welcome", __name__)

    @pages.get("/")
    def show() -> str | AnyResponse:
        if is_embedded(settings):
            return redirect(url_for("embedding.show", ended=request.args.get("ended")), 303)
        return render_template(
            "welcome.html",
            title=_("Practice"),
            guests=settings.guests,
            here=g.visitor is not None,
            ended="ended" in request.args,
            locales=list_locales(),
        )

    @pages.post("/language")
    def choose_language() -> AnyResponse:
        """For whoever has no login yet; a login has its language on the account page, and here while it can reach no other page."""
        locale = request.form.get("locale", "")
        choose_locale(locale)
        if g.must_set_up and locale in list_locales():
            with house.database.writing() as session:
                session.execute(update(Person).where(Person.id == g.visitor.person_id).values(locale=locale))
        return redirect(url_for("welcome.show"), 303)

    @pages.post("/begin")
    @limiter.limit("120 per minute")  # per address: a whole group may begin behind one
    def let_in() -> AnyResponse:
        if g.visitor is not None:
            return redirect(find_home(), 303)
        if not settings.guests:
            abort(403)
        life = timedelta(hours=settings.guest_hours)
        token = let_in_guest(house.database, now=house.now(), life=life)
        forget_form_session()
        response = make_response(redirect(url_for("scenes.show"), 303))
        set_visit_cookie(response, settings, token, life=life)
        return response

    @pages.post("/leave")
    def leave() -> AnyResponse:
        """End the session; with `quick` go to a neutral page of another site, else to the first screen."""
        if g.visitor is not None:
            if g.visitor.role != "guest":
                with house.database.writing() as session:
                    me = g.visitor.person_id
                    house.audit.record(session, "signed_out", now=house.now(), actor_id=me, subject_id=me)
            end_visit(house.database, g.visitor, now=house.now())
        form_session.clear()
        away = url_for("embedding.show_left") if is_embedded(settings) else settings.exit_url
        target = away if request.form.get("quick") else url_for("welcome.show")
        response: Response = make_response(redirect(target, 303))
        drop_visit_cookie(response, settings)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    return pages
