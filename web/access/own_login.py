"""What somebody changes about their own login. Each change that could keep them out needs the present passphrase, asked for by the page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.passphrases import check_passphrase, hash_passphrase
from web.access.recovery_codes import drop_codes, make_passphrase_code, make_totp_codes
from web.access.refusals import NotKnown, WrongCode, WrongRecoveryCode
from web.access.signing_in import Reception, use_recovery_code
from web.access.totp import find_step, is_secret
from web.access.visitors import Visitor, begin_session, end_sessions
from web.clinic.invitations import withdraw_renewals
from web.database.tables import Person


def change_passphrase(reception: Reception, visitor: Visitor, fresh: str, *, now: datetime) -> str:
    """Another passphrase: every session ends, and the token of a new one for this browser is given. Raises a Refused."""
    with reception.database.reading() as session:
        check_passphrase(fresh, name=_get(session, visitor.person_id).name or "")
    fresh_hash = hash_passphrase(fresh)
    with reception.database.writing() as session:
        person = _get(session, visitor.person_id)
        person.passphrase_hash = fresh_hash
        end_sessions(session, person.id)
        withdraw_renewals(session, person.id, now=now)
        reception.audit.record(session, "passphrase_changed", now=now, actor_id=person.id, subject_id=person.id)
        return begin_session(session, person.id, now=now, life=reception.life)


def renew_with_recovery_code(reception: Reception, name: str, typed: str, fresh: str, *, address: str, now: datetime) -> tuple[str, str]:
    """A new passphrase for somebody who lost theirs and has their own recovery code; what they practised stays.

    Gives the token of a new session and the recovery code that takes the place of the used one. With an authenticator app switched on the
    token is empty: they sign in with the new passphrase and a code. Raises WrongRecoveryCode, TooManyTries, or what is wrong with the new
    passphrase (then the code still counts).
    """
    name_hash = reception.hash_name(name)
    reception.throttle.check_name(name_hash, address)
    check_passphrase(fresh, name=name)
    fresh_hash = hash_passphrase(fresh)  # before the name is looked up, so that the time tells nothing
    with reception.database.writing() as session:
        person = session.scalar(select(Person).where(Person.sign_in_hash == name_hash, Person.blocked_at.is_(None)))
        fits = person is not None and use_recovery_code(session, person.id, "passphrase", typed, now=now)
        if person is not None and fits:
            person.passphrase_hash = fresh_hash
            end_sessions(session, person.id)
            withdraw_renewals(session, person.id, now=now)
            code = make_passphrase_code(session, person.id, now=now)
            reception.audit.record(session, "passphrase_renewed", now=now, actor_id=person.id, subject_id=person.id)
            token = "" if person.totp_sealed is not None else begin_session(session, person.id, now=now, life=reception.life)
        else:
            subject_id = None if person is None else person.id
            reception.audit.record(session, "sign_in_refused", now=now, actor_id=None, subject_id=subject_id)
    if not fits:
        reception.throttle.note_failure(name_hash, address)
        raise WrongRecoveryCode
    reception.throttle.note_success(name_hash, address)
    return token, code


def make_own_recovery_code(reception: Reception, person_id: str, *, now: datetime) -> str:
    """A new recovery code, as it is shown once; the one before no longer counts."""
    with reception.database.writing() as session:
        code = make_passphrase_code(session, person_id, now=now)
        reception.audit.record(session, "recovery_codes_made", now=now, actor_id=person_id, subject_id=person_id, detail="passphrase")
        return code


def switch_totp_on(reception: Reception, person_id: str, secret: str, typed: str, *, now: datetime) -> list[str]:
    """Ask for a code of this authenticator app from now on; gives the recovery codes, shown once. Raises WrongCode."""
    if not is_secret(secret):
        raise WrongCode
    step = find_step(secret, typed, now=now)
    if step is None:
        raise WrongCode
    with reception.database.writing() as session:
        person = _get(session, person_id)
        person.totp = secret
        person.totp_last_step = step
        codes = make_totp_codes(session, person_id, now=now)
        reception.audit.record(session, "totp_switched_on", now=now, actor_id=person_id, subject_id=person_id)
        return codes


def switch_totp_off(reception: Reception, person_id: str, *, now: datetime) -> None:
    with reception.database.writing() as session:
        person = _get(session, person_id)
        person.totp_sealed = person.totp_last_step = None
        drop_codes(session, person.id, "totp")
        reception.audit.record(session, "totp_switched_off", now=now, actor_id=person_id, subject_id=person_id)


def _get(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotKnown
    return person
