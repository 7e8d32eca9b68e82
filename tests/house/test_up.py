"""`sayable up` on three small stand-in servers: starting, watching, stopping, refusing. The real three are in tests/whole_house."""

import io
import os
import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from rasa_project.recipe import model_path
from sayable.up.health import is_healthy
from sayable.up.house import StartError, run_house
from sayable.up.one_at_a_time import AlreadyRunning, find_holder
from sayable.up.ports import PortError, find_free_ports
from sayable.up.programs import CLOSED_SETTINGS, Program
from sayable.up.settings import HouseSettings, read_settings
from sayable.up.supervisor import list_states, supervisor_pid
from sayable.up.supervisor_file import socket_path

SERVER = """
import http.server, json, os, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(dict(os.environ)).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *given): pass
http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ[sys.argv[1]])), Health).serve_forever()
"""


def wait_for(what: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


@dataclass
class RunningHouse:
    """A house on small servers, run in a thread; `said` is what the terminal showed."""

    settings: HouseSettings
    programs: list[Program]
    stop: threading.Event = field(default_factory=threading.Event)
    shown: io.StringIO = field(default_factory=io.StringIO)
    failure: BaseException | None = None

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        try:
            environment = dict(os.environ) | {"SAYABLE_WORDS_KEY": "key", "SAYABLE_CHANNEL_SECRET": "secret"}
            run_house(self.settings, self.programs, environment, Console(file=self.shown, width=200), self.stop)
        except BaseException as failure:
            self.failure = failure

    @property
    def said(self) -> str:
        return self.shown.getvalue()

    def pid(self, name: str) -> int:
        return next(state.pid for state in list_states(socket_path(self.settings.home)) if state.name == name)


@pytest.fixture
def settings(tmp_path: Path) -> HouseSettings:
    """A home with odd characters in its name and with a Rasa model that fits, on free ports."""
    web, rasa, actions = find_free_ports(3)
    home = tmp_path / "a home; #1 100%d"
    settings = read_settings(
        {"SAYABLE_HOME": str(home), "SAYABLE_WEB_PORT": str(web), "SAYABLE_RASA_PORT": str(rasa), "SAYABLE_ACTIONS_PORT": str(actions)}
    )
    model = model_path(home, settings.root)
    model.parent.mkdir(parents=True)
    model.touch()
    return settings


@pytest.fixture
def programs(settings: HouseSettings, tmp_path: Path) -> list[Program]:
    server = tmp_path / "server of mine.py"
    server.write_text(SERVER)
    ports = {"rasa": settings.rasa_port, "actions": settings.actions_port, "web": settings.web.web_port}
    return [
        Program(
            name=name,
            title=f"the {name} part",
            command=f'"{sys.executable}" "{server}" SAYABLE_{name.upper()}_PORT',
            health=f"http://127.0.0.1:{port}/",
            may_know=frozenset({"SAYABLE_WORDS_KEY"}) if name == "web" else frozenset(),
        )
        for name, port in ports.items()
    ]


@pytest.fixture
def house(settings: HouseSettings, programs: list[Program]) -> Iterator[RunningHouse]:
    house = RunningHouse(settings, programs)
    yield house
    house.stop.set()
    if house.thread.ident:
        house.thread.join(40)
        assert not house.thread.is_alive()


def start(house: RunningHouse) -> None:
    house.thread.start()
    wait_for(lambda: "is ready: http" in house.said or house.failure)
    assert house.failure is None


def process_is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_all_three_come_up_and_go_down_together(house: RunningHouse) -> None:
    """A start ends with the address once all three answer; a stop leaves no process, no socket and no lock behind."""
    start(house)
    assert house.settings.address in house.said
    assert all(is_healthy(program) for program in house.programs)
    pids = [house.pid(program.name) for program in house.programs]
    assert find_holder(house.settings.home) == os.getpid()

    house.stop.set()
    house.thread.join(40)

    assert house.failure is None
    assert all(process_is_gone(pid) for pid in pids)
    assert supervisor_pid(socket_path(house.settings.home)) is None
    assert find_holder(house.settings.home) is None
    assert "Nothing is running any more" in house.said


def test_home_is_closed_to_others(house: RunningHouse) -> None:
    """Every folder of the home is 0700, and every file in it can be read by its owner only."""
    old = os.umask(0o022)
    try:
        start(house)
        paths = [house.settings.home, *house.settings.home.rglob("*")]
        model = model_path(house.settings.home, house.settings.root)
        too_open = [path for path in paths if path != model and stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink()]
        assert too_open == []
    finally:
        os.umask(old)


@pytest.mark.parametrize("name", ["rasa", "actions", "web"])
def test_a_killed_part_is_started_again(house: RunningHouse, name: str) -> None:
    """SIGKILL to one part: it is running again with a new process id, and the terminal says what happened."""
    start(house)
    before = house.pid(name)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: f"the {name} part is well again" in house.said)
    assert house.pid(name) not in (0, before)
    assert f"the {name} part stopped and is being started again" in house.said


def test_nothing_is_left_when_the_supervisor_is_killed(house: RunningHouse) -> None:
    """SIGKILL to the supervisor: the three parts are ended too, and the message says what to do."""
    start(house)
    time.sleep(1.2)
    pids = [house.pid(program.name) for program in house.programs]
    os.kill(supervisor_pid(socket_path(house.settings.home)) or 0, signal.SIGKILL)
    house.thread.join(20)
    assert isinstance(house.failure, StartError)
    assert "Start again" in str(house.failure)
    wait_for(lambda: all(process_is_gone(pid) for pid in pids), 5)


def test_each_part_gets_only_its_own_secrets(house: RunningHouse) -> None:
    """A secret given in the environment reaches the part that may know it and no other."""
    import json
    import urllib.request

    start(house)
    seen = {}
    for program in house.programs:
        with urllib.request.urlopen(program.health) as answer:
            seen[program.name] = set(json.load(answer)) & set(CLOSED_SETTINGS)
    assert seen == {"rasa": set(), "actions": set(), "web": {"SAYABLE_WORDS_KEY"}}


def test_second_start_on_the_same_home_says_so(house: RunningHouse) -> None:
    """A second `up` on a home in use names the process and the address, and disturbs nothing."""
    start(house)
    second = RunningHouse(house.settings, house.programs)
    second.thread.start()
    second.thread.join(10)
    assert isinstance(second.failure, AlreadyRunning)
    assert str(os.getpid()) in str(second.failure)
    assert house.settings.address in str(second.failure)
    assert all(is_healthy(program) for program in house.programs)


@pytest.mark.parametrize(
    ("which", "setting"), [("web", "SAYABLE_WEB_PORT"), ("rasa", "SAYABLE_RASA_PORT"), ("actions", "SAYABLE_ACTIONS_PORT")]
)
def test_taken_port_is_named_with_its_setting(house: RunningHouse, which: str, setting: str) -> None:
    """A taken port stops the start before anything runs; the message holds the port, the setting and a free port to use."""
    port = {"web": house.settings.web.web_port, "rasa": house.settings.rasa_port, "actions": house.settings.actions_port}[which]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        house.thread.start()
        house.thread.join(10)
    assert isinstance(house.failure, PortError)
    assert f"Port {port}" in str(house.failure)
    assert f"{setting}=" in str(house.failure)
    assert supervisor_pid(socket_path(house.settings.home)) is None


def test_a_part_that_cannot_start_is_told_with_the_end_of_its_log(settings: HouseSettings, programs: list[Program]) -> None:
    """A part that dies at once, again and again, ends the start with its name and what it said last; the others are stopped."""
    dies = f'"{sys.executable}" -c "raise SystemExit(\'no word list\')"'
    broken = Program("actions", "the action server", dies, "http://127.0.0.1:9/", frozenset())
    house = RunningHouse(settings, [programs[0], broken, programs[2]])
    house.thread.start()
    house.thread.join(60)
    assert isinstance(house.failure, StartError)
    assert "The action server does not start" in str(house.failure)
    assert "no word list" in str(house.failure)
    assert not is_healthy(programs[0])


def test_asked_to_stop_while_starting(settings: HouseSettings, programs: list[Program]) -> None:
    """Ctrl-C before all three answer stops what has been started already."""
    silent = Program("rasa", "Rasa", f'"{sys.executable}" -c "import time; time.sleep(600)"', "http://127.0.0.1:9/", frozenset())
    house = RunningHouse(settings, [silent, programs[1], programs[2]])
    house.thread.start()
    wait_for(lambda: is_healthy(programs[2]) or house.failure)
    house.stop.set()
    house.thread.join(30)
    assert house.failure is None
    assert not is_healthy(programs[2])
    assert find_holder(settings.home) is None


def test_socket_path_stays_short_enough(tmp_path: Path) -> None:
    """Sockets have a length limit of about a hundred bytes: a deeper home gets its socket in a folder of this user's."""
    assert socket_path(Path("/srv/sayable")) == Path("/srv/sayable/run/supervisor.sock")
    deep = tmp_path / ("deep" * 40)
    assert len(os.fsencode(socket_path(deep))) < 100
    assert socket_path(deep) != socket_path(deep / "er")
