"""Counts of skills are seen by consent alone: never ticked beforehand, withdrawn by one click, with effect at once."""

from __future__ import annotations

import hashlib
import re

import pytest
from sqlalchemy import select

from tests.web.clinic.steps import finish_talk, give_homework, link_homework
from tests.web.test_pages import text_of
from web.clinic.consents import WORDING_VERSION, tell_wording
from web.database.clinic_tables import AuditEvent, Consent

WORDINGS = {1: "02067751f4b655c1"}
"""Version to the beginning of the SHA-256 of its English wording: another wording needs another version here and in the module."""


@pytest.fixture
def homework_played(mika, noor, database, clock) -> str:
    item_id = give_homework(database, noor, mika, now=clock())
    attempt_id = finish_talk(mika.browser, "I feel torn.", "I feel sad.", "I feel glad.")
    link_homework(database, attempt_id, item_id)
    return attempt_id


def counts_on_page(clinician, client) -> bool:
    return "“I” statement" in text_of(clinician.browser.open(f"/clients/{client.id}"))


def agree(client, clinician) -> None:
    client.browser.open("/sharing")
    assert client.browser.post_form(f"/sharing/consents/{clinician.id}", agree="yes").status_code == 303


def test_consent_opens_counts_and_withdrawing_closes_them_at_once(mika, noor, homework_played):
    """Without consent no counts; with it they are there; one click later they are not."""
    assert not counts_on_page(noor, mika)
    agree(mika, noor)
    assert counts_on_page(noor, mika)
    page = text_of(mika.browser.open("/sharing"))
    withdraw = re.search(r'action="(/sharing/consents/[^"]+/withdraw)"', page)[1]
    assert mika.browser.post_form(withdraw).status_code == 303
    assert not counts_on_page(noor, mika) and "not shared" in text_of(noor.browser.open("/caseload"))


def test_the_box_is_empty_and_an_empty_box_agrees_to_nothing(mika, noor, database):
    """The page comes without a tick, and sending it so keeps nothing."""
    box = re.search(r'<input type="checkbox" name="agree"[^>]*>', text_of(mika.browser.open("/sharing")))[0]
    assert "checked" not in box
    mika.browser.post_form(f"/sharing/consents/{noor.id}")
    with database.reading() as session:
        assert session.scalar(select(Consent)) is None


def test_a_consent_is_dated_with_its_wording_and_stands_in_the_trail(mika, noor, database, clock):
    """Given twice it is one; withdrawn and given again there are two, each with its dates."""
    agree(mika, noor)
    agree(mika, noor)
    mika.browser.post_form(f"/sharing/consents/{noor.id}/withdraw")
    clock.go_on(hours=1)
    agree(mika, noor)
    with database.reading() as session:
        kept = list(session.scalars(select(Consent).order_by(Consent.given_at)))
        events = list(session.scalars(select(AuditEvent.what).order_by(AuditEvent.number)))
    assert [each.withdrawn_at is None for each in kept] == [False, True]
    assert {each.wording_version for each in kept} == {WORDING_VERSION} and {each.clinician_id for each in kept} == {noor.id}
    assert events == ["consent_given", "consent_withdrawn", "consent_given"]


def test_one_clinician_is_not_another(mika, noor, other_clinician, take_into_care, homework_played):
    """Consent towards one opens nothing to a second who also cares for the client, and none can be given to a stranger."""
    assert mika.browser.post_form(f"/sharing/consents/{other_clinician.id}", agree="yes").status_code == 404
    take_into_care(other_clinician, mika)
    agree(mika, noor)
    assert counts_on_page(noor, mika) and not counts_on_page(other_clinician, mika)


def test_scenes_chosen_alone_and_faults_stay_away_even_with_consent(mika, noor, database, clock, homework_played, monkeypatch):
    """With consent the clinician gets counts of assigned scenes only, and nothing of what got in the way."""
    from tests.web import practice_channel

    found = practice_channel.judge("I feel torn.")
    found["criteria"]["blame"] = {"present": True, "score": 0.9, "evidence": []}
    monkeypatch.setattr(practice_channel, "judge", lambda text: found)
    finish_talk(mika.browser, "chosen alone", scene="S01")
    agree(mika, noor)
    page = text_of(noor.browser.open(f"/clients/{mika.id}"))
    assert "Scene S17" in page and "Scene S01" not in page and "lame" not in page
    assert "Scene S01" in text_of(mika.browser.open("/progress"))


def test_looking_at_counts_is_in_the_trail(mika, noor, database, homework_played):
    """Opening the client's page with counts leaves both events, without counts only one."""
    noor.browser.open(f"/clients/{mika.id}")
    agree(mika, noor)
    noor.browser.open(f"/clients/{mika.id}")
    with database.reading() as session:
        seen = list(session.scalars(select(AuditEvent.what).where(AuditEvent.actor_id == noor.id).order_by(AuditEvent.number)))
    assert seen == ["client_page_read", "client_page_read", "counts_read"]
    assert "Looked at your counts of skills." in text_of(mika.browser.open("/who-looked"))


def test_another_wording_needs_another_version(app):
    """Whoever changes what clients agree to must raise its version: the wording of each version is held here."""
    with app.test_request_context():
        wording = tell_wording("N")
    assert hashlib.sha256(wording.encode()).hexdigest().startswith(WORDINGS[WORDING_VERSION])
