"""`sayable audit` finds what was changed, removed, inserted or cut off, and changes nothing itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, update

from sayable.cli import main
from web.clinic.audit import AuditTrail
from web.database.clinic_tables import AuditEvent
from web.database.engine import Database
from web.database.opening import open_database
from web.secrets_store import read_audit_secret
from web.settings import read_settings


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("SAYABLE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def trail(home) -> Database:
    """Four events in a database of its own."""
    settings = read_settings({"SAYABLE_HOME": str(home)})
    database = open_database(settings)
    writer = AuditTrail(read_audit_secret(settings))
    with database.writing() as session:
        for what in ("invited", "joined", "shared", "share_read"):
            writer.record(session, what, now=datetime.now(UTC), actor_id="a" * 32, subject_id="b" * 32)
    yield database
    database.engine.dispose()


def run(*options: str):
    return CliRunner().invoke(main, ["audit", *options])


def test_a_trail_that_holds(trail):
    """Exit code 0, the number of rows, and the last number with its hash."""
    answer = run()
    assert answer.exit_code == 0, answer.output
    assert "4 rows, unbroken." in answer.output and re.search(r"^Last: 4:[0-9a-f]{64}$", answer.output, re.M)


def test_a_broken_row_is_named(trail):
    """Exit code 1 and the number of the row that somebody changed."""
    with trail.writing() as session:
        session.execute(update(AuditEvent).where(AuditEvent.number == 3).values(what="exported"))
    answer = run()
    assert answer.exit_code == 1 and "Broken at row 3" in answer.output


def test_rows_cut_off_are_found_by_what_was_noted(trail):
    """Without the last row the chain still holds; what was printed before tells."""
    noted = re.search(r"Last: (\S+)", run().output)[1]
    assert run("--noted", noted).exit_code == 0
    with trail.writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.number == 4))
    assert run().exit_code == 0
    answer = run("--noted", noted)
    assert answer.exit_code == 1 and "Row 4 is not there" in answer.output


def test_nothing_is_made_where_nothing_is(home):
    """Without a database, or without its secret, a sentence says so and no file appears."""
    answer = run()
    assert answer.exit_code == 1 and "There is no database" in answer.output and not home.exists()


def test_a_lost_secret_is_told(trail, home):
    """A new secret would make every row look broken: none is made."""
    (home / "secrets" / "audit.secret").unlink()
    answer = run()
    assert answer.exit_code == 1 and "restore it from its copy" in answer.output
    assert not (home / "secrets" / "audit.secret").exists()


def test_a_note_that_is_none_is_refused():
    """Something else than number and hash gives a usage error."""
    assert run("--noted", "yesterday").exit_code == 2
