"""Making a backup of a house that may be running: the database as it is at one moment, and what the operator wrote in the home."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from web.database.backup_file import BackupFault, Manifest, pack
from web.database.cipher import WordsCipher
from web.database.copying import copy_sqlite
from web.database.engine import open_engine
from web.database.opening import fetch_check_word, make_cipher
from web.database.postgres_tools import dump_postgres
from web.database.sealed_columns import count_by_key
from web.secrets_store import read_words_keys
from web.settings import Settings

NAME = re.compile(r"sayable-backup-(\d{8}T\d{6}Z)\.tar")
NOT_CONTENT = frozenset({"backups", "logs", "models", "run", "secrets", "tmp"})
"""Folders of the home that hold nothing a person wrote for the house, or that must not be in a backup."""
LARGEST_CONTENT_FILE = 64 * 1024 * 1024


def make_backup(settings: Settings, folder: Path, *, now: datetime) -> tuple[Path, Manifest]:
    """Make `sayable-backup-<moment>.tar` (mode 0600) in `folder`, whole or not at all; gives its path and manifest.

    Raises SecretFault when the key is missing or wrong, BackupFault, ToolFault, or OSError when the disk is full.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"sayable-backup-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise BackupFault(f"{target} is there already; wait a second.")
    with tempfile.TemporaryDirectory(prefix=".sayable-backup-", dir=folder) as beside:  # a folder of 0700 on the same disk
        copy, draft = Path(beside) / "database", Path(beside) / "draft.tar"
        migration, key_ids, key = copy_database(settings, copy)
        files = {"database": copy} | {f"home/{path.relative_to(settings.home)}": path for path in list_content(settings)}
        kind: Literal["sqlite", "postgresql"] = "postgresql" if settings.sqlite_path is None else "sqlite"
        manifest = Manifest(made_at=now, version=version("sayable"), database=kind, migration=migration, key_ids=key_ids, files={})
        draft.touch(mode=0o600)
        manifest = pack(draft, manifest, files, key)
        draft.replace(target)
    flush_folder(folder)
    return target, manifest


def copy_database(settings: Settings, target: Path) -> tuple[str, tuple[str, ...], bytes]:
    """Copy the database to `target`; gives its migration, the ids of the keys that it needs, and the key that vouches for it."""
    target.touch(mode=0o600)
    if settings.sqlite_path is None:
        engine = open_engine(settings)
        dump_postgres(settings.database_url, target)
    else:
        if not settings.sqlite_path.exists():
            raise BackupFault(f"There is no database at {settings.sqlite_path} yet.")
        copy_sqlite(settings.sqlite_path, target)
        engine = create_engine(f"sqlite:///{target}", hide_parameters=True)
    try:
        with engine.connect() as connection:
            return _look_over(settings, connection)
    finally:
        engine.dispose()


def list_content(settings: Settings) -> list[Path]:
    """The files of the home that hold content: help texts, scenes, whatever an operator laid there; no secret, model, log or database."""
    secrets = read_secrets(settings)
    database = settings.sqlite_path.name if settings.sqlite_path is not None else "sayable.sqlite3"
    found = []
    for path in sorted(settings.home.rglob("*")):
        parts = path.relative_to(settings.home).parts
        if parts[0] in NOT_CONTENT or any(part.startswith(".") for part in parts) or not path.is_file() or path.is_symlink():
            continue
        if len(parts) == 1 and parts[0].startswith(database):  # the database, its -wal and -shm
            continue
        if path.stat().st_size > LARGEST_CONTENT_FILE or holds_secret(path, secrets):
            continue
        found.append(path)
    return found


def read_secrets(settings: Settings) -> list[bytes]:
    """Every secret of the home, each line by itself: what must not be in a backup, under whatever name somebody copied it."""
    texts = [path.read_bytes() for path in settings.secrets_folder.glob("*") if path.is_file()]
    given = (settings.words_key.replace(",", "\n"), settings.session_secret, settings.channel_secret)
    return [line.strip() for text in [*texts, *(one.encode() for one in given)] for line in text.splitlines() if len(line.strip()) >= 8]


def holds_secret(path: Path, secrets: list[bytes]) -> bool:
    content = path.read_bytes()
    return any(secret in content for secret in secrets)


def prune_backups(folder: Path, *, keep: timedelta, now: datetime) -> list[Path]:
    """Delete backups in `folder` that were made more than `keep` ago, by the moment in their names; gives which."""
    gone = []
    for path in sorted(folder.glob("sayable-backup-*.tar")):
        named = NAME.fullmatch(path.name)
        if named and datetime.strptime(named[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + keep < now:
            path.unlink()
            gone.append(path)
    for left in folder.glob(".sayable-backup-*"):  # by a run that was killed
        if left.is_dir() and datetime.fromtimestamp(left.stat().st_mtime, UTC) + timedelta(days=1) < now:
            shutil.rmtree(left, ignore_errors=True)
    return gone


def flush_folder(folder: Path) -> None:
    """See to it that a new name in `folder` is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _look_over(settings: Settings, connection: Connection) -> tuple[str, tuple[str, ...], bytes]:
    migration = MigrationContext.configure(connection).get_current_revision()
    sealed_word = fetch_check_word(connection)
    if migration is None or sealed_word is None:
        raise BackupFault("The database holds nothing yet: start the house once.")
    make_cipher(settings, sealed_word)
    keys = read_words_keys(settings, may_make=False)
    needed = {key_id.hex() for key_id in count_by_key(connection)}
    vouching = WordsCipher(keys).key_id.hex()
    return migration, (vouching, *sorted(needed - {vouching})), keys[0]
