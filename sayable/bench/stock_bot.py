"""The ordinary way: a stock Rasa 3.6.21 bot with a form loop, its REST channel, SQLite tracker store and an action that echoes.

Built from what `rasa init` lays down, in an environment of its own with Rasa's default dependencies: our own Rasa environment pins
an older jsonschema and hides TensorFlow, both of which make Rasa faster and smaller than what somebody gets who installs it.
"""

import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from sayable.bench.processes import DidNotStart, Started
from sayable.bench.wire import Wire
from sayable.up.ports import find_free_port

ADDED = Path(__file__).parent / "stock_files"
WANTED = ("rasa==3.6.21", "setuptools<81")
"""Rasa's own requirements, and the last setuptools with the pkg_resources that they import."""
RECIPES = ("small", "default")
"""`default`: what `rasa init` gives (DIET, ResponseSelector, TED, UnexpecTED). `small`: the smallest ordinary recipe, harder to beat."""
BEGIN = "let us begin the talk"


class BuildError(Exception):
    """The stock bot cannot be built; the message says what failed and where its words are."""


class StockBot:
    """One stock bot in `folder` (a cache: environment, trained models, logs)."""

    def __init__(self, folder: Path, root: Path, recipe: str) -> None:
        self.folder = folder
        self.root = root
        self.recipe = recipe
        self.python = folder / "environment" / "bin" / "python"
        digest = hashlib.sha256(recipe.encode())
        for path in sorted(path for path in ADDED.rglob("*") if path.suffix in (".yml", ".py")):
            digest.update(path.relative_to(ADDED).as_posix().encode() + path.read_bytes())
        self.bot = folder / f"bot-{recipe}-{digest.hexdigest()[:12]}"
        self.rasa: Started | None = None
        self.actions: Started | None = None
        self.port = self.actions_port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def build(self, say: Callable[[str], None]) -> None:
        """Bring the environment and the trained model, unless they are there. Raises BuildError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "environment" / "complete").exists():
            say(f"Building the stock environment ({WANTED[0]} with its default dependencies, about 3 GB) …")
            environment = str(self.folder / "environment")
            uv = find_uv(self.root)
            base = self.root / "rasa_project" / ".venv" / "bin" / "python"
            self._run([uv, "venv", "--clear", "--no-python-downloads", "--python", str(base), environment], "venv", self.folder)
            self._run([uv, "pip", "install", "--python", str(self.python), *WANTED], "install", self.folder)
            (self.folder / "environment" / "complete").touch()
        if not (self.bot / "models" / "stock.tar.gz").exists():
            say(f"Training the stock bot, recipe {self.recipe} …")
            self._lay_out()
            rasa = [str(self.python), "-m", "rasa", "train", "--domain", "domain", "--fixed-model-name", "stock"]
            self._run(rasa, "training", self.bot)

    def _lay_out(self) -> None:
        """The starter project of `rasa init`, and our form beside its stories."""
        shutil.rmtree(self.bot, ignore_errors=True)
        starter = next((self.folder / "environment" / "lib").glob("python3*/site-packages/rasa/cli/initial_project"))
        shutil.copytree(starter, self.bot, ignore=shutil.ignore_patterns("tests", "actions"))
        (self.bot / "domain").mkdir()
        (self.bot / "domain.yml").rename(self.bot / "domain" / "init.yml")
        shutil.copytree(ADDED, self.bot, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        if self.recipe == "small":
            shutil.copy(self.bot / "config.small.yml", self.bot / "config.yml")

    def _run(self, command: list[str], what: str, folder: Path) -> None:
        log = self.folder / f"{what}-{self.recipe}.log"
        with open(log, "wb") as output:
            done = subprocess.run(command, cwd=folder, env=self._environment(), stdout=output, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise BuildError(f"The stock bot could not be built ({what} ended with {done.returncode}); see {log}.")

    def _environment(self) -> dict[str, str]:
        left_out = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if name not in left_out and not name.startswith("SAYABLE_")}
        return kept | {
            "RASA_TELEMETRY_ENABLED": "false",
            "SANIC_HOST": "127.0.0.1",
            "STOCK_ACTIONS_PORT": str(self.actions_port),
            "STOCK_DATABASE": str(self.folder / f"tracker-{self.recipe}.db"),
        }

    def start(self, *, with_actions: bool = True) -> float:
        """Start `rasa run` (and the action server) on an empty tracker store; gives the seconds until Rasa answers. Raises DidNotStart."""
        self.port, self.actions_port = find_free_port("127.0.0.1", socket.AF_INET), find_free_port("127.0.0.1", socket.AF_INET)
        (self.folder / f"tracker-{self.recipe}.db").unlink(missing_ok=True)
        rasa = [str(self.python), "-m", "rasa"]
        if with_actions:
            served = [*rasa, "run", "actions", "--actions", "echo_actions", "-p", str(self.actions_port)]
            self.actions = Started(served, self.bot, self._environment(), self.folder / "actions.log")
            self.actions.wait_for(f"http://127.0.0.1:{self.actions_port}/health")
        run = [*rasa, "run", "-i", "127.0.0.1", "-p", str(self.port), "--model", "models/stock.tar.gz", "--endpoints", "endpoints.yml"]
        self.rasa = Started([*run, "--credentials", "credentials.yml"], self.bot, self._environment(), self.folder / "rasa.log")
        return self.rasa.wait_for(f"{self.address}/webhooks/rest/")

    def stop(self) -> None:
        for program in (self.rasa, self.actions):
            if program is not None:
                program.stop()
        self.rasa = self.actions = None


class StockPerson:
    """Somebody who types at the stock bot."""

    def __init__(self, bot: StockBot, name: str) -> None:
        self.name = name
        self.wire = Wire("127.0.0.1", bot.port)

    def enter(self) -> None:
        """Greet, which begins the form."""
        self.say(BEGIN)

    def say(self, text: str) -> float:
        """Say something; gives the milliseconds until its echo was there. Raises LostReply when another answer or none came."""
        status, answer, took = self.wire.post("/webhooks/rest/webhook", {"sender": self.name, "message": text})
        if status != 200 or not isinstance(answer, list) or [line.get("text") for line in answer] != [text]:
            raise LostReply(f"the stock bot answered {status} with {len(answer) if isinstance(answer, list) else 0} lines")
        return took

    def leave(self) -> None:
        self.wire.close()


class LostReply(Exception):
    """A reply that did not get its answer."""


def find_uv(root: Path) -> str:
    """The uv that built the house (bootstrap.py), else the one on the PATH. Raises BuildError."""
    for named in (os.environ.get("SAYABLE_UV"), root / ".tools" / "uv" / "bin" / "uv", root / ".tools" / "uv-target" / "bin" / "uv"):
        if named and Path(named).exists():
            return str(named)
    found = shutil.which("uv")
    if found is None:
        raise BuildError("No uv found to build the stock environment; `make run` fetches one, or set SAYABLE_UV.")
    return found


__all__ = ["RECIPES", "BuildError", "DidNotStart", "LostReply", "StockBot", "StockPerson", "find_uv"]
