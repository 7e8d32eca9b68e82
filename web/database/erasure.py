"""The one module that deletes. What it takes away is gone from the database and from its write-ahead log.

Copies that were made before (backups, the copy before a migration) still hold it: docs name them and how long they are kept.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from web.database.engine import Database
from web.database.tables import Attempt, BrowserSession, Erasure, Person, RateWindow, Turn, make_id

KEEP_COPIES = timedelta(days=14)


def erase_attempt(database: Database, person_id: str, attempt_id: str, *, now: datetime, why: str = "asked") -> bool:
    """Erase one attempt of this person with its turns and note; False when there is no such attempt."""
    with database.writing() as session:
        found = session.scalar(select(Attempt.id).where(Attempt.id == attempt_id, Attempt.person_id == person_id))
        if found is None:
            return False
        _erase_attempts(session, [attempt_id], what="attempt", why=why, now=now)
    database.forget_freed_pages()
    return True


def erase_person(database: Database, person_id: str, *, now: datetime, why: str = "asked") -> None:
    """Erase a person with everything of theirs."""
    with database.writing() as session:
        attempt_ids = list(session.scalars(select(Attempt.id).where(Attempt.person_id == person_id)))
        _erase_attempts(session, attempt_ids, what="person", why=why, now=now)
        session.execute(delete(Person).where(Person.id == person_id))
    database.forget_freed_pages()


def erase_expired(database: Database, *, now: datetime) -> int:
    """Erase what has outlived its time: guests' attempts, guests, ended browser sessions. Gives the number of attempts erased."""
    with database.writing() as session:
        due = list(session.scalars(select(Attempt.id).where(Attempt.erase_after <= now)))
        open_to = select(BrowserSession.person_id).where(BrowserSession.ends_at > now)
        gone = select(Person.id).where(Person.role == "guest", or_(Person.erase_after <= now, Person.id.not_in(open_to)))
        guest_ids = list(session.scalars(gone))
        for batch in batched(guest_ids, 500):
            due += session.scalars(select(Attempt.id).where(Attempt.person_id.in_(batch)))
        due = sorted(set(due))
        if due:
            _erase_attempts(session, due, what="attempt", why="expired", now=now)
        for batch in batched(guest_ids, 500):
            session.execute(delete(Person).where(Person.id.in_(batch)))
        session.execute(delete(BrowserSession).where(BrowserSession.ends_at <= now))
        session.execute(delete(RateWindow).where(RateWindow.ends_at <= now))
    database.forget_freed_pages()
    return len(due)


def erase_old_copies(folder: Path, *, now: datetime) -> int:
    """Delete copies that were made before migrations more than two weeks ago: they hold what has been erased since."""
    erased = 0
    for copy in folder.glob("before-migration-from-*.sqlite3"):
        if datetime.fromtimestamp(copy.stat().st_mtime, UTC) + KEEP_COPIES < now:
            copy.unlink()
            erased += 1
    return erased


def _erase_attempts(session: Session, attempt_ids: list[str], *, what: str, why: str, now: datetime) -> None:
    turns = 0
    for batch in batched(attempt_ids, 500):  # SQLite takes only so many bound values at once
        turns += session.scalar(select(func.count()).select_from(Turn).where(Turn.attempt_id.in_(batch))) or 0
        session.execute(delete(Attempt).where(Attempt.id.in_(batch)))  # turns and notes go with it
    session.add(Erasure(id=make_id(), what=what, why=why, attempts=len(attempt_ids), turns=turns, erased_at=now))


def batched(ids: list[str], size: int) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
