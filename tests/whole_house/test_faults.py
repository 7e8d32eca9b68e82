"""Many guests talk while parts are killed, the network stalls and the disk fills up: nothing that was taken is lost, doubled or stuck.

The weather is drawn from a seed, which is printed: SAYABLE_FAULT_SEED=… plays it again, SAYABLE_FAULT_SECONDS=600 makes it longer.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from sayable.practice_client import PracticeClient, make_message_id
from tests.whole_house.conftest import House, find_free_ports
from tests.whole_house.network import Wire
from tests.whole_house.own_postgres import OwnPostgres
from tests.whole_house.patient_guest import PATIENCE_SECONDS, PatientGuest
from tests.whole_house.test_words_stay_home import files_with
from web.api.faults import SENTENCES
from web.database.opening import open_database
from web.database.tables import Attempt, Turn
from web.settings import read_settings

SECONDS = float(os.environ.get("SAYABLE_FAULT_SECONDS", "45"))
SEED = int(os.environ.get("SAYABLE_FAULT_SEED", random.SystemRandom().randrange(10**6)))
GUESTS = 12
REPLIES = 200
PLANTED = "heatherwhistle"
DISK_BYTES = 48 * 1024 * 1024


class SmallDisk:
    """A file system of its own that can be filled to the brim. Only root can mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", str(folder)], capture_output=True)
        self.mounted = mounted.returncode == 0
        self.ballast = folder / "ballast"

    def fill(self) -> None:
        with open(self.ballast, "ab", buffering=0) as ballast:
            piece = b"x" * 65536
            while piece:
                try:
                    ballast.write(piece)
                except OSError:
                    piece = piece[: len(piece) // 2]

    def empty(self) -> None:
        self.ballast.unlink(missing_ok=True)

    def unmount(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=False)


class FaultyHouse:
    """A house with a wire to Rasa, a wire to the action server, and a database on a small disk or a server of its own."""

    def __init__(self, folder: Path, models: Path, kind: str) -> None:
        folder.mkdir()
        self.postgres = OwnPostgres(find_free_ports(1)[0]) if kind == "postgresql" else None
        self.disk = SmallDisk(folder / "disk") if kind == "sqlite" else None
        home = folder / "home"
        home.mkdir(mode=0o700)
        shutil.copytree(models, home / "models")  # trained once for all
        self.house = House(home)
        self.to_rasa, self.to_actions = Wire(self.house.settings.rasa_port), Wire(self.house.settings.actions_port)
        for wire in (self.to_rasa, self.to_actions):
            wire.start()
        self.house.given |= {
            "SAYABLE_RASA_URL": f"http://127.0.0.1:{self.to_rasa.port}",
            "SAYABLE_ACTIONS_URL": f"http://127.0.0.1:{self.to_actions.port}/webhook",
        }
        if self.postgres is not None:
            self.house.given["SAYABLE_DATABASE_URL"] = self.postgres.url
        else:
            self.house.given["SAYABLE_DATABASE_URL"] = f"sqlite:///{folder / 'disk' / 'sayable.sqlite3'}"

    def start(self) -> None:
        if self.postgres is not None:
            self.postgres.make()
            self.postgres.start()
        self.house.start()

    def clear_up(self) -> None:
        """The weather is over: everything passes, everything runs."""
        self.to_rasa.set("open")
        self.to_actions.set("open")
        if self.disk is not None:
            self.disk.empty()
        if self.postgres is not None:
            self.postgres.start()
        self.house.wait_until_healthy()

    def close(self) -> None:
        if self.house.process is not None and self.house.process.poll() is None:
            self.house.stop()
        for wire in (self.to_rasa, self.to_actions):
            wire.stop()
        if self.postgres is not None:
            self.postgres.stop()
        if self.disk is not None:
            self.disk.unmount()


@contextmanager
def open_faulty_house(folder: Path, models: Path, kind: str) -> Iterator[FaultyHouse]:
    faulty = FaultyHouse(folder, models, kind)
    try:
        faulty.start()
        yield faulty
    finally:
        faulty.close()


class Weather:
    """One fault after the other, at random from `seed`; `seen` is what came when."""

    def __init__(self, faulty: FaultyHouse, seed: str) -> None:
        self.faulty = faulty
        self.random = random.Random(seed)
        self.seen: list[tuple[float, str]] = []
        self.faults: dict[str, Callable[[], None]] = {
            "rasa killed": lambda: self.kill("rasa"),
            "actions killed": lambda: self.kill("actions"),
            "web killed": lambda: self.kill("web"),
            "two killed at once": lambda: [self.kill(name) for name in self.random.sample(["rasa", "actions", "web"], 2)] and None,
            "web to Rasa stalled": lambda: self.spoil(faulty.to_rasa, "stalled", 1, 4),
            "web to Rasa stalled for longer than anybody waits": lambda: self.spoil(faulty.to_rasa, "stalled", 13, 15),
            "web to Rasa cut": lambda: self.spoil(faulty.to_rasa, "cut", 0.5, 2),
            "answers of Rasa lost": lambda: self.spoil(faulty.to_rasa, "deaf", 0.5, 3),
            "Rasa to actions stalled": lambda: self.spoil(faulty.to_actions, "stalled", 1, 5),
            "Rasa to actions cut": lambda: self.spoil(faulty.to_actions, "cut", 0.5, 2),
            "answers of actions lost": lambda: self.spoil(faulty.to_actions, "deaf", 0.5, 3),
        }
        if faulty.disk is not None and faulty.disk.mounted:
            self.faults["disk full"] = self.fill_disk
        if faulty.postgres is not None:
            self.faults["PostgreSQL killed"] = self.kill_postgres

    def blow(self, seconds: float, guests: list[PatientGuest]) -> None:
        """Every fault once in a random order, then at random, until time is over and enough is answered; fair weather between most."""
        began = time.monotonic()
        waiting = list(self.faults)
        self.random.shuffle(waiting)
        while time.monotonic() < began + seconds or waiting or count_answered(guests) < REPLIES:
            if any(guest.fault for guest in guests):
                return
            name = waiting.pop() if waiting else self.random.choice(list(self.faults))
            self.seen.append((round(time.monotonic() - began, 1), name))
            self.faults[name]()
            if self.random.random() < 0.7:
                self.faulty.house.wait_until_healthy()
                so_far, fair = count_answered(guests), time.monotonic()
                while count_answered(guests) < so_far + GUESTS and time.monotonic() < fair + 15:
                    time.sleep(0.2)
            else:
                time.sleep(self.random.uniform(0.2, 2.0))

    def kill(self, name: str) -> None:
        if self.faulty.house.pids().get(name):
            self.faulty.house.kill(name)

    def spoil(self, wire: Wire, manner: str, least: float, most: float) -> None:
        wire.set(manner)  # type: ignore[arg-type]
        time.sleep(self.random.uniform(least, most))
        wire.set("open")

    def fill_disk(self) -> None:
        assert self.faulty.disk is not None
        self.faulty.disk.fill()
        time.sleep(self.random.uniform(1, 3))
        self.faulty.disk.empty()

    def kill_postgres(self) -> None:
        assert self.faulty.postgres is not None
        self.faulty.postgres.kill()
        time.sleep(self.random.uniform(0, 2))
        self.faulty.postgres.start()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_whatever_fails(house: House, tmp_path: Path, kind: str):
    """Hundreds of replies by many guests in bad weather: each that was taken is there once with one feedback, none is stuck."""
    print(f"SAYABLE_FAULT_SEED={SEED}, {SECONDS:.0f} s, {kind}")
    with open_faulty_house(tmp_path / "faulty", house.home / "models", kind) as faulty:
        over = threading.Event()
        guests = [PatientGuest(faulty.house.address, number, SEED, PLANTED, over) for number in range(GUESTS)]
        try:
            play_through(faulty, guests, over, Weather(faulty, f"{SEED}/{kind}"))
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
        weather.blow(SECONDS, guests)
    finally:
        over.set()
        faulty.clear_up()
        calm = time.monotonic()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        tell(weather, guests, time.monotonic() - calm)
    assert [f"guest {guest.number}: {guest.fault!r}" for guest in guests if guest.fault] == []
    assert not any(thread.is_alive() for thread in threads)


def tell(weather: Weather, guests: list[PatientGuest], calm_seconds: float) -> None:
    said = count_said(guests)
    print("weather:", ", ".join(f"{seconds} s {name}" for seconds, name in weather.seen))
    print(f"{len(guests)} guests, {sum(len(guest.talks) for guest in guests)} talks, {said} replies said, {calm_seconds:.1f} s until calm")
    print("in trouble:", [f"guest {guest.number}: {guest.fault!r}" for guest in guests if guest.fault])
    print(f"{sum(guest.lost_calls for guest in guests)} calls without an answer; refused:", count_refusals(guests))


def count_said(guests: list[PatientGuest]) -> int:
    return sum(len(talk.said) for guest in guests for talk in list(guest.talks))


def count_answered(guests: list[PatientGuest]) -> int:
    return sum(guest.answered for guest in guests)


def count_refusals(guests: list[PatientGuest]) -> dict[str, int]:
    return dict(
        Counter(f"{status} {body['code'] if isinstance(body, dict) else '?'}" for guest in guests for status, body in guest.refusals)
    )


def look_as_guest(guest: PatientGuest) -> None:
    """As a reload shows it: what the guest said is there, each once, answered with lines and feedback; nothing waits."""
    for talk in guest.talks:
        shown = guest.client.show(talk.attempt_id)
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
    assert guest.client.say(talk.attempt_id, "What was your week like?")["status"] == "answered"


def test_a_full_disk_is_said_and_nothing_taken_is_lost(house: House, tmp_path: Path):
    """While the disk is full pages can be read and a reply is refused with a sentence; with room again the same reply gets through."""
    with open_faulty_house(tmp_path / "faulty", house.home / "models", "sqlite") as faulty:
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
            deadline = time.monotonic() + 30
            while guest.send(attempt, "What was that like for you?", message_id).status_code != 200:
                assert time.monotonic() < deadline
                time.sleep(0.5)
            said = [turn for turn in guest.show(attempt)["turns"] if turn["kind"] == "speech"]
            assert [turn["status"] for turn in said] == ["answered", "answered"]
