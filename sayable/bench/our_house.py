"""Sayable as it is started by `sayable up`, in a folder and on ports of its own, and people who type at it over HTTP."""

import os
import re
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import Protocol

from sayable.bench.processes import DidNotStart, Started
from sayable.bench.stock_bot import LostReply
from sayable.bench.wire import Wire
from sayable.practice_client import PracticeClient, make_message_id
from sayable.up.ports import find_free_port
from sayable.up.rasa_model import find_model
from sayable.up.settings import ROOT, HouseSettings, read_settings

READY = "Sayable is ready"


class Door(Protocol):
    """Where people come in: `address` without a slash at its end, its `port` on loopback, and the scene that they practise."""

    address: str
    port: int
    scene: str


class OurHouse:
    """`sayable up` on an empty database; `long_scene`: with the scene that runs for hundreds of turns."""

    def __init__(self, folder: Path, *, long_scene: bool = True) -> None:
        ports = [find_free_port("127.0.0.1", socket.AF_INET) for _ in range(3)]
        self.home = folder / "house"
        self.scene = "LONG" if long_scene else "S17"
        self.given = {
            "SAYABLE_HOME": str(self.home),
            "SAYABLE_WEB_PORT": str(ports[0]),
            "SAYABLE_RASA_PORT": str(ports[1]),
            "SAYABLE_ACTIONS_PORT": str(ports[2]),
        }
        self.settings: HouseSettings = read_settings(self.given)
        self.address = self.settings.loopback
        self.port = ports[0]
        self.command = [sys.executable, "-m", *(["sayable.bench.long_scene", "up"] if long_scene else ["sayable", "up"])]
        self.log = folder / "house.log"
        self.started: Started | None = None

    def bring_model(self, trained_in: Path) -> None:
        """Take over the Rasa model of the home `trained_in` when it fits, so that training is not part of what is timed."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        model = find_model(read_settings({"SAYABLE_HOME": str(trained_in)}))
        if model is not None and find_model(self.settings) is None:
            (self.home / "models").mkdir(mode=0o700, exist_ok=True)
            shutil.copy(model, self.home / "models" / model.name)

    def start(self) -> float:
        """Start on an empty database; gives the seconds until it says that it is ready. Raises DidNotStart."""
        for path in self.home.glob("sayable.sqlite3*"):
            path.unlink()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYABLE_")}
        self.started = Started(self.command, ROOT, kept | self.given | {"PYTHONUNBUFFERED": "1"}, self.log)
        while READY not in self.log.read_text(encoding="utf-8", errors="replace"):
            seconds = time.perf_counter() - self.started.begun
            if self.started.process.poll() is not None or seconds > 600:
                self.stop()
                raise DidNotStart(f"Sayable did not start; see {self.log}.")
            time.sleep(0.05)
        return time.perf_counter() - self.started.begun

    def stop(self) -> None:
        if self.started is not None:
            self.started.stop()
        self.started = None

    def read_secret(self, name: str) -> str:
        return (self.home / "secrets" / f"{name}.secret").read_text(encoding="utf-8").strip()


class OurPerson:
    """A guest in a scene: session, CSRF token and all, as a browser has them."""

    def __init__(self, house: Door) -> None:
        self.house = house
        self.wire: Wire | None = None
        self.attempt_id = ""
        self.sent: list[str] = []

    def enter(self) -> None:
        """Come in, choose the scene and begin."""
        with PracticeClient(self.house.address, 120) as client:
            client.enter()
            self.attempt_id = client.start(self.house.scene)["id"]
            client.press(self.attempt_id, "begin")
            cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.http.cookies.jar)
            headers = {"Cookie": cookies, "X-CSRFToken": client.http.headers["X-CSRFToken"]}
        self.wire = Wire("127.0.0.1", self.house.port, headers)

    def say(self, text: str) -> float:
        """Say something; gives the milliseconds until the partner's answer and the feedback were there. Raises LostReply.

        A reply that is refused because it came too soon after others (the house allows 120 a minute and person) is sent again later.
        """
        assert self.wire is not None
        message_id = make_message_id()
        body = {"message_id": message_id, "text": text}
        while True:
            status, answer, took = self.wire.post(f"/api/attempts/{self.attempt_id}/replies", body)
            if status != 429:
                break
            time.sleep(1)
        while status == 202:  # kept, not answered in time: the page offers to send it again, and the wait is part of the time
            status, answer, more = self.wire.post(f"/api/attempts/{self.attempt_id}/turns/{answer['turn']['id']}/resend", {})
            took += more
        if status != 200 or answer.get("status") != "answered" or not answer["turn"]["lines"] or answer["turn"]["reading"] is None:
            raise LostReply(f"Sayable answered {status} {re.sub('[^a-z_]', '', str((answer or {}).get('status')))}")
        self.sent.append(message_id)
        return took

    def count_missing(self) -> int:
        """How many of the accepted replies are not stored exactly once with an answer and a feedback."""
        with PracticeClient(self.house.address, 120) as client:
            assert self.wire is not None
            client.http.headers.update({name: value for name, value in self.wire.headers.items() if name != "Content-Type"})
            turns = client.show(self.attempt_id)["turns"]
        answered = [turn["message_id"] for turn in turns if turn["status"] == "answered" and turn["lines"] and turn["reading"]]
        return sum(answered.count(message_id) != 1 for message_id in self.sent)

    def leave(self) -> None:
        if self.wire is not None:
            self.wire.close()
