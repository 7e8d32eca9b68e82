"""The trained Rasa model that fits the present dialogue data: find it, or have Rasa's own environment train it."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from rasa_project.recipe import model_path
from sayable.up.settings import HouseSettings


class TrainingError(Exception):
    """Rasa could not train; the message holds its last words and says where all of them are."""


def find_model(settings: HouseSettings) -> Path | None:
    """The trained model for the present recipe, domain and dialogue data, or None."""
    path = model_path(settings.home, settings.root)
    return path if path.is_file() else None


def train_model(settings: HouseSettings, environment: dict[str, str], report: Callable[[float], None]) -> Path:
    """Train the missing model and return its path; `report` hears the seconds so far, several times a second. Raises TrainingError.

    The file appears under its name only when it is whole, so a training that was broken off leaves nothing to trip over.
    """
    path = model_path(settings.home, settings.root)
    log = settings.home / "logs" / "training.log"
    started = time.monotonic()
    with open(log, "wb") as output:
        training = subprocess.Popen(
            [str(settings.rasa_python), "-W", "ignore", "-m", "rasa_project.train"],
            cwd=settings.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            while training.poll() is None:
                report(time.monotonic() - started)
                time.sleep(0.2)
        finally:
            if training.poll() is None:
                training.terminate()
                training.wait()
    now = model_path(settings.home, settings.root)
    if training.returncode == 0 and now != path:  # somebody edited the dialogue data meanwhile: what was trained may be half of each
        return now if now.is_file() else train_model(settings, environment, report)
    if training.returncode != 0 or not path.is_file():
        raise TrainingError(f"Rasa could not be trained (exit code {training.returncode}).\n{last_lines(log)}\nAll of it: {log}")
    return path


def last_lines(log: Path, since: int = 0, count: int = 12) -> str:
    """The end of a log file, of what was written after byte `since`, set in for showing in the terminal."""
    if not log.is_file():
        return ""
    with open(log, "rb") as file:
        file.seek(since if since <= log.stat().st_size else 0)  # a log that was rotated meanwhile is shorter
        lines = file.read().decode("utf-8", errors="replace").splitlines()
    return "\n".join("  | " + line for line in lines[-count:])
