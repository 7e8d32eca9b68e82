"""Having the database to oneself: some work must not be done while any other process has it open."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from web.database.engine import open_engine
from web.settings import Settings

_STOP = "stop the house first (`sayable down`, or whatever started its web process)."
_LOCK_NUMBER = 0x5A7AB1E  # any number of our own; PostgreSQL keeps advisory locks under numbers
_OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'"""


class InUse(Exception):
    """Another process has the database open; `str()` is one sentence that says what to do."""


@contextmanager
def open_alone(settings: Settings) -> Iterator[Connection]:
    """A connection while nobody else has the database open; raises InUse.

    On SQLite nobody else can open it either until the body is done, whatever this process dies of.
    On PostgreSQL a second one that wants to be alone is refused; others are looked for at the beginning.
    """
    engine = _open_exclusive(settings) if settings.sqlite_path is not None else open_engine(settings)
    try:
        with engine.connect() as connection:
            look_for_others(connection)
            yield connection
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig):
            raise InUse(f"The database is in use: {_STOP}") from None
        raise
    finally:
        engine.dispose()


def _open_exclusive(settings: Settings) -> Engine:
    engine = create_engine(
        f"sqlite:///{settings.sqlite_path}",
        hide_parameters=True,
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": 2},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        # said before the first look into the file: in WAL mode this wants the file to itself, and any open connection stands in its way
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def look_for_others(connection: Connection) -> None:
    """Raise InUse when others are connected to a PostgreSQL database; on SQLite nobody can be."""
    if connection.dialect.name == "sqlite":
        return
    first = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": _LOCK_NUMBER}).scalar()
    others = connection.execute(text(_OTHERS)).scalar() or 0
    connection.commit()
    if not first or others:
        raise InUse(f"The database is in use ({others} other connections): {_STOP}")
