"""The commands `up`, `status`, `down` and `train`."""

import os
import signal
import threading
import time

import click
from rich.console import Console

from sayable.up.health import is_healthy
from sayable.up.home import HomeError, make_home
from sayable.up.house import StartError, StopAsked, bring_model, run_house
from sayable.up.one_at_a_time import AlreadyRunning, find_holder
from sayable.up.ports import PortError
from sayable.up.programs import house_environment, list_programs
from sayable.up.rasa_model import TrainingError, find_model
from sayable.up.settings import HouseSettings, SettingError, read_settings
from sayable.up.supervisor import SupervisorError, list_states, stop_running
from sayable.up.supervisor_file import socket_path

EXPECTED = (SettingError, HomeError, AlreadyRunning, PortError, TrainingError, SupervisorError, StartError)


def settings_or_message() -> HouseSettings:
    try:
        return read_settings(os.environ)
    except SettingError as fault:
        raise click.ClickException(str(fault)) from None


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C, SIGTERM and a closing terminal set; nothing is torn apart in the middle of a step."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    return stop


@click.command()
def up() -> None:
    """Start everything on this machine and print the address.

    Trains the Rasa model when none fits the dialogue data, starts Rasa, the action server and the web app under one supervisor, waits
    until all three are healthy, and stops all of them on Ctrl-C. A part that dies is started again.

    \b
    SAYABLE_HOME          folder of everything it keeps (default: var)
    SAYABLE_WEB_PORT      port of the pages (8080)
    SAYABLE_RASA_PORT     port of Rasa (5005), on this machine only
    SAYABLE_ACTIONS_PORT  port of the action server (5055), on this machine only
    """
    settings = settings_or_message()
    console = Console(soft_wrap=True)
    try:
        run_house(settings, list_programs(settings), os.environ, console, stop_on_signals())
    except EXPECTED as fault:
        raise click.ClickException(str(fault)) from None


@click.command()
def status() -> None:
    """Say what is running, since when, and whether it is healthy. Exit code 0: all is well; 1: something is not."""
    settings = settings_or_message()
    states = {state.name: state for state in list_states(socket_path(settings.home))}
    if not states:
        click.echo(f"Nothing is running on {settings.home}.")
        raise SystemExit(1)
    all_well = True
    for program in list_programs(settings):
        state = states.get(program.name)
        well = state is not None and is_healthy(program)
        all_well = all_well and well
        since = f"for {state.seconds} s, process {state.pid}" if state and state.pid else "not running"
        click.echo(f"{program.title:<20}{'healthy' if well else 'not answering':<16}{since}")
    click.echo(settings.address)
    raise SystemExit(0 if all_well else 1)


@click.command()
def down() -> None:
    """Stop what `sayable up` started elsewhere, in another terminal or in the background."""
    settings = settings_or_message()
    holder = find_holder(settings.home)
    if holder is not None:
        os.kill(holder, signal.SIGTERM)
        deadline = time.monotonic() + 45
        while find_holder(settings.home) is not None and time.monotonic() < deadline:
            time.sleep(0.1)
    was_running = holder is not None or bool(list_states(socket_path(settings.home)))
    if not stop_running(socket_path(settings.home)) or find_holder(settings.home) is not None:
        raise click.ClickException("It does not stop; see `sayable status`.")
    click.echo("Stopped." if was_running else f"Nothing was running on {settings.home}.")


@click.command()
def train() -> None:
    """Train the Rasa model, when none fits the present recipe, domain and dialogue data.

    `sayable up` does the same by itself; this is for images and for looking at what Rasa says (logs/training.log in SAYABLE_HOME).
    """
    settings = settings_or_message()
    console = Console(soft_wrap=True)
    try:
        make_home(settings.home)
    except HomeError as fault:
        raise click.ClickException(str(fault)) from None
    if find_model(settings):
        console.print("The Rasa model fits the present dialogue data; nothing to train.")
        return
    try:
        bring_model(settings, house_environment(os.environ, settings), console, stop_on_signals())
    except TrainingError as fault:
        raise click.ClickException(str(fault)) from None
    except StopAsked:
        raise click.Abort from None
