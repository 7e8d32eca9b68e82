"""A second factor that staff must have: what is open without it (setting it up), what is not (all else), for whom, and by which address."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.web.browser import Browser
from tests.web.clinic.logins import PASSPHRASE, Phone, add_login, find_events, hash_once, sign_in
from tests.web.clinic.test_route_matrix import list_routes, take_fingerprint
from tests.web.conftest import TwoScenes, WordDoor, close
from web.__main__ import main
from web.access.second_factor import is_required
from web.app import build_app
from web.database.tables import Person
from web.settings import SettingsFault, read_settings

SETUP = "/account/code-app"
STAFF = ("clinician", "admin")
OPEN_WITHOUT = {
    "account.show_totp": 200,
    "account.take_totp": 422,
    "account.show_recovery": 200,
    "account.make_recovery": 200,
    "account.stay": 204,
    "reading.show_help": 200,
    "welcome.choose_language": 303,
    "welcome.leave": 303,
    "static": 200,
    "health.show_live": 200,
    "health.show_ready": 200,
}
"""Written here a second time on purpose, with what each answers: whoever opens a route more changes this with open eyes."""


@pytest.fixture
def settings(settings):
    return replace(settings, staff_second_factor="required")


@pytest.fixture
def make_staff(database, make_person):
    """`make_staff(role)`: somebody with a passphrase who is signed in without a second factor, and has just seen the page to set it up."""

    def make(role: str):
        someone = make_person(role, f"{role} Noor")
        with database.writing() as session:
            session.get_one(Person, someone.id).passphrase_hash = hash_once(PASSPHRASE)
        someone.browser.open(SETUP)
        return someone

    return make


def set_up(someone, clock) -> tuple[Phone, list[str]]:
    """Switch the app on; gives the phone and the recovery codes."""
    phone = Phone(someone.browser, clock)
    page = someone.browser.post_form(f"{SETUP}/on", secret=phone.secret, code=phone.code(), passphrase=PASSPHRASE)
    assert page.status_code == 200
    return phone, re.findall(r"<li><code>([0-9A-Z-]{19})</code></li>", page.get_data(as_text=True))


def fill(pattern: str) -> str:
    path = pattern.replace("<path:filename>", "practice.css")
    return re.sub(r"<[^>]+>", "0" * 32, re.sub(r"<int:[^>]+>", "1", path))


def ask(browser: Browser, method: str, path: str):
    return browser.client.open(path, method=method, headers={"X-CSRFToken": browser.token})


@pytest.mark.parametrize("role", STAFF)
def test_without_it_only_the_way_to_it_is_open(app, make_staff, role):
    """Every route of the app: those named above answer; every other page leads to the set-up, the API says 403, and nothing changes."""
    browser = make_staff(role).browser
    routes = sorted(list_routes(app), key=lambda route: (route[0] in OPEN_WITHOUT, route[0] == "welcome.leave"))
    before, wrong, seen = take_fingerprint(app.extensions["house"]), [], set()
    for endpoint, method, pattern in routes:
        path = fill(pattern)
        if endpoint in OPEN_WITHOUT and not seen & set(OPEN_WITHOUT):
            assert take_fingerprint(app.extensions["house"]) == before
        seen.add(endpoint)
        answer = ask(browser, method, path)
        if endpoint in OPEN_WITHOUT:
            good = answer.status_code == OPEN_WITHOUT[endpoint] and answer.location != SETUP
        elif path.startswith("/api/"):
            good = answer.status_code == 403 and answer.json["code"] == "second_factor_needed"
        else:
            good = (answer.status_code, answer.location) == (303, SETUP)
        if not good:
            wrong.append((method, endpoint, answer.status_code, answer.location))
        answer.close()
    assert wrong == []
    assert set(OPEN_WITHOUT) <= seen and len(seen) > 120


def test_a_route_that_nobody_thought_of_is_closed_until_then(app, make_person):
    """A page and an API route that stand in no list lead to the set-up, or answer 403."""
    app.add_url_rule("/brand-new", "brand_new.show", lambda: "open")
    app.add_url_rule("/api/brand-new", "brand_new.show_json", lambda: "open")
    browser = make_person("clinician", "Noor").browser
    assert browser.open("/brand-new").location == SETUP
    assert browser.open("/api/brand-new").json["code"] == "second_factor_needed"


@pytest.mark.parametrize("role", STAFF)
def test_the_page_says_why_and_shows_no_way_around(make_staff, role):
    """A sentence says what is missing; signing out and the language are there, links to closed pages are not, on help neither."""
    browser = make_staff(role).browser
    for path, sentence in ((SETUP, "need a second factor here"), ("/help", "")):
        page = browser.open(path).get_data(as_text=True)
        assert sentence in page
        links = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', page))
        assert links <= {"/", "/help"}, links
    page = browser.open(SETUP).get_data(as_text=True)
    assert 'action="/leave"' in page and 'action="/language"' in page and "Sign out" in page


@pytest.mark.parametrize("role", STAFF)
def test_the_language_can_be_chosen_before(make_staff, database, role):
    """The buttons change the login's own language, to one that is there."""
    someone = make_staff(role)
    for locale in ("de", "xx"):
        someone.browser.post_form("/language", locale=locale)
        page = someone.browser.open(SETUP).get_data(as_text=True)
        assert '<html lang="de">' in page and "zweiten Faktor" in page
    with database.reading() as session:
        assert session.get_one(Person, someone.id).locale == "de"


@pytest.mark.parametrize(("role", "home"), [("clinician", "/caseload"), ("admin", "/people")])
def test_once_it_is_set_up_everything_of_the_role_opens(make_staff, clock, role, home):
    """The same session goes on, without signing in again."""
    someone = make_staff(role)
    assert someone.browser.open(home).location == SETUP
    set_up(someone, clock)
    assert someone.browser.open(home).status_code == 200
    assert someone.browser.open("/account").status_code == 200


def test_signing_in_leads_there(app, settings, new_browser):
    """Name and passphrase fit, and the first page is the set-up."""
    add_login(app, settings, "clinician", "Noor")
    browser = new_browser()
    assert sign_in(browser, "Noor").location == "/account/arrive"
    assert browser.open("/account/arrive").location == SETUP


def test_a_new_passphrase_by_recovery_code_leads_there_too(make_staff, new_browser):
    """Whoever comes back by the recovery code of their passphrase is held to it like everybody else."""
    someone = make_staff("clinician")
    page = someone.browser.post_form("/account/recovery", passphrase=PASSPHRASE).get_data(as_text=True)
    code = re.search(r"<li><code>([0-9A-Z-]+)</code></li>", page)[1]
    browser = new_browser()
    browser.open("/renew")
    assert browser.post_form("/renew", name=someone.name, code=code, passphrase="seven quiet brown kettles").status_code == 200
    assert browser.open("/caseload").location == SETUP


def test_clients_and_guests_are_not_asked(mika, guest):
    """A client without an app, and a guest, practise as before; a client may switch theirs on, and off again."""
    assert mika.browser.open("/homework").status_code == 200
    assert mika.browser.open("/account").status_code == 200
    for browser in (mika.browser, guest):
        browser.open("/scenes")
        assert browser.look(browser.start())["phase"]


def test_a_client_may_switch_theirs_off(app, make_staff, clock):
    """Removing it is refused to staff only."""
    client = make_staff("client")
    set_up(client, clock)
    assert client.browser.post_form(f"{SETUP}/off", passphrase=PASSPHRASE).status_code == 303


def test_the_way_in_stays_open_to_everybody_else(new_browser):
    """Nobody is asked for it before they have signed in."""
    browser = new_browser()
    for path in ("/", "/sign-in", "/join", "/renew", "/help", "/privacy"):
        assert browser.open(path).status_code == 200, path


def test_a_session_begun_before_the_switch_is_held_to_it(app, settings, clock, database):
    """Signed in while it was offered, then the house is started anew with `required`: the very next page leads to the set-up."""
    earlier = build_app(
        replace(settings, staff_second_factor="offered"), door=WordDoor(), catalogue=TwoScenes(), now=clock, rate_limits=False
    )
    add_login(earlier, settings, "clinician", "Noor")
    before = Browser(earlier.test_client())
    sign_in(before, "Noor")
    assert before.open("/caseload").status_code == 200
    after = Browser(app.test_client())
    after.client.set_cookie("practice", before.client.get_cookie("practice").value)
    assert after.open("/caseload").location == SETUP
    assert after.call("GET", "/attempts/x").status_code == 403
    close(earlier)


@pytest.mark.parametrize("role", STAFF)
def test_it_cannot_be_removed_while_it_is_required(make_staff, clock, database, role):
    """Switching it off is refused with the reason, even with the right passphrase; no button offers it; it stays on."""
    someone = make_staff(role)
    set_up(someone, clock)
    page = someone.browser.open(SETUP).get_data(as_text=True)
    assert f"{SETUP}/off" not in page and "another phone" in page
    refused = someone.browser.post_form(f"{SETUP}/off", passphrase=PASSPHRASE)
    assert refused.status_code == 409 and "so the app stays on" in refused.get_data(as_text=True)
    assert find_events(database, "totp_switched_off") == []
    with database.reading() as session:
        assert session.scalar(select(Person.totp_sealed).where(Person.id == someone.id)) is not None


def test_another_phone_takes_its_place_without_a_gap(make_staff, clock, new_browser):
    """Set up again while it is on: codes of the new phone let in, those of the old one and the old recovery codes do not."""
    someone = make_staff("clinician")
    old, old_codes = set_up(someone, clock)
    new, _ = set_up(someone, clock)
    clock.go_on(minutes=2)
    browser = new_browser()
    assert sign_in(browser, someone.name).location == "/sign-in/code"
    browser.open("/sign-in/code")
    for wrong in (old.code(), old_codes[0]):
        assert browser.post_form("/sign-in/code", code=wrong).status_code == 422
    assert browser.post_form("/sign-in/code", code=new.code()).status_code == 303
    assert browser.open("/caseload").status_code == 200


def test_a_lost_phone_locks_nobody_out(make_staff, clock, new_browser):
    """With one of the recovery codes the person signs in, and sets up another phone with the passphrase."""
    someone = make_staff("clinician")
    _, codes = set_up(someone, clock)
    browser = new_browser()
    sign_in(browser, someone.name)
    browser.open("/sign-in/code")
    assert browser.post_form("/sign-in/code", code=codes[0]).status_code == 303
    someone.browser = browser
    set_up(someone, clock)


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        ({}, False),
        ({"SAYABLE_HOST": "localhost"}, False),
        ({"SAYABLE_HOST": "::1"}, False),
        ({"SAYABLE_HOST": "127.0.0.2", "SAYABLE_PUBLIC_URL": "http://localhost:9000"}, False),
        ({"SAYABLE_PUBLIC_URL": "http://[::1]:9000"}, False),
        ({"SAYABLE_HOST": "0.0.0.0"}, True),
        ({"SAYABLE_HOST": "::"}, True),
        ({"SAYABLE_HOST": "192.0.2.7"}, True),
        ({"SAYABLE_HOST": "clinic-server"}, True),
        ({"SAYABLE_PUBLIC_URL": "https://practice.example"}, True),
        ({"SAYABLE_PUBLIC_URL": "http://localhost.example"}, True),
        ({"SAYABLE_TRUSTED_PROXY": "127.0.0.1"}, True),
        ({"SAYABLE_TRUSTED_PROXY": "127.0.0.1", "SAYABLE_STAFF_SECOND_FACTOR": "offered"}, False),
        ({"SAYABLE_STAFF_SECOND_FACTOR": "required"}, True),
        ({"SAYABLE_STAFF_SECOND_FACTOR": ""}, False),
    ],
)
def test_the_default_goes_by_who_can_come(environment, required):
    """Offered on this machine alone, required as soon as a setting says that others come; the setting decides over both."""
    settings = read_settings(environment)
    assert [is_required(settings, role) for role in ("clinician", "admin", "client", "guest")] == [required, required, False, False]


def test_a_house_behind_a_proxy_asks_without_being_told(settings, clock):
    """The default reaches the gate: no setting of its own, a trusted proxy, and a clinician is led to the set-up."""
    served = build_app(
        replace(settings, staff_second_factor="", trusted_proxy="127.0.0.1"),
        door=WordDoor(),
        catalogue=TwoScenes(),
        now=clock,
        rate_limits=False,
    )
    add_login(served, settings, "clinician", "Noor")
    browser = Browser(served.test_client())
    sign_in(browser, "Noor")
    assert browser.open("/caseload").location == SETUP
    close(served)


@pytest.mark.parametrize("value", ["on", "require", "off", "true", "required,offered"])
def test_a_value_that_it_does_not_know_is_told_at_start(monkeypatch, capsys, tmp_path, value):
    """The web process says which setting it is and what would do, and does not start."""
    with pytest.raises(SettingsFault, match="SAYABLE_STAFF_SECOND_FACTOR"):
        read_settings({"SAYABLE_STAFF_SECOND_FACTOR": value})
    monkeypatch.setattr("web.__main__.set_up_logs", lambda: None)
    monkeypatch.setenv("SAYABLE_HOME", str(tmp_path))
    monkeypatch.setenv("SAYABLE_STAFF_SECOND_FACTOR", value)
    assert main() == 2
    said = capsys.readouterr().err
    assert "SAYABLE_STAFF_SECOND_FACTOR" in said and "required or offered" in said
