"""Promise 1 on real parts: the state travels and stays small, and any Rasa takes the next reply. `sayable bench turns` tells the cost."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from sayable.up.settings import ROOT

SECRET = "secret-of-this-test"
REPLIES = [
    "What was your week like, now that we talk about it? ({})",
    "So you sat there on your own and wondered, is that it? ({})",
    "I feel a bit tired and I'd like some quiet. ({})",
    "That makes sense to me. ({})",
    "Hm. ({})",
]


class Switchboard:
    """Rasa and the action server, each in a process that can be killed and started again."""

    def __init__(self, home: Path, rasa_port: int, actions_port: int) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAYABLE_", "PYTHONDONTWRITE"))}
        self.environment = kept | {
            "SAYABLE_HOME": str(home),
            "SAYABLE_RASA_PORT": str(rasa_port),
            "SAYABLE_ACTIONS_PORT": str(actions_port),
            "SAYABLE_CHANNEL_SECRET": SECRET,
            "SAYABLE_ACTIONS_SECRET": SECRET,
        }
        self.rasa_url = f"http://127.0.0.1:{rasa_port}/webhooks/practice"
        self.actions_url = f"http://127.0.0.1:{actions_port}"
        self.http = httpx.Client(headers={"X-Sayable-Secret": SECRET}, timeout=60, trust_env=False)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.rasa_python = str(ROOT / "rasa_project" / ".venv" / "bin" / "python")

    def train(self) -> None:
        command = [self.rasa_python, "-W", "ignore", "-m", "rasa_project.train"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=400)

    def start(self, name: str) -> None:
        command = {
            "rasa": [self.rasa_python, "-W", "ignore", "-m", "rasa_project.serve"],
            "actions": [sys.executable, "-m", "sayable.bench.long_scene", "actions"],
        }[name]
        environment = self.environment | {"PYTHONPATH": str(ROOT)}
        self.running[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        address = f"{self.rasa_url}/health" if name == "rasa" else f"{self.actions_url}/health"
        deadline = time.monotonic() + 180
        while True:
            assert self.running[name].poll() is None and time.monotonic() < deadline, f"{name} did not start"
            try:
                if self.http.get(address).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.2)

    def kill(self, name: str) -> None:
        self.running[name].kill()
        self.running[name].wait()

    def post(self, state, text=None, command=None, argument=None, message_id="m") -> httpx.Response:
        kind = "speech" if command is None else "command"
        body = {"message_id": message_id, "kind": kind, "command": command, "argument": argument, "text": text, "state": state}
        return self.http.post(f"{self.rasa_url}/turn", json=body)

    def say(self, state, text, message_id="m") -> dict:
        answer = self.post(state, text, message_id=message_id)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def switchboard(tmp_path_factory, free_ports):
    board = Switchboard(tmp_path_factory.mktemp("switchboard"), *free_ports)
    board.train()
    board.start("actions")
    board.start("rasa")
    yield board
    board.http.close()
    for process in board.running.values():
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def free_ports():
    import socket

    probes = [socket.socket() for _ in range(2)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="module")
def walk(switchboard) -> dict[int, dict]:
    """The states before turns 5 and 201 of one talk of 200 turns."""
    start = {"scene": "LONG", "level": "friendly", "seed": 7}
    state = switchboard.post(None, command="start", argument=start).json()["state"]
    state = switchboard.post(state, command="begin").json()["state"]
    states = {}
    for turn in range(1, 202):
        states[turn] = state
        answer = switchboard.say(state, REPLIES[turn % len(REPLIES)].format(turn))
        assert answer["phase"] == "scene", answer["ending"]
        state = answer["state"]
    return states


def test_the_state_stays_small(switchboard, walk):
    """At most 16 KiB after 200 turns."""
    import json

    assert len(json.dumps(walk[201]).encode()) <= 16 * 1024


def test_a_freshly_started_rasa_takes_the_next_reply(switchboard, walk):
    """Rasa is killed and another is started that never saw this attempt: it gives the very answer that the first would have given."""
    before = switchboard.say(walk[100], "What would help you most?")
    switchboard.kill("rasa")
    with pytest.raises(httpx.TransportError):
        switchboard.post(walk[100], "What would help you most?")
    switchboard.start("rasa")
    assert switchboard.say(walk[100], "What would help you most?") == before


def test_a_dead_action_server_gives_502_and_the_same_message_can_be_sent_again(switchboard, walk):
    """The death is an HTTP error without words, and after the restart the same message under the same id gets its answer."""
    before = switchboard.say(walk[50], "What would help you most?", "again-1")
    switchboard.kill("actions")
    answer = switchboard.post(walk[50], "What would help you most?", message_id="again-1")
    assert answer.status_code == 502 and set(answer.json()) == {"error"} and "help you" not in answer.text
    switchboard.start("actions")
    assert switchboard.say(walk[50], "What would help you most?", "again-1") == before
