"""What the practice channel accepts and refuses, before Rasa sees anything."""

import json

import pytest

from rasa_project.incoming_message import COMMANDS, PHASES, Refusal, read_message

GOOD = {"message_id": "m-1", "kind": "speech", "command": None, "argument": None, "text": "hello", "state": None}


def read(**changes):
    return read_message(json.dumps({**GOOD, **changes}).encode())


def test_speech_is_taken_as_typed():
    """Nothing is trimmed or changed, so that evidence points at the text as typed."""
    text = "  /restart \u202e שלום 🙂\u0000 <b>{}</b>\n"
    assert read(text=text).text == text


def test_two_thousand_characters_are_accepted_and_one_more_is_refused():
    """The cap counts code points; an emoji is one."""
    assert len(read(text="🙂" * 2000).text) == 2000
    with pytest.raises(Refusal) as refusal:
        read(text="🙂" * 2001)
    assert refusal.value.status == 422


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_contract_is_read(command):
    """A command comes with an argument and without text."""
    message = read(kind="command", command=command, text=None, argument={"a": 1})
    assert (message.command, message.argument, message.text) == (command, {"a": 1}, None)


def test_without_a_state_the_talk_is_in_the_lobby():
    """null means lobby, with no step."""
    message = read(state=None)
    assert (message.phase, message.step, message.state) == ("lobby", None, {})


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_is_read_from_the_state(phase):
    """The state is passed on unread but for phase and step."""
    message = read(state={"phase": phase, "step": "offered", "more": [1]})
    assert (message.phase, message.step, message.state["more"]) == (phase, "offered", [1])


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"message_id": ""}, 400),
        ({"message_id": "x" * 65}, 400),
        ({"message_id": "a b"}, 400),
        ({"message_id": "m\n"}, 400),
        ({"message_id": 7}, 400),
        ({"kind": "event"}, 400),
        ({"kind": None}, 400),
        ({"text": None}, 400),
        ({"text": 5}, 400),
        ({"text": ""}, 422),
        ({"text": " \n\t\u2003"}, 422),
        ({"text": "x" * 10_000}, 422),
        ({"command": "stop"}, 400),
        ({"argument": {"a": 1}}, 400),
        ({"kind": "command", "command": "restart", "text": None}, 422),
        ({"kind": "command", "command": "/restart", "text": None}, 422),
        ({"kind": "command", "command": None, "text": None}, 422),
        ({"kind": "command", "command": ["stop"], "text": None}, 422),
        ({"kind": "command", "command": "stop"}, 400),
        ({"kind": "command", "command": "stop", "text": None, "argument": [1]}, 400),
        ({"kind": "command", "command": "stop", "text": None, "argument": {"a": "x" * 5000}}, 413),
        ({"state": []}, 400),
        ({"state": {}}, 400),
        ({"state": {"phase": "heaven"}}, 400),
        ({"state": {"phase": ["scene"]}}, 400),
        ({"state": {"phase": "scene", "step": 3}}, 400),
        ({"state": {"phase": "scene", "step": "x" * 41}}, 400),
        ({"extra": 1}, 400),
        ({"text": "x", "state": {"phase": "scene", "fat": "y" * 70_000}}, 413),
    ],
)
def test_what_is_wrong_gets_its_own_status(changes, status):
    """Each fault is refused with the status of the contract and one sentence."""
    with pytest.raises(Refusal) as refusal:
        read(**changes)
    assert refusal.value.status == status
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b'"x"', b"\xff\xfe", b"[" * 50_000, b'{"message_id": NaN}', b'{"message_id": "m", "text": "\\ud83d"}'],
)
def test_what_is_no_json_object_is_refused(body):
    """Broken bodies get 400, never a crash."""
    with pytest.raises(Refusal) as refusal:
        read_message(body)
    assert refusal.value.status == 400


def test_half_a_character_is_refused():
    """A lone surrogate could not be written out again."""
    with pytest.raises(Refusal) as refusal:
        read_message(json.dumps(GOOD).replace("hello", "a\\ud83db").encode())
    assert refusal.value.status == 400


def test_a_refusal_never_repeats_what_was_typed():
    """The sentence holds no word of the client's."""
    for changes in ({"text": "secret" * 1000}, {"command": "secret", "kind": "command", "text": None}, {"state": {"phase": "secret"}}):
        with pytest.raises(Refusal) as refusal:
            read(**changes)
        assert "secret" not in refusal.value.sentence
