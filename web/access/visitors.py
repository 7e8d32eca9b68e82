"""Browser sessions: a random token in a cookie, its hash in the database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from web.database.engine import Database
from web.database.erasure import erase_person
from web.database.tables import BrowserSession, Person, make_id

_NOTICE_USE_EVERY = timedelta(minutes=5)  # a write for each request would cost more than it tells


@dataclass(frozen=True)
class Visitor:
    """Someone with a living browser session."""

    person_id: str
    role: str
    browser_session_id: str


def let_in_guest(database: Database, *, now: datetime, life: timedelta) -> str:
    """Make a guest and their browser session; gives the token for the cookie."""
    token = secrets.token_urlsafe(32)
    person_id = make_id()
    with database.writing() as session:
        session.add(Person(id=person_id, role="guest", created_at=now, erase_after=now + life))
        session.flush()
        session.add(
            BrowserSession(
                id=make_id(), person_id=person_id, token_hash=_hash_token(token), created_at=now, last_used_at=now, ends_at=now + life
            )
        )
    return token


def let_in_person(database: Database, person_id: str, *, now: datetime, life: timedelta) -> str:
    """Begin a browser session of a person who has just shown who they are; gives the token for the cookie."""
    token = secrets.token_urlsafe(32)
    with database.writing() as session:
        session.add(
            BrowserSession(
                id=make_id(), person_id=person_id, token_hash=_hash_token(token), created_at=now, last_used_at=now, ends_at=now + life
            )
        )
    return token


def find_visitor(database: Database, token: str, *, now: datetime, idle: timedelta) -> Visitor | None:
    """Whose session this is; None when it ended, by its time or because nobody used it for `idle`."""
    with database.reading() as session:
        query = select(BrowserSession, Person.role).join(Person, Person.id == BrowserSession.person_id).where(Person.blocked_at.is_(None))
        row = session.execute(query.where(BrowserSession.token_hash == _hash_token(token))).first()
    if row is None:
        return None
    browser, role = row
    if browser.ends_at <= now or browser.last_used_at + idle <= now:
        return None
    if browser.last_used_at + _NOTICE_USE_EVERY <= now:
        with database.writing() as session:
            present = session.get(BrowserSession, browser.id)
            if present is not None:  # a session that was ended meanwhile is not brought back
                present.last_used_at = now
    return Visitor(browser.person_id, role, browser.id)


def end_visit(database: Database, visitor: Visitor, *, now: datetime) -> None:
    """End this browser session. A guest has no way back, so everything of theirs is erased at once."""
    if visitor.role == "guest":
        erase_person(database, visitor.person_id, now=now, why="left")
        return
    with database.writing() as session:
        session.execute(delete(BrowserSession).where(BrowserSession.id == visitor.browser_session_id))


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
