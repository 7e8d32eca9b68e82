"""A PostgreSQL server of the test's own, which can be killed without harm to anybody."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest


class OwnPostgres:
    """A cluster on loopback `port`. Run as root it runs under the account `postgres`, since PostgreSQL refuses root."""

    def __init__(self, port: int) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(path) for path in [shutil.which("initdb")] if path]
        if not found:
            pytest.skip("PostgreSQL's server programs are not on this machine")
        self.programs = found[-1].parent
        self.port = port
        self.account: dict[str, int] = {}
        if os.getuid() == 0:
            try:
                account = pwd.getpwnam("postgres")
            except KeyError:
                pytest.skip("run as root, and there is no account 'postgres' for the server")
            self.account = {"user": account.pw_uid, "group": account.pw_gid}
        self.folder = Path(tempfile.mkdtemp(prefix="sayable-postgres-"))  # the test's own folder is closed to the other account
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://sayable@127.0.0.1:{port}/postgres"

    def make(self) -> None:
        if self.account:
            os.chown(self.folder, self.account["user"], self.account["group"])
        command = [self.programs / "initdb", "--pgdata", self.data, "--username=sayable", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, **self.account)

    def start(self, seconds: float = 30) -> None:
        """Start it; after a kill, as often as it takes until the children of the old one are gone."""
        deadline = time.monotonic() + seconds
        options = ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}"]
        while True:
            if self.process is None or self.process.poll() is not None:
                with open(self.log, "ab") as log:
                    self.process = subprocess.Popen(
                        [self.programs / "postgres", "-D", self.data, *options], stdout=log, stderr=log, cwd=self.folder, **self.account
                    )
            try:
                psycopg.connect(f"host=127.0.0.1 port={self.port} user=sayable dbname=postgres", connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, self.log.read_text(errors="replace")[-2000:]
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        """SIGKILL to the server; its children end when they notice."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
