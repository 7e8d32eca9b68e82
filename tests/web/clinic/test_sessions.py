"""Sessions of people who signed in end when nobody uses them, after twelve hours, and whenever somebody says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.web.clinic.logins import ANOTHER, PASSPHRASE, add_login, sign_in
from web.access.visitors import let_in_person
from web.database.tables import BrowserSession


@pytest.fixture
def settings(settings):
    """The idle lock as it is by default."""
    return replace(settings, lock_minutes=20)


def test_a_session_nobody_uses_ends(noor, clock):
    """Two minutes after the page would have covered itself the server knows nobody any more."""
    clock.go_on(minutes=21)
    assert noor.browser.open("/account").status_code == 200
    clock.go_on(minutes=23)
    assert noor.browser.open("/account").status_code == 303


def test_a_page_in_use_keeps_the_session(mika, clock):
    """While somebody types, the page asks once a minute, and the session stays for an hour and longer."""
    for _ in range(70):
        clock.go_on(minutes=1)
        assert mika.browser.open("/account/stay").status_code == 204
    assert mika.browser.open("/account").status_code == 200


def test_no_session_outlives_twelve_hours(mika, clock):
    """However busy, the session ends after its twelve hours."""
    for _ in range(72):
        clock.go_on(minutes=10)
        last = mika.browser.open("/account/stay").status_code
    assert last == 303


def test_a_guest_keeps_their_hours(guest, clock):
    """A guest's talk with a time-out in it is not lost after twenty minutes."""
    clock.go_on(hours=3)
    assert guest.open("/scenes").status_code == 200


def test_the_page_carries_what_its_cover_needs(mika, guest, new_browser):
    """Signed in: end the session after so many minutes. A guest: a cover with a button. Nobody: neither."""
    signed_in = mika.browser.open("/account").get_data(as_text=True)
    assert 'data-lock="session" data-lock-minutes="20"' in signed_in and 'id="cover"' not in signed_in
    as_guest = guest.open("/scenes").get_data(as_text=True)
    assert 'data-lock="guest"' in as_guest and 'id="cover"' in as_guest
    nobody = new_browser().open("/").get_data(as_text=True)
    assert "data-lock" not in nobody and "idle_lock" not in nobody


def test_leaving_ends_the_session(mika, new_browser):
    """The token is worth nothing after signing out."""
    token = mika.browser.client.get_cookie("practice").value
    mika.browser.post_form("/leave", quick="1")
    browser = new_browser()
    browser.client.set_cookie("practice", token)
    assert browser.open("/account").status_code == 303


def test_one_session_is_ended_from_another(app, settings, new_browser):
    """The list shows both browsers; ending the other one leaves this one."""
    add_login(app, settings, "client", "Mika")
    here, there = new_browser(), new_browser()
    sign_in(here, "Mika")
    sign_in(there, "Mika")
    page = here.open("/account").get_data(as_text=True)
    assert page.count("Another browser") == 1
    other_id = page.split("/account/sessions/")[1].split("/end")[0]
    assert here.post_form(f"/account/sessions/{other_id}/end").status_code == 303
    assert there.open("/account").status_code == 303
    assert here.open("/account").status_code == 200


def test_nobody_ends_another_persons_session(mika, other_client, database):
    """Another's session id is as unknown as one that is not there."""
    with database.reading() as session:
        other_id = session.scalar(select(BrowserSession.id).where(BrowserSession.person_id == other_client.id))
    assert mika.browser.post_form(f"/account/sessions/{other_id}/end").status_code == 404
    assert other_client.browser.open("/account").status_code == 200


def test_signing_out_everywhere_else_changes_the_own_token_too(app, settings, new_browser):
    """All other browsers are out, and a copy of this browser's old token as well."""
    add_login(app, settings, "client", "Mika")
    here, there = new_browser(), new_browser()
    sign_in(here, "Mika")
    sign_in(there, "Mika")
    old = here.client.get_cookie("practice").value
    here.post_form("/account/sessions/end")
    assert here.open("/account").status_code == 200
    there.client.set_cookie("practice", old)
    assert there.open("/account").status_code == 303


def test_another_passphrase_ends_every_other_session(app, settings, new_browser):
    """Only with the present one; then the old one no longer works, other browsers are out, and this one goes on."""
    add_login(app, settings, "client", "Mika")
    here, there = new_browser(), new_browser()
    sign_in(here, "Mika")
    sign_in(there, "Mika")
    assert here.post_form("/account/passphrase", passphrase="wrong", fresh=ANOTHER).status_code == 422
    assert here.post_form("/account/passphrase", passphrase=PASSPHRASE, fresh="password1").status_code == 422
    assert there.open("/account").status_code == 200
    assert here.post_form("/account/passphrase", passphrase=PASSPHRASE, fresh=ANOTHER).status_code == 303
    assert here.open("/account").status_code == 200
    assert there.open("/account").status_code == 303
    assert sign_in(new_browser(), "Mika", PASSPHRASE).status_code == 422
    assert sign_in(new_browser(), "Mika", ANOTHER).status_code == 303


def test_a_name_is_changed_with_the_passphrase_only(app, settings, new_browser):
    """Sign-in goes by the new name; a taken or empty one is refused."""
    add_login(app, settings, "client", "Mika")
    add_login(app, settings, "client", "Rafa")
    browser = new_browser()
    sign_in(browser, "Mika")
    assert browser.post_form("/account/name", name="Milan", passphrase="wrong").status_code == 422
    assert "already uses" in browser.post_form("/account/name", name=" rAFA", passphrase=PASSPHRASE).get_data(as_text=True)
    assert browser.post_form("/account/name", name="\u200b\n", passphrase=PASSPHRASE).status_code == 422
    assert browser.post_form("/account/name", name="Milan", passphrase=PASSPHRASE).status_code == 303
    assert sign_in(new_browser(), "Mika").status_code == 422
    assert sign_in(new_browser(), "Milan").status_code == 303


def test_times_are_shown_in_ones_own_zone(mika, clock, database):
    """The same moment stands on the page as Lisbon and as Auckland read it."""
    clock.moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    token = let_in_person(database, mika.id, now=clock(), life=timedelta(hours=12))
    mika.browser.client.set_cookie("practice", token)
    assert "11:30" in mika.browser.open("/account").get_data(as_text=True)
    assert mika.browser.post_form("/account/place", time_zone="Pacific/Auckland").status_code == 303
    assert "10:30" in mika.browser.open("/account").get_data(as_text=True)
    assert mika.browser.post_form("/account/place", time_zone="Mars/Olympus").status_code == 422
