"""Headers on every answer: a strict content-security policy, nothing cached, nothing told to other sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request

from web.settings import Settings


def add_headers(app: Flask, settings: Settings) -> None:
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
            "frame-ancestors 'none'",
        )
    )

    @app.after_request
    def put_headers(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
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
