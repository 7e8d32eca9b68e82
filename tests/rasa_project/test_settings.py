"""Settings and secrets of the Rasa process."""

import stat
import threading

import pytest

from rasa_project.settings import read_secret, read_settings


def test_defaults_are_those_of_the_contract(tmp_path):
    """Loopback, 5005, and the action server at 5055."""
    settings = read_settings({"SAYABLE_HOME": str(tmp_path)})
    assert (settings.host, settings.port, settings.actions_url) == ("127.0.0.1", 5005, "http://127.0.0.1:5055/webhook")


def test_a_secret_is_made_once_and_kept_private(tmp_path):
    """Mode 0600 in a folder 0700; the second reader gets the same."""
    first = read_secret({}, "X", tmp_path, "channel.secret")
    assert first == read_secret({}, "X", tmp_path, "channel.secret") and len(first) == 64
    assert stat.S_IMODE((tmp_path / "secrets" / "channel.secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_the_environment_comes_first(tmp_path):
    """A secret from the environment is used and written nowhere."""
    assert read_secret({"X": "given"}, "X", tmp_path, "channel.secret") == "given"
    assert not (tmp_path / "secrets").exists()


def test_many_processes_starting_at_once_agree_on_one_secret(tmp_path):
    """Nobody reads half a file, nobody overwrites another's secret."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(read_secret({}, "X", tmp_path, "s"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20 and len(set(found)) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["s"]


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "50 05"])
def test_a_wrong_port_is_named(tmp_path, port):
    """The message names the setting that changes it."""
    with pytest.raises(ValueError, match="SAYABLE_RASA_PORT"):
        read_settings({"SAYABLE_HOME": str(tmp_path), "SAYABLE_RASA_PORT": port})


def test_an_empty_secret_file_is_told(tmp_path):
    """An empty file must not become an empty secret."""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "channel.secret").write_text("\n")
    with pytest.raises(ValueError, match="empty"):
        read_secret({}, "X", tmp_path, "channel.secret")
