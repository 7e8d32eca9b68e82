"""What docs/ASKED_FOR.md and docs/ASVS.md claim: every test that they name is there, and no row stands without a test or a reason."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
REASONS = ("Why not:", "Not met", "Not applicable", "Not shown by a test")


def read_rows(document: str) -> list[list[str]]:
    """The cells of each row of the document's tables, without heads."""
    lines = (ROOT / "docs" / document).read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if set("".join(row)) - set("- ") and row[-1] != "shown by"]


@cache
def list_tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@pytest.mark.parametrize("document", ["ASKED_FOR.md", "ASVS.md"])
def test_every_named_test_is_there(document: str):
    """A test that was renamed or taken away is no longer claimed."""
    named = NAMED.findall((ROOT / "docs" / document).read_text(encoding="utf-8"))
    assert len(named) > 25
    for file, name in named:
        assert (ROOT / file).is_file(), file
        assert list_tests(ROOT / file) if not name else name in list_tests(ROOT / file), f"{file}::{name}"


@pytest.mark.parametrize("document", ["ASKED_FOR.md", "ASVS.md"])
def test_every_row_has_a_test_or_a_reason(document: str):
    """No row is only a promise."""
    for row in read_rows(document):
        assert NAMED.search(row[-1]) or any(reason in cell for cell in row for reason in REASONS), row


def test_all_nineteen_wishes_are_answered():
    """U1 to U19, each once."""
    assert [row[0] for row in read_rows("ASKED_FOR.md")] == [f"U{number}" for number in range(1, 20)]
