"""A lost passphrase: with one's own code nothing is lost; without it unshared words are erased first, and nobody gets at words."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from tests.web.browser import Browser
from tests.web.clinic.conftest import Someone
from tests.web.clinic.logins import ANOTHER, PASSPHRASE, add_login, confirm_help, find_events, sign_in
from web.database.clinic_tables import Assignment, Care, Consent, RecoveryCode, Share
from web.database.tables import Attempt, Note, Person, Turn, make_id


@pytest.fixture
def settings(settings):
    return confirm_help(settings)


@pytest.fixture
def client(app, settings, new_browser, noor, take_into_care) -> Someone:
    """Mika, in Noor's care, with a passphrase and signed in."""
    person_id = add_login(app, settings, "client", "Mika")
    browser = new_browser()
    sign_in(browser, "Mika")
    client = Someone(person_id, "Mika", browser)
    take_into_care(noor, client)
    return client


def get_code(browser: Browser) -> str:
    browser.open("/account/recovery")
    page = browser.post_form("/account/recovery").get_data(as_text=True)
    return re.search(r"<li><code>([0-9A-Z-]{23})</code></li>", page)[1]


def practise(browser: Browser, *replies: str) -> str:
    attempt_id = browser.start()
    browser.order(attempt_id, "begin")
    for reply in replies:
        assert browser.say(attempt_id, reply).status_code == 200
    return attempt_id


def share(database, clock, attempt_id: str, clinician: Someone, *, turns: int, **parts: bool) -> None:
    """As the page would, up to turn number `turns`, or up to the last when there are fewer."""
    with database.writing() as session:
        last = session.scalar(select(func.max(Turn.number)).where(Turn.attempt_id == attempt_id))
        shown = min(turns, last)
        session.add(
            Share(id=make_id(), attempt_id=attempt_id, clinician_id=clinician.id, last_turn_number=shown, shared_at=clock(), **parts)
        )


def list_words(database, person_id: str) -> list[str]:
    with database.reading() as session:
        turns = select(Turn).join(Attempt, Attempt.id == Turn.attempt_id).where(Attempt.person_id == person_id, Turn.kind == "speech")
        return [turn.words for turn in session.scalars(turns.order_by(Turn.number))]


def renew(noor: Someone, client_id: str, browser: Browser, passphrase: str = ANOTHER):
    """Noor makes a way in; `browser` uses it. Gives the answer of its form."""
    noor.browser.open(f"/clients/{client_id}/care")
    made = noor.browser.post_form(f"/clients/{client_id}/care/renew")
    card = noor.browser.open(made.location).get_data(as_text=True)
    path = re.search(r'value="http://localhost(/join/[0-9a-f]{64})"', card)[1]
    page = browser.open(path).get_data(as_text=True)
    assert "Is erased first:" in page and "With it nothing is erased" in page
    return browser.post_form(path, passphrase=passphrase, renewal="1")


def test_with_the_code_nothing_is_lost(client, new_browser, database):
    """A new passphrase, the words kept, every session ended, the code replaced by another."""
    code = get_code(client.browser)
    practise(client.browser, "words of mine")
    browser = new_browser()
    browser.open("/renew")
    page = browser.post_form("/renew", name="mika", code=code.lower(), passphrase=ANOTHER)
    fresh = re.search(r"<li><code>([0-9A-Z-]{23})</code></li>", page.get_data(as_text=True))[1]
    assert fresh != code
    assert browser.open("/account").status_code == 200
    assert client.browser.open("/account").status_code == 303
    assert list_words(database, client.id) == ["words of mine"]
    assert sign_in(new_browser(), "Mika", PASSPHRASE).status_code == 422
    assert sign_in(new_browser(), "Mika", ANOTHER).status_code == 303
    again = new_browser()
    again.open("/renew")
    assert again.post_form("/renew", name="Mika", code=code, passphrase=PASSPHRASE).status_code == 422
    assert again.post_form("/renew", name="Mika", code=fresh, passphrase=PASSPHRASE).status_code == 200


def test_strangers_learn_nothing_from_recovery(client, new_browser):
    """An unknown name and a wrong code get the same answer, and tries are throttled."""
    get_code(client.browser)
    browser = new_browser()
    browser.open("/renew")
    answers = []
    for name in ("Mika", "Nobody"):
        page = browser.post_form("/renew", name=name, code="22222-22222-22222-22222", passphrase=ANOTHER)
        answers.append((page.status_code, re.sub(rf'value="({name}|[^"]{{40,}})"', "", page.get_data(as_text=True))))
    assert [status for status, _ in answers] == [422, 422]
    assert re.sub(r'content="[^"]+"', "", answers[0][1]) == re.sub(r'content="[^"]+"', "", answers[1][1])
    for _ in range(7):
        browser.post_form("/renew", name="Mika", code="22222-22222-22222-22222", passphrase=ANOTHER)
    assert browser.post_form("/renew", name="Mika", code="22222-22222-22222-22222", passphrase=ANOTHER).status_code == 429


def test_a_weak_new_passphrase_does_not_use_the_code_up(client, new_browser):
    """The reason is told and the code still works."""
    code = get_code(client.browser)
    browser = new_browser()
    browser.open("/renew")
    assert "guessed first" in browser.post_form("/renew", name="Mika", code=code, passphrase="password1").get_data(as_text=True)
    assert browser.post_form("/renew", name="Mika", code=code, passphrase=ANOTHER).status_code == 200


def test_an_app_stays_on_through_recovery(client, new_browser, database):
    """With an authenticator app the recovery code changes the passphrase but does not let in: the app's code is still asked for."""
    code = get_code(client.browser)
    with database.writing() as session:
        session.get(Person, client.id).totp = "A" * 32
    browser = new_browser()
    browser.open("/renew")
    assert browser.post_form("/renew", name="Mika", code=code, passphrase=ANOTHER).status_code == 200
    assert browser.open("/account").status_code == 303
    assert sign_in(new_browser(), "Mika", ANOTHER).location == "/sign-in/code"


def test_without_the_code_unshared_words_are_erased_first(
    client, noor, other_clinician, new_browser, database, clock, settings, take_into_care
):
    """Kept: homework, and what is shared with the inviting clinician. Erased, from the files too: all else, also shares with another."""
    take_into_care(other_clinician, client)
    mine, shared, elsewhere, counts_only = (practise(client.browser, f"canary-{number}") for number in range(4))
    revoked = practise(client.browser, "canary-4")
    share(database, clock, shared, noor, turns=99, talk=True)
    share(database, clock, elsewhere, other_clinician, turns=99, talk=True)
    share(database, clock, counts_only, noor, turns=99, counts=True)
    share(database, clock, revoked, noor, turns=99, talk=True)
    with database.writing() as session:
        session.scalar(select(Share).where(Share.attempt_id == revoked)).revoked_at = clock()
        homework = {"made_at": clock(), "changed_at": clock(), "clinician_id": noor.id, "client_id": client.id, "batch_id": make_id()}
        told, kept_back = Assignment(id=make_id(), skip_reason_shared=True, **homework), Assignment(id=make_id(), **homework)
        session.add_all([told, kept_back])
        told.skip_reason, kept_back.skip_reason = "told", "kept back"
    cipher = {turn.words_sealed for turn in read_turns(database, mine)}
    response = renew(noor, client.id, new_browser())
    assert response.location == "/account/recovery"
    assert list_words(database, client.id) == ["canary-1"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
        assert sorted(str(row.skip_reason) for row in session.scalars(select(Assignment))) == ["None", "told"]
        assert session.scalar(select(func.count()).select_from(Care).where(Care.ended_at.is_(None))) == 2
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert cipher and all(sealed is None or sealed not in kept for sealed in cipher)


def read_turns(database, attempt_id: str) -> list[Turn]:
    with database.reading() as session:
        return list(session.scalars(select(Turn).where(Turn.attempt_id == attempt_id, Turn.words_sealed.is_not(None))))


def test_of_a_shared_talk_goes_what_the_share_leaves_out(client, noor, new_browser, database, clock):
    """Later turns, the note and the check before the talk go; what was previewed stays and can be read."""
    attempt_id = practise(client.browser, "seen", "not seen")
    client.browser.call("PUT", f"/attempts/{attempt_id}/note", {"text": "private"})
    with database.reading() as session:
        last = session.scalar(select(Turn.number).where(Turn.attempt_id == attempt_id).order_by(Turn.number.desc()))
    share(database, clock, attempt_id, noor, turns=last - 1, talk=True)
    browser = new_browser()
    renew(noor, client.id, browser)
    assert list_words(database, client.id) == ["seen"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Note)) == 0
    page = browser.open(f"/practice/{attempt_id}")
    assert page.status_code == 200
    assert "seen" in page.get_data(as_text=True) and "not seen" not in page.get_data(as_text=True)


def test_everything_stays_until_the_invitation_is_used(client, noor, database):
    """Making the invitation erases nothing and ends no session: a client who remembers goes on."""
    practise(client.browser, "words of mine")
    noor.browser.open(f"/clients/{client.id}/care")
    assert noor.browser.post_form(f"/clients/{client.id}/care/renew").status_code == 303
    assert client.browser.open("/account").status_code == 200
    assert list_words(database, client.id) == ["words of mine"]


def test_the_client_is_shown_who_did_it_and_when(client, noor, new_browser, database, clock):
    """After renewing, the account page names the clinician; the old passphrase, codes and app no longer count."""
    get_code(client.browser)
    clock.go_on(hours=1)
    browser = new_browser()
    renew(noor, client.id, browser)
    page = browser.open("/account").get_data(as_text=True)
    assert "Your login was renewed by an invitation of Noor" in page
    (event,) = find_events(database, "login_renewed")
    assert (event.actor_id, event.subject_id, event.at) == (noor.id, client.id, clock())
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert client.browser.open("/account").status_code == 303
    assert sign_in(new_browser(), "Mika", PASSPHRASE).status_code == 422
    assert sign_in(new_browser(), "Mika", ANOTHER).location == "/account/arrive"


def test_a_way_in_is_closed_once_the_care_has_ended(client, noor, new_browser, database, clock):
    """A renewal made before the care ended opens nothing after it, and erases nothing."""
    practise(client.browser, "words of mine")
    noor.browser.open(f"/clients/{client.id}/care")
    made = noor.browser.post_form(f"/clients/{client.id}/care/renew")
    card = noor.browser.open(made.location).get_data(as_text=True)
    path = re.search(r'value="http://localhost(/join/[0-9a-f]{64})"', card)[1]
    noor.browser.post_form(f"/clients/{client.id}/care/end")
    browser = new_browser()
    browser.open("/join")
    assert browser.post_form(path, passphrase=ANOTHER, renewal="1").location == "/join?gone=1"
    assert list_words(database, client.id) == ["words of mine"]


def test_a_way_in_makes_no_new_person(client, noor, new_browser, database):
    """Posting the joining form on a renewal, or the renewal form on a new invitation, does nothing."""
    noor.browser.open("/invitations")
    fresh = noor.browser.post_form("/invitations", label="R.")
    card = noor.browser.open(fresh.location).get_data(as_text=True)
    path = re.search(r'value="http://localhost(/join/[0-9a-f]{64})"', card)[1]
    browser = new_browser()
    browser.open(path)
    assert browser.post_form(path, passphrase=ANOTHER, renewal="1").location == "/join?gone=1"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2
        assert session.scalar(select(func.count()).select_from(Consent)) == 0
