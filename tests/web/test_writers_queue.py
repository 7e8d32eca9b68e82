"""Writers of one process queue for SQLite's one write lock; readers do not wait, and nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from web.database import engine as engine_module
from web.database.opening import open_database
from web.database.tables import Erasure, make_id


@pytest.fixture
def database(settings):
    database = open_database(settings)
    yield database
    database.engine.dispose()


def add_one(session, now) -> None:
    session.add(Erasure(id=make_id(), what="test", why="test", attempts=0, turns=0, erased_at=now))


def test_a_second_writer_waits_for_the_first_and_a_reader_does_not(database, clock):
    """While one thread writes, another thread's writing has not begun, and a third can read what was there before."""
    begun = threading.Event()

    def write_second() -> None:
        with database.writing() as session:
            begun.set()
            add_one(session, clock())

    with database.writing() as session:
        add_one(session, clock())
        session.flush()
        second = threading.Thread(target=write_second)
        second.start()
        assert not begun.wait(0.3)
        with database.reading() as reader:
            assert reader.scalar(select(func.count()).select_from(Erasure)) == 0
    second.join(10)
    assert begun.is_set()
    with database.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Erasure)) == 2


def test_many_writers_all_get_their_turn(database, clock):
    """Thirty threads with ten writes each: three hundred rows, no error."""

    def write_ten(_number: int) -> None:
        for _ in range(10):
            with database.writing() as session:
                add_one(session, clock())

    with ThreadPoolExecutor(30) as threads:
        list(threads.map(write_ten, range(30)))
    with database.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Erasure)) == 300


def test_who_waits_in_vain_is_told(database, clock, monkeypatch):
    """A writer behind one that never ends gets SQLite's own error when its patience ends, and the queue stays usable."""
    monkeypatch.setattr(engine_module, "QUEUE_SECONDS", 0.1)
    told: list[bool] = []

    def write_impatiently() -> None:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=50")
        try:
            with database.writing() as session:
                session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
                add_one(session, clock())
        except OperationalError as error:
            told.append("locked" in str(error.orig))

    with database.writing() as session:
        add_one(session, clock())
        session.flush()
        impatient = threading.Thread(target=write_impatiently)
        impatient.start()
        impatient.join(30)
    assert told == [True]
    with database.writing() as session:
        add_one(session, clock())
