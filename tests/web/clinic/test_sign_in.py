"""Signing in: the same answer to every stranger, throttled tries that survive a restart, codes used once, no session fixed beforehand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import func, select, update

from tests.web.browser import Browser
from tests.web.clinic.logins import ANOTHER, PASSPHRASE, Phone, add_login, find_events, sign_in
from tests.web.conftest import TwoScenes, WordDoor, close
from web.access import passphrases
from web.access.sign_in_names import hash_name
from web.access.throttle import Throttle
from web.app import build_app
from web.database.tables import Person, RateWindow
from web.secrets_store import read_session_secret, read_sign_in_secret


@pytest.fixture
def noor_id(app, settings):
    return add_login(app, settings, "clinician", "Noor")


def read_without_token(response) -> str:
    return re.sub(r'(content|value)="[^"]{40,}"', "", response.get_data(as_text=True))


def test_name_and_passphrase_let_in(noor_id, new_browser, database):
    """The name in any spelling of its capitals, the passphrase exactly; it is noted who came in."""
    browser = new_browser()
    response = sign_in(browser, "  nOOr ")
    assert (response.status_code, response.location) == (303, "/account/arrive")
    assert browser.open("/account").status_code == 200
    assert [event.subject_id for event in find_events(database, "signed_in")] == [noor_id]


def test_strangers_learn_nothing(noor_id, app, settings, new_browser, database):
    """An unknown name, a wrong passphrase and a blocked login get the same page and status."""
    blocked_id = add_login(app, settings, "clinician", "Xeno")
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == blocked_id).values(blocked_at=datetime.now(UTC)))
    answers = []
    for name, passphrase in (("Nobody", PASSPHRASE), ("Noor", "wrong wheat copper lake"), ("Xeno", PASSPHRASE), ("", "")):
        response = sign_in(new_browser(), name, passphrase)
        answers.append((response.status_code, read_without_token(response).replace(f'value="{name}"', "")))
    assert answers[0][0] == 422
    assert answers[0] == answers[1] == answers[2] == answers[3]


def test_an_unknown_name_costs_the_same_work_as_a_known_one(noor_id, new_browser, monkeypatch):
    """The work of hashing is done for nobody too: once, and with the same parameters (memory, rounds, lanes)."""
    done, hasher = {}, passphrases.HASHER
    for name in ("Noor", "Nobody"):
        watched = Mock(wraps=hasher)
        browser = new_browser()
        browser.open("/sign-in")
        with monkeypatch.context() as patch:
            patch.setattr(passphrases, "HASHER", watched)
            browser.post_form("/sign-in", name=name, passphrase="wrong wheat copper lake")
        done[name] = [extract_parameters(call.args[0]) for call in watched.verify.call_args_list]
    assert len(done["Noor"]) == 1
    assert done["Nobody"] == done["Noor"]


def test_a_session_planted_beforehand_is_worth_nothing(noor_id, new_browser, guest):
    """A token that was in the browser before is neither used nor alive after signing in; a new one is made."""
    planted = guest.client.get_cookie("practice").value
    browser = new_browser()
    browser.client.set_cookie("practice", planted)
    sign_in(browser, "Noor")
    assert browser.client.get_cookie("practice").value != planted
    assert guest.open("/scenes").status_code == 303  # the guest whose session it was is erased


def test_the_form_token_changes_at_sign_in(noor_id, new_browser):
    """A CSRF token seen before signing in does not work after it."""
    browser = new_browser()
    browser.open("/sign-in")
    before = browser.token
    sign_in(browser, "Noor")
    browser.token = before
    assert browser.post_form("/account/sessions/end").status_code == 400


def test_signing_in_again_ends_the_session_before(noor_id, new_browser, database):
    """The same browser signing in a second time leaves one session, not two."""
    browser = new_browser()
    sign_in(browser, "Noor")
    first = browser.client.get_cookie("practice").value
    browser.post_form("/leave")
    sign_in(browser, "Noor")
    other = new_browser()
    other.client.set_cookie("practice", first)
    assert other.open("/account").status_code == 303


@pytest.mark.full_strength
def test_a_passphrase_hashed_with_less_work_is_hashed_anew(noor_id, new_browser, database):
    """After signing in the stored hash has today's parameters, and the passphrase still fits."""
    with database.writing() as session:
        weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSPHRASE)
        session.execute(update(Person).where(Person.id == noor_id).values(passphrase_hash=weak))
    assert sign_in(new_browser(), "Noor").status_code == 303
    with database.reading() as session:
        assert "m=65536,t=3" in (session.get(Person, noor_id).passphrase_hash or "")
    assert sign_in(new_browser(), "Noor").status_code == 303


def test_wrong_tries_close_the_way_for_a_while(noor_id, new_browser, database):
    """After eight wrong tries even the right passphrase waits; when the quarter of an hour is over it works again."""
    browser = new_browser()
    browser.open("/sign-in")
    statuses = [browser.post_form("/sign-in", name="Noor", passphrase="wrong one altogether").status_code for _ in range(9)]
    assert statuses == [422] * 8 + [429]
    assert sign_in(browser, "Noor").status_code == 429
    with database.writing() as session:
        session.execute(update(RateWindow).values(ends_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert sign_in(browser, "Noor").status_code == 303
    assert len(find_events(database, "sign_in_refused")) == 8


def test_wrong_tries_are_remembered_over_a_restart(noor_id, new_browser, settings):
    """A new process counts on where the old one was."""
    for _ in range(8):
        sign_in(new_browser(), "Noor", "wrong one altogether")
    again = build_app(settings, door=WordDoor(), catalogue=TwoScenes())
    assert sign_in(Browser(again.test_client()), "Noor").status_code == 429
    close(again)


def test_somebody_elses_tries_do_not_lock_the_owner_out(noor_id, new_browser, app, settings):
    """Strangers at many addresses use up a name; the owner still signs in from the address they are known at, a stranger no longer."""
    sign_in(new_browser(), "Noor", address="192.0.2.1")
    throttle = Throttle(app.extensions["house_counting"], read_session_secret(settings).encode())
    for stranger in range(60):
        throttle.note_failure(hash_name("Noor", read_sign_in_secret(settings)), f"198.51.100.{stranger}")
    assert sign_in(new_browser(), "Noor", address="198.51.100.99").status_code == 429
    assert sign_in(new_browser(), "Noor", address="192.0.2.1").status_code == 303


def test_the_counts_name_nobody(noor_id, new_browser, database):
    """Names and addresses stand in the counters only as keyed hashes."""
    sign_in(new_browser(), "Noor", "wrong one altogether")
    with database.reading() as session:
        keys = list(session.scalars(select(RateWindow.key)))
    assert keys and all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_what_is_typed_at_sign_in_is_nowhere(noor_id, new_browser, settings, capfd):
    """Neither the name nor the passphrase stands in any file of the house or in the log."""
    sign_in(new_browser(), "Planted-Name", "planted-passphrase")
    sign_in(new_browser(), "Noor")
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    said = "".join(capfd.readouterr())
    for word in ("Planted-Name", "planted-passphrase", PASSPHRASE):
        assert word.encode() not in kept
        assert word not in said


@pytest.fixture
def with_app(noor_id, new_browser, clock):
    """Noor with her authenticator app on; gives her phone and her recovery codes."""
    browser = new_browser()
    sign_in(browser, "Noor")
    phone = Phone(browser, clock)
    page = browser.post_form("/account/code-app/on", secret=phone.secret, code=phone.code(), passphrase=PASSPHRASE)
    assert page.status_code == 200
    codes = re.findall(r"<li><code>([0-9A-Z-]{19})</code></li>", page.get_data(as_text=True))
    assert len(codes) == len(set(codes)) == 8
    return phone, codes


def begin(browser) -> None:
    response = sign_in(browser, "Noor")
    assert response.location == "/sign-in/code"
    browser.open("/sign-in/code")


def test_with_the_app_on_a_passphrase_is_not_enough(with_app, new_browser, clock):
    """Between passphrase and code nothing is open; with the code everything is."""
    phone, _ = with_app
    browser = new_browser()
    begin(browser)
    assert browser.open("/account").status_code == 303
    clock.go_on(seconds=60)
    browser.open("/sign-in/code")
    assert browser.post_form("/sign-in/code", code=phone.code()).location == "/account/arrive"
    assert browser.open("/account").status_code == 200


def test_a_code_is_good_once(with_app, new_browser, clock):
    """The code that switched the app on, and the one that let in, do not let in again within their half minute."""
    phone, _ = with_app
    browser = new_browser()
    begin(browser)
    assert browser.post_form("/sign-in/code", code=phone.code()).status_code == 422
    clock.go_on(seconds=30)
    assert browser.post_form("/sign-in/code", code=phone.code()).status_code == 303
    second = new_browser()
    begin(second)
    assert second.post_form("/sign-in/code", code=phone.code()).status_code == 422


def test_codes_that_do_not_fit_are_refused(with_app, new_browser, clock):
    """Wrong, old, far-off and empty codes; a code one step late is taken, for clocks differ."""
    phone, _ = with_app
    clock.go_on(minutes=5)
    browser = new_browser()
    begin(browser)
    for code in ("000000", phone.code(-3), phone.code(3), "", "١٢٣٤٥٦", "12345"):
        assert browser.post_form("/sign-in/code", code=code).status_code == 422, code
    assert browser.post_form("/sign-in/code", code=phone.code(-1)).status_code == 303


def test_a_recovery_code_is_good_once(with_app, new_browser):
    """Typed in small letters with spaces it lets in, once; the other seven stay."""
    _, codes = with_app
    browser = new_browser()
    begin(browser)
    assert browser.post_form("/sign-in/code", code=codes[0].lower().replace("-", " ")).status_code == 303
    assert "7 recovery codes are left" in browser.open("/account").get_data(as_text=True)
    second = new_browser()
    begin(second)
    assert second.post_form("/sign-in/code", code=codes[0]).status_code == 422


def test_guessing_codes_is_throttled(with_app, new_browser, clock):
    """After eight wrong codes the right one waits too."""
    phone, _ = with_app
    clock.go_on(minutes=1)
    browser = new_browser()
    begin(browser)
    for _ in range(8):
        assert browser.post_form("/sign-in/code", code="000000").status_code == 422
    assert browser.post_form("/sign-in/code", code=phone.code()).status_code == 429


def test_half_a_sign_in_does_not_keep(with_app, new_browser, clock):
    """Five minutes after the passphrase the code comes too late."""
    phone, _ = with_app
    browser = new_browser()
    begin(browser)
    clock.go_on(minutes=6)
    assert browser.post_form("/sign-in/code", code=phone.code()).location == "/sign-in"
    assert browser.open("/account").status_code == 303


def test_half_a_sign_in_ends_with_the_passphrase(with_app, new_browser, clock, noor_id, database):
    """Somebody waiting at the code step with the old passphrase is not let in after it changed."""
    from web.access.passphrases import hash_passphrase

    phone, _ = with_app
    browser = new_browser()
    begin(browser)
    with database.writing() as session:
        session.get(Person, noor_id).passphrase_hash = hash_passphrase(ANOTHER)
    clock.go_on(seconds=60)
    assert browser.post_form("/sign-in/code", code=phone.code()).status_code == 422
    assert browser.open("/account").status_code == 303


def test_switching_on_needs_a_code_and_the_passphrase(noor_id, new_browser, clock, database):
    """A wrong code, a wrong passphrase or a secret of one's own making switches nothing on."""
    browser = new_browser()
    sign_in(browser, "Noor")
    phone = Phone(browser, clock)
    for fields in (
        {"secret": phone.secret, "code": "000000", "passphrase": PASSPHRASE},
        {"secret": phone.secret, "code": phone.code(), "passphrase": "wrong"},
        {"secret": "short", "code": phone.code(), "passphrase": PASSPHRASE},
    ):
        assert browser.post_form("/account/code-app/on", **fields).status_code == 422
    with database.reading() as session:
        assert session.get(Person, noor_id).totp_sealed is None


def test_switching_off_needs_the_passphrase_and_drops_the_codes(with_app, new_browser, clock, database, noor_id):
    """Off, a sign-in needs no code, and the recovery codes are gone."""
    from web.database.clinic_tables import RecoveryCode

    phone, _ = with_app
    browser = new_browser()
    begin(browser)
    clock.go_on(seconds=60)
    browser.post_form("/sign-in/code", code=phone.code())
    browser.open("/account")
    assert browser.post_form("/account/code-app/off", passphrase="wrong").status_code == 422
    assert browser.post_form("/account/code-app/off", passphrase=PASSPHRASE).status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert sign_in(new_browser(), "Noor").location == "/account/arrive"


def test_the_secret_of_the_app_is_sealed(with_app, settings):
    """It stands in no file of the house."""
    phone, codes = with_app
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    for secret in (phone.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret.encode() not in kept
