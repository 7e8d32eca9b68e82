"""Where the house lives and on which ports it answers, read once from the environment into a frozen object."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import web.settings
from rasa_project.settings import read_port

ROOT = Path(__file__).resolve().parent.parent.parent


class SettingError(Exception):
    """A setting that cannot be used; the message names it and says what would fit."""


@dataclass(frozen=True)
class HouseSettings:
    """`root` is the folder of the program; `web` holds the web room's own settings, with the absolute SAYABLE_HOME in `web.home`."""

    root: Path
    web: web.settings.Settings
    rasa_port: int
    actions_port: int

    @property
    def home(self) -> Path:
        return self.web.home

    @property
    def address(self) -> str:
        """What to type into a browser on this machine."""
        return f"{self.loopback}/"

    @property
    def loopback(self) -> str:
        """The web app's address as seen from this machine, without a slash at its end."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.web.host, self.web.host)  # noqa: S104 - it is read here, not listened on
        return f"http://{f'[{host}]' if ':' in host else host}:{self.web.web_port}"

    @property
    def rasa_python(self) -> Path:
        return self.root / "rasa_project" / ".venv" / "bin" / "python"


def read_settings(environment: Mapping[str, str], root: Path = ROOT) -> HouseSettings:
    """Read `SAYABLE_…` from `environment`. Raises SettingError for a value that cannot be used."""
    home = Path(environment.get("SAYABLE_HOME") or root / "var").expanduser().absolute()
    for folder, name in ((home, "SAYABLE_HOME"), (root, "The folder of the program")):
        # These would need quoting in the supervisor's file; nobody names a folder so on purpose.
        if any(sign in str(folder) for sign in '"\\\n'):
            raise SettingError(f"{name} is {str(folder)!r}: use a folder without quotation marks, backslashes and line breaks in its name.")
    try:
        settings = HouseSettings(
            root=root,
            web=web.settings.read_settings({**environment, "SAYABLE_HOME": str(home)}),
            rasa_port=read_port(environment, "SAYABLE_RASA_PORT", 5005),
            actions_port=read_port(environment, "SAYABLE_ACTIONS_PORT", 5055),
        )
    except (web.settings.SettingsFault, ValueError) as fault:
        raise SettingError(str(fault)) from None
    ports = [settings.web.web_port, settings.rasa_port, settings.actions_port]
    if len(set(ports)) < len(ports):
        raise SettingError(
            f"SAYABLE_WEB_PORT ({ports[0]}), SAYABLE_RASA_PORT ({ports[1]}) and SAYABLE_ACTIONS_PORT ({ports[2]}) "
            "must be three different ports."
        )
    return settings
