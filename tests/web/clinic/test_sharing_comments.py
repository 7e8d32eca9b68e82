"""A clinician's comments: sealed, dated, changed and erased by their author alone, shown to the client beside the reply."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.web.clinic.steps import comment, finish_talk, share
from tests.web.test_pages import text_of
from web.database.clinic_tables import AuditEvent, Comment


@pytest.fixture
def shared(mika, noor) -> tuple[str, str, str]:
    """A shared talk: the share's id, the attempt's, and that of its first reply."""
    attempt_id = finish_talk(mika.browser, "I feel torn.", "no words")
    reply_id = next(turn["id"] for turn in mika.browser.look(attempt_id)["turns"] if turn["kind"] == "speech")
    return share(mika, attempt_id, noor, talk="1"), attempt_id, reply_id


def test_a_comment_stands_beside_its_reply_for_the_client(mika, noor, shared, settings):
    """The client reads it within the same reply's place, with name and date; its words are nowhere in the files."""
    share_id, _, reply_id = shared
    comment(noor, share_id, "beside-canary", reply_id)
    comment(noor, share_id, "whole-canary")
    assert "2 new" in text_of(mika.browser.open("/sharing"))
    page = text_of(mika.browser.open(f"/sharing/{share_id}"))
    article = page.index(f'id="turn-{reply_id}"')
    assert article < page.index("beside-canary") and page.index("whole-canary") < article
    assert page.index("beside-canary") < page.index("no words") and "Noor" in page
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"beside-canary" not in kept and b"whole-canary" not in kept


def test_it_is_noted_when_the_client_had_it_on_the_page(mika, noor, shared, clock):
    """Not seen, then seen with its moment; a changed comment is new again, and says that it was changed."""
    share_id = shared[0]
    comment_id = comment(noor, share_id, "first words")
    assert "not seen yet" in text_of(noor.browser.open(f"/shared/{share_id}"))
    assert "<strong>new</strong>" in text_of(mika.browser.open(f"/sharing/{share_id}"))
    assert "not seen yet" not in text_of(noor.browser.open(f"/shared/{share_id}"))
    clock.go_on(minutes=3)
    assert noor.browser.post_form(f"/shared/{share_id}/comments/{comment_id}", text="other words").status_code == 303
    page = text_of(mika.browser.open(f"/sharing/{share_id}"))
    assert "other words" in page and "first words" not in page and "changed" in page and "<strong>new</strong>" in page


def test_an_erased_comment_is_gone(mika, noor, shared, database):
    """Erased by its author, it is in no table and on no page."""
    share_id = shared[0]
    comment_id = comment(noor, share_id, "to be erased")
    assert noor.browser.post_form(f"/shared/{share_id}/comments/{comment_id}/erase").status_code == 303
    assert "to be erased" not in text_of(mika.browser.open(f"/sharing/{share_id}"))
    with database.reading() as session:
        assert session.scalar(select(Comment)) is None
        done = list(session.scalars(select(AuditEvent.what).where(AuditEvent.object_id == comment_id).order_by(AuditEvent.number)))
    assert done == ["commented", "comment_erased"]


def test_nobody_else_changes_or_erases_it(mika, noor, other_clinician, take_into_care, shared):
    """Neither the client nor another clinician who cares for the same client, even through a share of their own."""
    share_id, attempt_id, _ = shared
    comment_id = comment(noor, share_id, "mine")
    take_into_care(other_clinician, mika)
    others = share(mika, attempt_id, other_clinician, talk="1")
    other_clinician.browser.open("/caseload")
    for path in (f"/shared/{share_id}/comments/{comment_id}", f"/shared/{others}/comments/{comment_id}"):
        assert other_clinician.browser.post_form(path, text="theirs").status_code == 404
        assert other_clinician.browser.post_form(f"{path}/erase").status_code == 404
    assert mika.browser.post_form(f"/shared/{share_id}/comments/{comment_id}/erase").status_code == 403
    assert "mine" in text_of(mika.browser.open(f"/sharing/{share_id}"))
    assert "mine" not in text_of(other_clinician.browser.open(f"/shared/{others}"))


def test_a_comment_needs_a_reply_that_is_shared(mika, noor, shared):
    """A made-up turn, a turn of another rehearsal and a turn of a share without its talk take no comment."""
    share_id = shared[0]
    other = finish_talk(mika.browser, "elsewhere", scene="S01")
    elsewhere = next(turn["id"] for turn in mika.browser.look(other)["turns"] if turn["kind"] == "speech")
    noor.browser.open("/caseload")
    for turn_id in ("0" * 32, elsewhere):
        assert noor.browser.post_form(f"/shared/{share_id}/comments", text="x", turn=turn_id).status_code == 404
    counts_only = share(mika, other, noor, counts="1")
    noor.browser.open("/caseload")
    assert noor.browser.post_form(f"/shared/{counts_only}/comments", text="x", turn=elsewhere).status_code == 404


@pytest.mark.parametrize(("text", "told"), [("  \n", "nothing written"), ("x" * 4001, "longer than 4000")])
def test_a_comment_that_cannot_be_kept_stays_in_its_box(noor, shared, text, told):
    """Empty and over-long comments are told in a sentence, and what was typed is still there."""
    noor.browser.open(f"/shared/{shared[0]}")
    answer = noor.browser.post_form(f"/shared/{shared[0]}/comments", text=text)
    page = text_of(answer)
    assert answer.status_code == 422 and told in page and (not text.strip() or text in page)


def test_markup_in_words_is_only_words(mika, noor, shared):
    """Angle brackets in a comment and in a reply are shown as they were typed."""
    share_id = shared[0]
    comment(noor, share_id, "<script>alert(1)</script>")
    for page in (text_of(noor.browser.open(f"/shared/{share_id}")), text_of(mika.browser.open(f"/sharing/{share_id}"))):
        assert "&lt;script&gt;alert(1)" in page and not re.search(r"<script>alert", page)


def test_comments_end_with_the_attempt(mika, noor, shared, database):
    """When the client erases the rehearsal, share and comments go with it."""
    comment(noor, shared[0], "words")
    assert mika.browser.call("DELETE", f"/attempts/{shared[1]}").status_code == 204
    with database.reading() as session:
        assert session.scalar(select(Comment)) is None
    assert noor.browser.open(f"/shared/{shared[0]}").status_code == 404
