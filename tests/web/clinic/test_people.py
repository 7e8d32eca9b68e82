"""What an administrator can do about people, and what they cannot see."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.web.clinic.conftest import Someone
from tests.web.clinic.logins import PASSPHRASE, add_login, find_events, sign_in
from web.database.clinic_tables import Invitation
from web.database.tables import Person


@pytest.fixture
def ola(app, settings, new_browser) -> Someone:
    """An administrator with a passphrase, signed in."""
    browser = new_browser()
    person_id = add_login(app, settings, "admin", "Ola")
    sign_in(browser, "Ola")
    browser.open("/people")
    return Someone(person_id, "Ola", browser)


def test_an_administrator_sees_no_client(ola, noor, mika, other_client):
    """The list holds clinicians and administrators; no client's name, no caseload, no count stands on it."""
    page = ola.browser.open("/people").get_data(as_text=True)
    assert "Noor" in page and "Ola" in page
    assert "Mika" not in page and "Rafa" not in page


@pytest.mark.parametrize("path", ["/invitations", "/scenes", "/carried-over", "/api/attempts"])
def test_an_administrator_gets_to_no_words(ola, path):
    """Neither practice nor inviting clients is open to them."""
    assert ola.browser.open(path).status_code == 403


def test_a_client_is_found_by_the_exact_name_only(ola, noor, mika):
    """Part of a name finds nobody, and a guest has none; the page of a client says nothing about their care."""
    for name in ("Mik", "", "%", "Nobody"):
        assert ola.browser.post_form("/people/find", name=name).status_code == 422
    found = ola.browser.post_form("/people/find", name=" mika ")
    assert found.location == f"/people/{mika.id}"
    page = ola.browser.open(found.location).get_data(as_text=True)
    assert "Mika" in page and "Noor" not in page


def test_blocking_ends_every_session_and_keeps_out(ola, app, settings, new_browser, database):
    """A blocked person is out at once and cannot get in; unblocked, they can. The trail holds both."""
    mika_id = add_login(app, settings, "client", "Mika")
    browser = new_browser()
    sign_in(browser, "Mika")
    assert ola.browser.post_form(f"/people/{mika_id}/block").status_code == 303
    assert browser.open("/account").status_code == 303
    assert sign_in(new_browser(), "Mika").status_code == 422
    assert ola.browser.post_form(f"/people/{mika_id}/unblock").status_code == 303
    assert sign_in(new_browser(), "Mika").status_code == 303
    for what in ("person_blocked", "person_unblocked"):
        assert [(event.actor_id, event.subject_id) for event in find_events(database, what)] == [(ola.id, mika_id)]


def test_ending_sessions_leaves_the_login(ola, app, settings, new_browser):
    """Signed out everywhere by an administrator, a person signs in again at once."""
    mika_id = add_login(app, settings, "client", "Mika")
    browser = new_browser()
    sign_in(browser, "Mika")
    ola.browser.post_form(f"/people/{mika_id}/sign-out")
    assert browser.open("/account").status_code == 303
    assert sign_in(browser, "Mika").status_code == 303


def test_the_last_of_a_role_stays(ola, app, settings, database):
    """The only clinician who can sign in, and the own login, are neither blocked nor erased; with another there, it goes."""
    vera_id = add_login(app, settings, "clinician", "Vera")
    for person_id in (vera_id, ola.id):
        assert ola.browser.post_form(f"/people/{person_id}/block").status_code == 409
        assert ola.browser.post_form(f"/people/{person_id}/erase", passphrase=PASSPHRASE).status_code == 409
    add_login(app, settings, "clinician", "Wim")
    assert ola.browser.post_form(f"/people/{vera_id}/block").status_code == 303
    with database.reading() as session:
        assert session.get(Person, ola.id).blocked_at is None


def test_two_administrators_cannot_block_each_other_away(ola, app, settings, new_browser):
    """One may block the other; the blocked one can do nothing any more, so one always stays."""
    second_id = add_login(app, settings, "admin", "Pia")
    second = new_browser()
    sign_in(second, "Pia")
    assert ola.browser.post_form(f"/people/{second_id}/block").status_code == 303
    assert second.post_form(f"/people/{ola.id}/block").status_code == 303  # led to the first page, not obeyed
    assert ola.browser.open("/people").status_code == 200


def test_erasing_needs_the_passphrase(ola, app, settings, new_browser, database):
    """Without it nothing happens; with it the person and their login are gone, and only a random number stays in the trail."""
    mika_id = add_login(app, settings, "client", "Mika")
    assert ola.browser.post_form(f"/people/{mika_id}/erase", passphrase="wrong").status_code == 422
    with database.reading() as session:
        assert session.get(Person, mika_id) is not None
    assert ola.browser.post_form(f"/people/{mika_id}/erase", passphrase=PASSPHRASE).status_code == 303
    with database.reading() as session:
        assert session.get(Person, mika_id) is None
    assert sign_in(new_browser(), "Mika").status_code == 422
    assert [event.subject_id for event in find_events(database, "person_erased")] == [mika_id]


def test_a_clinician_with_clients_is_not_erased(ola, noor, other_clinician, mika, database):
    """First their clients are handed over: otherwise homework would go with them."""
    assert ola.browser.post_form(f"/people/{noor.id}/erase", passphrase=PASSPHRASE).status_code == 409
    assert mika.browser.open("/account").status_code == 200


def test_guests_and_nobody_are_not_there(ola, guest, database):
    """A guest's number and a made-up one get the same answer."""
    with database.reading() as session:
        guest_id = session.scalar(select(Person.id).where(Person.role == "guest"))
    for person_id in (guest_id, "0" * 32, "x"):
        assert ola.browser.open(f"/people/{person_id}").status_code == 404
        for act in ("block", "unblock", "sign-out", "hand-over", "erase"):
            assert ola.browser.post_form(f"/people/{person_id}/{act}", passphrase=PASSPHRASE).status_code == 404


def test_an_administrator_invites_clinicians_and_administrators(ola, new_browser, database):
    """The card works for the role it was made for, never for a client."""
    for role in ("clinician", "admin", "client"):
        made = ola.browser.post_form("/people/invite", label=f"Somebody as {role}", role=role)
        card = ola.browser.open(made.location).get_data(as_text=True)
        path = re.search(r'value="http://localhost(/join/[0-9a-f]{64})"', card)[1]
        browser = new_browser()
        browser.open(path)
        assert browser.post_form(path, name=f"New {role}", passphrase=PASSPHRASE, time_zone="UTC").status_code == 303
        ola.browser.open("/people")
    with database.reading() as session:
        assert sorted(session.scalars(select(Person.role).where(Person.id != ola.id))) == ["admin", "clinician", "clinician"]
        assert session.scalar(select(func.count()).select_from(Invitation)) == 3


def test_colleagues_are_invited_by_clinicians_when_the_clinic_says_so(ola, noor):
    """Closed at first; open after the administrator's setting, and still not for administrators."""
    noor.browser.open("/invitations")
    assert noor.browser.post_form("/invitations", label="V.", role="clinician").status_code == 404
    ola.browser.open("/clinic")
    ola.browser.post_form("/clinic", retention_months="12", clients_invited_by="clinicians", staff_invited_by="everyone")
    assert noor.browser.post_form("/invitations", label="V.", role="clinician").status_code == 303
    assert noor.browser.post_form("/invitations", label="V.", role="admin").status_code == 404
