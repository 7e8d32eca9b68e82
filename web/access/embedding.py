"""A visit inside a frame on a clinic's own site: how it is told from any other, and the cookies it has of its own.

Only guests practise in a frame. Whoever has a login comes by a plain link, so that no page of another site lies around a homework, a
share or a passphrase. The cookies of a frame are partitioned (CHIPS): they belong to that site's frame alone.
"""

from __future__ import annotations

from flask import Flask, has_request_context, request
from flask.sessions import SecureCookieSessionInterface

from web.settings import Settings

VISIT_COOKIE = "__Host-practice-frame"
FORM_COOKIE = "__Host-practice-frame-form"
ORDINARY_VISIT_COOKIE = "__Host-practice"
ENTRY = "/embed"
FRAMED_BLUEPRINTS = frozenset({"embedding", "welcome", "scenes", "practice", "api", "reading", "static", "health"})
"""What a frame may open."""


def is_embedded(settings: Settings) -> bool:
    """Whether this request belongs to a frame: it asks for the entry, or brings the frame's cookie and no ordinary one.

    A browser sends the ordinary cookie (SameSite=Lax) into no frame of another site, and a partitioned one nowhere else.
    """
    if not settings.secure or not has_request_context():
        return False
    if request.path == ENTRY or request.path.startswith(f"{ENTRY}/"):
        return True
    return VISIT_COOKIE in request.cookies and ORDINARY_VISIT_COOKIE not in request.cookies


def may_open(endpoint: str | None) -> bool:
    """Whether a frame may open this route."""
    return endpoint is None or endpoint.split(".")[0] in FRAMED_BLUEPRINTS


class FormSessions(SecureCookieSessionInterface):
    """Flask's session cookie, which holds the form token; a frame has a partitioned one of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def get_cookie_name(self, app: Flask) -> str:
        return FORM_COOKIE if is_embedded(self._settings) else super().get_cookie_name(app)

    def get_cookie_samesite(self, app: Flask) -> str | None:
        return "None" if is_embedded(self._settings) else super().get_cookie_samesite(app)

    def get_cookie_partitioned(self, app: Flask) -> bool:
        return is_embedded(self._settings) or super().get_cookie_partitioned(app)
