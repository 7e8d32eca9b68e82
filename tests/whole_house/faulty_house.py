"""A house whose parts can be spoilt one by one: a wire to Rasa, a wire to the action server, a small disk or a PostgreSQL of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayable.up.health import is_healthy
from sayable.up.programs import list_programs
from sayable.up.rasa_model import find_model
from sayable.up.settings import read_settings
from tests.whole_house.conftest import House, find_free_ports
from tests.whole_house.network import Wire
from tests.whole_house.own_postgres import OwnPostgres

DISK_BYTES = 48 * 1024 * 1024
AGAIN_SECONDS = 900
"""Only so that a house that never comes back ends the test; on a busy machine Rasa needs minutes."""


class SmallDisk:
    """A file system of its own that can be filled to the brim. Only root can mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", str(folder)], capture_output=True)
        self.mounted = mounted.returncode == 0
        self.ballast = folder / "ballast"

    def fill(self) -> None:
        with open(self.ballast, "ab", buffering=0) as ballast:
            piece = b"x" * 65536
            while piece:
                try:
                    ballast.write(piece)
                except OSError:
                    piece = piece[: len(piece) // 2]

    def empty(self) -> None:
        self.ballast.unlink(missing_ok=True)

    def unmount(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=False)


class FaultyHouse:
    """The house on a database of `kind` (sqlite or postgresql). Trained models are taken from `models` and brought back there."""

    def __init__(self, folder: Path, models: Path, kind: str) -> None:
        folder.mkdir()
        self.postgres = OwnPostgres(find_free_ports(1)[0]) if kind == "postgresql" else None
        self.disk = SmallDisk(folder / "disk") if kind == "sqlite" else None
        self.models = models
        home = folder / "home"
        home.mkdir(mode=0o700)
        shutil.copytree(models, home / "models")
        self.house = House(home)
        self.to_rasa, self.to_actions = Wire(self.house.settings.rasa_port), Wire(self.house.settings.actions_port)
        for wire in (self.to_rasa, self.to_actions):
            wire.start()
        self.house.given |= {
            "SAYABLE_RASA_URL": f"http://127.0.0.1:{self.to_rasa.port}",
            "SAYABLE_ACTIONS_URL": f"http://127.0.0.1:{self.to_actions.port}/webhook",
        }
        if self.postgres is not None:
            self.house.given["SAYABLE_DATABASE_URL"] = self.postgres.url
        else:
            self.house.given["SAYABLE_DATABASE_URL"] = f"sqlite:///{folder / 'disk' / 'sayable.sqlite3'}"

    def start(self) -> None:
        if self.postgres is not None:
            self.postgres.make()
            self.postgres.start(AGAIN_SECONDS)
        self.house.start()
        shutil.copytree(self.house.home / "models", self.models, dirs_exist_ok=True)

    def wait_until_healthy(self) -> None:
        programs = list_programs(self.house.settings)
        self.house.wait_for(lambda: all(is_healthy(program, 20) for program in programs), AGAIN_SECONDS)

    def wait_until_runs(self, name: str) -> None:
        """Until there is a process of that name, whether it answers already or not."""
        self.house.wait_for(lambda: self.house.pids().get(name), AGAIN_SECONDS)

    def clear_up(self) -> None:
        """The weather is over: everything passes, everything runs."""
        self.to_rasa.set("open")
        self.to_actions.set("open")
        if self.disk is not None:
            self.disk.empty()
        if self.postgres is not None:
            self.postgres.start(AGAIN_SECONDS)
        self.wait_until_healthy()

    def close(self) -> None:
        if self.house.process is not None and self.house.process.poll() is None:
            self.house.stop()
        for wire in (self.to_rasa, self.to_actions):
            wire.stop()
        if self.postgres is not None:
            self.postgres.stop()
        if self.disk is not None:
            self.disk.unmount()


@contextmanager
def open_faulty_house(folder: Path, models: Path, kind: str) -> Iterator[FaultyHouse]:
    faulty = FaultyHouse(folder, models, kind)
    try:
        faulty.start()
        yield faulty
    finally:
        faulty.close()


def bring_models(folder: Path) -> Path:
    """A folder with the trained model of this machine's own home when it fits the data of today; empty, and trained once, when not."""
    folder.mkdir()
    found = find_model(read_settings(os.environ))
    if found is not None:
        shutil.copy(found, folder / found.name)
    return folder
