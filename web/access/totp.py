"""Codes of an authenticator app (TOTP, RFC 6238): thirty seconds, six digits, each used once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
import segno
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from web.access.codes import read_code
from web.database.tables import Person

_STEP_SECONDS = 30
_STEPS_AROUND = (0, -1, 1)  # a phone's clock may be half a minute off
SECRET_SIGNS = 32


def make_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32(SECRET_SIGNS)


def is_secret(text: str) -> bool:
    return len(text) == SECRET_SIGNS and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def find_step(secret: str, typed: str, *, now: datetime) -> int | None:
    """The 30-second step that `typed` is the code of, among the present one and its neighbours; None when it fits none."""
    totp = pyotp.TOTP(secret)
    digits = read_code(typed)
    present = int(now.timestamp()) // _STEP_SECONDS
    found = None
    for offset in _STEPS_AROUND:
        code = totp.generate_otp(present + offset)
        if hmac.compare_digest(code.encode(), digits.encode("utf-8", "replace")) and found is None:
            found = present + offset
    return found


def use_step(session: Session, person_id: str, step: int) -> bool:
    """Mark `step` as used, unless it or a later one was used already: two requests with one code cannot both succeed."""
    free = or_(Person.totp_last_step.is_(None), Person.totp_last_step < step)
    done = session.execute(update(Person).where(Person.id == person_id, free).values(totp_last_step=step))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def draw_qr(text: str, *, scale: int = 5) -> str:
    """A QR code as an SVG element for the page itself: no style, no script, dark on white in every colour scheme."""
    return segno.make(text, error="m", micro=False).svg_inline(scale=scale, border=4, light="#fff", dark="#000", omitsize=False)


def make_address(secret: str, *, account: str, issuer: str) -> str:
    """The otpauth:// address that authenticator apps read from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
