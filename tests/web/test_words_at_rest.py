"""Words at rest: encrypted from the first migration on, bound to their place, readable only with the key."""

from __future__ import annotations

import base64
import sqlite3

import pytest
from sqlalchemy import LargeBinary, String, Text, inspect, select

from web.database.cipher import CipherFault, WordsCipher
from web.database.clinic_tables import ALL_PLAIN_COLUMNS
from web.database.opening import DatabaseFault, open_database
from web.database.sealed import SealedText
from web.database.tables import Base, Note, Turn
from web.secrets_store import SecretFault, make_words_key
from web.settings import read_settings

PLACE = {"table": "turn", "column": "words_sealed", "row_id": "a" * 32}


def make_key(sign: bytes) -> bytes:
    return sign * 32


def open_and_close(settings) -> None:
    open_database(settings).engine.dispose()


def find_sealed(mapped: type) -> set[str]:
    return {value.column for value in vars(mapped).values() if isinstance(value, SealedText)}


def test_every_text_column_is_sealed_or_plain_on_purpose():
    """A new text column is either encrypted or stands on the list of plain ones with its reason; a new bytes column is encrypted."""
    for mapper in Base.registry.mappers:
        sealed = find_sealed(mapper.class_)
        for column in mapper.local_table.columns:
            name = f"{mapper.local_table.name}.{column.name}"
            if isinstance(column.type, String | Text):
                assert name in ALL_PLAIN_COLUMNS, f"{name} holds text that is neither encrypted nor listed as plain"
            if isinstance(column.type, LargeBinary):
                assert column.name in sealed, f"{name} holds bytes that nothing encrypts"


def test_the_plain_list_names_only_columns_that_are_there():
    """The list of plain columns does not outlive its columns."""
    names = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    assert names >= ALL_PLAIN_COLUMNS


def test_migrations_make_the_tables_of_the_code(settings):
    """The database that migrations make has the columns that the code expects: nothing forgotten in a migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database = open_database(settings)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert "turn" in inspect(connection).get_table_names()
    database.engine.dispose()


def test_what_is_typed_is_nowhere_in_the_files(guest, talk, settings):
    """A planted word is in no file of the house: not in the database, not in its log, not beside it."""
    guest.say(talk, "planted-word-one")
    guest.order(talk, "stop")
    guest.order(talk, "guess", guess={"feeling": "planted-word-two", "need": ""})
    guest.call("PUT", f"/attempts/{talk}/note", {"text": "planted-word-three"})
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"planted-word" not in kept
    assert b"Line 1." not in kept


def test_sealed_values_do_not_move(app, guest, talk):
    """A value copied to another row or another column does not open."""
    guest.say(talk, "one")
    guest.say(talk, "two")
    with app.extensions["house"].database.writing() as session:
        first, second = session.scalars(select(Turn).where(Turn.kind == "speech").order_by(Turn.number))
        first.words_sealed = second.words_sealed
        second.state_after_sealed = second.answer_sealed
        session.flush()
        with pytest.raises(CipherFault):
            _ = first.words
        with pytest.raises(CipherFault):
            _ = second.state_after


def test_a_changed_value_does_not_open():
    """One bit changed, one byte missing, or no value at all: each is refused."""
    cipher = WordsCipher([make_key(b"k")])
    sealed = cipher.seal(b"words", **PLACE)
    for broken in (sealed[:-1], sealed[:-1] + bytes([sealed[-1] ^ 1]), b"\x02" + sealed[1:], b"", b"\x01"):
        with pytest.raises(CipherFault):
            cipher.open(broken, **PLACE)


def test_the_same_words_are_never_sealed_alike():
    """Two equal replies cannot be told apart from their ciphertexts being equal."""
    cipher = WordsCipher([make_key(b"k")])
    assert cipher.seal(b"words", **PLACE) != cipher.seal(b"words", **PLACE)


def test_keys_can_be_changed():
    """The newest key seals; what older keys sealed still opens while they stand in the file."""
    old, new = make_key(b"o"), make_key(b"n")
    sealed = WordsCipher([old]).seal(b"words", **PLACE)
    both = WordsCipher([new, old])
    assert both.open(sealed, **PLACE) == b"words"
    assert both.seal(b"words", **PLACE)[1:5] == WordsCipher([new]).key_id
    with pytest.raises(CipherFault):
        WordsCipher([new]).open(sealed, **PLACE)


def test_a_row_outside_a_session_takes_no_words():
    """Words can be written only where a cipher is at hand; forgetting it is an error, not plain text."""
    with pytest.raises(RuntimeError):
        Note(id="a" * 32, attempt_id="b" * 32).words = "typed"


def test_a_missing_key_is_told_before_anything_is_written(settings):
    """With words in the database and the key file gone, the start fails, makes no new key and writes nothing."""
    open_and_close(settings)
    key = settings.secrets_folder / "words.key"
    key.rename(key.with_suffix(".away"))
    before = settings.sqlite_path.read_bytes()
    with pytest.raises(SecretFault, match=r"words\.key"):
        open_database(settings)
    assert not key.exists()
    assert settings.sqlite_path.read_bytes() == before


def test_a_wrong_key_is_told_before_anything_is_written(settings):
    """Another key than the one the database was written with is noticed at start."""
    open_and_close(settings)
    (settings.secrets_folder / "words.key").write_text(make_words_key())
    before = settings.sqlite_path.read_bytes()
    with pytest.raises(SecretFault, match="not the one"):
        open_database(settings)
    assert settings.sqlite_path.read_bytes() == before


@pytest.mark.empty_home
@pytest.mark.parametrize("text", ["", "short", base64.b64encode(b"x" * 31).decode(), "not base64 at all!"])
def test_a_broken_key_file_is_told(settings, text):
    """A key file that holds no proper key is named, and its content is not repeated."""
    settings.secrets_folder.mkdir(parents=True)
    (settings.secrets_folder / "words.key").write_text(text)
    with pytest.raises(SecretFault) as caught:
        open_database(settings)
    assert "words.key" in str(caught.value)
    assert not text or text not in str(caught.value)


def test_secrets_are_private_files(settings):
    """Secrets are made with mode 0600 in a folder of 0700, and so is the database; a mode that is too wide is narrowed."""
    open_and_close(settings)
    key = settings.secrets_folder / "words.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert settings.secrets_folder.stat().st_mode & 0o777 == 0o700
    assert settings.sqlite_path.stat().st_mode & 0o777 == 0o600
    key.chmod(0o644)
    open_and_close(settings)
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_key_from_the_environment_leaves_no_file(tmp_path):
    """With SAYABLE_WORDS_KEY the key is nowhere on the disk."""
    settings = read_settings({"SAYABLE_HOME": str(tmp_path), "SAYABLE_WORDS_KEY": make_words_key()})
    open_and_close(settings)
    assert not (settings.secrets_folder / "words.key").exists()


def test_a_migration_is_preceded_by_a_copy(settings):
    """A database of an earlier version is copied before it is changed, privately, and the copy holds its rows."""
    open_and_close(settings)
    with sqlite3.connect(settings.sqlite_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    from web.database.opening import copy_before_migration

    copy = copy_before_migration(settings, "0000")
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM key_check").fetchone() == (1,)


def test_a_newer_database_is_left_alone(settings):
    """A database that a newer program wrote is not touched by an older one."""
    open_and_close(settings)
    with sqlite3.connect(settings.sqlite_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseFault, match="newer version"):
        open_database(settings)


def test_sqlite_is_set_up_for_many_writers(settings):
    """WAL, a patient lock, foreign keys, and erased bytes overwritten."""
    database = open_database(settings)
    with database.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys", "secure_delete")}
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    database.engine.dispose()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1}
    assert patience >= 5000
