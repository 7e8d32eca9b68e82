"""A backup of the running house, put into another home: the house that starts there shows every talk as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from sayable.practice_client import PracticeClient
from tests.whole_house.conftest import House


def run(house: House, *command: object) -> subprocess.CompletedProcess[str]:
    """`sayable` as an operator of this house runs it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAYABLE_")}
    line = [sys.executable, "-m", "sayable", *map(str, command)]
    return subprocess.run(line, cwd=house.settings.root, env=kept | house.given, capture_output=True, text=True, timeout=120)


def test_a_backup_of_the_running_house_starts_elsewhere(house: House, tmp_path: Path):
    """Made while people talk, restored into an empty home with the key: their browsers find their talks there, and go on."""
    house.wait_until_healthy()
    enough = threading.Event()
    with PracticeClient(house.address) as guest, PracticeClient(house.address) as talker:
        guest.enter()
        attempt = guest.start("S17")["id"]
        guest.press(attempt, "begin")
        guest.say(attempt, "I feel a bit nervous about this, and I'd like one quiet evening a week.")
        before = guest.show(attempt)
        talker.enter()

        def talk_on() -> None:
            other = talker.start("S17")["id"]
            talker.press(other, "begin")
            for number in range(200):
                if enough.is_set() or talker.say(other, f"What was that like for you? ({number})")["phase"] != "scene":
                    return

        talking = threading.Thread(target=talk_on)
        talking.start()
        made = run(house, "backup", "--to", tmp_path / "kept")
        enough.set()
        talking.join(60)
        assert made.returncode == 0, made.stderr
        [backup] = (tmp_path / "kept").iterdir()
        assert backup.stat().st_mode & 0o777 == 0o600

        refused = run(house, "restore", backup)
        assert refused.returncode == 1 and "already runs" in refused.stderr
        assert guest.show(attempt) == before

        elsewhere = House(tmp_path / "elsewhere")
        shutil.copytree(house.home / "models", elsewhere.home / "models")
        missing = run(elsewhere, "restore", backup)
        assert missing.returncode == 1 and "key" in missing.stderr
        (elsewhere.home / "secrets").mkdir(mode=0o700)
        shutil.copy2(house.home / "secrets" / "words.key", elsewhere.home / "secrets" / "words.key")
        restored = run(elsewhere, "restore", backup)
        assert restored.returncode == 0, restored.stderr
        try:
            elsewhere.start()
            with PracticeClient(elsewhere.address) as again:
                again.http.cookies.set("practice", guest.http.cookies["practice"], domain="127.0.0.1")
                again.http.headers["X-CSRFToken"] = again.read_token("/scenes")
                assert again.show(attempt) == before
                assert again.say(attempt, "Would Tuesdays work for you, for a month?")["status"] == "answered"
        finally:
            if elsewhere.process is not None and elsewhere.process.poll() is None:
                elsewhere.stop()
