"""Every route as everybody: nobody, guest, the client it is about, another client, her clinician, two others, administrator.

The routes are drawn from the app. Whose each object is stands in OWNERS; a route with an object and without an owner fails.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.web.clinic.one_of_everything import TAG, World, fill_address, make_world
from web.access.route_rules import OPEN_ROUTES, find_rule
from web.database.tables import Base

ROLES = {
    "guest": "guest",
    "mika": "client",
    "other_client": "client",
    "noor": "clinician",
    "other_clinician": "clinician",
    "former": "clinician",
    "admin": "admin",
}
EVERY_CLINICIAN = frozenset({"noor", "other_clinician", "former"})
OWNERS: dict[str, frozenset[str]] = {
    "practice": frozenset({"mika"}),
    "api": frozenset({"mika"}),
    "scenes": frozenset({"mika"}),
    "homework": frozenset({"mika"}),
    "sharing": frozenset({"mika"}),
    "parting": frozenset({"mika"}),
    "leaving": frozenset({"mika"}),
    "account": frozenset({"mika"}),
    "caseload": frozenset({"noor"}),
    "summary": frozenset({"noor"}),
    "assigning": frozenset({"noor"}),
    "groups": frozenset({"noor"}),
    "inviting": frozenset({"noor"}),
    "shared": frozenset({"noor"}),
    "exporting": frozenset({"noor"}),
    "authoring": EVERY_CLINICIAN,
    "clinic_words": EVERY_CLINICIAN,
    "people": frozenset({"admin"}),
}
"""For whom the objects in addresses are there (scenes and wording of a clinic belong to all its clinicians); for all else: 404."""
READERS_OF_MIKA = frozenset({"mika", "noor"})
COUNTS_OF_ONES_OWN = ("rate_window", "browser_session", "audit_event")
"""Tables in which a refused request may leave something: a count, a last use, and that it was refused."""


@pytest.fixture
def world(app, new_browser, make_person, take_into_care, mika, noor, admin, other_client, other_clinician) -> World:
    former = make_person("clinician", "Tove")
    take_into_care(former, mika)
    others = {"other_client": other_client, "other_clinician": other_clinician}
    return make_world(app.extensions["house"], new_browser, mika, noor, admin, others, former)


def list_routes(app) -> list[tuple[str, str, str]]:
    """Endpoint, method and pattern of every route, opening ones first."""
    found = []
    for rule in app.url_map.iter_rules():
        found += [(rule.endpoint, method, rule.rule) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return sorted(found, key=lambda route: (route[1] != "GET", route))


FIELDS: dict[str, dict[str, object]] = {
    "api.answer_help": {"answer": "resume"},
    "api.command": {"message_id": "a" * 32, "command": "stop"},
    "api.keep_agreement": {"limits": "mine"},
    "api.keep_note": {"text": "mine"},
    "api.keep_self_check": {"leaning": "want"},
    "api.preview_own_share": {"to": "d" * 32, "talk": True},
    "api.make_share": {"to": "d" * 32, "talk": True, "seen": "1-x"},
    "api.reply": {"message_id": "b" * 32, "text": "mine"},
    "practice.command": {"message_id": "c" * 32, "command": "stop"},
    "exporting.take": {"form": "csv"},
    "sharing.agree": {"agree": "yes"},
    "authoring.draft": {"version": "1"},
}
"""What a request needs to be understood at all; the others are understood without."""
ONES_OWN_ACT = frozenset({"sharing.withdraw"})
"""Takes back what the client themselves agreed to, towards whomever; where nothing was agreed to, nothing happens."""


def ask(browser, method: str, path: str, endpoint: str = ""):
    fields = FIELDS.get(endpoint, {})
    if path.startswith("/api/"):
        return browser.client.open(path, method=method, json=fields, headers={"X-CSRFToken": browser.token})
    data = None if method == "GET" else {"csrf_token": browser.token, **fields}
    return browser.client.open(path, method=method, data=data)


def tell(wrong: list[tuple[object, ...]]) -> str:
    return "\n" + "\n".join(" ".join(str(part) for part in line) for line in wrong)


def take_fingerprint(house) -> str:
    """Of everything the database holds, but for what a refused request may leave."""
    digest = hashlib.sha256()
    with house.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in COUNTS_OF_ONES_OWN:
                rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
                digest.update(json.dumps([table.name, rows]).encode())
    return digest.hexdigest()


def test_every_object_in_an_address_has_an_owner(app, world):
    """A new route that names an object fails here until its owner stands in OWNERS and something to name is made."""
    for endpoint, _, pattern in list_routes(app):
        fill_address(pattern, world.ids)
        if "<" in pattern and endpoint not in OPEN_ROUTES:
            assert endpoint.split(".")[0] in OWNERS, endpoint
    assert all(world.ids.values())


def test_what_is_closed_stays_closed_and_changes_nothing(app, world):
    """Nobody: first page or 401; a role without a rule: 403; somebody else's object: 404. No answer holds Mika's words, nothing changes."""
    house = app.extensions["house"]
    before = take_fingerprint(house)
    tried, wrong = 0, []
    for endpoint, method, pattern in list_routes(app):
        if endpoint in OPEN_ROUTES:
            continue
        path, has_object = fill_address(pattern, world.ids), "<" in pattern
        for who, browser in world.people.items():
            if who == "nobody":
                expected = 401 if path.startswith("/api/") else 303
            elif ROLES[who] not in find_rule(endpoint):
                expected = 403
            elif has_object and who not in OWNERS[endpoint.split(".")[0]] and endpoint not in ONES_OWN_ACT:
                expected = 404
            else:
                continue
            answer = ask(browser, method, path, endpoint)
            tried += 1
            if answer.status_code != expected or TAG in answer.get_data(as_text=True):
                wrong.append((who, method, endpoint, answer.status_code, expected))
            if who == "nobody" and expected == 303 and not answer.location.startswith("/?"):
                wrong.append((who, method, endpoint, answer.location))
            answer.close()
    assert not wrong, tell(wrong)
    assert take_fingerprint(house) == before
    assert tried > 600, tried


def test_a_share_opens_to_whom_it_was_made_and_only_while_their_care_lasts(app, world):
    """What Mika shared with a clinician whose care has ended is closed to that clinician, and was never open to another."""
    ids = {**world.ids, "share_id": world.former_share}
    for endpoint, method, pattern in list_routes(app):
        if endpoint.split(".")[0] == "shared":
            for who in EVERY_CLINICIAN:
                answer = ask(world.people[who], method, fill_address(pattern, ids), endpoint)
                assert answer.status_code == 404 and TAG not in answer.get_data(as_text=True), (who, endpoint, answer.status_code)


def test_what_is_open_is_open_and_shows_words_only_to_whom_they_are_for(app, world):
    """Every page opens to whom it is for; Mika's words stand on none that is not her own or her clinician's."""
    opened, wrong = 0, []
    for endpoint, method, pattern in list_routes(app):
        if method != "GET" or endpoint in OPEN_ROUTES:
            continue
        for who, browser in world.people.items():
            if who == "nobody" or ROLES[who] not in find_rule(endpoint):
                continue
            if "<" in pattern and who not in OWNERS[endpoint.split(".")[0]]:
                continue
            answer = ask(browser, "GET", fill_address(pattern, world.ids))
            opened += 1
            sent_away = answer.status_code == 303 and answer.location.startswith("/?")
            if answer.status_code not in (200, 204, 303) or sent_away:
                wrong.append((who, endpoint, answer.status_code))
            if who not in READERS_OF_MIKA and TAG in answer.get_data(as_text=True):
                wrong.append((who, endpoint, "shows Mika's words"))
            answer.close()
    assert not wrong, tell(wrong)
    assert opened > 100, opened


def test_a_change_is_open_to_whom_it_is_for(app, world):
    """The owner's own request without its fields is told what is missing, or done; it is not turned away like a stranger's.

    What an act removes is gone for the next one, so each is tried on a clinic as it was before.
    """
    house = app.extensions["house"]
    wrong, tried = [], 0
    file = app.extensions["house"].database.engine.url.database
    kept = copy_database(house, file)
    for endpoint, method, pattern in list_routes(app):
        if method == "GET" or endpoint in OPEN_ROUTES or "<" not in pattern:
            continue
        for who in sorted(OWNERS[endpoint.split(".")[0]] & {"mika", "noor", "admin"}):
            if ROLES[who] not in find_rule(endpoint):
                continue
            answer = ask(world.people[who], method, fill_address(pattern, world.ids), endpoint)
            tried += 1
            if answer.status_code in (401, 403, 500) or (answer.status_code == 404 and endpoint not in NEEDS_MORE):
                wrong.append((who, method, endpoint, answer.status_code))
            answer.close()
            put_back(house, file, kept)
    assert not wrong, tell(wrong)
    assert tried > 40, tried


NEEDS_MORE = frozenset(
    {"authoring.discard", "authoring.publish_draft", "authoring.offer", "groups.add", "api.preview_own_share", "api.make_share"}
)
"""Changes that name a second object in their form (a revision, a version, a person): without it they answer as if it were not there."""


def copy_database(house, file: str) -> bytes:
    """The database as it is now, with everything that still stood in its log."""
    house.database.engine.dispose()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return Path(file).read_bytes()


def put_back(house, file: str, kept: bytes) -> None:
    house.database.engine.dispose()
    for end in ("-wal", "-shm"):
        Path(file + end).unlink(missing_ok=True)
    Path(file).write_bytes(kept)
