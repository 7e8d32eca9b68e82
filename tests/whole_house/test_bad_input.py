"""What a browser may send and should not: each gets the right answer over the real house, and nothing is lost."""

import json
import threading

import pytest

from sayable.practice_client import PracticeClient, make_message_id


@pytest.fixture
def attempt(house, guest: PracticeClient) -> str:
    """An attempt in the middle of its scene."""
    house.wait_until_healthy()
    attempt = guest.start("S17")["id"]
    guest.press(attempt, "begin")
    return attempt


def words_of(turn: dict) -> str:
    return "".join(segment["text"] for segment in turn["segments"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   \n\t ", "empty"),
        ("\u200b\u200e\u2060", "empty"),
        ("\x00\x07\x1b", "empty"),
        ("word " * 2000, "too_long"),
        ("x" * 2001, "too_long"),
        ("🙂" * 2001, "too_long"),
    ],
    ids=["nothing", "spaces", "invisible", "only control characters", "10,000 characters", "one too many", "one emoji too many"],
)
def test_a_text_that_is_none_is_refused_and_nothing_is_stored(guest: PracticeClient, attempt: str, text: str, code: str):
    """Empty and over-long texts are refused with a reason; the scene stands where it stood."""
    before = guest.show(attempt)
    answer = guest.send(attempt, text)
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert guest.show(attempt) == before


@pytest.mark.parametrize(
    "text",
    [
        "🙂👩‍👩‍👧 I feel happy 💛 when we talk",
        "אני מרגיש עצוב כשאנחנו לא מדברים",
        "\u202eI feel torn\u202c and that is fine",
        "<script>alert('x')</script><b>I feel sad</b> &amp; \"quoted\"",
        "/restart",
        '/intent{"slot":"x"}',
        "/session_start",
        json.dumps({"kind": "command", "command": "stop", "text": "no"}),
        "{{ 7*7 }} {% raw %} ${7*7} %(x)s {0}",
        "'; DROP TABLE turns; --",
        "!?!?" * 400,
        "(" * 1999,
        "x" * 2000,
        "No.",
        "...",
    ],
    ids=range(15),
)
def test_odd_texts_are_something_said(guest: PracticeClient, attempt: str, text: str):
    """Whatever is typed in a scene is something said: kept as typed, answered by the partner, never obeyed, never run."""
    outcome = guest.say(attempt, text)
    assert outcome["status"] == "answered"
    assert outcome["phase"] in ("scene", "guess")
    assert words_of(outcome["turn"]) == text
    assert any(line["who"] == "partner" for line in outcome["turn"]["lines"])
    page = guest.http.get(f"/practice/{attempt}").text
    assert "<script>alert" not in page
    assert "<b>I feel sad" not in page


@pytest.mark.parametrize("text", ["stop", "Stop.", "please stop"])
def test_a_typed_stop_is_honoured_as_something_said(guest: PracticeClient, attempt: str, text: str):
    """A typed stop is kept as said and the partner answers it; nothing is over: the client can go on, pause or leave."""
    outcome = guest.say(attempt, text)
    assert outcome["status"] == "answered"
    assert words_of(outcome["turn"]) == text
    assert any(line["who"] == "partner" for line in outcome["turn"]["lines"])
    assert outcome["phase"] in ("scene", "paused")
    assert "stop" in outcome["controls"]
    assert {"pause", "resume"} & set(outcome["controls"])


def test_control_characters_are_left_out_and_the_rest_is_kept(guest: PracticeClient, attempt: str):
    """Characters that nobody types are dropped; the words around them stay."""
    outcome = guest.say(attempt, "I feel\x00 calm\x1b[31m now\x07")
    assert outcome["status"] == "answered"
    assert words_of(outcome["turn"]) == "I feel calm[31m now"


def test_two_messages_at_once(guest: PracticeClient, attempt: str):
    """Two different messages at the same moment: each is answered once or refused with a reason, none is half there."""
    answers: dict[str, int] = {}

    def send(text: str) -> None:
        answers[text] = guest.send(attempt, text).status_code

    senders = [threading.Thread(target=send, args=(text,)) for text in ("I feel calm today.", "I need a minute.")]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(40)
    assert set(answers.values()) <= {200, 409}
    assert 200 in answers.values()
    kept = [words_of(turn) for turn in guest.show(attempt)["turns"] if turn["kind"] == "speech"]
    assert sorted(kept) == sorted(text for text, status in answers.items() if status == 200)


def test_a_message_to_an_attempt_that_is_over(guest: PracticeClient, attempt: str):
    """After the debrief a further message is refused with a reason, and the attempt can still be read."""
    guest.press(attempt, "stop")
    guest.press(attempt, "guess")
    while guest.show(attempt)["phase"] != "over":
        phase = guest.show(attempt)["phase"]
        guest.press(attempt, {"reveal": "reveal", "debrief": "debrief"}[phase])
    answer = guest.send(attempt, "one more thing")
    assert (answer.status_code, answer.json()["code"]) == (409, "over")
    assert guest.show(attempt)["phase"] == "over"


@pytest.mark.parametrize("command", ["begin", "resume", "reveal", "debrief"])
def test_a_button_that_is_not_there_now(guest: PracticeClient, attempt: str, command: str):
    """A command out of its phase is refused as not possible now; nothing moves."""
    before = guest.show(attempt)
    answer = guest.http.post(f"/api/attempts/{attempt}/commands", json={"message_id": make_message_id(), "command": command})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_now")
    assert guest.show(attempt) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'{"text": "x"}',
        b'{"message_id": "a b", "text": "x"}',
        b'{"message_id": "ab", "text": 7}',
        b"\xff\xfe",
        b"[" * 20000,
    ],
    ids=range(8),
)
def test_a_body_that_is_no_message(guest: PracticeClient, attempt: str, body: bytes):
    """A body that is not a message is refused as not understood, and never quoted back."""
    answer = guest.http.post(f"/api/attempts/{attempt}/replies", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "not_understood")


def test_a_body_far_too_large(guest: PracticeClient, attempt: str):
    """A body beyond the limit is refused with a reason; one far beyond it before it is even read."""
    answer = guest.send(attempt, "x" * 300_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert guest.send(attempt, "x" * 2_000_000).status_code == 413


def test_without_the_page_s_token_nothing_changes(guest: PracticeClient, attempt: str):
    """A change without the CSRF token is refused."""
    before = guest.show(attempt)
    body = {"message_id": make_message_id(), "text": "hello there"}
    for token in ("", "made-up"):
        assert guest.http.post(f"/api/attempts/{attempt}/replies", json=body, headers={"X-CSRFToken": token}).status_code == 400
    assert guest.show(attempt) == before
