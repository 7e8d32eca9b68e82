"""Where the action server listens and which secret it expects, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class ActionSettings:
    """Settings of the action server. `port` is a TCP port."""

    host: str
    port: int
    secret: str


def read_settings(environ: Mapping[str, str]) -> ActionSettings:
    """Settings from the environment; a secret that is neither there nor on disk is made.

    Raises ValueError with one sentence that names the setting.
    """
    home = find_home(environ)
    port = environ.get("SAYABLE_ACTIONS_PORT") or "5055"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("SAYABLE_ACTIONS_PORT must be a port from 1 to 65535.")
    return ActionSettings(
        host=environ.get("SAYABLE_ACTIONS_HOST") or "127.0.0.1",
        port=int(port),
        secret=environ.get("SAYABLE_ACTIONS_SECRET") or read_secret(home / "secrets" / "actions.secret"),
    )


def find_home(environ: Mapping[str, str]) -> Path:
    """`SAYABLE_HOME`, or `var` beside the code."""
    return Path(environ.get("SAYABLE_HOME") or ROOT / "var").expanduser().resolve()


def read_secret(path: Path) -> str:
    """The shared secret in a file, made (mode 0600) when it is missing.

    Several processes may start at once: the file appears whole through a hard link, and whoever comes second reads the first one's.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one to use
        finally:
            fresh.unlink()
    secret = path.read_text().strip()
    if not secret:
        raise ValueError(f"The secret file {path} is empty; delete it and start again, and a new one is made.")
    return secret
