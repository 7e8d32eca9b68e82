"""The house grows: nginx, PostgreSQL, two of each process; one of each dies in the middle of it, and nothing is lost."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from sayable.bench.grown_house import GrownHouse
from tests.whole_house.conftest import House, find_free_ports
from tests.whole_house.own_postgres import OwnPostgres
from tests.whole_house.patience import wait_while_they_call
from tests.whole_house.patient_guest import PatientGuest
from tests.whole_house.test_faults import check_what_was_said_to_them, count_said, go_on, look_as_guest
from web.database.opening import open_database
from web.database.tables import Turn
from web.settings import read_settings

GUESTS = 10
SEED = 20261122
PLANTED = "larkspurkettle"


@pytest.fixture
def grown(house: House, tmp_path: Path) -> Iterator[GrownHouse]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed on this machine; .ci/run installs it")
    postgres = OwnPostgres(find_free_ports(1)[0])
    grown = None
    try:
        postgres.make()
        postgres.start()
        grown = GrownHouse(tmp_path / "grown", house.home / "models", postgres.url, 2)
        grown.start()
        yield grown
    finally:
        if grown is not None:
            grown.stop()
        postgres.stop()


@pytest.fixture
def new_guest(grown: GrownHouse) -> Iterator[Callable[[int, threading.Event], PatientGuest]]:
    """Makes guests at the one address; their connections are closed at the end."""
    made: list[PatientGuest] = []

    def make(number: int, over: threading.Event) -> PatientGuest:
        made.append(PatientGuest(grown.address, number, SEED, PLANTED, over))
        return made[-1]

    yield make
    for guest in made:
        guest.client.http.close()


def test_one_of_each_may_die_under_load(grown: GrownHouse, new_guest: Callable[[int, threading.Event], PatientGuest]):
    """Ten people type while a web process, a Rasa and an action server are killed for good: every reply is there once, answered."""
    over = threading.Event()
    guests = [new_guest(number, over) for number in range(GUESTS)]
    threads = [threading.Thread(target=guest.run) for guest in guests]
    for thread in threads:
        thread.start()
    wait_for_replies(guests, 40)
    for name in ("actions", "rasa", "web"):
        grown.kill(name, 0)
        wait_for_replies(guests, count_said(guests) + 30)
    over.set()
    for thread in threads:
        wait_while_they_call([guest for guest in guests if not guest.fault], lambda thread=thread: not thread.is_alive())
    refused = Counter(status for guest in guests for status, _ in guest.refusals)
    lost = sum(guest.lost_calls for guest in guests)
    print(f"{count_said(guests)} replies of {GUESTS} people; refused {dict(refused)}, calls without an answer {lost}")

    assert [f"guest {guest.number}: {guest.fault!r}" for guest in guests if guest.fault] == []
    for guest in guests:
        look_as_guest(guest)
        check_what_was_said_to_them(guest)
    database = open_database(read_settings(grown.given))
    with database.reading() as session:
        turns = [turn for turn in session.scalars(select(Turn)) if turn.kind == "speech"]
        said = {(talk.attempt_id, message_id): text for guest in guests for talk in guest.talks for message_id, text in talk.said.items()}
        assert {(turn.attempt_id, turn.message_id): turn.words for turn in turns} == said
        assert len(turns) == len(said) and {turn.status for turn in turns} == {"answered"}
    database.engine.dispose()
    go_on(guests[0])
    written = [path for path in grown.folder.rglob("*") if path.is_file() and PLANTED.encode() in path.read_bytes()]
    assert written == []


def test_a_talk_wanders_between_processes(grown: GrownHouse, new_guest: Callable[[int, threading.Event], PatientGuest]):
    """One person's talk is answered whichever process takes the next reply: each of both Rasas and action servers is made the only one."""
    over = threading.Event()
    guest = new_guest(0, over)
    guest.enter()
    talk = guest.begin_talk()
    assert guest.client.say(talk.attempt_id, "What was your week like?")["status"] == "answered"
    for alone in (0, 1):
        for name in ("rasa", "actions"):
            grown.kill(name, alone)
        outcome = guest.client.say(talk.attempt_id, f"I'd like to understand that better, part {alone + 1}.")
        if outcome["status"] != "answered":
            outcome = guest.client.resend(talk.attempt_id, outcome["turn"]["id"])
        assert outcome["status"] == "answered"
        for name in ("rasa", "actions"):
            grown.start_one(name, alone)
            grown.wait_until_ready(name, alone)
        time.sleep(2.5)  # longer than nginx leaves a dead one out (fail_timeout)


def wait_for_replies(guests: list[PatientGuest], count: int) -> None:
    """As long as it takes while they make calls; nobody may be in trouble."""
    going = wait_while_they_call(guests, lambda: count_said(guests) >= count)
    assert going, [f"guest {guest.number}: {guest.fault!r}" for guest in guests if guest.fault]
