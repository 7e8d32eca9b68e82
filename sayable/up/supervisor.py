"""Start supervisord, ask it, stop it."""

import http.client
import os
import signal
import subprocess
import sys
import time
import xmlrpc.client
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport


class SupervisorError(Exception):
    """supervisord does not start or does not answer; the message says where to look."""


@dataclass(frozen=True)
class ProgramState:
    """One program as supervisord sees it: `state` in its words (RUNNING, STARTING, BACKOFF, …), `seconds` since its start."""

    name: str
    state: str
    pid: int
    seconds: int
    exit_code: int


def ask(socket: Path, method: str) -> Any:
    """The answer of one method of supervisord's own XML-RPC interface on its control socket; None when no supervisor answers."""
    transport = SupervisorTransport(None, None, f"unix://{socket}")
    try:
        return getattr(xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor, method)()
    except (OSError, xmlrpc.client.Error, http.client.HTTPException):
        return None
    finally:
        transport.close()


def list_states(socket: Path) -> list[ProgramState]:
    """The state of every program; empty when no supervisor answers."""
    return [
        ProgramState(info["name"], info["statename"], info["pid"], max(0, info["now"] - info["start"]), info["exitstatus"])
        for info in ask(socket, "getAllProcessInfo") or []
    ]


def supervisor_pid(socket: Path) -> int | None:
    """Process id of the supervisor that answers at `socket`, or None."""
    return ask(socket, "getPID")


def start_supervisor(configuration: Path, home: Path, socket: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start supervisord in `home`, in a session of its own: a Ctrl-C in the terminal reaches only us, and we stop it in order."""
    socket.parent.mkdir(mode=0o700, exist_ok=True)
    if socket.parent.stat().st_uid != os.getuid():
        raise SupervisorError(f"{socket.parent} belongs to somebody else; choose a SAYABLE_HOME with a shorter path.")
    said = home / "logs" / "supervisor.out"
    with open(said, "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
            cwd=home,
            env=environment | {"SAYABLE_SUPERVISOR_SOCKET": str(socket)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 20
    while supervisor_pid(socket) != process.pid:
        if process.poll() is not None:
            raise SupervisorError(f"The supervisor did not start:\n{said.read_text(errors='replace').strip()}")
        if time.monotonic() > deadline:
            stop_supervisor(process)
            raise SupervisorError(f"The supervisor does not answer; see {home / 'logs' / 'supervisor.log'}.")
        time.sleep(0.05)
    return process


def stop_supervisor(process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Stop supervisord, which stops the three programs first; returns when all are gone."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_running(socket: Path, seconds: float = 30) -> bool:
    """Stop a supervisor started by another process. True when it is gone (or none was there)."""
    pid = supervisor_pid(socket)
    if pid is None:
        return True
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
