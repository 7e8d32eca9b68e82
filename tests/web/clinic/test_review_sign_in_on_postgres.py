"""Found in review: a sign-in and a change of the passphrase at the same moment, on PostgreSQL. Skipped without a server."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.web.clinic.logins import ANOTHER, add_login, hash_once
from tests.web.postgres import make_postgres_database
from web.access.refusals import NotKnown
from web.access.signing_in import Reception, Shown, let_in, make_seal
from web.access.throttle import Throttle
from web.access.visitors import end_sessions
from web.database.tables import BrowserSession, Person
from web.secrets_store import read_sign_in_secret


@pytest.fixture
def settings(settings):
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


def test_no_session_begun_with_the_old_passphrase_outlives_its_change(app, settings):
    """A sign-in that passed the old passphrase waits for the change that is under way, and is then refused."""
    house = app.extensions["house"]
    person_id = add_login(app, settings, "client", "Mika")
    reception = Reception(house.database, house.audit, Throttle(house.database, b"k"), read_sign_in_secret(settings), timedelta(hours=1))
    with house.database.reading() as session:
        shown = Shown(person_id, False, make_seal(session.get_one(Person, person_id).passphrase_hash))
    refused: list[bool] = []

    def sign_in() -> None:
        try:
            let_in(reception, shown, now=house.now())
        except NotKnown:
            refused.append(True)

    other = threading.Thread(target=sign_in)
    with house.database.writing() as session:
        session.get_one(Person, person_id).passphrase_hash = hash_once(ANOTHER)
        end_sessions(session, person_id)
        other.start()
        other.join(timeout=2)
    other.join(timeout=20)
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(BrowserSession).where(BrowserSession.person_id == person_id)) == 0
    assert refused == [True]
