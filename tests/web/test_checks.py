"""Self-check before, check scenes without feedback, and the page that shows what carried over."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.web.browser import new_id
from tests.web.test_pages import text_of
from web.database.tables import Attempt


def finish(guest, attempt_id: str, *replies: str) -> None:
    guest.order(attempt_id, "begin")
    for words in replies:
        guest.say(attempt_id, words)
    for command in ("stop", "guess", "reveal"):
        guest.order(attempt_id, command)


@pytest.mark.parametrize("leaning", ["want", "should", "unsure"])
def test_the_self_check_is_kept_sealed_and_shown_again_with_the_note(guest, app, leaning):
    """One press before the talk; it stands encrypted in the database and by the private note, and nowhere in what Rasa gets."""
    attempt_id = guest.start()
    path = f"/practice/{attempt_id}"
    assert "how is that for you?" in text_of(guest.open(path))
    assert guest.post_form(f"{path}/self-check", leaning=leaning).status_code == 303
    assert re.search(f'value="{leaning}" aria-pressed="true"', text_of(guest.open(path)))
    with app.extensions["house"].database.reading() as session:
        row = session.scalar(select(Attempt))
        assert leaning.encode() not in row.self_check_sealed and row.self_check == leaning
    finish(guest, attempt_id, "I feel torn.")
    assert guest.look(attempt_id)["self_check"] == leaning
    assert "Before the talk you said" in text_of(guest.open(path))


def test_the_self_check_can_be_left_out_and_taken_back(guest, channel):
    """Without it the talk begins all the same; with an empty answer it is gone; nothing of it is sent to the partner."""
    attempt_id = guest.start()
    guest.call("PUT", f"/attempts/{attempt_id}/self-check", {"leaning": "unsure"})
    assert guest.post_form(f"/practice/{attempt_id}/self-check", leaning="").status_code == 303
    assert guest.look(attempt_id)["self_check"] is None
    assert guest.order(attempt_id, "begin").json["phase"] == "scene"
    assert "unsure" not in str(channel.seen)
    assert "Before the talk you said" not in text_of(guest.open(f"/practice/{attempt_id}"))


def test_the_self_check_belongs_before_the_talk(guest, talk):
    """Once the talk runs it is refused, and so is an answer that is none of the three."""
    assert guest.call("PUT", f"/attempts/{talk}/self-check", {"leaning": "want"}).json["code"] == "not_now"
    assert guest.call("PUT", f"/attempts/{talk}/self-check", {"leaning": "must"}).status_code == 400
    assert guest.post_form(f"/practice/{talk}/self-check", leaning="must").status_code == 400


@pytest.mark.parametrize("check", ["before", "after", "new"])
def test_a_check_scene_has_no_feedback_whatever_was_chosen(guest, channel, check):
    """Chosen as a check, a scene is played with feedback none; the skills are counted afterwards all the same."""
    attempt_id = guest.start(check=check, feedback="full")
    assert channel.seen[-1]["argument"]["feedback"] == "none"
    assert "This is a check scene" in text_of(guest.open(f"/practice/{attempt_id}"))
    guest.order(attempt_id, "begin")
    said = guest.say(attempt_id, "I feel torn.")
    assert said.json["turn"]["reading"] is None and "counted" not in said.get_data(as_text=True)
    for command in ("stop", "guess", "reveal"):
        guest.order(attempt_id, command)
    look = guest.look(attempt_id)
    assert look["check"] == check
    assert {skill["key"]: skill["times"] for skill in look["debrief"]["skills"]} == {"i_statement": 1, "feeling": 1}


def test_the_form_offers_the_check(guest):
    """The scene card's form starts a check, and an untouched choice is no check."""
    assert 'name="check"' in text_of(guest.open("/scenes"))
    fields = {"scene": "S17", "level": "friendly", "feedback": "full"}
    for check, expected in (("before", "before"), ("", None)):
        answer = guest.post_form("/scenes/start", message_id=new_id(), check=check, **fields)
        assert guest.look(answer.location.rsplit("/", 1)[1])["check"] == expected


def test_what_carried_over_puts_counts_side_by_side(guest, clock):
    """Finished checks and rehearsals stand beside each other with counts by skill and number of replies, oldest first; no grade."""
    finish(guest, guest.start(check="before"), "no words", "again none")
    clock.go_on(minutes=1)
    finish(guest, guest.start(), "I feel torn.")
    clock.go_on(minutes=1)
    finish(guest, guest.start("S01", check="after"), "I feel torn.", "I feel sad.")
    guest.order(guest.start(check="new"), "begin")  # not finished: not shown
    seen = guest.call("GET", "/carried-over").json
    counts = [(each["check"], each["replies"], {s["key"]: s["times"] for s in each["skills"]}) for each in seen["checks"]]
    assert counts == [("before", 2, {}), ("after", 2, {"i_statement": 2, "feeling": 2})]
    assert [each["check"] for each in seen["practice"]] == [None]
    page = text_of(guest.open("/carried-over"))
    row = re.search(r'<th scope="row">“I” statement</th>\s*<td>–</td><td>2</td>', page)
    assert row and "Before practising" in page and "After practising" in page
    assert not re.search(r"\d\s*%|score|grade\b|out of", re.sub(r"<[^>]*>", " ", page))


def test_what_carried_over_counts_the_path_that_was_taken(guest, talk):
    """A reply that was tried again counts as it stands in the end, not twice."""
    first = guest.say(talk, "I feel torn.").json["turn"]["id"]
    guest.order(talk, "try_again", turn=first)
    guest.say(talk, "no words")
    for command in ("stop", "guess", "reveal"):
        guest.order(talk, command)
    (counted,) = guest.call("GET", "/carried-over").json["practice"]
    assert (counted["replies"], counted["skills"]) == (1, [])


def test_what_carried_over_is_ones_own(guest, new_browser):
    """Another guest sees nothing of it, and an empty page says what a check scene is for."""
    finish(guest, guest.start(check="before"), "I feel torn.")
    other = new_browser().be_guest()
    assert other.call("GET", "/carried-over").json == {"checks": [], "practice": []}
    assert "None finished yet" in text_of(other.open("/carried-over"))
    assert new_browser().call("GET", "/carried-over").status_code == 401


def test_comparing_takes_the_same_queries_for_many(guest, app):
    """The number of queries does not grow with the number of rehearsals."""
    from sqlalchemy import event

    def count_queries() -> int:
        seen = []
        engine = app.extensions["house"].database.engine
        note = lambda *args: seen.append(args[2])  # noqa: E731 - a listener to take away again
        event.listen(engine, "before_cursor_execute", note)
        guest.call("GET", "/carried-over")
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    finish(guest, guest.start(), "I feel torn.")
    one = count_queries()
    for _ in range(3):
        finish(guest, guest.start(), "I feel torn.")
    assert count_queries() == one


def test_skills_are_told_in_words(guest, talk):
    """The debrief says how often a skill was used in plain words, in the singular and in the plural."""
    guest.say(talk, "I feel torn.")
    guest.say(talk, "I feel sad.")
    for command in ("stop", "guess", "reveal"):
        guest.order(talk, command)
    page = text_of(guest.open(f"/practice/{talk}"))
    assert "2 “I” statements" in page and "2 feelings named" in page


def test_every_skill_has_a_phrase_of_its_own(app):
    """No skill of the codebook falls back to its bare name."""
    from web.pages.names import skill_phrase
    from web.rehearsal.shapes import SkillCount

    with app.test_request_context():
        for key, wording in app.extensions["house"].wording.criteria.items():
            if wording.kind == "skill":
                phrases = {skill_phrase(SkillCount(key=key, name=wording.name, times=times)) for times in (1, 3)}
                assert len(phrases) == 2 and not any("×" in phrase for phrase in phrases), key
