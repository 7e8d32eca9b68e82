"""One `sayable up` per SAYABLE_HOME: a locked file that also says who holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another `sayable up` holds this home; the message says which process."""


def lock_path(home: Path) -> Path:
    return home / "run" / "up.lock"


@contextmanager
def hold_home(home: Path, address: str) -> Iterator[None]:
    """Hold the lock while the body runs. Raises AlreadyRunning. The kernel lets go of it whatever the process dies of."""
    with open(lock_path(home), "a+", encoding="utf-8") as file:
        os.chmod(file.fileno(), 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder, _, where = file.read().strip().partition(" ")
            raise AlreadyRunning(
                f"Sayable already runs on {home} (process {holder or 'unknown'}): {where}\n"
                "Stop it with Ctrl-C where it was started, or with `sayable down`; or choose another folder with SAYABLE_HOME."
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()} {address}")
        file.flush()
        yield
        file.truncate(0)


def find_holder(home: Path) -> int | None:
    """Process id of the `sayable up` that holds `home`, or None."""
    try:
        with open(lock_path(home), encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                holder = file.read().split(" ")[0]
                return int(holder) if holder.isdigit() else None
    except FileNotFoundError:
        return None
    return None
