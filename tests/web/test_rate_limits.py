"""Rate limits hold, say when to come back, survive a restart, and lock nobody else out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.browser import Browser
from tests.web.conftest import TwoScenes, WordDoor, close
from web.app import build_app
from web.database.tables import RateWindow


def build_limited(settings) -> Flask:
    return build_app(settings, door=WordDoor(), catalogue=TwoScenes())


@pytest.fixture
def limited(settings) -> Iterator[Flask]:
    app = build_limited(settings)
    yield app
    close(app)


def use_up(browser: Browser) -> list[int]:
    return [browser.call("POST", "/attempts", {}).status_code for _ in range(32)]


def test_too_much_is_told_with_a_time(limited):
    """After the limit the answer is 429 with Retry-After and a sentence; what came before was served."""
    guest = Browser(limited.test_client()).be_guest()
    statuses = use_up(guest)
    assert statuses[:30] == [400] * 30
    assert statuses[30:] == [429, 429]
    refused = guest.call("POST", "/attempts", {})
    assert refused.json["code"] == "too_many"
    assert 0 < int(refused.headers["Retry-After"]) <= 60


def test_limits_survive_a_restart(limited, settings):
    """A new process counts on where the old one was."""
    guest = Browser(limited.test_client()).be_guest()
    use_up(guest)
    again = build_limited(settings)
    browser = Browser(again.test_client())
    browser.client._cookies.update(guest.client._cookies)
    browser.token = guest.token
    assert browser.call("POST", "/attempts", {}).status_code == 429
    close(again)


def test_one_persons_limit_is_not_anothers(limited):
    """Using up one's own limit leaves other people theirs."""
    use_up(Browser(limited.test_client()).be_guest())
    assert Browser(limited.test_client()).be_guest().call("POST", "/attempts", {}).status_code == 400


def test_what_is_counted_names_nobody(limited):
    """The counters hold hashes: no address, no person."""
    guest = Browser(limited.test_client()).be_guest()
    guest.call("POST", "/attempts", {})
    with limited.extensions["house"].database.reading() as session:
        keys = list(session.scalars(select(RateWindow.key)))
    assert keys
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)
