"""Headers on every answer: a strict content-security policy, nothing cached, nothing told to other sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError

from web.access.embedding import is_embedded
from web.clinic.clinic_settings import read_clinic_settings
from web.database.engine import Database
from web.settings import Settings


def add_headers(app: Flask, settings: Settings, database: Database) -> None:
    """Put the headers on every answer of `app`."""
    exit_site = urlsplit(settings.exit_url)
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            f"form-action 'self' {exit_site.scheme}://{exit_site.netloc}",  # "leave quickly" without JavaScript goes there
            "base-uri 'none'",
        )
    )

    @app.after_request
    def put_headers(response: Response) -> Response:
        headers = response.headers
        origins = find_origins(database) if is_embedded(settings) else ()
        ancestors = " ".join(origins) or "'none'"
        headers["Content-Security-Policy"] = f"{policy}; frame-ancestors {ancestors}"
        headers["X-Content-Type-Options"] = "nosniff"
        if not origins:
            headers["X-Frame-Options"] = "DENY"  # it can name no other site; where one may frame us, the policy above says which
        headers["Referrer-Policy"] = "no-referrer"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if settings.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.endpoint == "static":
            headers["Cache-Control"] = "public, max-age=3600"
        else:
            headers["Cache-Control"] = "no-store"
        return response


def find_origins(database: Database) -> tuple[str, ...]:
    """The origins whose pages may show ours in a frame, as the clinic allows them at this moment; none while nobody can look."""
    try:
        with database.reading() as session:
            return read_clinic_settings(session).embed_origins
    except SQLAlchemyError:
        return ()
