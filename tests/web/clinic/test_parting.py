"""A client ends a care themselves: asked first, told what the clinician still has, and everything given in it closed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.web.clinic.homework_forms import give
from tests.web.clinic.logins import find_events
from tests.web.clinic.steps import finish_talk, share
from tests.web.test_pages import text_of
from web.database.clinic_tables import Assignment, Care, Share


@pytest.fixture
def shared(mika, noor):
    """A share that Noor has read; Mika also agreed to counts and told why she skipped."""
    attempt_id = finish_talk(mika.browser, "said-canary, I feel torn.")
    share_id = share(mika, attempt_id, noor, talk="1")
    mika.browser.post_form(f"/sharing/consents/{noor.id}", agree="yes")
    given = give(noor, mika)
    mika.browser.post_form(f"/homework/{given}/skip", reason="reason-canary", share="yes")
    assert "said-canary" in text_of(noor.browser.open(f"/shared/{share_id}"))
    return share_id


def end(client, clinician):
    client.browser.open("/account")
    return client.browser.post_form(f"/care/{clinician.id}/end")


def test_the_question_says_what_ends_and_what_the_clinician_still_has(shared, mika, noor, database):
    """The account page leads to it; it counts what is taken back, names what was read and which files were made, and changes nothing."""
    assert f"/care/{noor.id}/end" in text_of(mika.browser.open("/account"))
    noor.browser.open(f"/clients/{mika.id}/export")
    assert noor.browser.post_form(f"/clients/{mika.id}/export", form="csv").status_code == 200
    page = text_of(mika.browser.open(f"/care/{noor.id}/end"))
    for told in ("End the care of Noor?", "1 rehearsal is shared with Noor now", "What was read cannot be unread", "Scene S17", "CSV"):
        assert told in page, told
    assert "Nobody else cares for you here" in page and "canary" not in page
    with database.reading() as session:
        assert session.scalar(select(Care.ended_at)) is None and session.scalar(select(Share.revoked_at)) is None


def test_nothing_given_in_it_is_open_afterwards(shared, mika, noor, database):
    """Share, consent and told reason end at once; every page of Noor's about Mika is closed; the client's trail tells who did it."""
    answer = end(mika, noor)
    assert answer.status_code == 303
    page = text_of(mika.browser.client.get(answer.location))
    assert "The care has ended" in page and "sees nothing any more" in page and "(done by you)" in page
    for path in (f"/shared/{shared}", f"/clients/{mika.id}", f"/clients/{mika.id}/summary", f"/clients/{mika.id}/care"):
        assert noor.browser.open(path).status_code == 404, path
    with database.reading() as session:
        assert session.scalar(select(Share.revoked_at)) is not None
        assert session.scalar(select(Assignment.skip_reason_shared)) is False
    events = find_events(database, "care_ended")
    assert [(event.actor_id, event.subject_id, event.object_id) for event in events] == [(mika.id, mika.id, noor.id)]
    assert "None." in text_of(mika.browser.open("/sharing"))


def test_the_clinician_is_told_neutrally(shared, mika, noor):
    """Under the name they have for the client, with the day; neither who ended it nor why, and nothing in the list of clients."""
    assert "Care that ended" not in text_of(noor.browser.open("/account"))
    end(mika, noor)
    page = text_of(noor.browser.open("/account"))
    told = page.split("Care that ended")[1].split("</section>")[0]
    assert "The care of “Mika” ended." in told and "done by" not in told and "canary" not in page
    assert 'class="news-mark"' in page
    assert "Mika" not in text_of(noor.browser.open("/caseload")).split("<main")[1]


def test_what_a_clinician_ended_themselves_is_no_news_to_them(mika, noor):
    """Only what others did is told; so it is for the client, who is not marked either for what they did."""
    noor.browser.open(f"/clients/{mika.id}/care")
    assert noor.browser.post_form(f"/clients/{mika.id}/care/end").status_code == 303
    page = text_of(noor.browser.open("/account"))
    assert "Care that ended" not in page and 'class="news-mark"' not in page


def test_ones_own_act_marks_nothing_for_the_client(mika, noor):
    """Who ended it need not be told again in the menu."""
    end(mika, noor)
    assert 'class="news-mark"' not in text_of(mika.browser.open("/account"))


def test_only_ones_own_care_and_only_once(mika, noor, other_client, other_clinician, database):
    """Another's care, a clinician and a second press find nothing there; the other care of the clinic goes on."""
    assert end(other_client, noor).status_code == 404
    assert other_client.browser.open(f"/care/{noor.id}/end").status_code == 404
    assert end(noor, noor).status_code == 403
    assert end(mika, other_clinician).status_code == 404
    assert end(mika, noor).status_code == 303
    assert end(mika, noor).status_code == 404
    with database.reading() as session:
        going_on = select(Care.client_id).where(Care.ended_at.is_(None))
        assert list(session.scalars(going_on)) == [other_client.id]
