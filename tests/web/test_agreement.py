"""The agreement card: filled from the talk, the client's to change, keep, print and withdraw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.test_pages import text_of


@pytest.fixture
def ended(guest, talk) -> str:
    """A talk that has come to its debrief."""
    for command in ("stop", "guess", "reveal"):
        guest.order(talk, command)
    return talk


def keep(guest, attempt_id: str, **card: str):
    return guest.call("PUT", f"/attempts/{attempt_id}/agreement", card)


def test_the_card_is_filled_from_the_talk(guest, ended):
    """What the talk came to stands in the form as a draft; nothing is kept before the client keeps it."""
    card = guest.look(ended)["agreement"]
    assert (card["status"], card["limits"], card["signal"]) == ("draft", "not on Thursdays", "red")
    assert (card["next_step"], card["review"], card["partner_agreed"], card["changes"]) == ("a walk", "in two weeks", True, [])
    page = text_of(guest.open(f"/practice/{ended}/agreement"))
    for words in ("not on Thursdays", 'value="red"', "a walk", 'value="in two weeks"', "Either of us can change their mind"):
        assert words in page
    assert "Withdraw" not in page


def test_before_the_debrief_there_is_no_card(guest, talk):
    """While the talk goes on, and while guessing, no card can be seen or kept."""
    assert keep(guest, talk, limits="x").json["code"] == "not_now"
    guest.order(talk, "stop")
    assert guest.look(talk)["agreement"] is None
    assert guest.open(f"/practice/{talk}/agreement").status_code == 404


def test_the_card_is_edited_kept_changed_and_withdrawn_in_forms(guest, ended, clock):
    """The whole way with plain forms; the change log tells each step with its time, and withdrawing takes the words away."""
    path = f"/practice/{ended}/agreement"
    fields = {"limits": "not when I am tired", "signal": "yellow", "next_step": "", "review": "", "review_on": "2030-01-31"}
    assert guest.post_form(path, **fields).status_code == 303
    page = text_of(guest.open(path))
    assert "not when I am tired" in page and "January 31, 2030" in page and 'id="print-card"' in page
    clock.go_on(hours=2)
    guest.post_form(path, **fields)  # the same again is no change
    guest.post_form(path, **fields | {"signal": "a tap on the arm"})
    clock.go_on(hours=1)
    assert guest.post_form(f"{path}/withdraw").status_code == 303
    card = guest.look(ended)["agreement"]
    assert [change["what"] for change in card["changes"]] == ["kept", "changed", "withdrawn"]
    assert len({change["at"] for change in card["changes"]}) == 3
    assert (card["status"], card["limits"], card["signal"], card["review_on"]) == ("withdrawn", "", "", None)
    page = text_of(guest.open(path))
    assert "tired" not in page and "tap on the arm" not in page and "Withdrawn" in page
    guest.post_form(path, **fields)
    assert guest.look(ended)["agreement"]["status"] == "kept"


def test_withdrawing_leaves_no_words_and_twice_changes_nothing(guest, ended, app):
    """After withdrawing no row holds the card, and a second press adds nothing to the log."""
    from sqlalchemy import select

    from web.database.tables import Agreement

    keep(guest, ended, limits="not on Fridays")
    for _ in range(2):
        assert guest.call("DELETE", f"/attempts/{ended}/agreement").status_code == 204
    with app.extensions["house"].database.reading() as session:
        row = session.scalar(select(Agreement))
        assert row.card_sealed is None and len(row.changes) == 2


@pytest.mark.parametrize(
    ("card", "status"),
    [({"limits": "  "}, 422), ({"limits": "x" * 1001}, 422), ({"limits": "x", "review_on": "soon"}, 400), ({"wrong": "x"}, 400)],
)
def test_a_bad_card_is_refused_and_the_kept_one_stays(guest, ended, card, status):
    """Empty, too long, no date, an unknown field: each is refused, and what was kept is as it was."""
    keep(guest, ended, limits="kept before")
    assert keep(guest, ended, **card).status_code == status
    assert guest.look(ended)["agreement"]["limits"] == "kept before"


def test_a_refused_form_keeps_what_was_typed(guest, ended):
    """After a fault the form shows the client's own words again."""
    answer = guest.post_form(f"/practice/{ended}/agreement", limits="typed before", signal="", next_step="", review="", review_on="soon")
    assert answer.status_code == 400 and "typed before" in text_of(answer)
    answer = guest.post_form(f"/practice/{ended}/agreement", limits="y" * 1001, signal="", next_step="", review="", review_on="")
    assert answer.status_code == 422 and "y" * 1001 in text_of(answer)


def test_safety_looks_at_the_card(guest, ended):
    """Words that sound like real danger are not kept; help shows instead."""
    assert keep(guest, ended, limits="red-canary").json["status"] == "help"
    assert guest.look(ended)["agreement"]["status"] == "draft"
    assert "red-canary" not in text_of(guest.open(f"/practice/{ended}"))


def test_a_card_is_closed_to_others_and_goes_with_its_rehearsal(guest, ended, new_browser, app, settings):
    """Another guest finds nothing; no planted word is in any file; deleting the rehearsal deletes the card."""
    from sqlalchemy import func, select

    from web.database.tables import Agreement

    keep(guest, ended, limits="planted-word-card")
    other = new_browser().be_guest()
    assert other.open(f"/practice/{ended}/agreement").status_code == 404
    assert keep(other, ended, limits="x").status_code == 404
    assert other.call("DELETE", f"/attempts/{ended}/agreement").status_code == 404
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"planted-word" not in kept
    assert guest.call("DELETE", f"/attempts/{ended}").status_code == 204
    with app.extensions["house"].database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Agreement)) == 0


def test_only_the_card_is_printed(guest, ended):
    """The form, links and buttons are marked as not for paper, and the print sheet hides what is so marked."""
    keep(guest, ended, limits="not on Thursdays")
    page = text_of(guest.open(f"/practice/{ended}/agreement"))
    form = re.search(r'<form class="([^"]*agreement-form[^"]*)"', page)[1]
    assert "screen-only" in form and "printed-card" in page
    sheet = Path(guest.client.application.static_folder, "practice.css").read_text()
    assert ".screen-only" in sheet[sheet.index("@media print") :]
