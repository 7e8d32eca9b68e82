"""SIGKILL in the middle of a scene: nothing typed is lost, nothing is doubled, and the scene goes on."""

import threading
import time

import httpx
import pytest

from sayable.practice_client import PracticeClient, make_message_id

FIRST = "I feel a bit nervous bringing this up, and I'd like one evening a week to myself."
SECOND = "What comes up for you when I say that?"
THIRD = "Would Tuesdays work for you, for a month, and then we look at it again?"


def begin_scene(guest: PracticeClient) -> str:
    attempt = guest.start("S17")["id"]
    guest.press(attempt, "begin")
    assert guest.say(attempt, FIRST)["status"] == "answered"
    return attempt


def send_until_answered(guest: PracticeClient, attempt: str, text: str, message_id: str, seconds: float = 90) -> dict:
    """Send the same message again and again, as the page does on a lost connection, until it has its answer."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answer = guest.send(attempt, text, message_id)
        except httpx.TransportError:
            time.sleep(0.3)
            continue
        assert answer.status_code in (200, 202, 503), answer.text
        if answer.status_code == 200:
            return answer.json()
        if answer.status_code == 202 and answer.json()["away"]:
            turn = answer.json()["turn"]["id"]
            if guest.resend(attempt, turn)["status"] == "answered":
                continue
        time.sleep(0.5)
    raise AssertionError("no answer came")


def said_words(attempt: dict) -> list[str]:
    return ["".join(segment["text"] for segment in turn["segments"]) for turn in attempt["turns"] if turn["kind"] == "speech"]


@pytest.mark.parametrize("part", ["rasa", "actions", "web"])
def test_killed_between_two_replies(house, guest: PracticeClient, part: str):
    """The part is killed, the next reply is sent at once: it is kept, gets exactly one answer, and the scene goes on."""
    attempt = begin_scene(guest)
    before = guest.show(attempt)
    old = house.kill(part)

    outcome = send_until_answered(guest, attempt, SECOND, make_message_id())

    assert outcome["status"] == "answered"
    assert outcome["turn"]["lines"]
    assert outcome["turn"]["reading"]
    assert guest.say(attempt, THIRD)["status"] == "answered"
    after = guest.show(attempt)
    assert said_words(after) == [FIRST, SECOND, THIRD]
    assert after["turns"][: len(before["turns"])] == before["turns"]
    house.wait_until_healthy()
    assert house.pids()[part] not in (0, old)


@pytest.mark.parametrize("part", ["rasa", "actions", "web"])
def test_killed_while_a_reply_is_on_its_way(house, guest: PracticeClient, part: str):
    """The part is killed while a reply is being answered: sent again under the same id, it is there once with one answer."""
    attempt = begin_scene(guest)
    message_id = make_message_id()
    seen = []

    def send_once() -> None:
        try:
            seen.append(guest.send(attempt, SECOND, message_id).status_code)
        except httpx.TransportError as error:
            seen.append(type(error).__name__)

    sending = threading.Thread(target=send_once)
    sending.start()
    time.sleep(0.005)
    house.kill(part)
    sending.join(40)
    assert not sending.is_alive()

    outcome = send_until_answered(guest, attempt, SECOND, message_id)

    assert outcome["status"] == "answered"
    after = guest.show(attempt)
    assert said_words(after) == [FIRST, SECOND]
    assert [turn["status"] for turn in after["turns"]] == ["answered"] * len(after["turns"])
    house.wait_until_healthy()


def test_help_and_pages_work_with_rasa_and_actions_down(house, guest: PracticeClient):
    """With Rasa and the action server dead, words of crisis still bring the help page up, and the pages are still there."""
    attempt = begin_scene(guest)
    house.kill("rasa")
    house.kill("actions")
    outcome = guest.say(attempt, "I want to kill myself")
    assert outcome["status"] == "help"
    assert outcome["help"]["paragraphs"]
    assert "kill myself" not in guest.http.get(f"/practice/{attempt}").text
    for path in ("/", "/scenes", "/help", "/privacy"):
        assert guest.http.get(path).status_code == 200
    house.wait_until_healthy()


def test_the_same_message_twice_is_one_turn(house, guest: PracticeClient):
    """A message that arrives twice, one after the other and both at once, is one turn with one answer."""
    house.wait_until_healthy()
    attempt = begin_scene(guest)
    message_id = make_message_id()
    answers: list[int] = []
    senders = [threading.Thread(target=lambda: answers.append(guest.send(attempt, SECOND, message_id).status_code)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join(40)
    assert set(answers) <= {200, 202}
    assert send_until_answered(guest, attempt, SECOND, message_id)["status"] == "answered"
    assert said_words(guest.show(attempt)) == [FIRST, SECOND]
