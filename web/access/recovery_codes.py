"""Making recovery codes: shown once, kept as hashes, each new set in the place of the old one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from web.access.codes import PASSPHRASE_CODE_SIGNS, TOTP_CODE_COUNT, TOTP_CODE_SIGNS, hash_code, make_code, show_code
from web.database.clinic_tables import RecoveryCode
from web.database.tables import make_id


def make_passphrase_code(session: Session, person_id: str, *, now: datetime) -> str:
    """The code that brings back a lost passphrase, as it is shown; earlier ones no longer count."""
    return _make(session, person_id, "passphrase", 1, PASSPHRASE_CODE_SIGNS, now)[0]


def make_totp_codes(session: Session, person_id: str, *, now: datetime) -> list[str]:
    """Codes that stand in for a lost authenticator app, as they are shown; earlier ones no longer count."""
    return _make(session, person_id, "totp", TOTP_CODE_COUNT, TOTP_CODE_SIGNS, now)


def count_codes(session: Session, person_id: str, purpose: str) -> int:
    """How many are left."""
    query = select(func.count()).select_from(RecoveryCode)
    query = query.where(RecoveryCode.person_id == person_id, RecoveryCode.purpose == purpose, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def drop_codes(session: Session, person_id: str, purpose: str) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id, RecoveryCode.purpose == purpose))


def _make(session: Session, person_id: str, purpose: str, count: int, signs: int, now: datetime) -> list[str]:
    drop_codes(session, person_id, purpose)
    codes = [make_code(signs) for _ in range(count)]
    for code in codes:
        code_hash = hash_code(code, purpose=purpose, person_id=person_id)
        session.add(RecoveryCode(id=make_id(), person_id=person_id, purpose=purpose, code_hash=code_hash, made_at=now))
    session.flush()
    return [show_code(code) for code in codes]
