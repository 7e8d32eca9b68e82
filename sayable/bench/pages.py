"""Every page of the web app on a large database and on a nearly empty one, in turns; and how many SQL statements each needs."""

import dataclasses
import hashlib
import logging
import os
import shutil
import socket
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import event

from sayable.bench.processes import Started
from sayable.bench.sized_clinic import EMPTY, Known, Size, fill_clinic, keep_known, read_known
from sayable.bench.spread import ratio, spread
from sayable.bench.wire import Wire
from sayable.up.ports import find_free_port
from sayable.up.settings import ROOT
from web.access.gate import cookie_name
from web.access.route_rules import OPEN_ROUTES, find_rule
from web.access.visitors import let_in_person
from web.app import build_app
from web.database.opening import open_database
from web.settings import Settings, read_settings

LEFT_OUT = frozenset({"static", "health.show_live", "health.show_ready"})
"""No pages."""
ROLES = ("client", "clinician", "admin")


@dataclasses.dataclass(frozen=True)
class Page:
    """One address as one person sees it; `name` is the route's, with the kind of attempt where that matters."""

    name: str
    path: str
    role: str


def measure_pages(folder: Path, size: Size, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Median milliseconds of every page on both databases and their ratio, largest first; and statements on both, counted in-process."""
    clinics = {"big": bring_clinic(folder, size, say), "empty": bring_clinic(folder, EMPTY, say)}
    statements = {which: count_statements(settings, known) for which, (settings, known) in clinics.items()}
    servers = {which: serve(settings, folder / f"web-{which}.log") for which, (settings, _) in clinics.items()}
    try:
        wires = {which: make_wires(*clinics[which]) for which in clinics}
        names, missed = list_pages(build_app(clinics["empty"][0]), clinics["empty"][1])
        paths = {
            which: {page.name: page for page in list_pages(build_app(settings), known)[0]} for which, (settings, known) in clinics.items()
        }
        found: dict[str, Any] = {}
        for page in names:
            times: dict[str, list[float]] = {"big": [], "empty": []}
            statuses: set[int] = set()
            for number in range(rounds + 2):
                for which in ("big", "empty") if number % 2 else ("empty", "big"):
                    status, _, took = wires[which][page.role].get(paths[which][page.name].path)
                    statuses.add(status)
                    if number > 1:  # the first two fill caches
                        times[which].append(took)
            if statuses != {200}:
                missed[page.name] = f"answers {sorted(statuses)}"
                continue
            found[page.name] = {
                "big": spread(times["big"]),
                "empty": spread(times["empty"]),
                "ratio": ratio(statistics.median(times["big"]), statistics.median(times["empty"])),
                "statements": {which: statements[which].get(page.name) for which in clinics},
            }
        ordered = dict(sorted(found.items(), key=lambda each: -each[1]["ratio"]))
        for name, both in list(ordered.items())[:8]:
            say(
                f"  {name}: {both['big']['median']:.1f} ms against {both['empty']['median']:.1f} ms, "
                f"{both['ratio']:.2f} times; {both['statements']}"
            )
        return {"size": {"clients": size.clients, "attempts": size.attempts, "turns": size.turns}, "pages": ordered, "not_measured": missed}
    finally:
        for server in servers.values():
            server.stop()


def bring_clinic(folder: Path, size: Size, say: Callable[[str], None]) -> tuple[Settings, Known]:
    """The database of `size`, built once for this version of tables and generator."""
    digest = hashlib.sha256(repr(size).encode())
    sources = [Path(__file__).with_name(name) for name in ("sized_clinic.py", "written_talks.py", "replies.py")]
    for path in [*sources, *sorted((ROOT / "web" / "database" / "migrations" / "versions").glob("*.py"))]:
        digest.update(path.read_bytes())
    home = folder / f"clinic-{size.clients}-{size.attempts}-{digest.hexdigest()[:10]}"
    settings = read_settings({"SAYABLE_HOME": str(home), "SAYABLE_WEB_PORT": str(find_free_port("127.0.0.1", socket.AF_INET))})
    if not (home / "known.json").exists():
        shutil.rmtree(home, ignore_errors=True)
        say(f"Writing a database of {size.clients} clients, {size.attempts} rehearsals, {size.turns} turns …")
        database = open_database(settings)
        known = fill_clinic(database, size, say)
        database.forget_freed_pages()
        database.engine.dispose()
        keep_known(home, known)
    return settings, read_known(home)


def serve(settings: Settings, log: Path) -> Started:
    """The web app alone, as `sayable up` starts it; pages need no Rasa."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYABLE_")}
    given = {"SAYABLE_HOME": str(settings.home), "SAYABLE_WEB_PORT": str(settings.web_port)}
    server = Started([sys.executable, "-m", "web"], ROOT, kept | given, log)
    server.wait_for(f"http://127.0.0.1:{settings.web_port}/health/live")
    return server


def make_tokens(settings: Settings, known: Known) -> dict[str, str]:
    """A browser session for each role, as it is after signing in."""
    database = open_database(settings)
    people = {"client": known.client_id, "clinician": known.clinician_id, "admin": known.admin_id}
    now, life = datetime.now(UTC), timedelta(hours=2)
    tokens = {role: let_in_person(database, person_id, now=now, life=life) for role, person_id in people.items()}
    database.engine.dispose()
    return tokens


def make_wires(settings: Settings, known: Known) -> dict[str, Wire]:
    name = cookie_name(settings)
    return {
        role: Wire("127.0.0.1", settings.web_port, {"Cookie": f"{name}={token}"}) for role, token in make_tokens(settings, known).items()
    }


def list_pages(app: Flask, known: Known) -> tuple[list[Page], dict[str, str]]:
    """Every address that a GET shows, and the routes that cannot be filled in, with the reason."""
    values = {name: value for name, value in dataclasses.asdict(known).items() if name != "running_attempt_id"}
    pages, missed = [], {}
    adapter = app.url_map.bind("127.0.0.1")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT:
            continue
        unknown = sorted(rule.arguments - values.keys())
        if unknown:
            missed[rule.endpoint] = f"needs {', '.join(unknown)}"
            continue
        allowed = find_rule(rule.endpoint)
        role = next((role for role in ROLES if rule.endpoint in OPEN_ROUTES or role in allowed), None)
        if role is None:
            missed[rule.endpoint] = "open to nobody who signs in"
            continue
        given = {name: values[name] for name in rule.arguments}
        pages.append(Page(rule.endpoint, adapter.build(rule.endpoint, given), role))
        if "attempt_id" in given and "turn_id" not in given:
            given["attempt_id"] = known.running_attempt_id
            pages.append(Page(f"{rule.endpoint} (running)", adapter.build(rule.endpoint, given), role))
    return pages, missed


def count_statements(settings: Settings, known: Known) -> dict[str, int]:
    """How many SQL statements each page sends, its session check and all; transaction marks are not counted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # a line for each request otherwise
    app = build_app(settings, rate_limits=False)
    engine = app.extensions["house"].database.engine
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: sent.append(statement))
    tokens = make_tokens(settings, known)
    found = {}
    for page in list_pages(app, known)[0]:
        client = app.test_client()
        client.set_cookie(cookie_name(settings), tokens[page.role])
        client.get(page.path)
        sent.clear()
        if client.get(page.path).status_code == 200:
            found[page.name] = sum(not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")) for statement in sent)
    engine.dispose()
    return found
