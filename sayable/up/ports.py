"""Look whether the ports are free before anything is started, and name the setting that changes a taken one."""

import contextlib
import errno
import socket

from sayable.up.settings import HouseSettings


class PortError(Exception):
    """A port that cannot be used; the message names the setting."""


def check_ports(settings: HouseSettings) -> None:
    """Raise PortError for the first of the three ports that cannot be listened on."""
    wanted = [
        ("the web app", settings.web.host, settings.web.web_port, "SAYABLE_WEB_PORT"),
        ("Rasa", "127.0.0.1", settings.rasa_port, "SAYABLE_RASA_PORT"),
        ("the action server", "127.0.0.1", settings.actions_port, "SAYABLE_ACTIONS_PORT"),
    ]
    for who, host, port, setting in wanted:
        check_port(who, host, port, setting)


def check_port(who: str, host: str, port: int, setting: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do it: a port that the last run closed a moment ago is not taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                other = find_free_port(host, family)
                raise PortError(
                    f"Port {port} for {who} is taken by another program.\n"
                    f"Stop that program, or choose another port with {setting}, for instance: {setting}={other} make run"
                ) from None
            if error.errno == errno.EACCES:
                raise PortError(f"Port {port} for {who} needs administrator rights; choose one above 1023 with {setting}.") from None
            if setting == "SAYABLE_WEB_PORT":
                raise PortError(f"SAYABLE_HOST is {host!r}, and this machine cannot listen there ({error.strerror or error}).") from None
            raise PortError(f"Port {port} for {who} cannot be used ({error.strerror or error}); {setting} changes it.") from None


def find_free_port(host: str, family: int) -> int:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def find_free_ports(count: int) -> list[int]:
    """So many different ports on 127.0.0.1 that nobody listens on at this moment."""
    with contextlib.ExitStack() as open_ones:
        probes = [open_ones.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
