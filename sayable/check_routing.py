"""`sayable check-routing`: Rasa's own checks, in Rasa's own environment."""

import os
import subprocess
from pathlib import Path

import click

from sayable.up.settings import ROOT

RASA_PYTHON = ROOT / "rasa_project" / ".venv" / "bin" / "python"


@click.command("check-routing")
def check_routing() -> None:
    """Have Rasa validate the dialogue data and play the routing stories.

    Runs `rasa data validate` on data/dialogue and the tests in tests/rasa_project, both in Rasa's own environment.
    Exit code 1 when something is wrong; Rasa's words stand above.
    """
    failed = [name for name, command in list_checks(ROOT).items() if not passes(name, command)]
    if failed:
        raise click.ClickException(f"not good: {', '.join(failed)}")
    click.echo("The dialogue data and its routing are good.")


def list_checks(root: Path) -> dict[str, list[str]]:
    """The commands by what they check."""
    rasa = [str(RASA_PYTHON), "-W", "ignore"]
    data = ["--config", "config.yml", "--domain", "rasa_project/domain", "--data", "data/dialogue"]
    return {
        "dialogue data": [*rasa, "-m", "rasa", "data", "validate", *data],
        "routing and channel": [*rasa, "-m", "pytest", "-c", "rasa_project/pyproject.toml", "--rootdir", ".", "tests/rasa_project"],
    }


def passes(name: str, command: list[str]) -> bool:
    click.echo(f"== {name}")
    kept = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")}
    environment = kept | {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode == 0
