"""Putting a backup in the place of what is there: all of it is checked before anything is written, and what was there is kept aside.

Run it only while no other process has the database open (`web.database.alone`).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from web.database.alone import open_alone
from web.database.backup import flush_folder, list_content, make_backup
from web.database.backup_file import BackupFault, Manifest, check_backup, unpack
from web.database.cipher import WordsCipher
from web.database.engine import open_engine
from web.database.opening import fetch_check_word, make_alembic_config, opens_check_word
from web.database.postgres_tools import dump_postgres, run_script, write_script
from web.database.sealed_columns import UnknownSealedColumn
from web.secrets_store import SecretFault
from web.settings import Settings


def look_at_backup(settings: Settings, path: Path, keys: Sequence[bytes]) -> Manifest:
    """Read the whole backup and say whether it fits here; raises BackupFault. Nothing is written."""
    manifest = check_backup(path, keys)
    kind = "sqlite" if settings.sqlite_path is not None else "postgresql"
    if manifest.database != kind:
        raise BackupFault(f"The backup is of a {manifest.database} database, and SAYABLE_DATABASE_URL names a {kind} one.")
    known = {script.revision for script in ScriptDirectory.from_config(make_alembic_config()).walk_revisions()}
    if manifest.migration not in known:
        raise BackupFault(
            f"The backup is of a newer version ({manifest.version}, migration {manifest.migration}) than this program; use the newer one."
        )
    return manifest


def restore_backup(settings: Settings, path: Path, keys: Sequence[bytes], *, now: datetime) -> Path:
    """Put the backup in place; gives the folder in which what was there is kept. Raises InUse, BackupFault, ToolFault or OSError.

    Killed in the middle: the database is the old one or the new one, never half of each, and running it again is safe.
    """
    check_alone(settings)
    work = settings.sqlite_path.parent if settings.sqlite_path is not None else settings.home
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".sayable-restore-", dir=work) as beside:
        fresh = Path(beside)
        manifest = unpack(path, keys, fresh)
        _try_database(manifest, fresh / "database", WordsCipher(keys), fresh)
        aside = settings.home / "backups" / f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        aside.mkdir(mode=0o700, parents=True)
        keep_what_is_there(settings, aside, now=now)
        if settings.sqlite_path is not None:
            _place_sqlite(settings.sqlite_path, fresh / "database")
        else:
            _place_postgres(settings, fresh)
        for name in manifest.files:
            if name != "database":
                _place_file(fresh / name, settings.home / Path(name).relative_to("home"))
    return aside


def check_alone(settings: Settings) -> None:
    """Raise InUse while another process has the database open. A file that is no database any more is in nobody's use."""
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return
    try:
        with open_alone(settings) as connection:
            connection.rollback()
    except DatabaseError as error:
        if settings.sqlite_path is None or isinstance(error, OperationalError):
            raise


def keep_what_is_there(settings: Settings, aside: Path, *, now: datetime) -> None:
    """Make a backup of the present state in `aside`; where that cannot be (damaged, another key), keep the bare files or dump."""
    database = settings.sqlite_path
    if database is not None and not (database.exists() and database.stat().st_size):
        return
    if database is None and not _list_tables(settings):
        return
    try:
        make_backup(settings, aside, now=now)
    except (SecretFault, UnknownSealedColumn, BackupFault, SQLAlchemyError, sqlite3.Error):
        if database is None:
            dump_postgres(settings.database_url, aside / "database.pgdump")
        else:
            for name in (database.name, *_list_logs(database)):
                if database.with_name(name).exists():
                    _copy_privately(database.with_name(name), aside / name)
        for path in list_content(settings):
            _copy_privately(path, aside / "home" / path.relative_to(settings.home))
    flush_folder(aside)


def _try_database(manifest: Manifest, database: Path, cipher: WordsCipher, folder: Path) -> None:
    """Open what the backup holds before it goes anywhere: whole, of the version it says, and readable with the key."""
    if manifest.database == "postgresql":
        script = folder / "script.sql"
        script.touch(mode=0o600)
        write_script(database, script)
        return
    with closing(sqlite3.connect(database)) as connection:
        problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise BackupFault("The database in the backup is damaged (SQLite's own check says so).")
    engine = create_engine(f"sqlite:///{database}", hide_parameters=True)
    try:
        with engine.connect() as connection:
            migration = MigrationContext.configure(connection).get_current_revision()
            sealed_word = fetch_check_word(connection)
    finally:
        engine.dispose()
    if migration != manifest.migration or sealed_word is None or not opens_check_word(cipher, sealed_word):
        raise BackupFault("The database in the backup does not open with the key, or is of another version than the manifest says.")


def _place_sqlite(path: Path, fresh: Path) -> None:
    if path.exists():
        try:
            with closing(sqlite3.connect(path, timeout=2)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that the old database is whole without its log
        except sqlite3.Error:
            pass  # it is damaged, and kept aside as it was
    for name in _list_logs(path):  # a log of the old database must not be played into the new one
        path.with_name(name).unlink(missing_ok=True)
    fresh.chmod(0o600)
    os.replace(fresh, path)
    flush_folder(path.parent)


def _place_postgres(settings: Settings, folder: Path) -> None:
    """All in one transaction: every table there is taken away first, those of a newer version too, then the backup's are made."""
    drops = "".join('DROP TABLE "public"."{}" CASCADE;\n'.format(name.replace('"', '""')) for name in _list_tables(settings))
    whole = folder / "whole.sql"
    whole.touch(mode=0o600)
    with open(whole, "wb") as output, open(folder / "script.sql", "rb") as script:
        output.write(drops.encode())
        shutil.copyfileobj(script, output)
    run_script(settings.database_url, whole)


def _list_tables(settings: Settings) -> list[str]:
    engine = open_engine(settings)
    try:
        with engine.connect() as connection:
            return inspect(connection).get_table_names("public")
    finally:
        engine.dispose()


def _list_logs(path: Path) -> tuple[str, str]:
    return f"{path.name}-wal", f"{path.name}-shm"


def _place_file(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    _copy_privately(source, draft)
    draft.replace(target)


def _copy_privately(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
    with open(target, "rb") as file:
        os.fsync(file.fileno())
