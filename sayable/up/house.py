"""Bring the house up, watch over it, and bring it down: the order of things behind `sayable up`."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from rich.console import Console

from sayable.up.health import is_healthy
from sayable.up.home import empty_temporary_files, make_home
from sayable.up.one_at_a_time import hold_home
from sayable.up.ports import check_ports
from sayable.up.programs import Program, house_environment
from sayable.up.rasa_model import find_model, last_lines, train_model
from sayable.up.settings import HouseSettings
from sayable.up.supervisor import ProgramState, list_states, start_supervisor, stop_running, stop_supervisor
from sayable.up.supervisor_file import socket_path, write_configuration

START_SECONDS = 300
DEATHS_BEFORE_GIVING_UP = 3


class StartError(Exception):
    """A part of the house does not come up; the message says which, and shows the end of its log."""


class StopAsked(Exception):
    """Ctrl-C or SIGTERM came while something was under way."""


def run_house(
    settings: HouseSettings, programs: list[Program], environment: Mapping[str, str], console: Console, stop: threading.Event
) -> None:
    """Start `programs`, print the address, and return when `stop` is set and all processes are gone.

    Raises HomeError, AlreadyRunning, PortError, TrainingError, SupervisorError or StartError, with nothing left running.
    """
    os.umask(0o077)  # for everything made from here on, by us and by the programs
    make_home(settings.home)
    with hold_home(settings.home, settings.address):
        socket = socket_path(settings.home)
        stop_running(socket)  # left behind by a `sayable up` that was killed
        empty_temporary_files(settings.home)
        check_ports(settings)
        for_all = house_environment(environment, settings)
        try:
            for_all["SAYABLE_RASA_MODEL"] = str(bring_model(settings, for_all, console, stop))
            watch = Watch(settings, programs, console, stop)
            configuration = write_configuration(settings.home, programs)
            supervisor = start_supervisor(configuration, settings.home, socket, for_all)
        except StopAsked:
            return
        try:
            watch.wait_until_healthy()
            say_ready(settings, console)
            say_setup_link(settings, console)
            watch.watch_over(supervisor)
        except StopAsked:
            pass
        finally:
            console.print("Stopping …")
            stop_supervisor(supervisor)
            watch.end_leftovers()
        console.print("Stopped. Nothing is running any more.")


def bring_model(settings: HouseSettings, environment: dict[str, str], console: Console, stop: threading.Event) -> Path:
    """The Rasa model that fits, trained when there is none; shows how long it has been at it."""
    found = find_model(settings)
    if found:
        return found
    what = "Training the Rasa model (once, and again when the dialogue data changes; about half a minute)"
    if not console.is_terminal:
        console.print(f"{what} …")
    started = time.monotonic()
    with console.status(what) as status:

        def report(seconds: float) -> None:
            if stop.is_set():
                raise StopAsked
            status.update(f"{what}: {seconds:.0f} s")

        trained = train_model(settings, environment, report)
    console.print(f"The Rasa model is trained ({time.monotonic() - started:.0f} s).")
    return trained


def say_ready(settings: HouseSettings, console: Console) -> None:
    console.print()
    console.print(f"Sayable is ready: [bold]{settings.address}[/bold]", highlight=False)
    console.print(f"Ctrl-C stops it. Everything it keeps is in {settings.home}.", highlight=False, soft_wrap=True)


def say_setup_link(settings: HouseSettings, console: Console) -> None:
    """While there is no clinician: how to become the first. Whatever goes wrong here, the house runs and the guests are served."""
    try:
        from sayable.add_clinician import offer_setup_link

        link = offer_setup_link(settings)
    except Exception as fault:
        console.print(f"No setup link could be made ({type(fault).__name__}); `sayable add-clinician` does it later.", highlight=False)
        return
    if link is not None:
        console.print("For a clinic, the first clinician signs up here (once, within 24 hours; guests need nothing):", highlight=False)
        console.print(f"  {link}", highlight=False, soft_wrap=True)


class Watch:
    """Follows the three programs: which are up, which died, and which processes to end should the supervisor itself die."""

    def __init__(self, settings: HouseSettings, programs: list[Program], console: Console, stop: threading.Event) -> None:
        self.settings = settings
        self.programs = {program.name: program for program in programs}
        self.console = console
        self.stop = stop
        self.socket = socket_path(settings.home)
        self.pids: dict[str, int] = {}
        self.down: set[str] = set()
        self.log_ends = {name: log_size(self.log(name)) for name in self.programs}
        self.deaths: dict[str, int] = dict.fromkeys(self.programs, 0)

    def look(self) -> list[Program]:
        """Ask the supervisor; returns the programs that died since the last look."""
        died = []
        for state in list_states(self.socket):
            before = self.pids.get(state.name, 0)
            fell_unseen = is_down(state) and not before and state.name not in self.down
            if (before and state.pid != before) or fell_unseen:
                died.append(self.programs[state.name])
            self.pids[state.name] = state.pid
            self.down = self.down | {state.name} if is_down(state) else self.down - {state.name}
        for program in died:
            self.deaths[program.name] += 1
        return died

    def wait_until_healthy(self) -> None:
        started = time.monotonic()
        waiting = dict(self.programs)
        self.console.print("Starting Rasa, the action server and the web app …")
        with self.console.status("") as status:
            while waiting:
                if self.stop.wait(0.2):
                    raise StopAsked
                seconds = time.monotonic() - started
                status.update(f"Waiting for {', '.join(program.title for program in waiting.values())}: {seconds:.0f} s")
                for program in self.look():
                    waiting[program.name] = program
                    self.say_died(program)
                    if self.deaths[program.name] >= DEATHS_BEFORE_GIVING_UP:
                        raise StartError(f"{first_upper(program.title)} does not start.\n{self.end_of_log(program)}")
                for program in list(waiting.values()):
                    if is_healthy(program):
                        del waiting[program.name]
                        self.console.print(f"  {program.title} is ready ({time.monotonic() - started:.1f} s)", highlight=False)
                if waiting and seconds > START_SECONDS:
                    program = next(iter(waiting.values()))
                    late = f"{first_upper(program.title)} did not answer within {START_SECONDS} s at {program.health}"
                    raise StartError(f"{late}\n{self.end_of_log(program)}")

    def watch_over(self, supervisor: "subprocess.Popen[bytes]") -> None:
        """Until asked to stop: say when a program died (the supervisor starts it again) and when it is well again."""
        recovering: dict[str, Program] = {}
        while not self.stop.wait(1.0):
            if supervisor.poll() is not None:
                raise StartError(f"The supervisor died; see {self.settings.home / 'logs' / 'supervisor.log'}. Start again with `make run`.")
            for program in self.look():
                recovering[program.name] = program
                self.say_died(program)
            for program in list(recovering.values()):
                if is_healthy(program):
                    del recovering[program.name]
                    self.console.print(f"{datetime.now().astimezone():%H:%M:%S} {program.title} is well again.", highlight=False)

    def say_died(self, program: Program) -> None:
        self.console.print(f"{datetime.now().astimezone():%H:%M:%S} {program.title} stopped and is being started again.", highlight=False)

    def end_of_log(self, program: Program) -> str:
        log = self.log(program.name)
        return f"{last_lines(log, since=self.log_ends[program.name])}\nAll of it: {log}"

    def log(self, name: str) -> Path:
        return self.settings.home / "logs" / f"{name}.log"

    def end_leftovers(self) -> None:
        """End the programs' process groups should any be left: a supervisor that was killed leaves its children."""
        for pid in filter(None, self.pids.values()):
            try:
                if os.getpgid(pid) == pid:
                    os.killpg(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass


def is_down(state: ProgramState) -> bool:
    return state.state in ("BACKOFF", "EXITED", "FATAL")


def log_size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
