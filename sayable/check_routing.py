"""`sayable check-routing`: Rasa's own checks, in Rasa's own environment."""

import os
import subprocess

import click

from sayable.up.settings import ROOT

RASA_PYTHON = ROOT / "rasa_project" / ".venv" / "bin" / "python"


@click.command("check-routing")
def check_routing() -> None:
    """Have Rasa validate the dialogue data and play the routing stories.

    Runs tests/rasa_project in Rasa's own environment: `rasa data validate`, a training, the routing stories of `rasa test core`, the
    held-out phrasings of the lobby, and the practice channel. About a minute. Exit code 1 when something is wrong.
    """
    left_out = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    environment.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", SQLALCHEMY_SILENCE_UBER_WARNING="1")
    command = [str(RASA_PYTHON), "-m", "pytest", "-c", "rasa_project/pyproject.toml", "--rootdir", ".", "tests/rasa_project"]
    if subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL).returncode != 0:
        raise click.ClickException("The dialogue data or its routing is not good; Rasa's words stand above.")
