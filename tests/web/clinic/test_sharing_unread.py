"""A mark at the top of the page says that something waits, to the one person it is for."""

from __future__ import annotations

import re

from tests.web.clinic.steps import comment, finish_talk, share
from tests.web.test_pages import text_of


def is_marked(someone, area: str) -> bool:
    page = text_of(someone.browser.open("/privacy"))
    link = re.search(rf'<a href="{area}"[^>]*>(.*?)</a>', page, re.S)
    assert link, page
    return "news-mark" in link[1]


def test_a_new_share_marks_the_clients_list_until_it_is_read(mika, noor, other_clinician):
    """For the clinician it was shared with, and for no other."""
    assert not is_marked(noor, "/caseload")
    share_id = share(mika, finish_talk(mika.browser, "x"), noor, talk="1")
    assert is_marked(noor, "/caseload") and not is_marked(other_clinician, "/caseload")
    noor.browser.open(f"/shared/{share_id}")
    assert not is_marked(noor, "/caseload")


def test_a_new_comment_marks_the_shared_area_until_it_is_seen(mika, noor, other_client):
    """For the client it was written to, and for no other."""
    share_id = share(mika, finish_talk(mika.browser, "x"), noor, talk="1")
    assert not is_marked(mika, "/sharing")
    comment(noor, share_id, "words")
    assert is_marked(mika, "/sharing") and not is_marked(other_client, "/sharing")
    mika.browser.open(f"/sharing/{share_id}")
    assert not is_marked(mika, "/sharing")


def test_the_debrief_leads_a_client_to_sharing_and_a_guest_not(mika, guest):
    """Who has nobody to share with is not asked to."""
    for browser, is_there in ((mika.browser, True), (guest, False)):
        attempt_id = finish_talk(browser, "I feel torn.")
        assert (f"/attempts/{attempt_id}/share" in text_of(browser.open(f"/practice/{attempt_id}"))) == is_there
