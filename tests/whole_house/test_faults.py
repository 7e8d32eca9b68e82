"""Many guests talk while parts are killed, the network stalls and the disk fills up: nothing that was taken is lost, doubled or stuck.

The weather is drawn from a seed, which is printed: SAYABLE_FAULT_SEED=… draws it again, SAYABLE_FAULT_REPLIES=2000 makes it longer.
Nothing here goes by the clock: see `patience` and `weather`.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from sayable.practice_client import PracticeClient, make_message_id
from tests.whole_house.faulty_house import FaultyHouse, bring_models, open_faulty_house
from tests.whole_house.patience import Patience, wait_while_they_call
from tests.whole_house.patient_guest import PatientGuest
from tests.whole_house.test_words_stay_home import files_with
from tests.whole_house.weather import Weather, count_answered
from web.api.faults import SENTENCES
from web.database.opening import open_database
from web.database.tables import Attempt, Turn
from web.settings import read_settings

REPLIES = int(os.environ.get("SAYABLE_FAULT_REPLIES", "240"))
SEED = int(os.environ.get("SAYABLE_FAULT_SEED", random.SystemRandom().randrange(10**6)))
GUESTS = 12
PLANTED = "heatherwhistle"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trained once for all houses of this file; no other house runs beside them."""
    return bring_models(tmp_path_factory.mktemp("trained") / "models")


@pytest.mark.timeout(1800)  # on a machine that does nothing else it takes two or three minutes
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_whatever_fails(models: Path, tmp_path: Path, kind: str):
    """Hundreds of replies by many guests in bad weather: each that was taken is there once with one feedback, none is stuck."""
    print(f"SAYABLE_FAULT_SEED={SEED}, {REPLIES} replies, {kind}")
    with open_faulty_house(tmp_path / "faulty", models, kind) as faulty:
        over, patience = threading.Event(), Patience()
        guests = [PatientGuest(faulty.house.address, number, SEED, PLANTED, over, patience) for number in range(GUESTS)]
        weather = Weather(faulty, guests, patience, f"{SEED}/{kind}")
        try:
            play_through(faulty, guests, over, weather)
            assert count_answered(guests) >= REPLIES
            assert set(weather.names) == set(weather.faults)
            for guest in guests:
                look_as_guest(guest)
                check_what_was_said_to_them(guest)
            look_into_database(faulty, guests)
            go_on(guests[0])
        finally:
            for guest in guests:
                guest.client.http.close()
        # a reply that the partner's side refuses for good is taken out again: no fault of the weather may look like that
        logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (faulty.house.home / "logs").glob("web.log*"))
        assert [line for line in logs.splitlines() if "dialogue_refused" in line] == []
        assert files_with([PLANTED], faulty.house.files()) == []
        assert PLANTED not in faulty.house.said


def play_through(faulty: FaultyHouse, guests: list[PatientGuest], over: threading.Event, weather: Weather) -> None:
    """All guests talk while the weather blows; afterwards each brings to an end what was begun."""
    threads = [threading.Thread(target=guest.run, name=f"guest {guest.number}", daemon=True) for guest in guests]
    for thread in threads:
        thread.start()
    try:
        weather.blow(REPLIES)
    finally:
        over.set()
        faulty.clear_up()
        weather.patience.fair.set()
        for thread in threads:
            wait_while_they_call([guest for guest in guests if not guest.fault], lambda thread=thread: not thread.is_alive())
        tell(weather, guests)
    assert [f"guest {guest.number}: {guest.fault!r}" for guest in guests if guest.fault] == []


def tell(weather: Weather, guests: list[PatientGuest]) -> None:
    print("weather:", ", ".join(weather.seen))
    print(f"{len(guests)} guests, {sum(len(guest.talks) for guest in guests)} talks, {count_said(guests)} replies said; {weather.patience}")
    print("in trouble:", [f"guest {guest.number}: {guest.fault!r}" for guest in guests if guest.fault])
    print(f"{sum(guest.lost_calls for guest in guests)} calls without an answer; refused:", count_refusals(guests))


def count_said(guests: list[PatientGuest]) -> int:
    return sum(len(talk.said) for guest in guests for talk in list(guest.talks))


def count_refusals(guests: list[PatientGuest]) -> dict[str, int]:
    return dict(
        Counter(f"{status} {body['code'] if isinstance(body, dict) else '?'}" for guest in guests for status, body in guest.refusals)
    )


def look_as_guest(guest: PatientGuest) -> None:
    """As a reload shows it: what the guest said is there, each once, answered with lines and feedback; nothing waits."""
    for talk in guest.talks:
        shown = guest.insist_on("GET", f"/api/attempts/{talk.attempt_id}", None, lambda answer: "turns" in answer)
        spoken = [turn for turn in shown["turns"] if turn["kind"] == "speech"]
        words = {turn["message_id"]: "".join(segment["text"] for segment in turn["segments"]) for turn in spoken}
        assert len(spoken) == len(words)
        assert words == talk.said
        assert [turn for turn in shown["turns"] if turn["status"] != "answered"] == []
        assert [turn["number"] for turn in spoken if not turn["lines"] or turn["reading"] is None] == []
        assert shown["waiting_turn_id"] is None


def check_what_was_said_to_them(guest: PatientGuest) -> None:
    """Every refusal was a sentence for people with a code for the page; none quoted what was typed."""
    for status, body in guest.refusals:
        assert status in (409, 429, 500, 503), (status, body)
        assert isinstance(body, dict) and set(body) == {"error", "code"}, body
        assert body["error"].endswith(".") and PLANTED not in body["error"]
        assert status == 409 or body["code"] in SENTENCES


def look_into_database(faulty: FaultyHouse, guests: list[PatientGuest]) -> None:
    """Each reply stands in one row with its own answer, and each talk is one chain: every answer built on the one before."""
    database = open_database(read_settings(faulty.house.given))
    said = {(talk.attempt_id, message_id): text for guest in guests for talk in guest.talks for message_id, text in talk.said.items()}
    with database.reading() as session:
        turns = list(session.scalars(select(Turn)))
        assert {(turn.attempt_id, turn.message_id): turn.words for turn in turns if turn.kind == "speech"} == said
        assert {turn.status for turn in turns} == {"answered"}
        for turn in turns:
            assert turn.claimed_until is None and turn.answered_at is not None and turn.state_after
            assert turn.kind != "speech" or turn.answer["feedback"]["criteria"]
        for attempt in session.scalars(select(Attempt)):
            own = {turn.id: turn for turn in turns if turn.attempt_id == attempt.id}
            chain, turn_id = [], attempt.current_turn_id
            while turn_id is not None:
                chain.append(turn_id)
                turn_id = own[turn_id].parent_id
            assert len(chain) == len(own), "a turn stands beside the talk, or was answered twice"
            assert attempt.waiting_turn_id is None
    database.engine.dispose()


def go_on(guest: PatientGuest) -> None:
    """After it all, a talk goes on as ever."""
    talk = guest.begin_talk()
    body = {"message_id": make_message_id(), "text": "What was your week like?"}
    outcome = guest.insist_on("POST", f"/api/attempts/{talk.attempt_id}/replies", body, lambda answer: answer["status"] == "answered")
    assert outcome["turn"]["lines"]


def test_a_full_disk_is_said_and_nothing_taken_is_lost(models: Path, tmp_path: Path):
    """While the disk is full pages can be read and a reply is refused with a sentence; with room again the same reply gets through."""
    with open_faulty_house(tmp_path / "faulty", models, "sqlite") as faulty:
        if faulty.disk is None or not faulty.disk.mounted:
            pytest.skip("only root can mount a small disk")
        with PracticeClient(faulty.house.address) as guest:
            guest.enter()
            attempt = guest.start("S17")["id"]
            guest.press(attempt, "begin")
            assert guest.say(attempt, "I feel a bit nervous about this.")["status"] == "answered"
            before = guest.show(attempt)
            faulty.disk.fill()
            message_id, seen = make_message_id(), []
            for _ in range(5):
                answer = guest.send(attempt, "What was that like for you?", message_id)
                seen.append(answer.status_code)
                if answer.status_code != 200:
                    assert answer.json()["error"], answer.text
            assert set(seen) <= {200, 202, 409, 503} and 503 in seen, seen
            assert guest.show(attempt)["turns"][: len(before["turns"])] == before["turns"]
            for path in ("/", "/help", "/scenes", f"/practice/{attempt}"):
                assert guest.http.get(path).status_code == 200
            faulty.disk.empty()
            budget = Patience().begin("the same reply with room again")
            while (answer := guest.send(attempt, "What was that like for you?", message_id)).status_code != 200:
                budget.spend((answer.status_code, answer.text[:300]))
                time.sleep(0.5)
            said = [turn for turn in guest.show(attempt)["turns"] if turn["kind"] == "speech"]
            assert [turn["status"] for turn in said] == ["answered", "answered"]
