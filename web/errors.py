"""Errors in plain words: a page for people, JSON under /api. An unforeseen one is logged without its text."""

from __future__ import annotations

from flask import Flask, Response, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from web.api.faults import SENTENCES, answer_fault
from web.logs import log_failure
from web.rehearsal.faults import RehearsalFault

_CODES = {
    400: "not_understood",
    401: "no_session",
    403: "not_allowed",
    404: "not_found",
    405: "not_allowed",
    413: "too_large",
    429: "too_many",
}
_ASKS_NOTHING = {"near_ending": lambda: None, "has_news": lambda: False, "has_unread": lambda endpoint: False}
"""In place of what other pages ask the database for: it may be what is away, and then this page could not be drawn either."""


def handle_errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def tell_csrf(error: CSRFError) -> tuple[str | Response, int]:
        return _answer(400, "csrf")

    @app.errorhandler(RehearsalFault)
    def tell_rehearsal_fault(fault: RehearsalFault) -> tuple[str | Response, int]:
        return _answer(fault.status, fault.code, str(fault.sentence))

    @app.errorhandler(HTTPException)
    def tell_http_error(error: HTTPException) -> tuple[str | Response, int] | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        return _answer(status, _CODES.get(status, "broken" if status >= 500 else "not_understood"))

    @app.errorhandler(DataError)
    def tell_unstorable(error: DataError) -> tuple[str | Response, int]:
        """A value that no column takes, such as a zero sign in the id of an address on PostgreSQL: nothing of this request was kept."""
        log_failure(error)
        return _answer(400, "not_understood")

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeout)
    def tell_database_away(error: Exception) -> tuple[str | Response, int]:
        """The database is away, full or locked: nothing of this request was kept, and it may be sent again."""
        log_failure(error)
        return _answer(503, "cannot_store")

    @app.errorhandler(Exception)
    def tell_failure(error: Exception) -> tuple[str | Response, int]:
        log_failure(error)
        return _answer(500, "broken")


def _answer(status: int, code: str, sentence: str | None = None) -> tuple[str | Response, int]:
    if request.path.startswith("/api/"):
        return answer_fault(status, code, sentence)
    told = sentence or SENTENCES[code]()
    number = g.get("request_id", "")
    return render_template(
        "error.html", status=status, sentence=told, request_id=number, title=_("That did not work"), **_ASKS_NOTHING
    ), status
