"""A grown house: several of each process on one PostgreSQL behind nginx, started from deploy/nginx/house.conf without containers."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from sayable.up.settings import ROOT
from tests.whole_house.conftest import find_free_ports

PYTHONS = {
    "web": [str(ROOT / ".venv/bin/python"), "-m", "web"],
    "actions": [str(ROOT / ".venv/bin/python"), "-m", "actions"],
    "rasa": [str(ROOT / "rasa_project/.venv/bin/python"), "-W", "ignore", "-m", "rasa_project.serve"],
}
HEALTH = {"web": "/health/ready", "actions": "/health", "rasa": "/webhooks/practice/health"}
INSIDE = {"web": 8080, "rasa": 5005, "actions": 5055}
"""The ports that deploy/nginx/house.conf uses."""


class GrownHouse:
    """`of_each` web, Rasa and action processes. `address` is nginx, the one address for people."""

    def __init__(self, folder: Path, models: Path, database_url: str, of_each: int) -> None:
        nginx = shutil.which("nginx")
        if nginx is None:
            pytest.skip("nginx is not installed on this machine; .ci/run installs it")
        self.nginx = nginx
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir(parents=True, mode=0o700)
        shutil.copytree(models, self.home / "models")
        (folder / "nginx").mkdir()
        self.fronts = dict(zip(PYTHONS, find_free_ports(3), strict=True))
        self.ports = {name: find_free_ports(of_each) for name in PYTHONS}
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

    def start(self, seconds: float = 300) -> None:
        """The first web process alone, since it makes the tables; then all others; then nginx."""
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
        self.proxy = subprocess.Popen([self.nginx, "-c", str(configuration), "-g", "daemon off;"], stderr=subprocess.PIPE)
        deadline = time.monotonic() + 10
        while not is_ready(self.address + "/health/live"):
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.1)

    def write_configuration(self, text: str) -> str:
        """The shipped file with ports of this machine in place of the names of compose."""
        for name, ports in self.ports.items():
            servers = " ".join(f"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;" for port in ports)
            text = re.sub(rf"upstream {name} {{.*?keepalive 32; }}", f"upstream {name} {{ {servers} keepalive 32; }}", text, flags=re.S)
            text = text.replace(f"listen {INSIDE[name]};", f"listen 127.0.0.1:{self.fronts[name]};")
        return text.replace("/tmp/", f"{self.folder}/nginx/")

    def start_one(self, name: str, place: int) -> None:
        port = str(self.ports[name][place])
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SAYABLE_") and key != "PYTHONDONTWRITEBYTECODE"}
        (self.folder / "logs").mkdir(exist_ok=True)
        with open(self.folder / "logs" / f"{name}-{place}.log", "ab") as log:
            self.processes[name, place] = subprocess.Popen(
                PYTHONS[name],
                cwd=ROOT,
                env=kept | self.given | {f"SAYABLE_{name.upper()}_PORT": port},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self, name: str, place: int, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready(f"http://127.0.0.1:{self.ports[name][place]}{HEALTH[name]}"):
            assert self.processes[name, place].poll() is None, (self.folder / "logs" / f"{name}-{place}.log").read_text()[-2000:]
            assert time.monotonic() < deadline, f"{name} {place} is not ready after {seconds} s"
            time.sleep(0.2)

    def kill(self, name: str, place: int) -> None:
        """SIGKILL; nothing starts it again."""
        self.processes[name, place].kill()
        self.processes[name, place].wait()

    def stop(self) -> None:
        for process in [*self.processes.values(), self.proxy]:
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in [*self.processes.values(), self.proxy]:
            if process is not None:
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                if process.stderr is not None:
                    process.stderr.close()


def is_ready(address: str) -> bool:
    try:
        return httpx.get(address, timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
