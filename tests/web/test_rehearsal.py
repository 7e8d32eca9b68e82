"""A rehearsal through the API: stored before sent, completed once, nothing lost, nothing doubled."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.web.browser import Browser, new_id
from web.database.tables import Attempt, Turn


def count_turns(app, **filters) -> int:
    with app.extensions["house"].database.reading() as session:
        return session.scalar(select(func.count()).select_from(Turn).filter_by(**filters))


def test_a_scene_plays_from_start_to_over(guest, channel):
    """The whole way works: briefing, scene, hint, stop, guess, reveal, debrief, over."""
    attempt_id = guest.start("S17", level="guarded")
    assert guest.look(attempt_id)["phase"] == "briefing"
    assert guest.order(attempt_id, "begin").json["phase"] == "scene"
    said = guest.say(attempt_id, "I feel worn out, Billie.").json
    assert said["status"] == "answered"
    assert said["turn"]["lines"] == [{"who": "partner", "kind": "say", "text": "Line 1."}]
    assert guest.order(attempt_id, "hint").json["phase"] == "scene"
    for command, phase in (("stop", "guess"), ("guess", "reveal"), ("reveal", "debrief"), ("debrief", "over")):
        assert guest.order(attempt_id, command).json["phase"] == phase
    argument = channel.seen[0]["argument"]
    assert (argument["scene"], argument["version"], argument["level"], argument["feedback"]) == ("S17", 1, "guarded", "full")


def test_the_state_travels_unread(guest, talk, channel):
    """Each message carries the state of the last answer."""
    guest.say(talk, "one")
    guest.say(talk, "two")
    assert channel.seen[-1]["state"]["turns"] == 1


def test_the_same_message_twice_is_one_turn(guest, talk, channel, app):
    """A retry with the same id gives the same turn and asks Rasa nothing."""
    message_id = new_id()
    first, second = guest.say(talk, "I feel torn.", message_id).json, guest.say(talk, "I feel torn.", message_id).json
    assert first["turn"] == second["turn"]
    assert [message["message_id"] for message in channel.seen].count(message_id) == 1
    assert count_turns(app, kind="speech") == 1


def test_a_message_id_cannot_be_used_for_other_words(guest, talk):
    """The same id with other words is refused, so that nothing typed disappears behind an earlier turn."""
    message_id = new_id()
    guest.say(talk, "one", message_id)
    answer = guest.say(talk, "other words", message_id)
    assert (answer.status_code, answer.json["code"]) == (409, "message_id_used")


def test_the_same_message_at_once_is_one_turn(guest, talk, channel, app):
    """Two posts of one message at the same moment end as one turn, answered once."""
    channel.slow_seconds = 0.2
    message_id = new_id()
    answers = at_once(guest, [lambda browser: browser.say(talk, "I feel torn.", message_id)] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["turn"]["id"] for answer in answers}) == 1
    assert [message["message_id"] for message in channel.seen].count(message_id) == 1


def test_two_messages_at_once_one_waits(guest, talk, channel, app):
    """Of two different messages at once one is answered; the other is told to wait and is not stored."""
    channel.slow_seconds = 0.3
    answers = at_once(guest, [lambda browser: browser.say(talk, "one"), lambda browser: browser.say(talk, "two")])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert next(answer for answer in answers if answer.status_code == 409).json["code"] == "still_answering"
    assert count_turns(app, kind="speech") == 1


def test_starting_twice_at_once_is_one_attempt(guest, app):
    """A double click on a scene makes one attempt."""
    message_id = new_id()
    answers = at_once(guest, [lambda browser: browser.call("POST", "/attempts", {"message_id": message_id, "scene": "S17"})] * 3)
    assert {answer.status_code for answer in answers} == {201}
    with app.extensions["house"].database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_rasa_away_keeps_the_reply(guest, talk, channel):
    """With Rasa away the reply stays, says so, and can be sent again with one answer."""
    channel.fail_with = 503
    message_id = new_id()
    away = guest.say(talk, "I feel torn.", message_id)
    assert (away.status_code, away.json["status"], away.json["away"]) == (202, "sent", True)
    assert guest.look(talk)["turns"][-1]["segments"][0]["text"] == "I feel torn."
    channel.fail_with = None
    again = guest.call("POST", f"/attempts/{talk}/turns/{away.json['turn']['id']}/resend")
    assert again.json["status"] == "answered"
    assert guest.say(talk, "I feel torn.", message_id).json["turn"] == again.json["turn"]
    assert guest.look(talk)["can_speak"] is True


@pytest.mark.parametrize("broken", [b"", b"not json", b"[]", b'{"message_id": "other", "phase": "scene", "state": {}}'])
def test_an_answer_that_is_none_counts_as_away(guest, talk, channel, broken):
    """200 with nothing, or with an answer to something else, loses nothing."""
    channel.broken_answer = broken
    assert guest.say(talk, "hello").json["away"] is True
    channel.broken_answer = None
    assert guest.call("POST", f"/attempts/{talk}/turns/{guest.look(talk)['waiting_turn_id']}/resend").json["status"] == "answered"


def test_a_second_reply_waits_for_the_first(guest, talk, channel):
    """While a reply waits for an answer another is refused, and the first can be taken back."""
    channel.fail_with = 502
    first = guest.say(talk, "one").json["turn"]["id"]
    refused = guest.say(talk, "two")
    assert (refused.status_code, refused.json["code"]) == (409, "send_earlier_first")
    assert guest.call("DELETE", f"/attempts/{talk}/turns/{first}").status_code == 204
    channel.fail_with = None
    assert guest.say(talk, "two").json["status"] == "answered"


def test_stop_works_when_a_reply_is_stuck(guest, talk, channel):
    """A stop goes before a reply that got stuck; the reply is kept, marked as failed."""
    channel.fail_with = 503
    stuck = guest.say(talk, "one").json["turn"]["id"]
    channel.fail_with = None
    assert guest.order(talk, "stop").json["phase"] == "guess"
    assert guest.call("GET", f"/attempts/{talk}/turns/{stuck}").json["status"] == "failed"


def test_a_web_process_that_died_leaves_a_turn_that_goes_on(guest, talk, channel, app, clock):
    """A turn claimed by a process that is gone can be sent again once the claim has run out."""
    channel.fail_with = 503
    turn_id = guest.say(talk, "one").json["turn"]["id"]
    channel.fail_with = None
    house = app.extensions["house"]
    with house.database.writing() as session:
        session.get(Turn, turn_id).claimed_until = clock() + house.claim_for
    still = guest.call("POST", f"/attempts/{talk}/turns/{turn_id}/resend")
    assert (still.status_code, still.json["away"]) == (202, False)
    clock.go_on(seconds=15)
    assert guest.call("POST", f"/attempts/{talk}/turns/{turn_id}/resend").json["status"] == "answered"


def test_a_refusal_of_rasa_stores_nothing(guest, talk, channel, app):
    """What Rasa will never take is not kept as if it waited; the client is told."""
    channel.fail_with = 409
    refused = guest.say(talk, "one")
    assert (refused.status_code, refused.json["code"]) == (409, "not_now")
    assert count_turns(app, kind="speech") == 0


def test_try_again_keeps_both_versions(guest, talk, channel):
    """A reply tried again goes out with the state before it, and both versions stand side by side."""
    first = guest.say(talk, "You never listen.").json["turn"]["id"]
    again = guest.order(talk, "try_again", turn=first)
    assert again.json["status"] == "answered"
    assert channel.seen[-1]["state"]["turns"] == 0
    second = guest.say(talk, "I feel unheard.").json["turn"]
    assert channel.seen[-1]["state"]["turns"] == 0
    assert second["versions"] == 2
    versions = guest.call("GET", f"/attempts/{talk}/turns/{second['id']}/versions").json["versions"]
    assert [version["status"] for version in versions] == ["replaced", "answered"]
    assert first not in [turn["id"] for turn in guest.look(talk)["turns"]]


def test_branch_from_an_earlier_reply(guest, talk, channel):
    """ "What if I had said": any earlier reply can be tried again, and the talk goes on from there."""
    first = guest.say(talk, "one").json["turn"]["id"]
    guest.say(talk, "two")
    guest.say(talk, "three")
    guest.order(talk, "try_again", turn=first)
    guest.say(talk, "another one")
    said = ["".join(segment["text"] for segment in turn["segments"]) for turn in guest.look(talk)["turns"] if turn["kind"] == "speech"]
    assert said == ["another one"]


def test_only_a_reply_can_be_tried_again(guest, talk, new_browser):
    """A button's turn, another's turn and one that does not exist cannot be tried again."""
    button = guest.look(talk)["turns"][0]["id"]
    assert guest.order(talk, "try_again", turn=button).status_code == 422
    assert guest.order(talk, "try_again", turn="0" * 32).status_code == 404
    other = new_browser().be_guest()
    theirs = other.start()
    other.order(theirs, "begin")
    foreign = other.say(theirs, "mine").json["turn"]["id"]
    assert guest.order(talk, "try_again", turn=foreign).status_code == 404


def test_pause_time_out_and_resume(guest, talk, clock):
    """Pause and time-out hold the talk, a time-out knows when it ends, resume goes back."""
    assert guest.order(talk, "pause").json["phase"] == "paused"
    assert guest.say(talk, "are you there").json["phase"] == "paused"
    assert guest.order(talk, "resume").json["phase"] == "scene"
    guest.order(talk, "time_out", minutes=20)
    assert guest.look(talk)["return_at"].startswith(clock().replace(microsecond=0).isoformat()[:10])
    assert guest.order(talk, "resume").json["phase"] == "scene"
    assert guest.look(talk)["return_at"] is None


def test_over_is_over(guest, talk):
    """After the end a reply is refused with 409."""
    for command in ("stop", "guess", "reveal", "debrief"):
        guest.order(talk, command)
    refused = guest.say(talk, "one more")
    assert (refused.status_code, refused.json["code"]) == (409, "over")


def test_another_persons_attempt_is_not_there(guest, talk, new_browser):
    """Someone else's attempt and one that does not exist answer alike, on every route."""
    other = new_browser().be_guest()
    for attempt_id in (talk, "0" * 32):
        for method, path, body in (
            ("GET", "", None),
            ("DELETE", "", None),
            ("POST", "/replies", {"message_id": new_id(), "text": "hi"}),
            ("POST", "/commands", {"message_id": new_id(), "command": "stop"}),
            ("POST", "/help", {"answer": "resume"}),
            ("PUT", "/note", {"text": "mine"}),
            ("GET", f"/turns/{guest.look(talk)['turns'][0]['id']}", None),
        ):
            answer = other.call(method, f"/attempts/{attempt_id}{path}", body)
            assert (answer.status_code, answer.json["code"]) == (404, "not_found"), (method, path)
    assert guest.look(talk)["phase"] == "scene"


def test_a_drill_and_what_comes_back(guest, channel):
    """A drill is an attempt like any other; a line that was missed is due in the next round of the same person."""
    first = guest.call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase"})
    assert (first.status_code, first.json["kind"], first.json["phase"]) == (201, "drill", "drill")
    assert channel.seen[-1]["argument"]["due"] == []
    turn = guest.say(first.json["id"], "So you feel torn.").json["turn"]
    assert turn["lines"][0]["text"] == "Line 1."
    assert guest.order(first.json["id"], "stop").json["phase"] == "over"
    assert "Giving back" in guest.open(f"/practice/{first.json['id']}").get_data(as_text=True)
    guest.call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase"})
    assert channel.seen[-1]["argument"]["skill"] == "paraphrase"
    assert guest.call("POST", "/drills", {"message_id": new_id(), "skill": "juggling"}).json["code"] == "unknown_scene"


def test_lines_missed_come_back(guest, channel):
    """The round that is left in the middle hands its missed lines to the next."""
    attempt_id = guest.call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase"}).json["id"]
    guest.say(attempt_id, "Yes.")
    guest.call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase"})
    assert channel.seen[-1]["argument"]["due"] == ["p01"]


def at_once(guest: Browser, actions: list) -> list:
    """Run `actions` at the same moment, each with the guest's cookies in a client of its own."""
    barrier = threading.Barrier(len(actions))
    application = guest.client.application

    def act(action):
        browser = Browser(application.test_client())
        browser.client._cookies.update(guest.client._cookies)
        browser.token = guest.token
        barrier.wait()
        return action(browser)

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(act, actions))
