"""The database: how it is opened, read and written.

SQLite runs in WAL mode with foreign keys, secure delete and full sync (`Database.writing` says where not); a writing session
takes the write lock at its start, so two writers wait for each other instead of failing half-way. Threads of one process queue for it
among themselves: SQLite's own way of waiting is to sleep and look again, up to a tenth of a second late, and who comes later may be
served first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from web.database.cipher import WordsCipher
from web.settings import Settings

LEARN_FROM_TURNS = 1000
QUEUE_SECONDS = 15.0
"""As long as SQLite itself waits for the write lock; whoever waited in vain asks it, and it says so with its own error."""
CACHE = "cache_size=-8000"
"""Up to 8 MB of pages a connection: with SQLite's own 2 MB lists over a large database read the file again and again."""
_QUEUES: dict[str, threading.RLock] = {}
"""Database address to the queue of this process's writers."""


class Database:
    """Sessions on one engine, each carrying the cipher for words at rest."""

    def __init__(self, engine: Engine, cipher: WordsCipher) -> None:
        self.engine = engine
        self.cipher = cipher
        self._writer = engine.execution_options(sayable_begin="BEGIN IMMEDIATE")
        self._hasty_writer = engine.execution_options(sayable_begin="BEGIN IMMEDIATE", sayable_synchronous="NORMAL")
        self._queue = _QUEUES.setdefault(str(engine.url), threading.RLock()) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking; nothing it changes is kept."""
        with Session(self.engine, info={"cipher": self.cipher}, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def reading_rows(self) -> Iterator[Connection]:
        """As `reading`, for plain columns: a connection, which costs a third of a session."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[Session]:
        """A session whose changes are committed together at its end, or not at all.

        Without `lasting` they survive the end of every process of ours at once, and a power cut from the next lasting change on: SQLite's
        log is one, and syncing it takes along what was written before. Only for what nobody is told before such a change was made.
        """
        writer = self._writer if lasting else self._hasty_writer
        with self._queueing(), Session(writer, info={"cipher": self.cipher}, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def writing_rows(self) -> Iterator[Connection]:
        """As `writing`, for plain rows without sealed words: a connection, which costs a third of a session."""
        with self._queueing(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _queueing(self) -> Iterator[None]:
        held = self._queue is not None and self._queue.acquire(timeout=QUEUE_SECONDS)
        try:
            yield
        finally:
            if held and self._queue is not None:
                self._queue.release()

    def learn_sizes(self) -> bool:
        """Have SQLite look at how its tables are filled, so that it takes the short way into them; False when there is no need.

        Without it, a clinic's pages went through every rehearsal of a client to find those of one piece of homework. Takes a fifth
        of a second for 300,000 turns. Small tables are left alone: what was learnt of them would mislead once they have grown.
        """
        if self.engine.dialect.name != "sqlite":
            return False  # PostgreSQL does so by itself
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if (connection.execute(text("SELECT max(rowid) FROM turn")).scalar() or 0) < LEARN_FROM_TURNS:
                return False
            connection.execute(text("PRAGMA analysis_limit=1000"))
            connection.execute(text("ANALYZE"))
        return True

    def forget_freed_pages(self) -> bool:
        """After erasing: empty SQLite's write-ahead log, which still holds what was erased. False when a reader was in the way."""
        if self.engine.dialect.name != "sqlite":
            return True
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for _ in range(5):  # a reader that has just begun is done in a moment; the next sweep tries again after that
                row = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
                if row[0] == 0:
                    return True
                time.sleep(0.05)
        return False


def open_engine(settings: Settings, *, lasting: bool = True) -> Engine:
    """An engine that never puts bound values into an error message.

    `lasting`: each commit is on the disk before it returns. Counters that may be lost in a power cut do without.
    """
    if settings.sqlite_path is None:
        return create_engine(settings.database_url, hide_parameters=True, pool_pre_ping=True, pool_size=settings.web_threads)
    settings.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.sqlite_path.exists():
        settings.sqlite_path.touch(mode=0o600)
    engine = create_engine(
        settings.database_url,
        hide_parameters=True,
        pool_size=settings.web_threads + 4,
        max_overflow=16,
        connect_args={"check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite if lasting else _prepare_sqlite_for_counting)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy sends BEGIN itself, below
    for pragma in ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", CACHE):
        connection.execute(f"PRAGMA {pragma}")
    record.info["usual_synchronous"] = record.info["synchronous"] = "FULL"


def _prepare_sqlite_for_counting(connection: Any, record: Any) -> None:
    _prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=NORMAL")
    record.info["usual_synchronous"] = record.info["synchronous"] = "NORMAL"


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    wanted = options.get("sayable_synchronous", connection.info["usual_synchronous"])
    if connection.info["synchronous"] != wanted:  # it cannot be changed once the transaction has begun
        connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
        connection.info["synchronous"] = wanted
    connection.exec_driver_sql(options.get("sayable_begin", "BEGIN"))
