"""Found in review: what whoever renews a login could read, and renewals that stayed open."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.web.clinic.conftest import Someone
from tests.web.clinic.logins import ANOTHER, PASSPHRASE, add_login, confirm_help, find_events, sign_in
from tests.web.clinic.steps import comment, share
from tests.web.clinic.test_lost_passphrase import get_code, list_words, practise, renew
from web.clinic.reminder_wish import switch_on
from web.database.clinic_tables import Assignment, Comment, Consent
from web.database.tables import Attempt, Person, Turn, make_id


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


def test_a_reason_told_to_another_clinician_goes(client, noor, other_clinician, take_into_care, new_browser, database, clock):
    """Renewed by Noor, a reason for skipping that only Ines was told is erased: Noor could read it under the client's name."""
    take_into_care(other_clinician, client)
    with database.writing() as session:
        given = {"client_id": client.id, "made_at": clock(), "changed_at": clock(), "skipped_at": clock(), "skip_reason_shared": True}
        hers = Assignment(id=make_id(), clinician_id=other_clinician.id, batch_id=make_id(), **given)
        mine = Assignment(id=make_id(), clinician_id=noor.id, batch_id=make_id(), **given)
        session.add_all([hers, mine])
        hers.skip_reason, mine.skip_reason = "told-Ines-canary", "told-Noor"
    browser = new_browser()
    renew(noor, client.id, browser)
    with database.reading() as session:
        assert [row.skip_reason for row in session.scalars(select(Assignment).where(Assignment.skip_reason_sealed.is_not(None)))] == [
            "told-Noor"
        ]
    assert "told-Ines-canary" not in browser.open("/homework").get_data(as_text=True)


def test_of_a_shared_talk_replies_that_were_tried_again_go(client, noor, new_browser, database):
    """A first try that was replaced is in no share, so it goes with all else; the shared talk itself stays and can be opened."""
    attempt_id = practise(client.browser, "first-try-canary")
    first = next(turn["id"] for turn in client.browser.look(attempt_id)["turns"] if turn["kind"] == "speech")
    client.browser.order(attempt_id, "try_again", turn=first)
    assert client.browser.say(attempt_id, "second try").status_code == 200
    share_id = share(client, attempt_id, noor, talk="1")
    assert "first-try-canary" not in noor.browser.open(f"/shared/{share_id}").get_data(as_text=True)
    browser = new_browser()
    renew(noor, client.id, browser)
    assert list_words(database, client.id) == ["second try"]
    assert "second try" in noor.browser.open(f"/shared/{share_id}").get_data(as_text=True)
    page = browser.open(f"/practice/{attempt_id}")
    assert page.status_code == 200 and "second try" in page.get_data(as_text=True)
    assert browser.say(attempt_id, "and on").status_code == 200  # the talk can go on


def test_a_typed_guess_goes(client, noor, new_browser, database):
    """What was typed as a guess is shown to no clinician, so it does not outlive a renewal either."""
    attempt_id = practise(client.browser, "I feel torn.")
    client.browser.order(attempt_id, "stop")
    client.browser.order(attempt_id, "guess", guess={"feeling": "guess-canary", "need": "rest"})
    share_id = share(client, attempt_id, noor, talk="1")
    assert "guess-canary" not in noor.browser.open(f"/shared/{share_id}").get_data(as_text=True)
    renew(noor, client.id, new_browser())
    with database.reading() as session:
        query = select(Turn).join(Attempt, Attempt.id == Turn.attempt_id).where(Attempt.person_id == client.id, Turn.command == "guess")
        assert [turn.argument for turn in session.scalars(query)] == [None]
    assert noor.browser.open(f"/shared/{share_id}").status_code == 200


def make_card(clinician: Someone, client_id: str) -> str:
    """A renewal card; gives the path of its link."""
    clinician.browser.open(f"/clients/{client_id}/care")
    made = clinician.browser.post_form(f"/clients/{client_id}/care/renew")
    card = clinician.browser.open(made.location).get_data(as_text=True)
    return re.search(r'value="http://localhost(/join/[0-9a-f]{64})"', card)[1]


@pytest.mark.parametrize("back_by", ["renewal", "code", "passphrase"])
def test_a_card_that_is_left_over_opens_nothing(client, noor, new_browser, database, back_by):
    """Once the client is back in with a new passphrase, an earlier card neither takes the login over nor erases their words."""
    code = get_code(client.browser)
    left_over = make_card(noor, client.id)
    browser = new_browser()
    if back_by == "renewal":
        renew(noor, client.id, browser)
    elif back_by == "code":
        browser.open("/renew")
        assert browser.post_form("/renew", name="Mika", code=code, passphrase=ANOTHER).status_code == 200
    else:
        browser = client.browser
        browser.open("/account")
        assert browser.post_form("/account/passphrase", passphrase=PASSPHRASE, fresh=ANOTHER).status_code == 303
    browser.open("/scenes")
    practise(browser, "words of mine")
    thief = new_browser()
    assert thief.open(left_over).status_code == 303
    thief.open("/join")
    assert thief.post_form(left_over, passphrase="three other grey pigeons", renewal="1").location == "/join?gone=1"
    assert list_words(database, client.id) == ["words of mine"]
    assert browser.open("/account").status_code == 200


def test_a_card_of_ended_care_opens_nothing_when_care_begins_again(client, noor, new_browser, take_into_care, database, clock, app):
    """A card ends with the care it was made in."""
    left_over = make_card(noor, client.id)
    noor.browser.post_form(f"/clients/{client.id}/care/end")
    house = app.extensions["house"]
    from web.clinic.care import begin_care

    with database.writing() as session:
        begin_care(session, house.audit, clinician_id=noor.id, client_id=client.id, label="M.", by_id=noor.id, now=clock())
    assert new_browser().open(left_over).status_code == 303


def test_days_of_an_invitation_cannot_be_stretched(noor, database, clock):
    """A number written with noughts before it is read whole: no invitation outlives the thirty days, and none breaks the page."""
    from web.clinic.invitations import DAYS
    from web.database.clinic_tables import Invitation

    for number, days in enumerate(("0014365", "0014" + "9" * 30, "0014", "30")):
        noor.browser.open("/invitations")
        assert noor.browser.post_form("/invitations", label=f"M. {number}", days=days).status_code == 303
    with database.reading() as session:
        rows = session.scalars(select(Invitation).order_by(Invitation.made_at))
        assert sorted((row.ends_at - row.made_at).days for row in rows) == [DAYS, DAYS, DAYS, 30]


def test_what_another_clinician_wrote_to_the_same_talk_goes(client, noor, other_clinician, take_into_care, new_browser, database):
    """Shared with both, a talk stays; what Ines wrote to it was for the client alone and is not for Noor to find. Noor's own stays."""
    take_into_care(other_clinician, client)
    attempt_id = practise(client.browser, "I feel torn.")
    to_noor, to_ines = share(client, attempt_id, noor, talk="1"), share(client, attempt_id, other_clinician, talk="1")
    comment(noor, to_noor, "from-Noor")
    comment(other_clinician, to_ines, "from-Ines-canary")
    browser = new_browser()
    renew(noor, client.id, browser)
    with database.reading() as session:
        assert [row.words for row in session.scalars(select(Comment))] == ["from-Noor"]
    assert "from-Ines-canary" not in browser.open(f"/sharing/{to_ines}").get_data(as_text=True)
    assert "I feel torn." in other_clinician.browser.open(f"/shared/{to_ines}").get_data(as_text=True)


def test_reminders_end_with_their_consent(client, app, noor, new_browser, database):
    """With the address goes the consent it was kept under, and the client's trail tells who switched the reminders off."""
    switch_on(app.extensions["house"], client.id, address="mika@mail.example", subject="note", hour=7)
    renew(noor, client.id, new_browser())
    with database.reading() as session:
        assert session.get_one(Person, client.id).mail_sealed is None
        wish = session.scalars(select(Consent).where(Consent.person_id == client.id, Consent.what == "reminders")).one()
        assert wish.withdrawn_at is not None and wish.withdrawn_at >= wish.given_at
    assert [event.actor_id for event in find_events(database, "mail_switched_off")] == [noor.id]


def test_a_renewal_without_reminders_switches_none_off(client, noor, new_browser, database):
    """Nothing is told of reminders that never were."""
    renew(noor, client.id, new_browser())
    assert find_events(database, "mail_switched_off") == []
