"""Browser sessions: a random token in a cookie, its hash in the database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from web.database.engine import Database
from web.database.erasure import erase_person
from web.database.tables import BrowserSession, Person, make_id

_NOTICE_USE_EVERY = timedelta(minutes=5)  # a write for each request would cost more than it tells
_NOTICE_LOGIN_USE_EVERY = timedelta(minutes=1)  # sessions of people who signed in end after minutes, so minutes count

# Asked on every request: built once, since building a query costs as much as running it.
_SESSION_AND_PERSON = (
    select(
        BrowserSession.id,
        BrowserSession.person_id,
        BrowserSession.ends_at,
        BrowserSession.last_used_at,
        Person.role,
        Person.time_zone,
        Person.locale,
        Person.totp_sealed.is_not(None),
    )
    .join(Person, Person.id == BrowserSession.person_id)
    .where(Person.blocked_at.is_(None), BrowserSession.token_hash == bindparam("token_hash"))
)


@dataclass(frozen=True)
class Visitor:
    """Someone with a living browser session."""

    person_id: str
    role: str
    browser_session_id: str
    time_zone: str | None = None
    locale: str | None = None
    has_second_factor: bool = False


@dataclass(frozen=True)
class OpenSession:
    """One living browser session in the list of one's own."""

    id: str
    created_at: datetime
    last_used_at: datetime
    ends_at: datetime


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
    with database.writing() as session:
        return begin_session(session, person_id, now=now, life=life)


def begin_session(session: Session, person_id: str, *, now: datetime, life: timedelta) -> str:
    """As `let_in_person`, within a writing session."""
    token = secrets.token_urlsafe(32)
    session.add(
        BrowserSession(
            id=make_id(), person_id=person_id, token_hash=_hash_token(token), created_at=now, last_used_at=now, ends_at=now + life
        )
    )
    session.flush()
    return token


def find_visitor(database: Database, token: str, *, now: datetime, idle: timedelta, login_idle: timedelta) -> Visitor | None:
    """Whose session this is; None when it ended: by its time, or unused for `idle` (guests) or `login_idle` (everybody else)."""
    with database.reading_rows() as connection:
        row = connection.execute(_SESSION_AND_PERSON, {"token_hash": _hash_token(token)}).first()
    if row is None:
        return None
    browser_session_id, person_id, ends_at, last_used_at, role, time_zone, locale, has_second_factor = row
    if ends_at <= now or last_used_at + (idle if role == "guest" else login_idle) <= now:
        return None
    if last_used_at + (_NOTICE_USE_EVERY if role == "guest" else _NOTICE_LOGIN_USE_EVERY) <= now:
        with database.writing() as session:
            present = session.get(BrowserSession, browser_session_id)
            if present is not None:  # a session that was ended meanwhile is not brought back
                present.last_used_at = now
    return Visitor(person_id, role, browser_session_id, time_zone, locale, bool(has_second_factor))


def end_visit(database: Database, visitor: Visitor, *, now: datetime) -> None:
    """End this browser session. A guest has no way back, so everything of theirs is erased at once."""
    if visitor.role == "guest":
        erase_person(database, visitor.person_id, now=now, why="left")
        return
    with database.writing() as session:
        session.execute(delete(BrowserSession).where(BrowserSession.id == visitor.browser_session_id))


def list_sessions(session: Session, person_id: str, *, now: datetime, idle: timedelta) -> list[OpenSession]:
    """This person's living browser sessions, the one used last first."""
    query = select(BrowserSession).where(
        BrowserSession.person_id == person_id, BrowserSession.ends_at > now, BrowserSession.last_used_at > now - idle
    )
    rows = session.scalars(query.order_by(BrowserSession.last_used_at.desc()))
    return [OpenSession(row.id, row.created_at, row.last_used_at, row.ends_at) for row in rows]


def end_session(session: Session, person_id: str, browser_session_id: str) -> bool:
    """End one session of this person; False when there is none with this id."""
    done = session.execute(delete(BrowserSession).where(BrowserSession.id == browser_session_id, BrowserSession.person_id == person_id))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def end_sessions(session: Session, person_id: str, *, but: str | None = None) -> None:
    """End every session of this person, but for the one with the id `but`."""
    query = delete(BrowserSession).where(BrowserSession.person_id == person_id)
    session.execute(query if but is None else query.where(BrowserSession.id != but))


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
