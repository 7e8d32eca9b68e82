"""A grown house: so many of each process on one PostgreSQL behind nginx, started from deploy/nginx/house.conf without containers."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from sayable.bench.processes import DidNotStart, answers
from sayable.up.ports import find_free_ports
from sayable.up.settings import ROOT

PYTHONS = {
    "web": [str(ROOT / ".venv/bin/python"), "-m", "web"],
    "actions": [str(ROOT / ".venv/bin/python"), "-m", "actions"],
    "rasa": [str(ROOT / "rasa_project/.venv/bin/python"), "-W", "ignore", "-m", "rasa_project.serve"],
}
HEALTH = {"web": "/health/ready", "actions": "/health", "rasa": "/webhooks/practice/health"}
INSIDE = {"web": 8080, "rasa": 5005, "actions": 5055}
"""The ports that deploy/nginx/house.conf uses."""


class GrownHouse:
    """`of_each` web, Rasa and action processes. `address` is nginx, the one address for people. `programs`: other commands for some.

    Raises DidNotStart without nginx.
    """

    def __init__(
        self, folder: Path, models: Path, database_url: str, of_each: int, programs: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        nginx = shutil.which("nginx")
        if nginx is None:
            raise DidNotStart("nginx is not installed on this machine.")
        self.nginx = nginx
        self.programs = PYTHONS | dict(programs or {})
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True, mode=0o700)
        shutil.copytree(models, self.home / "models")
        (folder / "nginx").mkdir()
        ports = find_free_ports(3 + 3 * of_each)
        self.fronts = dict(zip(PYTHONS, ports, strict=False))
        self.ports = {name: ports[3 + place * of_each :][:of_each] for place, name in enumerate(PYTHONS)}
        self.processes: dict[tuple[str, int], subprocess.Popen[bytes]] = {}
        self.proxy: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{self.fronts['web']}"
        self.given = {
            "SAYABLE_HOME": str(self.home),
            "SAYABLE_DATABASE_URL": database_url,
            "SAYABLE_RASA_URL": f"http://127.0.0.1:{self.fronts['rasa']}",
            "SAYABLE_ACTIONS_URL": f"http://127.0.0.1:{self.fronts['actions']}/webhook",
            "SAYABLE_TRUSTED_PROXY": "127.0.0.1",
            "RASA_TELEMETRY_ENABLED": "false",
        }

    def start(self, seconds: float = 600) -> None:
        """The first web process alone, since it makes the tables; then all others; then nginx. Raises DidNotStart."""
        self.start_one("web", 0)
        self.wait_until_ready("web", 0, seconds)
        for name, ports in self.ports.items():
            for place in range(len(ports)):
                if (name, place) not in self.processes:
                    self.start_one(name, place)
        for name, place in self.processes:
            self.wait_until_ready(name, place, seconds)
        configuration = self.folder / "nginx" / "nginx.conf"
        configuration.write_text(self.write_configuration((ROOT / "deploy/nginx/house.conf").read_text()))
        with open(self.folder / "nginx" / "nginx.log", "ab") as log:
            self.proxy = subprocess.Popen([self.nginx, "-c", str(configuration), "-g", "daemon off;"], stderr=log)
        deadline = time.monotonic() + 60
        while not answers(self.address + "/health/live"):
            if time.monotonic() > deadline or self.proxy.poll() is not None:
                raise DidNotStart(f"nginx does not answer; see {self.folder}/nginx/nginx.log.")
            time.sleep(0.1)

    def write_configuration(self, text: str) -> str:
        """The shipped file with ports of this machine in place of the names of compose."""
        for name, ports in self.ports.items():
            upstream = re.compile(rf"upstream {name} {{ server \S+ (?P<patience>[^;]+);.*?keepalive 32; }}", re.S)

            def name_servers(shipped: re.Match[str], name: str = name, ports: list[int] = ports) -> str:
                servers = " ".join(f"server 127.0.0.1:{port} {shipped['patience']};" for port in ports)
                return f"upstream {name} {{ {servers} keepalive 32; }}"

            text = upstream.sub(name_servers, text)
            text = text.replace(f"listen {INSIDE[name]};", f"listen 127.0.0.1:{self.fronts[name]};")
        return text.replace("/tmp/", f"{self.folder}/nginx/")  # noqa: S108 - the text of the shipped file, where it is a container's own

    def start_one(self, name: str, place: int) -> None:
        port = str(self.ports[name][place])
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SAYABLE_") and key != "PYTHONDONTWRITEBYTECODE"}
        (self.folder / "logs").mkdir(exist_ok=True)
        with open(self.folder / "logs" / f"{name}-{place}.log", "ab") as log:
            self.processes[name, place] = subprocess.Popen(
                self.programs[name],
                cwd=ROOT,
                env=kept | self.given | {f"SAYABLE_{name.upper()}_PORT": port},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self, name: str, place: int, seconds: float = 600) -> None:
        """Raises DidNotStart when it ends, or takes longer than `seconds`."""
        log, deadline = self.folder / "logs" / f"{name}-{place}.log", time.monotonic() + seconds
        while not answers(f"http://127.0.0.1:{self.ports[name][place]}{HEALTH[name]}"):
            if self.processes[name, place].poll() is not None:
                raise DidNotStart(f"{name} {place} ended: {log.read_text(errors='replace')[-2000:]}")
            if time.monotonic() > deadline:
                raise DidNotStart(f"{name} {place} is not ready after {seconds:.0f} s; see {log}.")
            time.sleep(0.2)

    def pids(self) -> list[int]:
        """Of all its processes and nginx, without PostgreSQL."""
        return [process.pid for process in [*self.processes.values(), self.proxy] if process is not None]

    def kill(self, name: str, place: int) -> None:
        """SIGKILL; nothing starts it again."""
        self.processes[name, place].kill()
        self.processes[name, place].wait()

    def stop(self) -> None:
        started = [process for process in [*self.processes.values(), self.proxy] if process is not None]
        for process in started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
