"""Where Rasa listens, where its model lies and which secrets it shares, read once from the environment.

Rasa's own environment (Python 3.10) may import nothing of the other rooms, so this is a small reader of its own;
names and defaults are those of docs/INTERFACES.md.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class RasaSettings:
    """Settings of the Rasa process. Ports are TCP ports; `home` is an absolute folder."""

    home: Path
    host: str
    port: int
    actions_url: str
    channel_secret: str
    actions_secret: str


def read_home(environ: Mapping[str, str]) -> Path:
    """The folder for models and secrets (`SAYABLE_HOME`, default `./var` in the repository), absolute."""
    return Path(environ.get("SAYABLE_HOME") or ROOT / "var").expanduser().resolve()


def read_settings(environ: Mapping[str, str]) -> RasaSettings:
    """Settings from the environment; secrets that are neither there nor on disk are made.

    Raises ValueError with one sentence that names the setting when a port is not a number from 1 to 65535.
    """
    home = read_home(environ)
    actions_port = read_port(environ, "SAYABLE_ACTIONS_PORT", 5055)
    return RasaSettings(
        home=home,
        host=environ.get("SAYABLE_RASA_HOST") or "127.0.0.1",
        port=read_port(environ, "SAYABLE_RASA_PORT", 5005),
        actions_url=environ.get("SAYABLE_ACTIONS_URL") or f"http://127.0.0.1:{actions_port}/webhook",
        channel_secret=read_secret(environ, "SAYABLE_CHANNEL_SECRET", home, "channel.secret"),
        actions_secret=read_secret(environ, "SAYABLE_ACTIONS_SECRET", home, "actions.secret"),
    )


def read_port(environ: Mapping[str, str], name: str, default: int) -> int:
    """A TCP port from the environment. Raises ValueError naming the setting."""
    text = environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"{name} must be a port from 1 to 65535.")
    return int(text)


def read_secret(environ: Mapping[str, str], name: str, home: Path, filename: str) -> str:
    """A shared secret: from the environment, else from `home/secrets/filename`, else made there (mode 0600).

    Several processes may start at once: the file appears whole through a hard link, and whoever comes second reads the first one's.
    """
    if environ.get(name):
        return environ[name]
    folder = home / "secrets"
    path = folder / filename
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".{filename}.{os.getpid()}.{secrets.token_hex(4)}"
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
