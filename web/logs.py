"""Structured logs, one JSON line each: event names, ids, times. Never a word that was typed, never the text of an exception."""

from __future__ import annotations

import logging
import secrets
import sys
import time
import traceback

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger(__name__)


def set_up_logs() -> None:
    """JSON lines on standard error; other libraries speak only from WARNING on."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format='{"event": "library", "logger": "%(name)s", "level": "%(levelname)s"}'
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def log_requests(app: Flask) -> None:
    """Give each request an id, and write one line for it: which route, which status, how long."""

    @app.before_request
    def note_start() -> None:
        g.started = time.perf_counter()
        g.request_id = secrets.token_hex(8)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def note_end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in ("static", "health.show_live", "health.show_ready"):
            took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
            # the route's name, not its address: addresses come from outside and may hold anything
            log.info("request", method=request.method, route=request.endpoint, status=response.status_code, milliseconds=round(took, 1))
        return response


def log_failure(error: BaseException) -> None:
    """An unforeseen exception: its type and where it was raised. Its text could hold what somebody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename}:{frame.lineno}" for frame in frames[-6:]]
    log.error("failure", kind=type(error).__name__, places=places)
