"""Copying a SQLite database that is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def copy_sqlite(source_path: Path, target_path: Path) -> None:
    """Copy a SQLite database as it is at one moment, while others read and write it (SQLite's online backup, in one step)."""
    with closing(sqlite3.connect(source_path, timeout=30)) as source, closing(sqlite3.connect(target_path)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, no log beside it
