"""Rate limits per browser session, or per address where there is none yet."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from flask_limiter import Limiter

from web.access.rate_windows import DatabaseStorage
from web.database.engine import Database, open_engine
from web.rehearsal.house import House
from web.secrets_store import read_session_secret
from web.settings import Settings


def make_limiter(app: Flask, house: House, settings: Settings, *, enabled: bool) -> Limiter:
    """A limiter whose counts are kept in the database."""
    counting = Database(open_engine(settings, lasting=False), house.database.cipher)
    app.extensions["house_counting"] = counting
    limiter = Limiter(
        key_func=_name_caller,
        storage_uri=f"{DatabaseStorage.STORAGE_SCHEME[0]}://",
        storage_options={"database": counting, "hash_key": read_session_secret(settings).encode()},  # type: ignore[dict-item]
        strategy="fixed-window",
        enabled=enabled,
    )
    limiter.init_app(app)

    @app.after_request
    def say_when_to_come_back(response: Response) -> Response:
        """Only on a refusal: what is left of a limit would cost two more queries on every request, and no page shows it."""
        if response.status_code == 429 and limiter.current_limit is not None and "Retry-After" not in response.headers:
            response.headers["Retry-After"] = str(max(1, int(limiter.current_limit.reset_at - time.time())))
        return response

    app.extensions["house_limiter"] = limiter  # Flask-Limiter itself keeps only a weak reference
    return limiter


def _name_caller() -> str:
    visitor = g.get("visitor")
    return f"person {visitor.person_id}" if visitor is not None else f"address {request.remote_addr}"
