"""Make SAYABLE_HOME: the folder of everything the house keeps, closed to other users of the machine.

The secrets in it are made by the parts that use them, when they first start.
"""

import os
import shutil
from pathlib import Path

FOLDERS = ("logs", "models", "run", "secrets", "tmp")


class HomeError(Exception):
    """The folder cannot be used; the message says why."""


def make_home(home: Path) -> None:
    """Make `home` and its folders, each 0700. Raises HomeError."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(home, 0o700)
        for name in FOLDERS:
            (home / name).mkdir(mode=0o700, exist_ok=True)
            os.chmod(home / name, 0o700)
    except OSError as error:
        raise HomeError(f"SAYABLE_HOME is {str(home)!r}, and it cannot be used: {error.strerror or error}.") from None


def empty_temporary_files(home: Path) -> None:
    """Delete what killed processes left in `home/tmp` (an unpacked Rasa model, say). Only while nothing runs on this home."""
    for path in (home / "tmp").iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
