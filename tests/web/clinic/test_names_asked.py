"""Nobody finds out who is here by asking for names: thirty an hour, whether they are free or taken, also after a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.web.browser import Browser
from tests.web.clinic.logins import PASSPHRASE, add_login, confirm_help, sign_in
from tests.web.clinic.test_joining import FORM, invite
from tests.web.conftest import TwoScenes, WordDoor, close
from tests.web.test_pages import text_of
from web.access.throttle import Throttle
from web.app import build_app
from web.database.tables import Person, RateWindow
from web.secrets_store import read_session_secret

WAIT = "Wait an hour"


@pytest.fixture
def settings(settings):
    return confirm_help(settings)


@pytest.fixture
def throttle(app, settings) -> Throttle:
    return Throttle(app.extensions["house_counting"], read_session_secret(settings).encode())


@pytest.fixture
def mika_id(app, settings) -> str:
    return add_login(app, settings, "client", "Mika")


def rename(browser, name: str):
    return browser.post_form("/account/name", name=name, passphrase=PASSPHRASE)


def test_a_login_may_ask_for_thirty_names_an_hour(mika_id, noor, new_browser, throttle, database):
    """Free and taken names count alike; then even a taken name is not told any more, until the hour is over."""
    browser = new_browser()
    sign_in(browser, "Mika")
    for _ in range(28):
        throttle.count_name(f"person {mika_id}", "192.0.2.9")
    taken = rename(browser, "Noor")
    assert taken.status_code == 422 and "already uses this name" in text_of(taken)
    assert rename(browser, "Mika Two").status_code == 303
    for name in ("Noor", "Mika Three"):
        answer = rename(browser, name)
        assert answer.status_code == 429 and WAIT in text_of(answer) and "already uses" not in text_of(answer)
    with database.reading() as session:
        assert session.get_one(Person, mika_id).name == "Mika Two"
    with database.writing() as session:
        session.execute(update(RateWindow).values(ends_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert rename(browser, "Mika Three").status_code == 303


def test_a_wrong_passphrase_asks_for_no_name(mika_id, new_browser, noor):
    """Whoever does not know the passphrase is not told whether a name is taken."""
    browser = new_browser()
    sign_in(browser, "Mika")
    page = text_of(browser.post_form("/account/name", name="Noor", passphrase="not the one at all"))
    assert "not your present passphrase" in page and "already uses" not in page


def test_a_card_may_ask_for_thirty_names_an_hour(noor, new_browser, throttle):
    """A passphrase that is refused leaves the card open, and each name asked for so is counted; later the card still works."""
    path, _, invitation_id = invite(noor)
    phone = new_browser()
    phone.open(path)
    for _ in range(29):
        throttle.count_name(f"invitation {invitation_id}", "192.0.2.9")
    assert "already uses this name" in text_of(phone.post_form(path, name="Noor", passphrase="short"))
    refused = phone.post_form(path, name="Noor", passphrase="short")
    assert refused.status_code == 429 and WAIT in text_of(refused) and 'value="Noor"' in text_of(refused)
    other_path, _, _ = invite(noor)
    assert new_browser().open(other_path).status_code == 200
    phone.open(other_path)
    assert phone.post_form(other_path, **FORM).location == "/account/recovery"


def test_an_address_may_ask_for_ninety(noor, new_browser, throttle):
    """Many cards at one address are no way round it."""
    for number in range(90):
        throttle.count_name(f"invitation {number}", "127.0.0.1")
    path, _, _ = invite(noor)
    phone = new_browser()
    phone.open(path)
    assert phone.post_form(path, **FORM).status_code == 429


def test_the_count_is_remembered_over_a_restart(mika_id, new_browser, throttle, settings, noor):
    """A new process counts on where the old one was."""
    for _ in range(30):
        throttle.count_name(f"person {mika_id}", "192.0.2.9")
    again = build_app(settings, door=WordDoor(), catalogue=TwoScenes())
    browser = Browser(again.test_client())
    sign_in(browser, "Mika")
    assert rename(browser, "Noor").status_code == 429
    close(again)
