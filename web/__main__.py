"""`python -m web`: the web room under waitress, with a sweep that erases what has outlived its time."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from waitress import serve  # type: ignore[import-untyped]

from data.faults import ContentError
from web.app import build_app
from web.clinic.retention import erase_outlived
from web.database.erasure import erase_expired, erase_old_copies
from web.database.opening import DatabaseFault
from web.logs import log_failure, set_up_logs
from web.rehearsal.house import House
from web.reminding import start_reminding
from web.secrets_store import SecretFault
from web.settings import Settings, SettingsFault, read_settings

SWEEP_EVERY_SECONDS = 15 * 60
KEPT_IN_MEMORY = {"outbuf_overflow": 64 * 1024 * 1024, "inbuf_overflow": 1024 * 1024}
"""Bytes. With less, waitress writes what waits for a slow reader into a temporary file: answers hold people's words."""

log = structlog.get_logger(__name__)


def main() -> int:
    """Serve until told to stop; 2 when it cannot start, with one sentence that says why."""
    set_up_logs()
    try:
        settings = read_settings(os.environ)
        app = build_app(settings)
    except (SettingsFault, SecretFault, DatabaseFault, ContentError) as fault:
        print(f"The web process cannot start: {fault}", file=sys.stderr)
        return 2
    except SQLAlchemyError as fault:
        log_failure(fault)
        print(
            f"The web process cannot start: the database cannot be used ({type(fault).__name__}). Is it there, is there room?",
            file=sys.stderr,
        )
        return 2
    start_sweeping(app.extensions["house"], settings)
    start_reminding(app, app.extensions["house"], settings)
    if settings.metrics_port:
        try:
            app.extensions["house_metrics"].serve(settings.metrics_host, settings.metrics_port)
        except OSError as error:
            print(f"The metrics cannot be served on port {settings.metrics_port} ({error.strerror}).", file=sys.stderr)
            return 2
    log.info("serving", address=f"http://{settings.host}:{settings.web_port}")
    try:
        serve(
            app,
            host=settings.host,
            port=settings.web_port,
            threads=settings.web_threads,
            ident=None,
            max_request_body_size=512 * 1024,
            **KEPT_IN_MEMORY,
            channel_timeout=60,
            clear_untrusted_proxy_headers=True,
            **believe_proxy(settings),
        )
    except OSError as error:
        print(
            f"The web process cannot listen on {settings.host}:{settings.web_port} ({error.strerror}); "
            "set SAYABLE_WEB_PORT to another port.",
            file=sys.stderr,
        )
        return 2
    return 0


def believe_proxy(settings: Settings) -> dict[str, Any]:
    """What waitress needs to take the visitor's address and scheme from the one reverse proxy that may tell them."""
    if not settings.trusted_proxy:
        return {}
    return {
        "trusted_proxy": settings.trusted_proxy,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def start_sweeping(house: House, settings: Settings) -> threading.Event:
    """Erase what is due, now and every quarter of an hour, in a thread of its own; set the event to end it."""
    done = threading.Event()

    def sweep() -> None:
        while not done.wait(SWEEP_EVERY_SECONDS):
            try:
                erased = erase_expired(house.database, now=datetime.now(UTC))
                house.database.learn_sizes()
                erase_old_copies(settings.home / "backups", now=datetime.now(UTC))
                outlived = erase_outlived(house)
                house.own.keep_files_right()
            except Exception as error:  # the next sweep tries again; a sweeper that dies would break the promise silently
                log_failure(error)
            else:
                if erased:
                    log.info("erased_expired", attempts=erased)
                if outlived:
                    log.info("erased_outlived", people=outlived)

    threading.Thread(target=sweep, name="sweeper", daemon=True).start()
    return done


if __name__ == "__main__":
    sys.exit(main())
