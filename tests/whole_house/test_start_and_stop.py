"""Starting and stopping the real house: a second start is quick, Ctrl-C leaves nothing behind, a second `up` is refused."""

import os
import shutil
import signal
import subprocess
import sys

import pytest


def run_up(house, **changed: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYABLE_")}
    return subprocess.run(
        [sys.executable, "-m", "sayable", "up"],
        cwd=house.settings.root,
        env=kept | house.given | changed,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_second_up_on_the_same_home_is_refused(house):
    """Somebody starts it twice: the second says that it runs already and where, and changes nothing."""
    before = house.pids()
    second = run_up(house)
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert house.address in second.stderr
    assert house.pids() == before


def test_taken_port_is_told_before_anything_starts(house, tmp_path):
    """Another home on a port that is taken: the message names the port and its setting, and no model is trained first."""
    second = run_up(house, SAYABLE_HOME=str(tmp_path / "other"))
    assert second.returncode == 1
    assert f"Port {house.settings.web.web_port}" in second.stderr
    assert "SAYABLE_WEB_PORT=" in second.stderr
    assert not list((tmp_path / "other" / "models").iterdir())


def test_status_tells_what_runs(house):
    """`sayable status` names the three parts as healthy, and exits with 0."""
    house.wait_until_healthy()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYABLE_")}
    asked = [sys.executable, "-m", "sayable", "status"]
    told = subprocess.run(asked, cwd=house.settings.root, env=kept | house.given, capture_output=True, text=True, timeout=60)
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("healthy") == 3


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_second_start_trains_nothing_and_a_signal_stops_everything(house, make_house, how):
    """With a trained model there, nothing is trained; Ctrl-C (or SIGTERM) ends all processes, frees the ports and exits with 0."""
    house.wait_until_healthy()
    other = make_house()
    (other.home / "models").mkdir(parents=True)
    for model in (house.home / "models").glob("*.tar.gz"):
        shutil.copy(model, other.home / "models")
    other.start()
    assert "Training" not in other.said
    pids = list(other.pids().values())
    assert len(pids) == 3

    assert other.stop(how) == 0

    assert [pid for pid in pids if is_running(pid)] == []
    assert not list((other.home / "run").glob("*.sock"))
    assert "Nothing is running any more" in other.said


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
