"""The command line: every command is documented, explains itself, and `--help` is quick."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sayable.cli import COMMANDS, GROUPS, main

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    """Each command has its own heading in docs/COMMANDS.md, with something under it."""
    documented = (ROOT / "docs" / "COMMANDS.md").read_text(encoding="utf-8")
    section = re.search(rf"^## sayable {re.escape(name)}\n+(.+?)(?=^## |\Z)", documented, re.MULTILINE | re.DOTALL)
    assert section, f"docs/COMMANDS.md has no heading '## sayable {name}'"
    assert len(section[1].split()) >= 8


def test_the_document_names_no_command_that_is_gone() -> None:
    """docs/COMMANDS.md has no heading for a command that does not exist."""
    documented = (ROOT / "docs" / "COMMANDS.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## sayable (\S+)", documented, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_that_reads_well(name: str) -> None:
    """`--help` of each command opens with a whole sentence, and each of its options says what it does."""
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    with click.Context(main) as context:
        command = main.get_command(context, name)
        assert command is not None
        assert command.help, f"{name} has no help"
        first = command.help.strip().splitlines()[0]
        assert first[0].isupper()
        assert re.search(r"[.:](\s|$)", command.help)
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option):
                assert parameter.help, f"sayable {name}: {parameter.opts[0]} has no help"


def test_the_list_of_commands_has_one_line_each() -> None:
    """`sayable --help` lists every command with one line that ends in a full stop."""
    shown = CliRunner().invoke(main, ["--help"]).output
    for name, (_, _, line) in COMMANDS.items():
        assert re.search(rf"^  {re.escape(name)} +{re.escape(line)}$", shown, re.MULTILINE)
        assert line.endswith(".")


def test_help_is_quick_because_nothing_heavy_is_imported() -> None:
    """`sayable --help` imports no command, and neither spaCy nor Flask."""
    code = "import sys, sayable.cli as c\nc.main(['--help'], standalone_mode=False)\nprint('|'.join(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(shown.stdout.splitlines()[-1].split("|"))
    assert not loaded & {"spacy", "flask", "numpy", "onnxruntime", "sqlalchemy", "sayable.up.command", "sayable.score"}


def test_a_mistyped_command_is_told_with_the_nearest() -> None:
    """A command that does not exist is an error that names the nearest one."""
    shown = CliRunner().invoke(main, ["scroe"])
    assert shown.exit_code == 2
    assert "Did you mean 'score'?" in shown.output


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_a_command_that_needs_more_says_how_to_get_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its dependency group, a command names the missing package and the command that installs it."""
    import sayable.cli

    def refuse(module: str) -> None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")

    monkeypatch.setattr(sayable.cli.importlib, "import_module", refuse)
    shown = CliRunner().invoke(main, [name])
    assert shown.exit_code == 1
    assert "sklearn" in shown.output
    assert f"--group {GROUPS[name]}" in shown.output
