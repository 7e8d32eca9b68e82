"""The trail as people read it: everything about a client's own data, each event a sentence of ours, and nothing of anybody else."""

from __future__ import annotations

import re

from sqlalchemy import select

from tests.web.clinic.steps import finish_talk, share
from tests.web.test_pages import text_of
from web.clinic.audit import EVENTS
from web.clinic.who_looked import PAGE, SENTENCES
from web.database.clinic_tables import AuditEvent
from web.database.erasure import erase_person


def test_every_event_has_its_sentence(app):
    """Whatever the trail can hold is told in words; an event without a sentence, or a sentence without an event, is named here."""
    with app.test_request_context():
        assert set(SENTENCES) == set(EVENTS)
        assert all(str(sentence).endswith(".") for sentence in SENTENCES.values())


def test_a_client_reads_who_by_name_and_when(mika, noor):
    """Own acts as You, the clinician's by name."""
    share_id = share(mika, finish_talk(mika.browser, "trail-canary"), noor, talk="1")
    noor.browser.open(f"/shared/{share_id}")
    noor.browser.open(f"/clients/{mika.id}")
    page = text_of(mika.browser.open("/who-looked"))
    rows = re.findall(r'<span class="trail-who">(.*?)</span>\s*<span class="trail-what">(.*?)</span>', page, re.S)
    assert [(who.strip(), what) for who, what in rows] == [
        ("Noor", "Opened your page: homework, and what you share."),
        ("Noor", f'Read a shared rehearsal. <a href="/sharing/{share_id}">Scene S17</a>'),
        ("You", f'Shared a rehearsal. <a href="/sharing/{share_id}">Scene S17</a>'),
    ]
    assert "canary" not in page


def test_a_clinician_reads_their_own_acts_alone(mika, noor, other_client, other_clinician):
    """With the labels of their own clients, and nothing that others did."""
    noor.browser.open(f"/clients/{mika.id}")
    other_clinician.browser.open(f"/clients/{other_client.id}")
    page = text_of(noor.browser.open("/who-looked"))
    assert "(Mika)" in page and "Rafa" not in page and "Ines" not in page
    assert "Rafa" not in text_of(mika.browser.open("/who-looked"))


def test_a_client_reads_nothing_of_others(mika, other_client, noor, other_clinician):
    """What happened to another client's data is on nobody else's page."""
    other_clinician.browser.open(f"/clients/{other_client.id}")
    assert "Nothing yet." in text_of(mika.browser.open("/who-looked"))


def test_someone_erased_is_named_no_more(mika, noor, app, database, clock):
    """After a clinician's account was erased their acts stay, without a name."""
    noor.browser.open(f"/clients/{mika.id}")
    erase_person(database, noor.id, now=clock())
    page = text_of(mika.browser.open("/who-looked"))
    assert "somebody whose account was erased" in page and "Noor" not in page
    with database.reading() as session:
        assert app.extensions["house"].audit.find_break(session) is None


def test_a_long_trail_goes_on_page_by_page(mika, noor, app, database, clock):
    """Every event is reached, none twice."""
    with database.writing() as session:
        for _ in range(PAGE + 5):
            app.extensions["house"].audit.record(session, "share_read", now=clock(), actor_id=noor.id, subject_id=mika.id)
    first = text_of(mika.browser.open("/who-looked"))
    second = text_of(mika.browser.client.get(re.search(r'href="(/who-looked\?before=\d+)"', first)[1]))
    numbers = [int(number) for number in re.findall(r'<li value="(\d+)"', first + second)]
    assert sorted(numbers) == list(range(1, PAGE + 6)) and "before=" not in second


def test_the_trail_is_shown_and_never_written_by_looking(mika, database):
    """Reading the trail adds nothing to it."""
    mika.browser.open("/who-looked")
    with database.reading() as session:
        assert session.scalar(select(AuditEvent)) is None
