"""The real house for a whole session of tests: real Rasa, real action server, real web app, its own SAYABLE_HOME and free ports."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sayable.practice_client import PracticeClient
from sayable.up.health import is_healthy
from sayable.up.ports import find_free_ports
from sayable.up.programs import list_programs
from sayable.up.settings import HouseSettings, read_settings
from sayable.up.supervisor import list_states
from sayable.up.supervisor_file import socket_path
from tests.whole_house.person import Person, open_browser

START_SECONDS = 600  # a model has to be trained first, and CI has two slow cores
AGAIN_SECONDS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the real house: it carries the mark, whoever forgot it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.whole_house)


def pytest_configure() -> None:
    """A test run that is told to end takes its houses down with it."""
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("told to end", returncode=143))


class DidNotStart(Exception):
    """`sayable up` ended instead of getting ready; the text is what the terminal showed."""


class House:
    """`sayable up` in a process of its own. `address` has no slash at its end; `said` is what the terminal showed."""

    def __init__(self, home: Path, **settings: str) -> None:
        web, rasa, actions = find_free_ports(3)
        self.given = {
            "SAYABLE_HOME": str(home),
            "SAYABLE_WEB_PORT": str(web),
            "SAYABLE_RASA_PORT": str(rasa),
            "SAYABLE_ACTIONS_PORT": str(actions),
            **settings,
        }
        self.settings: HouseSettings = read_settings(self.given)
        self.home = home
        self.address = self.settings.loopback
        self.said = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYABLE_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sayable", "up"],
            cwd=self.settings.root,
            env=kept | self.given,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self.listen, args=(self.process,), daemon=True).start()
        self.wait_for(lambda: "Sayable is ready" in self.said or self.process.poll() is not None, START_SECONDS)
        if self.process.poll() is not None:
            raise DidNotStart(self.said)

    def listen(self, process: "subprocess.Popen[str]") -> None:
        with process:
            assert process.stdout is not None
            for line in process.stdout:
                self.said += line

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and return its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(60)

    def pids(self) -> dict[str, int]:
        return {state.name: state.pid for state in list_states(socket_path(self.home))}

    def kill(self, name: str) -> int:
        """SIGKILL to one part, at once; gives the process id that it had."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def wait_until_healthy(self) -> None:
        programs = list_programs(self.settings)
        self.wait_for(lambda: all(is_healthy(program) for program in programs), AGAIN_SECONDS)

    def wait_for(self, what: Callable[[], object], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, f"waited {seconds} s in vain; the terminal says:\n{self.said}"
            time.sleep(0.2)

    def files(self) -> list[Path]:
        """Every file that the house made, logs and temporary files among them."""
        return [path for path in self.home.rglob("*") if path.is_file()]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house, up and healthy; shared by all tests of a session, so each leaves it healthy."""
    house = House(tmp_path_factory.mktemp("a house") / "home of one")
    try:
        house.start()
    except (DidNotStart, AssertionError) as said:
        if house.process is not None and house.process.poll() is None:
            house.stop()
        pytest.exit(f"the house does not start, so no test of this folder can run:\n{said}", returncode=1)
    yield house
    if house.process is not None and house.process.poll() is None:
        house.stop()


@pytest.fixture(scope="module")
def guest(house: House) -> Iterator[PracticeClient]:
    """One guest for all tests of a file; each test starts attempts of its own."""
    with PracticeClient(house.address) as client:
        client.enter()
        yield client


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[Callable[[], House]]:
    """Makes further houses, not started yet, each with a home and ports of its own; they are stopped at the end."""
    made: list[House] = []

    def make() -> House:
        made.append(House(tmp_path / f"house {len(made)}"))
        return made[-1]

    yield make
    for house in made:
        if house.process is not None and house.process.poll() is None:
            house.stop()


@pytest.fixture
def person(house: House, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody at a fresh Chromium, in a window 1440 by 900 unless the test asks for another."""
    house.wait_until_healthy()
    width, height = getattr(request, "param", (1440, 900))
    driver = open_browser(tmp_path / "browser", width, height)
    try:
        yield Person(driver, house.address)
    finally:
        driver.quit()
