"""What should not come, or comes oddly: each gets the right answer, and nothing is lost."""

from __future__ import annotations

import pytest

from tests.web.browser import new_id


def words_of(turn: dict) -> str:
    return "".join(segment["text"] for segment in turn["segments"])


@pytest.mark.parametrize("text", ["", " ", "\n\t \u00a0", "\u200b\u200d", "\x00\x07"])
def test_nothing_is_refused(guest, talk, text):
    """Empty, blank and invisible replies are refused with a sentence, and nothing is stored."""
    answer = guest.say(talk, text)
    assert (answer.status_code, answer.json["code"]) == (422, "empty")


@pytest.mark.parametrize("length", [2001, 10_000])
def test_too_long_is_refused_and_not_cut(guest, talk, length):
    """An over-long reply is refused whole; it stays in the client's box."""
    answer = guest.say(talk, "x" * length)
    assert (answer.status_code, answer.json["code"]) == (422, "too_long")
    assert guest.look(talk)["waiting_turn_id"] is None


def test_two_thousand_code_points_of_emoji_are_a_reply(guest, talk, channel):
    """Length is counted in code points, as the contract says, not in UTF-16 units or bytes."""
    answer = guest.say(talk, "😀" * 2000)
    assert answer.json["status"] == "answered"
    assert len(channel.seen[-1]["text"]) == 2000


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        '/intent{"slot":"x"}',
        '{"kind": "command", "command": "stop"}',
        "<script>alert(1)</script> & <b>bold</b>",
        "مرحبا، أحتاج إلى وقت 👨‍👩‍👧",
        "a\u202eb\u202c c",
        "line one\n\nline two\ttabbed",
        "{{ 7 * 7 }} ${7*7} %s %(x)s",
        "'; DROP TABLE turn; --",
    ],
)
def test_everything_typed_is_something_said(guest, talk, channel, text):
    """Commands, code and other scripts are replies like any other, sent and shown as typed."""
    turn = guest.say(talk, text).json["turn"]
    assert (channel.seen[-1]["kind"], channel.seen[-1]["text"], channel.seen[-1]["command"]) == ("speech", text, None)
    assert words_of(turn) == text


def test_html_is_shown_as_text(guest, talk):
    """Markup in a reply or in a name reaches the page escaped."""
    guest.say(talk, "<script>alert(1)</script>")
    page = guest.open(f"/practice/{talk}").get_data(as_text=True)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_control_characters_are_left_out(guest, talk, channel):
    """Characters that nobody types are taken out before anything is stored, so that what is kept is what is judged."""
    turn = guest.say(talk, "I feel\x00 \x1b[31mtorn\r\nnow").json["turn"]
    assert words_of(turn) == "I feel [31mtorn\nnow"
    assert channel.seen[-1]["text"] == "I feel [31mtorn\nnow"


def test_half_a_character_is_no_failure(guest, talk, channel):
    """A lone surrogate from a broken client is left out instead of breaking the store."""
    answer = guest.client.post(
        f"/api/attempts/{talk}/replies",
        data='{"message_id": "half-a-sign", "text": "I feel \\ud83d torn"}',
        content_type="application/json",
        headers={"X-CSRFToken": guest.token},
    )
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or words_of(answer.json["turn"]) == "I feel  torn"


@pytest.mark.parametrize(
    "body",
    [
        None,
        "text",
        [],
        {},
        {"message_id": "x"},
        {"message_id": "", "text": "hi"},
        {"message_id": "a b", "text": "hi"},
        {"message_id": "a" * 65, "text": "hi"},
        {"message_id": "ok", "text": 7},
        {"message_id": "ok", "text": "hi", "role": "admin"},
        {"message_id": "ok", "text": "hi", "state": {"phase": "over"}},
    ],
)
def test_bodies_that_are_none(guest, talk, body):
    """Anything but the two fields of a reply is refused, extra fields included."""
    answer = guest.call("POST", f"/attempts/{talk}/replies", body)
    assert (answer.status_code, answer.json["code"]) == (400, "not_understood")


@pytest.mark.parametrize(
    "body",
    [
        {"command": "start"},
        {"command": "lobby"},
        {"command": "drop"},
        {"command": "time_out", "minutes": 0},
        {"command": "time_out", "minutes": 100_000},
        {"command": "try_again"},
        {"command": "try_again", "turn": "../x"},
        {"command": "guess", "guess": {"feeling": "x" * 201}},
        {"command": "hint", "argument": {"a": 1}},
    ],
)
def test_commands_that_are_none(guest, talk, body):
    """Unknown commands and arguments out of bounds are refused."""
    answer = guest.call("POST", f"/attempts/{talk}/commands", {"message_id": new_id(), **body})
    assert (answer.status_code, answer.json["code"]) == (400, "not_understood")


def test_a_command_at_the_wrong_time(guest, talk):
    """No reveal before the end: the order of the talk is kept on the server."""
    for command in ("reveal", "guess", "debrief", "begin", "resume"):
        assert guest.order(talk, command).json["code"] == "not_now"


def test_scenes_that_are_none(guest):
    """An unknown scene is named so; an unknown level is not understood."""
    assert guest.call("POST", "/attempts", {"message_id": new_id(), "scene": "S99"}).json["code"] == "unknown_scene"
    assert guest.call("POST", "/attempts", {"message_id": new_id(), "scene": "../x"}).status_code == 400
    assert guest.call("POST", "/attempts", {"message_id": new_id(), "scene": "S17", "level": "brutal"}).status_code == 400


def test_a_body_that_is_too_large(guest, talk):
    """More than 256 KiB is refused before it is read."""
    answer = guest.say(talk, "x" * 300_000)
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_form_that_is_too_long_keeps_the_words(guest, talk):
    """Without JavaScript an over-long reply comes back in the box, whole."""
    guest.open(f"/practice/{talk}")
    page = guest.post_form(f"/practice/{talk}/reply", message_id=new_id(), text="kept-word " * 250)
    assert page.status_code == 422
    assert page.get_data(as_text=True).count("kept-word") == 250
