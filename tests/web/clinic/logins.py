"""People with a passphrase in the test database, and signing in as they do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pyotp

from web.access.names import make_person
from web.access.passphrases import hash_passphrase
from web.secrets_store import read_sign_in_secret

PASSPHRASE = "lantern wheat copper lake"
ANOTHER = "seven quiet brown kettles"
CONFIRMED = "operator_confirmed_on: 2026-01-31\nresources: []\n"


@cache
def hash_once(passphrase: str) -> str:
    """Hashing takes a fifth of a second on purpose; the tests need not do it for each person."""
    return hash_passphrase(passphrase)


def add_login(app, settings, role: str, name: str, passphrase: str = PASSPHRASE) -> str:
    """Someone who can sign in; gives their id."""
    house = app.extensions["house"]
    secret = read_sign_in_secret(settings)
    with house.database.writing() as session:
        person = make_person(
            session,
            secret,
            role=role,
            name=name,
            passphrase_hash=hash_once(passphrase),
            time_zone="Europe/Lisbon",
            locale="en",
            now=house.now(),
        )
        return person.id


def sign_in(browser, name: str, passphrase: str = PASSPHRASE, *, address: str = "127.0.0.1"):
    """Post the sign-in form as somebody who has just opened the page."""
    browser.client.environ_base["REMOTE_ADDR"] = address
    browser.open("/sign-in")
    response = browser.post_form("/sign-in", name=name, passphrase=passphrase)
    if response.status_code == 303:
        browser.open("/account")
    return response


class Phone:
    """An authenticator app that was given the secret of the page."""

    def __init__(self, browser, clock) -> None:
        page = browser.open("/account/code-app").get_data(as_text=True)
        self.secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)[1]
        self.clock = clock

    def code(self, steps: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(self.clock() + timedelta(seconds=30 * steps))


def confirm_help(settings):
    """The settings of a house whose operator has confirmed the help file."""
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "help.en.yml").write_text(CONFIRMED)
    return replace(settings)


def find_events(database, what: str) -> list:
    """The audit events of one kind, in order."""
    from sqlalchemy import select

    from web.database.clinic_tables import AuditEvent

    with database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.what == what).order_by(AuditEvent.number)))
