"""The client's own progress: counts, check scenes, what was followed by opening up; never a grade, a streak or a word about the person."""

from __future__ import annotations

import re

from sqlalchemy import event

from tests.web.clinic.steps import finish_talk
from tests.web.test_pages import text_of
from web.clinic.progress import show_own_progress


def plain(page: str) -> str:
    return re.sub(r"<[^>]*>", " ", page)


def test_an_empty_page_is_kind(mika):
    """Before anything was finished the page says that this is fine, and draws nothing."""
    page = text_of(mika.browser.open("/progress"))
    assert "that is fine" in page and "<rect" not in page


def test_skills_over_time_are_drawn_and_stand_in_a_table(mika, clock):
    """Three rehearsals with 2, 0 and 1 “I” statements: bars in that order, the same numbers for screen readers and in the table."""
    for replies in (("I feel torn.", "I feel sad."), ("nothing",), ("I feel glad.",)):
        finish_talk(mika.browser, *replies)
        clock.go_on(hours=1)
    page = text_of(mika.browser.open("/progress"))
    assert 'aria-label="“I” statement, first to latest: 2, 0, 1"' in page
    assert re.search(r'<th scope="row">“I” statement</th><td>2</td><td>0</td><td>1</td>', page)
    svg = re.search(r'<svg class="bars".*?</svg>', page, re.S)[0]
    heights = [float(each) for each in re.findall(r'<rect class="bar"[^>]* height="([\d.]+)"', svg)]
    assert heights == [38.7, 2.0, 19.3]  # of 58 for three; a zero is a thin line


def test_check_scenes_stand_beside_each_other(mika, clock):
    """The latest check scene of each kind; one that was not played is told as that, not as nothing used."""
    finish_talk(mika.browser, "nothing", check="before")
    clock.go_on(hours=1)
    finish_talk(mika.browser, "I feel torn.", "I feel sad.", check="after")
    page = text_of(mika.browser.open("/progress"))
    assert 'aria-label="Before practising: 0, After practising: 2, A new situation: not played"' in page
    assert re.search(r'<th scope="row">“I” statement</th><td>0</td><td>2</td><td>–</td>', page)


def test_what_helped_is_told_as_counts_of_ones_own_replies(mika, channel, monkeypatch):
    """Of four replies with a skill the partner opened up after three: told so; a skill used twice is not told at all."""
    answer = channel.answer_speech

    def move(message, state):
        status, body = answer(message, state)
        if "but" in message["text"]:
            body["moved"]["shift"] = 0
        if "twice" in message["text"]:
            body["counted"] = ["request"]
        return status, body

    monkeypatch.setattr(channel, "answer_speech", move)
    finish_talk(mika.browser, "I feel torn.", "I feel sad.", "I feel glad but tired.", "I feel fine.", "twice", "twice")
    page = plain(text_of(mika.browser.open("/progress")))
    assert re.search(r"“I” statement\s*:\s*followed by the partner opening up 3 of 4 times", page)
    assert "of 2 times" not in page


def test_nothing_of_an_unfinished_talk_is_shown(mika):
    """What moved the partner stays hidden until the debrief, so a running talk adds nothing to the page."""
    attempt_id = mika.browser.start()
    mika.browser.order(attempt_id, "begin")
    for _ in range(4):
        mika.browser.say(attempt_id, "I feel torn.")
    page = text_of(mika.browser.open("/progress"))
    assert "opening up" not in page and "<rect" not in page


def test_no_grade_no_streak_and_no_style_in_the_drawing(mika):
    """Neither percent nor score nor streak nor days in a row; the drawing has no style and no script, which the policy forbids."""
    finish_talk(mika.browser, *["I feel torn."] * 4)
    page = text_of(mika.browser.open("/progress"))
    assert not re.search(r"\d\s*%|score|grade|streak|in a row|best|worst|well done", plain(page), re.I)
    assert "style=" not in page and "<style" not in page


def test_progress_is_ones_own(mika, other_client, guest):
    """Another client and a guest see nothing of it."""
    finish_talk(mika.browser, "I feel torn.")
    for browser in (other_client.browser, guest):
        assert "that is fine" in text_of(browser.open("/progress"))


def test_the_queries_do_not_grow(mika, app):
    """One rehearsal or six, the page asks the database as often."""
    house = app.extensions["house"]

    def count_queries() -> int:
        asked = []
        note = lambda *args: asked.append(args[2])  # noqa: E731 - a listener to take away again
        event.listen(house.database.engine, "before_cursor_execute", note)
        show_own_progress(house, mika.id)
        event.remove(house.database.engine, "before_cursor_execute", note)
        return len(asked)

    finish_talk(mika.browser, "I feel torn.")
    one = count_queries()
    for _ in range(5):
        finish_talk(mika.browser, "I feel torn.", "I feel sad.")
    assert count_queries() == one
