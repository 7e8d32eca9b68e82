"""Counts are kept with the turns and follow the path that was taken."""

from __future__ import annotations

from sqlalchemy import event, select, update

from tests.web.browser import Browser
from web.clinic.skill_counts import read_counts
from web.database.tables import Attempt, Turn
from web.rehearsal.counting import Counts, count_path
from web.rehearsal.drawing import find_path


def counts_of(app, attempt_id: str) -> Counts:
    house = app.extensions["house"]
    with house.database.reading() as session:
        return read_counts(session, house.wording, [session.get_one(Attempt, attempt_id)])[attempt_id]


def test_each_reply_is_counted_once_with_what_followed(app, guest, talk):
    """Two replies, one with two skills after which the partner opened up: counted so, and a hint counts as nothing."""
    guest.say(talk, "I feel torn.")
    guest.order(talk, "hint")
    guest.say(talk, "no words")
    expected = Counts(2, {"feeling": 1, "i_statement": 1}, {}, {"feeling": (1, 1), "i_statement": (1, 1)})
    assert counts_of(app, talk) == expected


def test_a_reply_tried_again_counts_as_it_stands(app, guest, talk):
    """The second try replaces the first in the counts; taking the first up again brings its counts back."""
    first = guest.say(talk, "I feel torn.").json["turn"]["id"]
    guest.order(talk, "try_again", turn=first)
    guest.say(talk, "no words")
    assert counts_of(app, talk) == Counts(1)
    guest.call("POST", f"/attempts/{talk}/turns/{first}/take-up")
    assert counts_of(app, talk).skills == {"feeling": 1, "i_statement": 1}


def test_what_is_kept_is_what_the_path_says(app, guest, talk):
    """The counts kept with the last turn equal those made from every turn of the path, and so they do where none were kept."""
    for words in ("I feel torn.", "no words", "I feel sad.", "well"):
        guest.say(talk, words)
    house = app.extensions["house"]
    with house.database.reading() as session:
        attempt = session.get_one(Attempt, talk)
        turns = {turn.id: turn for turn in session.scalars(select(Turn))}
        whole = count_path(house.wording, find_path(attempt, turns))
    assert counts_of(app, talk) == whole and whole.replies == 4
    with house.database.writing() as session:
        session.execute(update(Turn).values(counts_sealed=None))
    assert counts_of(app, talk) == whole
    guest.say(talk, "I feel glad.")
    assert counts_of(app, talk).replies == 5


def test_faults_are_counted_where_there_were_notes(app, guest, talk, channel, monkeypatch):
    """A criterion of kind fault in the feedback is counted as one, and never among the skills."""
    from tests.web import practice_channel

    found = practice_channel.judge("I feel torn.")
    found["criteria"]["blame"] = {"present": True, "score": 0.9, "evidence": []}
    monkeypatch.setattr(practice_channel, "judge", lambda text: found)
    guest.say(talk, "I feel torn.")
    counts = counts_of(app, talk)
    assert counts.faults == {"blame": 1} and "blame" not in counts.skills


def test_reading_many_long_talks_takes_one_query(app, guest, new_browser):
    """Thirty rehearsals of ten replies are read in one query, and only thirty sealed values are opened."""
    house = app.extensions["house"]
    attempt_ids = [make_talk(guest, 10) for _ in range(30)]
    opened, asked = [], []
    cipher_open = house.database.cipher.open

    class Counting:
        def open(self, *args, **kwargs):
            opened.append(kwargs["column"])
            return cipher_open(*args, **kwargs)

    with house.database.reading() as session:
        attempts = list(session.scalars(select(Attempt).where(Attempt.id.in_(attempt_ids))))
        session.info["cipher"] = Counting()
        note = lambda *args: asked.append(args[2])  # noqa: E731 - a listener to take away again
        event.listen(house.database.engine, "before_cursor_execute", note)
        counts = read_counts(session, house.wording, attempts)
        event.remove(house.database.engine, "before_cursor_execute", note)
    assert {each.replies for each in counts.values()} == {10} and len(counts) == 30
    assert opened == ["counts_sealed"] * 30 and len(asked) == 1


def make_talk(browser: Browser, replies: int) -> str:
    attempt_id = browser.start()
    browser.order(attempt_id, "begin")
    for number in range(replies):
        browser.say(attempt_id, f"I feel like number {number}.")
    return attempt_id
