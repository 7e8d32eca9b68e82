"""A talk over HTTP through all parts of the running house."""

import re
import stat

import httpx
import pytest

from sayable.practice_client import PracticeClient

GUIDE_REPLY = "I feel anxious when you initiate intimacy without a prior check-in; I need a moment to assess"
"""The example that the guide for clinicians gives; the issue asks what must be seen in it."""


def keys_found(turn: dict) -> set[str]:
    return {criterion["key"] for criterion in turn["reading"]["criteria"]}


def test_all_three_parts_say_they_are_well(house):
    """After a start, the health addresses of Rasa, the action server and the web app answer 200."""
    house.wait_until_healthy()
    ready = httpx.get(f"{house.address}/health/ready", trust_env=False).json()
    assert ready == {"status": "ready", "database": "ok", "dialogue": "ok"}


def test_the_home_is_closed_to_others(house):
    """Secrets, database, logs and models can be read by nobody but their owner."""
    for path in [house.home, *house.home.rglob("*")]:
        if not path.is_symlink() and path.exists():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_only_the_pages_may_answer_to_others(house):
    """Rasa and the action server listen on loopback, and refuse who does not hold their secret."""
    turn = f"http://127.0.0.1:{house.settings.rasa_port}/webhooks/practice/turn"
    action = f"http://127.0.0.1:{house.settings.actions_port}/webhook"
    assert httpx.post(turn, json={}, trust_env=False).status_code == 401
    assert httpx.post(action, json={}, trust_env=False).status_code == 401
    for port in (house.settings.rasa_port, house.settings.actions_port, house.settings.web.web_port):
        assert listening_addresses(port) == {"0100007F"}, f"port {port} listens on more than 127.0.0.1"


def listening_addresses(port: int) -> set[str]:
    """Local addresses, in the kernel's hexadecimal form, on which something listens at `port` (Linux)."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table, encoding="ascii") as lines:
            for line in list(lines)[1:]:
                local, state = line.split()[1], line.split()[3]
                address, at = local.split(":")
                if state == "0A" and int(at, 16) == port:
                    found.add(address)
    return found


def test_a_scene_from_choosing_to_the_debrief(guest: PracticeClient):
    """S01 over the API: the guide's own reply is read as feeling, observation, need and no blame; a request is the next step."""
    attempt = guest.start("S01")["id"]
    begun = guest.press(attempt, "begin")
    assert begun["phase"] == "scene"
    assert [line["who"] for line in begun["turn"]["lines"]][-1] == "partner"

    outcome = guest.say(attempt, GUIDE_REPLY)

    assert outcome["status"] == "answered"
    found = keys_found(outcome["turn"])
    assert {"feeling", "observation", "need"} <= found
    assert "blame" not in found
    assert "request" not in found
    assert outcome["turn"]["reading"]["strength"]
    assert re.search(r"\b(ask|request)", outcome["turn"]["reading"]["next_step"], re.IGNORECASE)
    assert "".join(segment["text"] for segment in outcome["turn"]["segments"]) == GUIDE_REPLY
    feeling = [segment["text"] for segment in outcome["turn"]["segments"] if "feeling" in {mark["key"] for mark in segment["marks"]}]
    assert "anxious" in " ".join(feeling)

    guest.say(attempt, "Would you be willing to ask me before you start, even with just one word?")
    assert guest.press(attempt, "stop")["phase"] == "guess"
    guess = guest.press(attempt, "guess", guess={"feeling": "embarrassed", "need": "closeness"})
    assert guess["phase"] in ("reveal", "debrief")
    if guess["phase"] == "reveal":
        assert guest.press(attempt, "reveal")["phase"] == "debrief"
    seen = guest.show(attempt)
    assert seen["debrief"]["reveal"]["feeling"]
    assert guest.press(attempt, "debrief")["phase"] == "over"
    assert guest.show(attempt)["phase"] == "over"


def test_a_reload_draws_the_same(guest: PracticeClient):
    """What a reload gets from the database is what the answer showed."""
    attempt = guest.start("S17")["id"]
    guest.press(attempt, "begin")
    said = guest.say(attempt, "I'd like one evening a week on my own. It isn't about not wanting you.")
    seen = guest.show(attempt)
    assert seen["turns"][-1] == said["turn"]
    assert guest.show(attempt) == seen


def test_the_hidden_feeling_stays_on_the_server(guest: PracticeClient):
    """Before the reveal neither the page nor the JSON holds the partner's hidden feeling, need or state."""
    from data.scenarios import load_scene

    hidden = load_scene("S17").partner.hidden
    attempt = guest.start("S17")["id"]
    guest.press(attempt, "begin")
    guest.say(attempt, "What is it like for you when I want an evening alone?")
    for path in (f"/practice/{attempt}", f"/api/attempts/{attempt}"):
        text = guest.http.get(path).text
        assert hidden.told not in text
        assert '"openness"' not in text
        assert '"state"' not in text


def test_the_partner_of_another_guest_is_not_to_be_had(house, guest: PracticeClient):
    """An attempt that is somebody else's answers like one that does not exist, for reading, saying and pressing."""
    attempt = guest.start("S17")["id"]
    guest.press(attempt, "begin")
    with PracticeClient(house.address) as other:
        other.enter()
        body = {"message_id": "a" * 32, "text": "hello"}
        for somebody in (attempt, "0" * 32):
            answers = [
                other.http.get(f"/api/attempts/{somebody}"),
                other.http.post(f"/api/attempts/{somebody}/replies", json=body),
                other.http.post(f"/api/attempts/{somebody}/commands", json={"message_id": "b" * 32, "command": "stop"}),
                other.http.get(f"/practice/{somebody}"),
            ]
            assert [answer.status_code for answer in answers] == [404] * 4
    assert guest.show(attempt)["phase"] == "scene"


@pytest.mark.parametrize("typed", ["What is this?", "I want to practise asking for time alone", "thanks", "who can read this"])
def test_the_lobby_answers(guest: PracticeClient, typed: str):
    """What is typed in the lobby goes through the trained NLU and gets an answer in words."""
    answer = guest.http.post("/api/lobby", json={"message_id": "c" * 32, "text": typed}).json()
    assert answer["status"] == "answered"
    assert answer["lines"][0]["text"]


def test_a_wish_in_the_lobby_brings_fitting_scenes(guest: PracticeClient):
    """Whoever says what they would like to practise is offered scenes, the one about an evening alone among them."""
    answer = guest.http.post(
        "/api/lobby", json={"message_id": "d" * 32, "text": "I'd like to practise telling my partner that I need an evening alone"}
    ).json()
    assert "S17" in [offer["scene"]["id"] for offer in answer["offers"]]
