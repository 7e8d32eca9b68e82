"""Found in review: what a preview, and a share behind it, tells before the talk is over."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.web.clinic.steps import cut_shared_view, finish_talk, open_preview, share
from tests.web.test_pages import text_of
from web.database.clinic_tables import Share


@pytest.mark.parametrize("check", ["before", None])
def test_a_preview_tells_no_counts_while_the_talk_runs(mika, noor, database, check):
    """Counts stay on the server until the debrief, in a check scene above all: neither a preview nor a share of them gives them away."""
    attempt_id = mika.browser.start(feedback="none", **({"check": check} if check else {}))
    mika.browser.order(attempt_id, "begin")
    mika.browser.say(attempt_id, "I feel torn.")
    page = text_of(open_preview(mika, attempt_id, noor, counts="1"))
    assert "“I” statement" not in page and 'name="seen"' not in page
    page = text_of(open_preview(mika, attempt_id, noor, counts="1", talk="1"))
    assert "I feel torn." in page and "“I” statement" not in cut_shared_view(page)
    with database.reading() as session:
        assert session.scalar(select(Share)) is None


def test_counts_of_a_running_talk_do_not_come_into_a_share_later(mika, noor):
    """Ticked before the debrief, counts were not in the preview: they are not in the share either once the talk is over."""
    attempt_id = mika.browser.start(feedback="none")
    mika.browser.order(attempt_id, "begin")
    mika.browser.say(attempt_id, "I feel torn.")
    share_id = share(mika, attempt_id, noor, counts="1", talk="1")
    for command in ("stop", "guess", "reveal"):
        mika.browser.order(attempt_id, command)
    assert "“I” statement" not in cut_shared_view(text_of(noor.browser.open(f"/shared/{share_id}")))


def test_counts_shared_after_the_debrief_stay_when_the_talk_is_taken_up_again(mika, noor):
    """What was shared of a finished talk stays as it was previewed, also while the client tries a reply again."""
    attempt_id = finish_talk(mika.browser, "I feel torn.")
    share_id = share(mika, attempt_id, noor, counts="1")
    first = next(turn["id"] for turn in mika.browser.look(attempt_id)["turns"] if turn["kind"] == "speech")
    assert mika.browser.order(attempt_id, "try_again", turn=first).status_code == 200
    page = re.sub(r"<[^>]*>", "", cut_shared_view(text_of(noor.browser.open(f"/shared/{share_id}"))))
    assert "“I” statement" in page
