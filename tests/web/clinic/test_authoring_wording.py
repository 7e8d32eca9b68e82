"""The clinic's wording: checked like ours, shown at once, back with one click, and the panels of a crisis stay ours."""

from __future__ import annotations

import pytest

from data.lexicons.families import load_feelings
from data.rubric.wording import read_wording
from tests.web.clinic.logins import find_events
from tests.web.conftest import TwoScenes, close
from tests.web.test_pages import text_of
from web.app import build_app
from web.clinic.clinic_wording import GRADE, check_text, list_originals, list_rows, put_in
from web.clinic.scene_refusals import BadWording

LINE = {"name": "Night line of the clinic", "kind": "any", "phone": "+351 210 000 000", "source": "the clinic", "checked_on": "2026-11-01"}


def change(author, of: str, **fields: str):
    author.browser.open(f"/authoring/wording/{of}")
    return author.browser.post_form(f"/authoring/wording/{of}", **fields)


def test_a_message_of_feedback_is_the_clinics_at_once_and_ours_again(noor, mika, database, app):
    """The clinic's sentence stands wherever ours stood, also on words marked before; back to ours is one click."""
    why = read_wording().criteria["i_statement"].why
    assert change(noor, "feedback", key="i_statement.why", words="This speaks from your own chair.").status_code == 303
    house = app.extensions["house"]
    assert house.wording.criteria["i_statement"].why == "This speaks from your own chair."
    assert house.own.words.tell(why) == "This speaks from your own chair."
    assert noor.browser.post_form("/authoring/wording/feedback/reset", key="i_statement.why").status_code == 303
    assert house.own.words.tell(why) == why and house.wording == read_wording()
    assert len(find_events(database, "wording_changed")) == 2


def test_advice_of_earlier_replies_is_reworded_when_drawn(noor, mika, channel):
    """The action server sends our sentence; a page draws the clinic's."""
    from tests.web import practice_channel

    ours = read_wording().criteria["request"].next_step[0]
    real = practice_channel.judge
    practice_channel.judge = lambda text: (
        real(text) | {"advice": {"strength": None, "next_step": {"key": "request", "text": ours}, "rewording": None}}
    )
    try:
        attempt_id = mika.browser.start()
        mika.browser.order(attempt_id, "begin")
        assert mika.browser.say(attempt_id, "I feel torn.").json["turn"]["reading"]["next_step"] == ours
    finally:
        practice_channel.judge = real
    change(noor, "feedback", key="request.next_step.0", words="Ask for one small thing, with room for a no.")
    turn = next(turn for turn in mika.browser.look(attempt_id)["turns"] if turn["reading"])
    assert turn["reading"]["next_step"] == "Ask for one small thing, with room for a no."


def test_another_process_words_it_so_too(noor, settings, clock):
    """A second web process has the new wording with its next request, without being told."""
    other = build_app(settings, catalogue=TwoScenes(), now=clock, rate_limits=False)
    change(noor, "feedback", key="need.name", words="What I need")
    other.test_client().get("/")
    assert other.extensions["house"].wording.criteria["need"].name == "What I need"
    close(other)


@pytest.mark.parametrize(
    ("kind", "key", "words"),
    [
        ("feedback", "crisis.why", "Nothing."),
        ("feedback", "feeling.nothing", "Nothing."),
        ("feedback", "feeling.why", "x"),
        ("feedback", "feeling.why", "y" * 401),
        ("feedback", "feeling.why", "That was wrong."),
        ("feedback", "feeling.why", "Hello {name}"),
        ("feedback", "feeling.why", "a\u202eb c"),
        ("feeling", "sad", "angry"),
        ("feeling", "nothing", "blue"),
        ("feeling", "sad", "a, b, c, d, e, f, g"),
        ("need", "rest", "<b>"),
        ("help", "line.12345678", "{}"),
        ("help", "panels.self_harm", "{}"),
    ],
)
def test_what_is_not_kept(kind, key, words):
    """No text of a crisis, no unknown key, no lost or invented slot, no grade, no word that means something else already."""
    with pytest.raises(BadWording) as told:
        check_text(kind, key, words, read_wording())
    assert told.value.why


def test_our_own_wording_passes_the_checks_for_the_clinics():
    """Every original can be kept as it is: the checks ask nothing that ours do not have."""
    wording = read_wording()
    for key, text in list_originals(wording).items():
        assert check_text("feedback", key, text, wording) == " ".join(text.split()) and not GRADE.search(text)
    assert put_in(wording, list_originals(wording)) == wording


def test_a_refused_text_stays_in_the_box(noor):
    """Told beside the text, with what was typed still there."""
    told = change(noor, "feedback", key="feeling.why", words="That was wrong of you.")
    assert told.status_code == 422 and "That was wrong of you." in text_of(told) and "grades" in text_of(told)


def test_a_help_line_is_shown_beside_the_operators(noor, mika, app, database):
    """It stands on the help page at once; the panel's own words are ours; taken out, it is gone."""
    panels = app.extensions["house"].help_book.panels
    assert change(noor, "help", **LINE).status_code == 303
    page = text_of(mika.browser.open("/help"))
    assert "Night line of the clinic" in page and "+351 210 000 000" in page
    assert app.extensions["house"].help_book.panels == panels
    with database.reading() as session:
        (row,) = list_rows(session, "en", "help")
    noor.browser.post_form("/authoring/wording/help/reset", key=row.key)
    assert "Night line" not in text_of(mika.browser.open("/help"))


def test_a_help_line_without_a_way_to_reach_it_is_refused(noor):
    """The reader of help files asks for a number, a text number or an address; what was typed stays."""
    told = change(noor, "help", **{**LINE, "phone": ""})
    assert told.status_code == 422 and "at least one of phone" in text_of(told) and "Night line of the clinic" in text_of(told)


def test_the_clinics_feeling_word_is_offered_and_understood(noor, mika, channel):
    """The picker offers it; what is sent to the partner is the word of ours that it stands for."""
    assert change(noor, "feeling", key="worried", words="worried, all butterflies").status_code == 303
    attempt_id = mika.browser.start()
    for command in ("begin", "stop"):
        mika.browser.order(attempt_id, command)
    assert '<option value="all butterflies">' in text_of(mika.browser.open(f"/practice/{attempt_id}"))
    mika.browser.order(attempt_id, "guess", guess={"feeling": "All butterflies", "need": "some quiet"})
    assert channel.seen[-1]["argument"] == {"feeling": load_feelings().words["worried"][0], "need": "some quiet"}
