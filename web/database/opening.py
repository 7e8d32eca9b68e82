"""Opening the database at start: first the key is tried, then a copy is made, then migrations run."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text

from web.database import clinic_tables  # noqa: F401 - so that its tables are known
from web.database.cipher import CipherFault, WordsCipher
from web.database.copying import copy_sqlite
from web.database.engine import Database, open_engine
from web.database.postgres_tools import ToolFault, dump_postgres
from web.database.tables import KeyCheck
from web.secrets_store import SecretFault, read_words_keys
from web.settings import Settings

_CHECK_ID = "words"
_CHECK_WORD = "sayable"


class DatabaseFault(Exception):
    """A database that cannot be used as it is; `str()` is one sentence."""


def open_database(settings: Settings) -> Database:
    """Open the database of `settings`, making or migrating it; raises SecretFault or DatabaseFault before anything is written."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    cipher = read_cipher(settings)
    engine = open_engine(settings)
    try:
        migrate(engine, settings)
    except BaseException:
        engine.dispose()
        raise
    database = Database(engine, cipher)
    with database.writing() as session:
        check = session.scalar(select(KeyCheck))
        if check is None:
            check = KeyCheck(id=_CHECK_ID)
            session.add(check)
            check.word = _CHECK_WORD
    database.learn_sizes()
    return database


def read_cipher(settings: Settings) -> WordsCipher:
    """The cipher with the keys of `settings`; raises SecretFault when they are missing or are not those of the database there."""
    return make_cipher(settings, _read_key_check(settings))


def make_cipher(settings: Settings, sealed_word: bytes | None) -> WordsCipher:
    """The cipher with the keys of `settings`, tried on the database's check word. Only a database without one may have a key made."""
    cipher = WordsCipher(read_words_keys(settings, may_make=sealed_word is None))
    if sealed_word is not None and not opens_check_word(cipher, sealed_word):
        raise SecretFault("The key for words at rest is not the one this database was written with; nothing was written.")
    return cipher


def opens_check_word(cipher: WordsCipher, sealed_word: bytes) -> bool:
    try:
        cipher.open(sealed_word, table="key_check", column="word_sealed", row_id=_CHECK_ID)
    except CipherFault:
        return False
    return True


def fetch_check_word(connection: Connection) -> bytes | None:
    """The sealed check word of the database, or None when it has none yet."""
    if not inspect(connection).has_table("key_check"):
        return None
    row = connection.execute(text("SELECT word_sealed FROM key_check")).first()
    return None if row is None else bytes(row[0])


def migrate(engine: Engine, settings: Settings) -> None:
    """Bring the tables to this version of the code, after copying a database that is behind."""
    config = make_alembic_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == newest:
        return
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present is not None and present not in known:
        raise DatabaseFault(
            f"The database is of a newer version ({present}) than this program; use the newer program, or restore an older backup."
        )
    if present is not None:
        copy_before_migration(settings, present)
    with engine.execution_options(sayable_begin="BEGIN IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection  # a second process starting now waits for the lock and then finds nothing to do
        command.upgrade(config, "head")


def make_alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def copy_before_migration(settings: Settings, revision: str) -> Path | None:
    """Copy the database to `$SAYABLE_HOME/backups/`: SQLite by its online backup, PostgreSQL by pg_dump. Raises DatabaseFault."""
    if not settings.copy_before_migration or (settings.sqlite_path is not None and not settings.sqlite_path.exists()):
        return None
    folder = settings.home / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    kind = "pgdump" if settings.sqlite_path is None else "sqlite3"
    target_path = folder / f"before-migration-from-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{kind}"
    target_path.touch(mode=0o600)
    try:
        if settings.sqlite_path is None:
            dump_postgres(settings.database_url, target_path)
        else:
            copy_sqlite(settings.sqlite_path, target_path)
    except (ToolFault, OSError, sqlite3.Error) as error:
        target_path.unlink(missing_ok=True)
        why = str(error) if isinstance(error, ToolFault) else f"{type(error).__name__}."
        raise DatabaseFault(
            f"The database is of an earlier version ({revision}), and no copy can be made before it is brought up to date: {why} "
            "Nothing was changed. With a backup of your own, SAYABLE_COPY_BEFORE_MIGRATION=off goes on without."
        ) from None
    return target_path


def _read_key_check(settings: Settings) -> bytes | None:
    """The sealed check word, or None when the database is new."""
    if settings.sqlite_path is not None and not (settings.sqlite_path.exists() and settings.sqlite_path.stat().st_size):
        return None
    engine = open_engine(settings)
    try:
        with engine.connect() as connection:
            return fetch_check_word(connection)
    finally:
        engine.dispose()
