"""Words typed while a talk is paused: they can ask to go on, and they are never scored."""

from __future__ import annotations

import pytest

from tests.web.test_pages import text_of


@pytest.mark.parametrize(("command", "fields"), [("pause", {}), ("time_out", {"minutes": 20})])
def test_a_typed_okay_shall_we_go_on_resumes(guest, talk, command, fields):
    """The box stays open in a pause, and asking to go on in one's own words brings the talk back."""
    guest.order(talk, command, **fields)
    look = guest.look(talk)
    assert look["can_speak"] and 'id="reply-text"' in text_of(guest.open(f"/practice/{talk}"))
    said = guest.say(talk, "Okay, shall we go on?").json
    assert (said["status"], said["phase"], said["turn"]["lines"][0]["text"]) == ("answered", "scene", "Yes, let us.")


def test_other_words_in_a_pause_leave_it_paused_and_stop_still_stops(guest, talk):
    """Nothing typed ends a pause by accident, and stop and pause are honoured at once as before."""
    guest.order(talk, "pause")
    assert guest.say(talk, "the kettle is on").json["phase"] == "paused"
    assert guest.order(talk, "stop").json["phase"] == "guess"


def test_words_in_a_pause_are_not_counted_not_on_the_timeline_and_not_tried_again(guest, talk):
    """They are no reply in the talk: no count, no point on the timeline, no second try."""
    guest.say(talk, "I feel torn.")
    guest.order(talk, "pause")
    aside = guest.say(talk, "I feel better, shall we go on?").json["turn"]
    assert not aside["can_try_again"]
    assert guest.order(talk, "try_again", turn=aside["id"]).json["code"] == "turn_not_fit"
    for command in ("stop", "guess", "reveal"):
        guest.order(talk, command)
    debrief = guest.look(talk)["debrief"]
    assert [point["words"] for point in debrief["timeline"]] == ["I feel torn."]
    assert {skill["key"]: skill["times"] for skill in debrief["skills"]} == {"i_statement": 1, "feeling": 1}


def test_a_pause_between_trying_again_and_the_new_reply_does_not_take_its_place(guest, talk):
    """The reply that is tried again waits through the pause; what is typed in between does not count as its second try."""
    first = guest.say(talk, "I feel torn.").json["turn"]["id"]
    guest.order(talk, "try_again", turn=first)
    guest.order(talk, "pause")
    guest.say(talk, "shall we go on?")
    second = guest.say(talk, "I feel sad.").json["turn"]
    assert second["versions"] == 2
    versions = guest.call("GET", f"/attempts/{talk}/turns/{first}/versions").json["versions"]
    assert ["".join(part["text"] for part in version["segments"]) for version in versions] == ["I feel torn.", "I feel sad."]


def test_a_paused_drill_has_no_box(guest, channel):
    """In a drill there is nobody to ask: typing while it is paused is refused with nothing stored."""
    from tests.web.browser import new_id

    attempt_id = guest.call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase"}).json["id"]
    channel.answer_before = channel.answer
    channel.answer = lambda message: (200, {**channel.answer_before(message)[1], "phase": "paused"})
    guest.say(attempt_id, "So you felt left out?")
    assert guest.look(attempt_id)["phase"] == "paused" and not guest.look(attempt_id)["can_speak"]
    assert guest.say(attempt_id, "shall we go on?").json["code"] == "not_now"


def test_danger_in_a_pause_shows_help(guest, talk, app):
    """Safety looks at what is typed in a pause as everywhere; nothing of it is kept."""
    guest.order(talk, "pause")
    assert guest.say(talk, "red-canary").json["status"] == "help"
    assert "red-canary" not in text_of(guest.open(f"/practice/{talk}"))
