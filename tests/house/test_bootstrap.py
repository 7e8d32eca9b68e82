"""The bootstrap, as far as it can be shown without building environments: which uv, which Python, which words."""

import importlib.util
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The bootstrap script as a module, with an empty folder for its tools and nothing of ours on the PATH."""
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("SAYABLE_UV", raising=False)
    (tmp_path / "bin").mkdir()
    return module


def write_program(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_a_uv_on_the_path_is_used(bootstrap: ModuleType, tmp_path: Path) -> None:
    """A uv that starts and is new enough is taken from the PATH."""
    uv = write_program(tmp_path / "bin" / "uv", "echo 'uv 0.11.2 (abc)'\n")
    assert bootstrap.find_uv() == str(uv)


@pytest.mark.parametrize("script", ["echo 'uv 0.4.30'\n", "echo 'pyenv: uv: command not found' >&2; exit 127\n", "exit 0\n"])
def test_a_uv_that_does_not_do_is_passed_over(bootstrap: ModuleType, tmp_path: Path, script: str) -> None:
    """Too old, a shim that refuses, or something else of that name: it is not used, and one is fetched instead."""
    write_program(tmp_path / "bin" / "uv", script)
    assert bootstrap.find_uv() is None


def test_the_private_uv_goes_first(bootstrap: ModuleType, tmp_path: Path) -> None:
    """Once fetched into the private folder, uv is called by its path, whatever is on the PATH."""
    write_program(tmp_path / "bin" / "uv", "echo 'uv 0.11.2'\n")
    private = write_program(tmp_path / "tools" / "uv" / "bin" / "uv", "echo 'uv 0.12.0'\n")
    assert bootstrap.find_uv() == str(private)


def test_a_named_uv_that_is_none_is_told(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """SAYABLE_UV pointing nowhere is an error that names the setting."""
    monkeypatch.setenv("SAYABLE_UV", "/nowhere/uv")
    with pytest.raises(bootstrap.BootstrapError, match="SAYABLE_UV"):
        bootstrap.find_uv()


def test_python_is_found_in_pyenv_although_its_shim_refuses(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Python 3.10 inside pyenv is found by its own path; the shim on the PATH, which refuses, is not in the way."""
    write_program(tmp_path / "bin" / "python3.10", "exit 127\n")
    real = write_program(tmp_path / "pyenv" / "versions" / "3.10.99" / "bin" / "python3.10", "echo 3.10\n")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert bootstrap.find_python(["3.10"]) == str(real)


def test_the_python_at_work_is_taken_when_it_fits(bootstrap: ModuleType) -> None:
    """The Python that runs the bootstrap is used for Sayable when its version is one of those that do."""
    version = "{}.{}".format(*sys.version_info[:2])
    assert bootstrap.find_python([version]) == sys.executable


def test_without_python_and_network_the_message_says_how_to_get_one(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No Python 3.10 anywhere and uv cannot fetch one: the message names the version and ways to get it."""
    monkeypatch.setattr(bootstrap, "python_candidates", lambda version: iter(()))
    uv = write_program(tmp_path / "bin" / "uv", "exit 1\n")
    with pytest.raises(bootstrap.BootstrapError) as told:
        bootstrap.python_for(str(uv), tmp_path, ["3.10"], "Rasa")
    assert "Rasa needs Python 3.10" in str(told.value)
    assert "pyenv install 3.10" in str(told.value)


def test_both_projects_keep_their_own_folders(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """An active virtual environment or a UV_PROJECT_ENVIRONMENT of the caller does not send both projects into one folder."""
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", "/tmp/one")
    monkeypatch.setenv("VIRTUAL_ENV", "/tmp/two")
    assert not {"UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV"} & set(bootstrap.uv_environment())


def test_the_bootstrap_needs_nothing_newer_than_python_3_9() -> None:
    """The file compiles as Python 3.9 would read it."""
    import ast

    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 9))


def test_running_never_installs_the_training_group() -> None:
    """Neither running nor testing asks uv for the training group, and it is not among the default groups."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "training" in project["dependency-groups"]
    assert "training" not in project["tool"]["uv"]["default-groups"]
    assert "--group" not in (ROOT / "bootstrap.py").read_text(encoding="utf-8")
