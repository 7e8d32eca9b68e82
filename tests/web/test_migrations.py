"""Migrations run forward from every released version on real rows, after a copy, and lose nothing."""

from __future__ import annotations

import sqlite3

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import select

from web.database.cipher import WordsCipher
from web.database.engine import open_engine
from web.database.opening import make_alembic_config, open_database
from web.database.tables import Agreement, Attempt, KeyCheck, Person, Turn, make_id
from web.secrets_store import read_words_keys

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


def test_an_old_reply_counts_as_said_in_the_talk(settings):
    """Replies stored before it was noted where they were said stand on the path of the talk as before."""
    from web.rehearsal.debrief import is_said_in_talk

    _, turn_id = make_database_of(settings, "0001")
    database = open_database(settings)
    with database.reading() as session:
        assert is_said_in_talk(session.get(Turn, turn_id))
    database.engine.dispose()
