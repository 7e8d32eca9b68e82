"""Settings come from the environment, once, and a bad one is named."""

from __future__ import annotations

import dataclasses

import pytest

from web.settings import SettingsFault, read_settings


def test_defaults_need_nothing(tmp_path, monkeypatch):
    """With an empty environment everything has a value that works on one machine."""
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert settings.home == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/sayable.sqlite3"
    assert (settings.host, settings.web_port, settings.rasa_url) == ("127.0.0.1", 8080, "http://127.0.0.1:5005")
    assert settings.guests is True


def test_rasa_is_found_by_its_port():
    """A changed Rasa port changes the address, unless the address itself is given."""
    assert read_settings({"SAYABLE_RASA_PORT": "6005"}).rasa_url == "http://127.0.0.1:6005"
    assert read_settings({"SAYABLE_RASA_PORT": "6005", "SAYABLE_RASA_URL": "http://rasa:7000/"}).rasa_url == "http://rasa:7000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAYABLE_WEB_PORT", "eighty"),
        ("SAYABLE_WEB_PORT", "0"),
        ("SAYABLE_WEB_PORT", "70000"),
        ("SAYABLE_WEB_PORT", "-1"),
        ("SAYABLE_GUESTS", "maybe"),
        ("SAYABLE_RASA_URL", "rasa:5005"),
        ("SAYABLE_EXIT_URL", "javascript:alert(1)"),
        ("SAYABLE_PUBLIC_URL", "ftp://x"),
    ],
)
def test_a_bad_setting_is_named(name, value):
    """The fault names the setting and says what would do."""
    with pytest.raises(SettingsFault, match=name):
        read_settings({name: value})


def test_secrets_do_not_print():
    """A settings object that ends up in a log gives no secret away."""
    settings = read_settings(
        {"SAYABLE_CHANNEL_SECRET": "s3cret-one", "SAYABLE_WORDS_KEY": "s3cret-two", "SAYABLE_SESSION_SECRET": "s3cret-three"}
    )
    assert "s3cret" not in repr(settings)


def test_settings_are_frozen():
    """Nobody changes a setting after the start."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_settings({}).guests = False
