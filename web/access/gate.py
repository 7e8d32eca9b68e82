"""The gate before every page and API route: closed unless `web.access.route_rules` opens it to the visitor's role."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from web.access.embedding import ENTRY, VISIT_COOKIE, is_embedded, may_open
from web.access.route_rules import OPEN_ROUTES, find_rule
from web.access.second_factor import leads_to_setup, must_set_up
from web.access.visitors import Visitor, find_visitor
from web.api.faults import answer_fault
from web.rehearsal.house import House
from web.settings import Settings


def place_gate(app: Flask, house: House, settings: Settings) -> None:
    """Put the gate before every request of `app`."""

    @app.before_request
    def check_gate() -> AnyResponse | tuple[Response, int] | None:
        g.visitor, g.must_set_up = None, False
        if request.endpoint == "static" or (request.endpoint or "").startswith("health."):
            return None
        if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            raise Forbidden
        embedded = is_embedded(settings)
        if embedded and not may_open(request.endpoint):
            raise Forbidden
        token = request.cookies.get(cookie_name(settings))
        if token:
            g.visitor = find_visitor(
                house.database,
                token,
                now=house.now(),
                idle=timedelta(hours=settings.session_idle_hours),
                login_idle=timedelta(minutes=settings.lock_minutes + settings.lock_grace_minutes),
            )
        if embedded and g.visitor is not None and g.visitor.role != "guest":
            g.visitor = None  # no login works inside another site's page, however its cookie came there
        g.must_set_up = must_set_up(settings, g.visitor)
        if g.must_set_up and leads_to_setup(request.endpoint):
            if request.path.startswith("/api/"):
                return answer_fault(403, "second_factor_needed")
            return redirect(url_for("account.show_totp"), 303)
        if request.endpoint is None or request.endpoint in OPEN_ROUTES:
            return None
        if g.visitor is not None:
            if g.visitor.role not in find_rule(request.endpoint):
                raise Forbidden
            return None
        if request.path.startswith("/api/"):
            return answer_fault(401, "no_session")
        return redirect(f"{ENTRY}?ended=1" if embedded else url_for("welcome.show", ended=1), 303)


def visitor_here() -> Visitor:
    """The visitor of this request; only for routes behind the gate."""
    visitor: Visitor = g.visitor
    return visitor


def cookie_name(settings: Settings) -> str:
    """The name of the visit cookie of this request; a frame on another site has its own."""
    if is_embedded(settings):
        return VISIT_COOKIE
    return "__Host-practice" if settings.secure else "practice"


def set_visit_cookie(response: Response, settings: Settings, token: str, *, life: timedelta) -> None:
    embedded = is_embedded(settings)
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(life.total_seconds()),
        httponly=True,
        secure=settings.secure,
        samesite="None" if embedded else "Lax",
        partitioned=embedded,
        path="/",
    )


def drop_visit_cookie(response: Response, settings: Settings) -> None:
    embedded = is_embedded(settings)
    response.delete_cookie(
        cookie_name(settings),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="None" if embedded else "Lax",
        partitioned=embedded,
    )
