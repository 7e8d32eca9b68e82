"""The deployment files are kept true without a container engine: what they name exists, and nothing in them is soft."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from sayable.up.programs import list_programs
from sayable.up.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILES = sorted(DEPLOY.glob("Dockerfile.*"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yml").read_text())


def list_commands() -> set[tuple[str, ...]]:
    """How `sayable up` starts each part, without the folder."""
    commands = set()
    for program in list_programs(read_settings({})):
        words = shlex.split(program.command.replace("%(ENV_SAYABLE_ROOT)s/", ""))
        commands.add(tuple(words[words.index("-m") :]))
    return commands


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_every_file_that_an_image_copies_is_there(path):
    """A folder that was renamed is noticed here and not in somebody's build; what is ignored is never asked for."""
    for line in path.read_text().splitlines():
        words = line.split()
        if not words or words[0] != "COPY" or words[1].startswith("--from"):
            continue
        for source in words[1:-1]:
            assert list(ROOT.glob(source)), f"{path.name} copies {source}"


@pytest.mark.parametrize("path", DOCKERFILES, ids=lambda path: path.name)
def test_images_run_as_nobody_special_and_carry_no_secret(path):
    """The last user is not root, no secret is built in, and the command is one that `sayable up` uses."""
    text = path.read_text()
    users = re.findall(r"^USER (\S+)", text, re.M)
    assert users and users[-1] == "10001"
    assert not re.search(r"SECRET=|KEY=|PASSWORD=", text)
    command = yaml.safe_load(re.findall(r"^CMD (\[.*\])", text, re.M)[-1])
    assert tuple(command[command.index("-m") :]) in list_commands()


def test_images_use_the_pythons_of_the_project():
    """Python 3.10 for Rasa and 3.11 to 3.13 for everything else, as the two projects demand."""
    assert "python:3.10-" in (DEPLOY / "Dockerfile.rasa").read_text()
    assert re.search(r"python:3\.1[123]-", (DEPLOY / "Dockerfile.web").read_text())


def test_every_service_is_hardened(compose):
    """Not root, read-only file system, no capabilities, no new privileges."""
    for name, service in compose["services"].items():
        assert service["user"].split(":")[0] not in ("0", "root"), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_only_the_proxy_is_reachable_and_nothing_inside_can_call_out(compose):
    """One service has a port; all others stand in a network without a way out."""
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert compose["networks"]["inside"]["internal"] is True
    assert all(list(service["networks"]) == ["inside"] for name, service in services.items() if name != "nginx")


def test_no_secret_has_a_default(compose):
    """Every secret is asked for by name, and compose refuses to start without it."""
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"SECRET|KEY|PASSWORD|DATABASE_URL", name):
                assert re.search(r"\$\{[A-Z_]+:\?[^}]*\}", value), name


def test_the_script_makes_every_secret_that_compose_asks_for(compose):
    """What make_secrets.sh prints covers what is demanded, fresh at every call, and fits."""
    script = ["sh", str(DEPLOY / "make_secrets.sh")]
    first, second = (subprocess.run(script, capture_output=True, text=True, check=True).stdout for _ in "ab")
    made = dict(line.split("=", 1) for line in first.splitlines())
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (DEPLOY / "compose.yml").read_text())) - {"SAYABLE_PUBLIC_URL"}
    assert set(made) == asked
    assert not set(made.values()) & {line.split("=", 1)[1] for line in second.splitlines()}
    from web.secrets_store import read_words_keys
    from web.settings import read_settings as read_web_settings

    assert len(read_words_keys(read_web_settings({"SAYABLE_WORDS_KEY": made["SAYABLE_WORDS_KEY"]}), may_make=False)[0]) == 32


def test_every_setting_that_is_set_is_a_documented_one(compose):
    """A setting that was renamed does not go on standing here without effect."""
    documented = (ROOT / "docs" / "SETTINGS.md").read_text()
    names = {name for service in compose["services"].values() for name in service.get("environment", {}) if name.startswith("SAYABLE_")}
    for unit in UNITS:
        names |= set(re.findall(r"(SAYABLE_[A-Z_]+)=", unit.read_text()))
    assert names and [name for name in sorted(names) if f"`{name}`" not in documented] == []


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_start_what_the_house_starts(path):
    """Each unit runs a command of the house, as a user of its own, in a file system that is read-only but for its state."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])
    assert words[0].startswith("/opt/sayable/") and words[0].endswith(".venv/bin/python")
    if words[1:3] == ["-m", "sayable"]:
        from sayable.cli import COMMANDS

        assert words[3] in COMMANDS
    else:
        assert tuple(words[words.index("-m") :]) in list_commands()
    assert service["User"] == "sayable"
    for key, value in (("ProtectSystem", "strict"), ("NoNewPrivileges", "yes"), ("PrivateTmp", "yes"), ("UMask", "0077")):
        assert service[key] == value


def test_nginx_takes_its_file():
    """nginx itself finds nothing wrong with the configuration (names of compose put as loopback ports)."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed on this machine; .ci/run installs it")
    text = re.sub(r"server (web|rasa|actions)-\d:(\d+)", r"server 127.0.0.1:\2", (DEPLOY / "nginx" / "house.conf").read_text())
    with TemporaryDirectory() as folder:
        changed = Path(folder) / "house.conf"
        changed.write_text(text.replace("/tmp/", f"{folder}/"))
        told = subprocess.run(["nginx", "-t", "-c", str(changed)], capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
