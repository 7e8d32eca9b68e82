"""Rasa's own checks of the dialogue data: validation, and routing stories played with `rasa test core`."""

import json
import os
import subprocess
import sys

import pytest

from rasa_project.recipe import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rasa(tmp_path_factory):
    """Runs Rasa's command line in a folder of its own and returns the finished process."""
    folder = tmp_path_factory.mktemp("rasa")

    def run(*arguments):
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT), "LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-W", "ignore", "-m", "rasa", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)

    run.folder = folder
    return run


def test_the_dialogue_data_is_valid(rasa):
    """`rasa data validate --fail-on-warnings` finds no intent, action or slot that is used and not there, and no contradiction."""
    finished = rasa(
        "data",
        "validate",
        "--fail-on-warnings",
        "--config",
        str(ROOT / "config.yml"),
        "--domain",
        str(ROOT / "rasa_project" / "domain"),
        "--data",
        str(ROOT / "data" / "dialogue"),
    )
    assert finished.returncode == 0, finished.stderr[-3000:]


def test_the_validation_can_fail(rasa, tmp_path):
    """A rule with an action that the domain does not have is found: the check above is not blind."""
    (tmp_path / "rules.yml").write_text('version: "3.1"\nrules:\n- rule: x\n  steps:\n  - intent: greet\n  - action: action_nobody_has\n')
    finished = rasa(
        "data", "validate", "--fail-on-warnings", "--config", str(ROOT / "config.yml"),
        "--domain", str(ROOT / "rasa_project" / "domain"), "--data", str(ROOT / "data" / "dialogue"), str(tmp_path),
    )  # fmt: skip
    assert finished.returncode != 0


def test_the_routing_stories_run_as_written(rasa, model):
    """Every step of every story is predicted by the rules: `rasa test core` on the trained model fails none."""
    out = rasa.folder / "results"
    stories = ROOT / "tests" / "rasa_project" / "stories.yml"
    finished = rasa(
        "test", "core", "--model", str(model), "--stories", str(stories), "--out", str(out), "--no-plot", "--fail-on-prediction-errors",
        "--endpoints", str(ROOT / "tests" / "rasa_project" / "no_endpoints.yml"),
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout[-2000:] + finished.stderr[-3000:]
    report = json.loads((out / "story_report.json").read_text())
    assert report["conversation_accuracy"]["correct"] == report["conversation_accuracy"]["total"] >= 7


def test_commands_and_speech_have_no_examples():
    """The trained NLU can only ever name what belongs in the lobby: buttons and speech are not among its classes."""
    import yaml

    intents = yaml.safe_load((ROOT / "rasa_project" / "domain" / "messages.yml").read_text())["intents"]
    trained = set()
    for path in (ROOT / "data" / "dialogue").glob("nlu*.yml"):
        trained |= {entry["intent"] for entry in yaml.safe_load(path.read_text())["nlu"]}
    assert not {name for name in trained if name.startswith(("command_", "speech"))}
    assert trained == {name for name in intents if not name.startswith("command_") and name not in ("speech", "nlu_fallback")}
