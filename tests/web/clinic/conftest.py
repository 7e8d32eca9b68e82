"""People of a clinic in the test database, each with a browser that is signed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.web.browser import Browser
from web.access import passphrases
from web.access.gate import cookie_name
from web.access.sign_in_names import hash_name
from web.access.visitors import let_in_person
from web.database.clinic_tables import Care
from web.database.tables import Person, make_id
from web.secrets_store import read_sign_in_secret


@dataclass
class Someone:
    """A person of the clinic and their browser."""

    id: str
    name: str
    browser: Browser


@pytest.fixture
def settings(settings):
    """Sessions here last their twelve hours without use, so that tests may let hours pass; the idle lock has tests of its own."""
    return replace(settings, lock_minutes=720)


@pytest.fixture(autouse=True)
def light_hashing(request, monkeypatch):
    """Passphrases cost little here; what a real one costs is tested where `full_strength` is marked."""
    if request.node.get_closest_marker("full_strength") is None:
        monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        monkeypatch.setattr(passphrases, "_DUMMY_HASH", passphrases.HASHER.hash("nobody has this passphrase"))


@pytest.fixture
def database(app):
    return app.extensions["house"].database


@pytest.fixture
def make_person(app, settings, clock, database, new_browser):
    """`make_person("clinician", "Noor")`: someone with that role, signed in (no passphrase: sign-in itself is tested elsewhere)."""

    def make(role: str, name: str, *, time_zone: str = "Europe/Lisbon") -> Someone:
        person_id = make_id()
        with database.writing() as session:
            person = Person(id=person_id, role=role, created_at=clock(), time_zone=time_zone, locale="en")
            session.add(person)
            person.name = name
            person.sign_in_hash = hash_name(name, read_sign_in_secret(settings))
        browser = new_browser()
        browser.client.set_cookie(cookie_name(settings), let_in_person(database, person_id, now=clock(), life=timedelta(hours=12)))
        browser.open("/")
        return Someone(person_id, name, browser)

    return make


@pytest.fixture
def take_into_care(database, clock):
    """`take_into_care(clinician, client)`: the client stands on the clinician's caseload."""

    def take(clinician: Someone, client: Someone) -> str:
        care_id = make_id()
        with database.writing() as session:
            care = Care(id=care_id, clinician_id=clinician.id, client_id=client.id, began_at=clock())
            session.add(care)
            care.label = client.name
        return care_id

    return take


@pytest.fixture
def noor(make_person) -> Someone:
    return make_person("clinician", "Noor")


@pytest.fixture
def other_clinician(make_person) -> Someone:
    return make_person("clinician", "Ines")


@pytest.fixture
def admin(make_person) -> Someone:
    return make_person("admin", "Ola")


@pytest.fixture
def mika(make_person, noor, take_into_care) -> Someone:
    """A client in Noor's care."""
    client = make_person("client", "Mika")
    take_into_care(noor, client)
    return client


@pytest.fixture
def other_client(make_person, other_clinician, take_into_care) -> Someone:
    """A client in the other clinician's care."""
    client = make_person("client", "Rafa")
    take_into_care(other_clinician, client)
    return client
