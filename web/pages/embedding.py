"""The way in for a frame on a clinic's own site, and what stands in the frame after leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_limiter import Limiter
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from web.access.embedding import is_embedded
from web.access.gate import set_visit_cookie
from web.access.visitors import let_in_guest
from web.clinic.clinic_settings import read_clinic_settings
from web.pages.language import forget_form_session
from web.rehearsal.house import House
from web.settings import Settings


def make_embedding_pages(house: House, settings: Settings, limiter: Limiter) -> Blueprint:
    pages = Blueprint("embedding", __name__)

    @pages.get("/embed")
    def show() -> str | AnyResponse:
        check_wanted()
        if g.visitor is not None:
            return redirect(url_for("scenes.show"), 303)
        address = (settings.public_url or request.url_root).rstrip("/")
        return render_template("embed.html", address=address, guests=settings.guests, ended="ended" in request.args)

    @pages.post("/embed")
    @limiter.limit("120 per minute")
    def let_in() -> AnyResponse:
        check_wanted()
        if not settings.guests:
            abort(403)
        if g.visitor is not None:
            return redirect(url_for("scenes.show"), 303)
        life = timedelta(hours=settings.guest_hours)
        token = let_in_guest(house.database, now=house.now(), life=life)
        forget_form_session()
        response = make_response(redirect(url_for("scenes.show"), 303))
        set_visit_cookie(response, settings, token, life=life)
        return response

    @pages.get("/embed/left")
    def show_left() -> str:
        check_wanted()
        return render_template("embed_left.html")

    def check_wanted() -> None:
        """A frame needs TLS (its cookies are Secure) and an origin that the clinic allows; else there is nothing at this address."""
        if not settings.secure:
            abort(404)
        with house.database.reading() as session:
            if not read_clinic_settings(session).embed_origins:
                abort(404)

    return pages


def draw_for_frame(settings: Settings) -> dict[str, Any]:
    """What every page has otherwise in a frame; nothing outside of one.

    Before a visit the browser shows the entry alone in the frame: it is where a page leads back to, and others open in a tab of their own.
    """
    if not is_embedded(settings):
        return {}
    framed = {"embedded": True, "exit_url": url_for("embedding.show_left")}
    if g.get("visitor") is not None:
        return framed
    return {**framed, "home_address": lambda: url_for("embedding.show"), "beside": Markup(' target="_blank" rel="noopener"')}
