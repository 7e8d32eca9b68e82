"""The practice channel in a real web server, with the trained model and a stand-in for the action server."""

import gc
import json
import logging

import pytest

pytestmark = pytest.mark.slow

STRANGE = [
    "/restart",
    "/session_start",
    '/intent{"slot":"x"}',
    '/speech{"phase":"over"}',
    '{"kind": "command", "command": "stop"}',
    "stop",
    "pause",
    "<script>alert(1)</script>",
    "\u202eabc",
    "🙂",
    "a\x00b\x07c",
    "${SAYABLE_CHANNEL_SECRET}",
    "x" * 2000,
]


@pytest.mark.parametrize("text", STRANGE)
def test_inside_a_scene_everything_typed_is_something_said(channel, action_server, speak, text):
    """Slashes, JSON, "stop" and control characters reach the reply's action exactly as typed."""
    status, answer = channel(speak(text, "scene"))
    assert (status, answer["ran"]) == (200, "action_answer_reply")
    [call] = action_server.calls
    assert call["tracker"]["slots"]["incoming"]["text"] == text
    assert call["tracker"]["slots"]["phase"] == "scene"


SLASHED = ["/restart", "/session_start", '/greet{"phase":"over"}', '/intent{"slot":"x"}', "//// /command_stop", "/", "///"]


@pytest.mark.parametrize("text", SLASHED)
def test_in_the_lobby_a_slash_is_only_a_character(channel, action_server, speak, text):
    """Nothing typed is read as an intent with slots: the phase stays, no button is pressed, and a lobby action answers."""
    assert channel(speak(text))[0] == 200
    [call] = action_server.calls
    assert call["tracker"]["latest_message"]["entities"] == []
    assert not call["tracker"]["latest_message"]["intent"]["name"].startswith(("command_", "speech"))
    assert call["tracker"]["slots"]["incoming"]["text"] == text


def test_a_typed_button_name_presses_no_button(channel, action_server, speak):
    """ "/command_stop" in a scene is a reply."""
    assert channel(speak("/command_stop", "scene"))[1]["ran"] == "action_answer_reply"


@pytest.mark.parametrize("secret", [None, "", "wrong", "channel-secret-for-test", "channel-secret-for-testsx", "ü"])
def test_without_the_secret_nothing_happens(channel, action_server, speak, secret):
    """401, and no action is called."""
    status, answer = channel(speak("hello", "scene"), secret)
    assert status == 401 and "secret" in answer["error"]
    assert action_server.calls == []


def test_the_action_server_gets_its_own_secret(channel, action_server, speak):
    """The bearer header comes from endpoints.yml and the environment."""
    channel(speak("hello", "scene"))
    assert action_server.calls[0]["authorization"] == "Bearer actions-secret-for-tests"


def test_one_action_call_per_message(channel, action_server, speak, press):
    """Whatever the message, the action server is asked once."""
    in_drill = speak("x", "drill", step="drill_paraphrase")
    for body in (speak("hello", "scene"), press("hint", "scene"), speak("hello"), press("lobby"), in_drill):
        action_server.calls.clear()
        assert channel(body)[0] == 200
        assert len(action_server.calls) == 1


def test_the_state_comes_back_as_the_action_left_it(channel, speak):
    """The state travels: what one answer returns, the next message brings."""
    state = {"phase": "scene", "deep": {"list": [1, {"ä": "🙂"}], "none": None}}
    for count in range(1, 4):
        status, answer = channel({**speak("hello"), "state": state})
        assert status == 200 and answer["state"]["count"] == count
        state = answer["state"]
    assert state["deep"] == {"list": [1, {"ä": "🙂"}], "none": None}


def test_nothing_is_left_between_messages(channel, agent, loop, speak):
    """After an answer Rasa holds no tracker, neither of a turn that worked nor of one that failed."""
    channel(speak("hello", "scene"))
    channel(speak("hello", "scene", step="unheard_of"))
    gc.collect()
    assert list(loop.run_until_complete(agent.tracker_store.keys())) == []
    assert agent.lock_store.conversation_locks == {}


def test_messages_of_different_attempts_do_not_mix(channel, speak):
    """Forty at once: each gets the answer to its own message and state."""
    bodies = [{**speak(f"reply {number}", "scene", number=number), "message_id": f"m-{number}"} for number in range(40)]
    for number, (status, answer) in enumerate(channel.all(bodies)):
        assert (status, answer["message_id"], answer["state"]["number"]) == (200, f"m-{number}", number)


def test_the_same_message_twice_gets_the_same_answer(channel, speak):
    """Rasa remembers nothing that could make the second different."""
    assert channel(speak("hello", "scene")) == channel(speak("hello", "scene"))


def test_a_failing_action_server_gives_502_and_the_message_can_be_sent_again(channel, action_server, speak, caplog):
    """500, a broken answer, no answer slot: each is 502, no word reaches a log, and sending again works."""
    words = "my very secret words"
    failures = [
        lambda call: (500, {"error": words, "request_body": call}),
        lambda call: (404, {"error": "no such action"}),
        lambda call: (400, {"action_name": call["next_action"], "error": words}),
        lambda call: (200, {"events": [{"event": "slot", "name": words}], "responses": 5}),
        lambda call: (200, {"events": [], "responses": []}),
        fill_slot("no JSON"),
        fill_slot("[]"),
        fill_slot('{"refused": {"status": 502, "error": "Failed."}}'),
        fill_slot('{"refused": {"status": 200, "error": "Odd."}}'),
    ]
    for failure in failures:
        action_server.behave = failure
        status, answer = channel(speak(words, "scene"))
        assert status == 502 and words not in answer["error"]
        action_server.behave = action_server.say_who_ran
        assert channel(speak(words, "scene"))[0] == 200


def fill_slot(value):
    """An action server that answers with this text."""
    return lambda call: (200, {"events": [{"event": "slot", "name": "answer", "value": value}], "responses": []})


@pytest.mark.parametrize("status", [400, 409, 422])
def test_an_action_may_refuse(channel, action_server, speak, status):
    """A refusal by an action becomes that HTTP error with its sentence."""
    answer = json.dumps({"refused": {"status": status, "error": "There is no such scene."}})
    action_server.behave = fill_slot(answer)
    assert channel(speak("hello", "scene")) == (status, {"error": "There is no such scene."})


def test_a_dead_action_server_gives_502(channel, agent, speak):
    """Nobody listens at the address: 502, and when somebody does again, the same message is answered."""
    endpoint = agent.processor.action_endpoint
    url, endpoint.url = endpoint.url, "http://127.0.0.1:9/webhook"
    try:
        assert channel(speak("hello", "scene"))[0] == 502
    finally:
        endpoint.url = url
    assert channel(speak("hello", "scene"))[0] == 200


def test_a_hanging_action_server_gives_504(channel, action_server, speak, monkeypatch):
    """The channel does not wait for ever, and works on afterwards."""
    monkeypatch.setattr(channel.practice, "_timeout_seconds", 1.0)
    action_server.behave = action_server.wait
    status, answer = channel(speak("hello", "scene"))
    assert status == 504 and answer["error"]
    monkeypatch.undo()
    action_server.behave = action_server.say_who_ran
    assert channel(speak("hello", "scene"))[0] == 200


def test_without_a_model_it_is_503(channel, speak):
    """Health says so as well."""
    agent, channel.app.ctx.agent = channel.app.ctx.agent, None
    try:
        assert channel(speak("hello", "scene"))[0] == 503
        assert channel.get("/webhooks/practice/health")[0] == 503
    finally:
        channel.app.ctx.agent = agent
    status, body = channel.get("/webhooks/practice/health")
    assert status == 200 and "practice-" in body


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"x" * 70_000, 413), (b"x" * 300_000, 413)])
def test_broken_and_fat_bodies_get_json_errors(channel, body, status):
    """Also what the web server itself refuses is JSON."""
    answer = channel(body)
    assert answer[0] == status and set(answer[1]) == {"error"}


def test_an_unknown_drill_is_422(channel, press):
    """The skill decides which drill runs, and there are three."""
    for skill in (None, "blame", 7, ["paraphrase"]):
        assert channel(press("drill", argument={"skill": skill}))[0] == 422


def test_typed_words_reach_no_log(channel, action_server, speak, caplog):
    """At any level, through success and failure, in scene and lobby."""
    with caplog.at_level(logging.ERROR):
        for behave in (action_server.say_who_ran, lambda call: (500, call)):
            action_server.behave = behave
            for body in (speak("xyzzyplugh", "scene"), speak("xyzzyplugh")):
                channel(body)
    from rasa_project.serve import WithoutExceptionText

    for record in caplog.records:
        WithoutExceptionText().filter(record)
        assert "xyzzyplugh" not in logging.Formatter().format(record)


def test_an_answer_out_of_format_is_refused_without_its_words(channel, action_server, speak):
    """Rasa's schema still holds, though it is proved only once (action_answers.py)."""
    from rasa.core.actions.action import RemoteAction

    action = RemoteAction("action_answer_reply", None)
    assert action._validate_action_result({"events": [], "responses": []})
    for wrong in ({"events": "secret words"}, {"events": [{"event": 5}]}, {"events": [], "responses": ["secret words"]}):
        with pytest.raises(Exception, match="not in Rasa's format") as failure:
            action._validate_action_result(wrong)
        assert "secret" not in str(failure.value)
