"""The name to be called by and to sign in with: any that can be read, real or not."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from web.access.refusals import NameTaken, NoName
from web.access.sign_in_names import fold_name, hash_name
from web.database.tables import Person, make_id

LONGEST_NAME = 40


def check_name(name: str) -> str:
    """`name` with single spaces. Raises NoName."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable() or not fold_name(name):
        raise NoName
    return name


def make_person(
    session: Session, secret: str, *, role: str, name: str, passphrase_hash: str, time_zone: str | None, locale: str | None, now: datetime
) -> Person:
    """A new person with a login, in a writing session. Raises NoName or NameTaken."""
    name_hash = check_free(session, secret, check_name(name))
    person = Person(
        id=make_id(),
        role=role,
        created_at=now,
        sign_in_hash=name_hash,
        passphrase_hash=passphrase_hash,
        time_zone=time_zone,
        locale=locale,
    )
    session.add(person)
    person.name = check_name(name)
    _flush(session)
    return person


def rename(session: Session, secret: str, person: Person, name: str) -> None:
    """Give a person another name. Raises NoName or NameTaken."""
    name = check_name(name)
    person.sign_in_hash = check_free(session, secret, name, but_id=person.id)
    person.name = name
    _flush(session)


def check_free(session: Session, secret: str, name: str, *, but_id: str | None = None) -> str:
    """The hash of `name`. Raises NameTaken when another person is called so."""
    name_hash = hash_name(name, secret)
    taken = session.scalar(select(Person.id).where(Person.sign_in_hash == name_hash))
    if taken is not None and taken != but_id:
        raise NameTaken
    return name_hash


def _flush(session: Session) -> None:
    """Somebody else may have taken the name a moment ago: then the whole transaction ends with that sentence."""
    try:
        session.flush()
    except IntegrityError:
        raise NameTaken from None
