"""The dependency audit tells the unexplained from the explained, and never takes an index without advisories for a clean bill."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def audit(monkeypatch):
    loader = importlib.machinery.SourceFileLoader("dependency_audit", str(ROOT / ".ci" / "audit"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    monkeypatch.setattr(module, "export", lambda project: "a==1\n")
    return module


def answer_with(audit, monkeypatch, canary, others):
    monkeypatch.setattr(audit, "ask", lambda path: canary if path.read_text() == audit.CANARY else others)


def test_an_index_without_advisories_is_not_called_clean(audit, monkeypatch, capsys):
    """When even a famous old hole is not known there, it says that nothing was audited."""
    answer_with(audit, monkeypatch, [], [])
    assert audit.main() == 0 and "NOT AUDITED" in capsys.readouterr().out


def test_something_unexplained_fails(audit, monkeypatch, capsys):
    """A vulnerability that the list does not name fails the run and is told by package and id."""
    answer_with(audit, monkeypatch, [("jinja2", "2.10", "X", [])], [("a", "1", "PYSEC-1", ["CVE-2099-1"])])
    assert audit.main() == 1 and "CVE-2099-1" in capsys.readouterr().out


def test_something_explained_passes(audit, monkeypatch):
    """What stands on the list for that environment, by any of its names, passes; for the other environment it does not."""
    known = [("aiohttp", "3.9.5", "GHSA-x", ["CVE-2024-52304"])]
    monkeypatch.setattr(audit, "PROJECTS", {"rasa_project": ROOT / "rasa_project"})
    answer_with(audit, monkeypatch, known, known)
    assert audit.main() == 0
    monkeypatch.setattr(audit, "PROJECTS", {"root": ROOT})
    assert audit.main() == 1


def test_every_entry_says_why_and_names_a_locked_version():
    """An entry without a reason, or for a version that is no longer locked, is out of date."""
    locked = (ROOT / "rasa_project" / "uv.lock").read_text()
    for row in yaml.safe_load((ROOT / "deploy" / "known-vulnerabilities.yml").read_text())["rasa_project"]:
        name, version = row["package"].split()
        assert len(row["why"]) > 40
        assert f'name = "{name}"\nversion = "{version}"' in locked, row["package"]
