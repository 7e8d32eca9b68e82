"""Signing in: name and passphrase, then, where it is switched on, a code. Whoever is refused learns nothing about who is here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.access.codes import hash_code, read_code
from web.access.passphrases import fits_passphrase, hash_passphrase, should_rehash
from web.access.refusals import NotKnown, WrongCode, WrongPassphrase
from web.access.sign_in_names import hash_name
from web.access.throttle import Throttle
from web.access.totp import find_step, use_step
from web.access.visitors import begin_session
from web.clinic.audit import AuditTrail
from web.database.clinic_tables import RecoveryCode
from web.database.engine import Database
from web.database.tables import Person

LONGEST_TYPED = 512


@dataclass(frozen=True)
class Reception:
    """What signing in needs; put together once by the app factory. `name_secret` is the sign-in secret."""

    database: Database
    audit: AuditTrail
    throttle: Throttle
    name_secret: str
    life: timedelta

    def hash_name(self, name: str) -> str:
        return hash_name(name[:LONGEST_TYPED], self.name_secret)


@dataclass(frozen=True)
class Shown:
    """Someone whose name and passphrase fit together. `seal` changes with the passphrase, so a half sign-in does not outlive it."""

    person_id: str
    needs_code: bool
    seal: str


def check_name_and_passphrase(reception: Reception, name: str, passphrase: str, *, address: str, now: datetime) -> Shown:
    """Who this is. Raises NotKnown or TooManyTries; what was wrong is not told, and an unknown name takes as long as a known one."""
    name_hash = reception.hash_name(name)
    reception.throttle.check_name(name_hash, address)
    with reception.database.reading() as session:
        person = session.scalar(select(Person).where(Person.sign_in_hash == name_hash))
    fits = fits_passphrase(None if person is None else person.passphrase_hash, passphrase)
    if person is None or not fits or person.blocked_at is not None:
        reception.throttle.note_failure(name_hash, address)
        _note_refusal(reception, None if person is None else person.id, now)  # for a stranger too: both take as long
        raise NotKnown
    assert person.passphrase_hash is not None  # it fitted
    present = person.passphrase_hash
    if should_rehash(present):
        fresh = hash_passphrase(passphrase)
        with reception.database.writing() as session:
            session.execute(update(Person).where(Person.id == person.id, Person.passphrase_hash == present).values(passphrase_hash=fresh))
        present = fresh
    if person.totp_sealed is None:
        reception.throttle.note_success(name_hash, address)
    return Shown(person.id, person.totp_sealed is not None, make_seal(present))


def let_in(reception: Reception, shown: Shown, *, now: datetime) -> str:
    """Begin a session of someone who needs no code; gives its token. Raises NotKnown when they were blocked or changed meanwhile."""
    with reception.database.writing() as session:
        person = _find_shown(session, shown.person_id, shown.seal)
        if person is None or person.totp_sealed is not None:
            raise NotKnown
        return _begin(reception, session, person, now)


def let_in_with_code(reception: Reception, person_id: str, seal: str, typed: str, *, address: str, now: datetime) -> str:
    """Begin a session of someone whose passphrase fitted a moment ago: `typed` is a code of their app, or one of their recovery codes.

    Gives its token. Raises NotKnown, WrongCode or TooManyTries.
    """
    reception.throttle.check_name(person_id, address)
    with reception.database.writing() as session:
        person = _find_shown(session, person_id, seal)
        if person is None or person.totp is None:
            raise NotKnown
        if _use_code(session, person, typed, now):
            token = _begin(reception, session, person, now)
            name_hash = person.sign_in_hash or ""
        else:
            token, name_hash = "", ""
    if not token:
        reception.throttle.note_failure(person_id, address)
        _note_refusal(reception, person_id, now)
        raise WrongCode
    reception.throttle.note_success(person_id, address)
    reception.throttle.note_success(name_hash, address)
    return token


def confirm_passphrase(reception: Reception, person_id: str, passphrase: str, *, address: str) -> None:
    """For changes that need it: raises WrongPassphrase or TooManyTries unless this is the person's present passphrase."""
    reception.throttle.check_name(person_id, address)
    with reception.database.reading() as session:
        person = session.get(Person, person_id)
    if not fits_passphrase(None if person is None else person.passphrase_hash, passphrase):
        reception.throttle.note_failure(person_id, address)
        raise WrongPassphrase
    reception.throttle.note_success(person_id, address)


def make_seal(passphrase_hash: str) -> str:
    """Enough of a hash of the hash to see that it changed, of no use to anybody who reads it."""
    return hashlib.sha256(passphrase_hash.encode()).hexdigest()[:16]


def _find_shown(session: Session, person_id: str, seal: str) -> Person | None:
    person = session.get(Person, person_id, with_for_update=True)  # after a change of the passphrase, or a blocking, that is under way
    if person is None or person.blocked_at is not None or person.passphrase_hash is None:
        return None
    return person if make_seal(person.passphrase_hash) == seal else None


def _use_code(session: Session, person: Person, typed: str, now: datetime) -> bool:
    step = find_step(person.totp, typed, now=now)
    if step is not None:
        return use_step(session, person.id, step)
    return use_recovery_code(session, person.id, "totp", typed, now=now)


def use_recovery_code(session: Session, person_id: str, purpose: str, typed: str, *, now: datetime) -> bool:
    """Use up one of this person's codes; False when it is none of them, or was used."""
    if not read_code(typed):
        return False
    query = update(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.purpose == purpose,
        RecoveryCode.code_hash == hash_code(typed, purpose=purpose, person_id=person_id),
        RecoveryCode.used_at.is_(None),
    )
    return bool(session.execute(query.values(used_at=now)).rowcount)  # type: ignore[attr-defined]


def _begin(reception: Reception, session: Session, person: Person, now: datetime) -> str:
    reception.audit.record(session, "signed_in", now=now, actor_id=person.id, subject_id=person.id)
    return begin_session(session, person.id, now=now, life=reception.life)


def _note_refusal(reception: Reception, person_id: str | None, now: datetime) -> None:
    with reception.database.writing() as session:
        reception.audit.record(session, "sign_in_refused", now=now, actor_id=None, subject_id=person_id)
