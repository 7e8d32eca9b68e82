"""The three programs of the house: how each is started, what it may know, and where it says that it is well."""

from collections.abc import Mapping
from dataclasses import dataclass

from sayable.up.settings import HouseSettings

# Whoever needs one of these names it in its Program; from everybody else it is kept, so that a fault in one part leaks no key of another.
CLOSED_SETTINGS = (
    "SAYABLE_CHANNEL_SECRET",
    "SAYABLE_ACTIONS_SECRET",
    "SAYABLE_SESSION_SECRET",
    "SAYABLE_WORDS_KEY",
    "SAYABLE_DATABASE_URL",
)


@dataclass(frozen=True)
class Program:
    """One part of the house, started in the folder of the program.

    `command` may use %(ENV_NAME)s of the supervisor's environment, which keeps odd characters in folder names out of its file.
    """

    name: str
    title: str
    command: str
    health: str
    may_know: frozenset[str]

    @property
    def closed_settings(self) -> list[str]:
        return [name for name in CLOSED_SETTINGS if name not in self.may_know]


def list_programs(settings: HouseSettings) -> list[Program]:
    """Rasa, which takes longest, first; all three start at once."""
    return [
        Program(
            name="rasa",
            title="Rasa",
            command='"%(ENV_SAYABLE_ROOT)s/rasa_project/.venv/bin/python" -W ignore -m rasa_project.serve',
            health=f"http://127.0.0.1:{settings.rasa_port}/webhooks/practice/health",
            may_know=frozenset({"SAYABLE_CHANNEL_SECRET", "SAYABLE_ACTIONS_SECRET"}),
        ),
        Program(
            name="actions",
            title="the action server",
            command='"%(ENV_SAYABLE_ROOT)s/.venv/bin/python" -m actions',
            health=f"http://127.0.0.1:{settings.actions_port}/health",
            may_know=frozenset({"SAYABLE_ACTIONS_SECRET"}),
        ),
        Program(
            name="web",
            title="the web app",
            command='"%(ENV_SAYABLE_ROOT)s/.venv/bin/python" -m web',
            health=f"{settings.loopback}/health/live",
            may_know=frozenset({"SAYABLE_CHANNEL_SECRET", "SAYABLE_SESSION_SECRET", "SAYABLE_WORDS_KEY", "SAYABLE_DATABASE_URL"}),
        ),
    ]


def house_environment(environment: Mapping[str, str], settings: HouseSettings) -> dict[str, str]:
    """What is handed down to all three (and to training), before each program's closed settings are taken away."""
    # Without compiled files (PYTHONDONTWRITEBYTECODE) Rasa takes twice as long to start.
    left_out = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in environment.items() if name not in left_out}
    kept.update(
        SAYABLE_ROOT=str(settings.root),
        SAYABLE_HOME=str(settings.home),
        SAYABLE_HOST=settings.web.host,
        SAYABLE_WEB_PORT=str(settings.web.web_port),
        SAYABLE_RASA_PORT=str(settings.rasa_port),
        SAYABLE_ACTIONS_PORT=str(settings.actions_port),
        SAYABLE_RASA_HOST="127.0.0.1",
        SAYABLE_ACTIONS_HOST="127.0.0.1",
        RASA_TELEMETRY_ENABLED="false",
        TF_CPP_MIN_LOG_LEVEL="3",
        TMPDIR=str(settings.home / "tmp"),
        PYTHONUNBUFFERED="1",
    )
    return kept
