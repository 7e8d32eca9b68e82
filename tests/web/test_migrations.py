"""Migrations run forward from every released version on real rows, after a copy, and lose nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from tests.web.filled_database import fill_every_table, read_every_sealed_value, reflect
from tests.web.postgres import make_postgres_database
from web.database.cipher import WordsCipher
from web.database.engine import open_engine
from web.database.opening import DatabaseFault, make_alembic_config, open_database
from web.database.postgres_tools import run_script, write_script
from web.database.tables import Agreement, Attempt, KeyCheck, Person, Turn, make_id
from web.secrets_store import read_words_keys

pytestmark = pytest.mark.empty_home
REVISIONS = [script.revision for script in reversed(list(ScriptDirectory.from_config(make_alembic_config()).walk_revisions()))]
MOMENT = "2026-11-22 08:00:00.000000"


def make_database_of(settings, revision: str) -> tuple[str, str]:
    """A database as `revision` left it, with one attempt and one reply in it; gives their ids."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    cipher = WordsCipher(read_words_keys(settings, may_make=True))
    engine = open_engine(settings)
    config = make_alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    person_id, attempt_id, turn_id = make_id(), make_id(), make_id()
    words = cipher.seal(b"said before the upgrade", table="turn", column="words_sealed", row_id=turn_id)
    word = cipher.seal(b"sayable", table="key_check", column="word_sealed", row_id="words")
    with sqlite3.connect(settings.sqlite_path) as connection:
        connection.execute("INSERT INTO key_check (id, word_sealed) VALUES ('words', ?)", (word,))
        connection.execute("INSERT INTO person (id, role, created_at) VALUES (?, 'guest', ?)", (person_id, MOMENT))
        connection.execute(
            "INSERT INTO attempt (id, person_id, start_id, kind, scene_id, scene_version, level, seed, feedback_mode, phase, turn_count, "
            "created_at, last_used_at, revision) VALUES (?, ?, 's', 'scene', 'S17', 1, 'friendly', 7, 'full', 'scene', 1, ?, ?, 1)",
            (attempt_id, person_id, MOMENT, MOMENT),
        )
        connection.execute(
            "INSERT INTO turn (id, attempt_id, number, message_id, kind, status, words_sealed, created_at) "
            "VALUES (?, ?, 1, 'm', 'speech', 'answered', ?, ?)",
            (turn_id, attempt_id, words, MOMENT),
        )
    connection.close()
    return attempt_id, turn_id


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_every_version_opens_with_its_rows(settings, revision):
    """Opened by today's code, a database of any version holds its reply as it was and takes what is new; a copy was made if it changed."""
    attempt_id, turn_id = make_database_of(settings, revision)
    database = open_database(settings)
    with database.writing() as session:
        assert session.get(Turn, turn_id).words == "said before the upgrade"
        attempt = session.get(Attempt, attempt_id)
        attempt.self_check = "unsure"
        session.add(Agreement(id=make_id(), attempt_id=attempt_id, changed_at=attempt.created_at))
    with database.reading() as session:
        assert session.scalar(select(Attempt)).self_check == "unsure"
        assert len(list(session.scalars(select(Person)))) == len(list(session.scalars(select(KeyCheck)))) == 1
    database.engine.dispose()
    copies = list((settings.home / "backups").glob("before-migration-from-*.sqlite3"))
    assert len(copies) == (0 if revision == REVISIONS[-1] else 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request, settings):
    """Settings of a house on SQLite and, when a server is there, on PostgreSQL."""
    if request.param == "sqlite":
        yield settings
        return
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


def fill_database_of(settings, revision: str) -> dict:
    """A database as `revision` left it, with rows in every table and words in every sealed column; gives the words."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    cipher = WordsCipher(read_words_keys(settings, may_make=True))
    engine = open_engine(settings)
    config = make_alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with engine.connect() as connection:
        words = fill_every_table(connection, cipher)
        word = cipher.seal(b"sayable", table="key_check", column="word_sealed", row_id="words")
        connection.execute(text("INSERT INTO key_check (id, word_sealed) VALUES ('words', :word)"), {"word": word})
        connection.commit()
    engine.dispose()
    return words


def read_rows(settings, columns: dict[str, list[str]] | None = None) -> dict[str, list]:
    """All rows of all tables, or of the tables and columns named."""
    engine = open_engine(settings)
    rows = {}
    with engine.connect() as connection:
        for table in reflect(connection).sorted_tables:
            chosen = table.columns.keys() if columns is None else columns.get(table.name)
            if chosen and table.name != "alembic_version":
                found = connection.execute(select(*(table.columns[name] for name in chosen)))
                rows[table.name] = sorted(([*zip(chosen, row, strict=True)] for row in found), key=repr)
    engine.dispose()
    return rows


@pytest.mark.parametrize("revision", REVISIONS)
def test_everything_of_every_version_is_there_after_the_upgrade(either, revision):
    """Rows in every table, words in every sealed column: after the upgrade all are as they were, and a copy of before lies beside."""
    words = fill_database_of(either, revision)
    before = read_rows(either)
    database = open_database(either)
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[-1]
        found = read_every_sealed_value(connection, database.cipher)
    database.engine.dispose()
    assert {place: value for place, value in found.items() if place[0] != "key_check"} == words
    assert read_rows(either, {name: [column for column, _ in rows[0]] for name, rows in before.items()}) == before
    copies = list((either.home / "backups").glob(f"before-migration-from-{revision}-*"))
    assert len(copies) == (0 if revision == REVISIONS[-1] else 1)
    for copy in copies:
        assert copy.stat().st_mode & 0o777 == 0o600
        assert read_copy(either, copy) == before


def read_copy(settings, copy) -> dict[str, list]:
    """The rows in a copy, put into a database of its own."""
    if copy.suffix == ".sqlite3":
        return read_rows(replace(settings, database_url=f"sqlite:///{copy}"))
    with make_postgres_database() as address:
        script = copy.with_suffix(".sql")
        write_script(copy, script)
        run_script(address, script)
        return read_rows(replace(settings, database_url=address))


def test_no_copy_no_migration(either, monkeypatch):
    """When no copy can be made, nothing is changed and the sentence says why; with the setting off it goes on without a copy."""
    words = fill_database_of(either, REVISIONS[0])

    def fail(*given: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("copy_sqlite", "dump_postgres"):
        monkeypatch.setattr(f"web.database.opening.{name}", fail)
    before = read_rows(either)
    with pytest.raises(DatabaseFault, match="no copy can be made"):
        open_database(either)
    assert read_rows(either) == before
    assert list((either.home / "backups").iterdir()) == []
    database = open_database(replace(either, copy_before_migration=False))
    with database.engine.connect() as connection:
        assert read_every_sealed_value(connection, database.cipher).items() >= words.items()
    database.engine.dispose()


def test_an_old_reply_counts_as_said_in_the_talk(settings):
    """Replies stored before it was noted where they were said stand on the path of the talk as before."""
    from web.rehearsal.debrief import is_said_in_talk

    _, turn_id = make_database_of(settings, "0001")
    database = open_database(settings)
    with database.reading() as session:
        assert is_said_in_talk(session.get(Turn, turn_id))
    database.engine.dispose()
