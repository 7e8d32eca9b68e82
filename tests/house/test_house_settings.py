"""Settings of the house: read once, and a wrong one is told before anything starts."""

from pathlib import Path

import pytest

from sayable.up.settings import ROOT, SettingError, read_settings


def test_without_settings_everything_has_a_default() -> None:
    """Nothing needs configuring: the home is `var` in the program's folder, on the documented ports."""
    settings = read_settings({})
    assert settings.home == ROOT / "var"
    assert settings.address == "http://127.0.0.1:8080/"
    assert (settings.rasa_port, settings.actions_port) == (5005, 5055)


@pytest.mark.parametrize("name", ["SAYABLE_WEB_PORT", "SAYABLE_RASA_PORT", "SAYABLE_ACTIONS_PORT"])
@pytest.mark.parametrize("value", ["0", "65536", "-1", "80.5", "http", "８０８０"])
def test_a_port_that_is_none_is_refused_by_name(name: str, value: str) -> None:
    """A value that is no port number is refused with the name of its setting."""
    with pytest.raises(SettingError, match=name):
        read_settings({name: value})


def test_two_parts_cannot_share_a_port() -> None:
    """The same port given twice is refused before one of the two fails to start."""
    with pytest.raises(SettingError, match="three different ports"):
        read_settings({"SAYABLE_WEB_PORT": "5005"})


def test_relative_home_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative SAYABLE_HOME means the folder one stands in, and stays that folder for the three programs."""
    monkeypatch.chdir(tmp_path)
    assert read_settings({"SAYABLE_HOME": "house"}).home == tmp_path / "house"


@pytest.mark.parametrize(("host", "address"), [("0.0.0.0", "http://127.0.0.1:8080/"), ("::", "http://[::1]:8080/")])
def test_the_address_shown_can_be_typed_into_a_browser(host: str, address: str) -> None:
    """Listening on every interface, the address shown is one of this machine."""
    assert read_settings({"SAYABLE_HOST": host}).address == address


def test_quotation_marks_in_the_home_are_refused() -> None:
    """A folder name that the supervisor's file cannot hold is refused in words."""
    with pytest.raises(SettingError, match="quotation marks"):
        read_settings({"SAYABLE_HOME": '/tmp/a"b'})
