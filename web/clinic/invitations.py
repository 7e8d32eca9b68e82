"""Invitations: a one-time link and a short code, kept only as hashes.

Link and code follow from the invitation's random id and a secret outside the database, so that whoever made it can print the card again
while it is open; the database alone opens nothing. Looking at an invitation uses up nothing: only joining does.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from web.access.codes import ALPHABET, read_code, show_code
from web.access.refusals import NoLabel, TooManyInvitations
from web.clinic.audit import AuditTrail
from web.database.clinic_tables import Invitation
from web.database.tables import Person, make_id

Role = Literal["client", "clinician", "admin"]
Kind = Literal["new", "renewal"]
CODE_SIGNS = 10
"""49 bits; with ten wrong tries in a quarter of an hour, and three hundred an hour in all, nobody finds one within its fourteen days."""
DAYS = 14
MOST_DAYS = 30
MOST_OPEN = 100
LONGEST_LABEL = 60
SETUP_HOURS = 24


@dataclass(frozen=True)
class Way:
    """The two ways in that one invitation gives."""

    token: str
    code: str


@dataclass(frozen=True)
class Card:
    """An invitation as its maker sees it."""

    id: str
    role: str
    kind: str
    label: str
    made_at: datetime
    ends_at: datetime
    state: str
    """open, used, withdrawn or ended"""


def derive_way(invitation_id: str, secret: str) -> Way:
    """Token (64 hex digits) and code of an invitation, under the sign-in secret."""
    token = hmac.new(secret.encode(), f"invitation token {invitation_id}".encode(), hashlib.sha256).hexdigest()
    number = int.from_bytes(hmac.new(secret.encode(), f"invitation code {invitation_id}".encode(), hashlib.sha256).digest())
    code = ""
    for _ in range(CODE_SIGNS):
        number, place = divmod(number, len(ALPHABET))
        code += ALPHABET[place]
    return Way(token, show_code(code))


def invite(
    session: Session,
    audit: AuditTrail,
    secret: str,
    *,
    role: Role,
    by_id: str | None,
    now: datetime,
    label: str | None = None,
    kind: Kind = "new",
    person_id: str | None = None,
    group_id: str | None = None,
    life: timedelta = timedelta(days=DAYS),
) -> Invitation:
    """Make an invitation. Raises NoLabel or TooManyInvitations."""
    if by_id is not None:
        label = " ".join((label or "").split())
        if not 1 <= len(label) <= LONGEST_LABEL or not label.isprintable():
            raise NoLabel
        if _count_open(session, by_id, now) >= MOST_OPEN:
            raise TooManyInvitations
    invitation_id = make_id()
    way = derive_way(invitation_id, secret)
    row = Invitation(
        id=invitation_id,
        made_by_id=by_id,
        role=role,
        kind=kind,
        person_id=person_id,
        group_id=group_id,
        token_hash=_hash_token(way.token),
        code_hash=_hash_code(way.code, secret),
        made_at=now,
        ends_at=now + life,
    )
    session.add(row)
    row.label = label
    audit.record(session, "invited", now=now, actor_id=by_id, subject_id=person_id, object_id=row.id, detail=f"{kind} {role}")
    return row


def make_setup_link(session: Session, audit: AuditTrail, secret: str, *, role: Role, now: datetime) -> Way:
    """A link by which somebody at the terminal becomes the first of a role; earlier such links no longer work."""
    open_ones = (Invitation.made_by_id.is_(None), Invitation.role == role, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    session.execute(update(Invitation).where(*open_ones).values(withdrawn_at=now))
    row = invite(session, audit, secret, role=role, by_id=None, now=now, life=timedelta(hours=SETUP_HOURS))
    return derive_way(row.id, secret)


def find_by_token(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """The open invitation with this link."""
    return session.scalar(_query_open(now).where(Invitation.token_hash == _hash_token(token)))


def find_by_code(session: Session, typed: str, secret: str, *, now: datetime) -> Invitation | None:
    """The open invitation with this short code."""
    return session.scalar(_query_open(now).where(Invitation.code_hash == _hash_code(typed, secret)))


def use_up(session: Session, invitation_id: str, *, now: datetime) -> bool:
    """Mark an invitation as used; False when it no longer is open. Of two requests at once only one gets True."""
    query = update(Invitation).where(
        Invitation.id == invitation_id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.ends_at > now
    )
    return bool(session.execute(query.values(used_at=now)).rowcount)  # type: ignore[attr-defined]


def withdraw(session: Session, audit: AuditTrail, invitation: Invitation, *, by_id: str, now: datetime) -> bool:
    """Withdraw an open invitation; False when it was used or withdrawn already."""
    query = update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    if not session.execute(query.values(withdrawn_at=now)).rowcount:  # type: ignore[attr-defined]
        return False
    audit.record(
        session, "invitation_withdrawn", now=now, actor_id=by_id, subject_id=invitation.person_id, object_id=invitation.id, detail=None
    )
    return True


def withdraw_renewals(session: Session, client_id: str, *, now: datetime, by_id: str | None = None) -> None:
    """Let no open renewal of this client work any more (with `by_id`: none that this clinician made).

    So it is once they have a new passphrase, or the care has ended: a card left in a drawer would otherwise take the login over later,
    and erase what was practised since.
    """
    query = update(Invitation).where(Invitation.person_id == client_id, Invitation.kind == "renewal")
    query = query.where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
    session.execute((query if by_id is None else query.where(Invitation.made_by_id == by_id)).values(withdrawn_at=now))


def fits_way(invitation: Invitation, way: Way) -> bool:
    """Whether this is still the way of this invitation: after the secrets of the house were renewed it no longer is."""
    return hmac.compare_digest(invitation.token_hash, _hash_token(way.token))


def find_made(session: Session, invitation_id: str, *, by_id: str) -> Invitation | None:
    """An invitation that this person made."""
    return session.scalar(select(Invitation).where(Invitation.id == invitation_id, Invitation.made_by_id == by_id))


def list_made(session: Session, by_id: str, *, now: datetime) -> list[Card]:
    """This person's invitations: the open ones, and what became of those of the last two months; newest first."""
    recent = or_(Invitation.ends_at > now, Invitation.made_at > now - timedelta(days=60))
    query = select(Invitation).where(Invitation.made_by_id == by_id, recent).order_by(Invitation.made_at.desc(), Invitation.id)
    return [draw_invitation(row, now=now) for row in session.scalars(query.limit(200))]


def draw_invitation(row: Invitation, *, now: datetime) -> Card:
    state = "used" if row.used_at else "withdrawn" if row.withdrawn_at else "ended" if row.ends_at <= now else "open"
    return Card(row.id, row.role, row.kind, row.label or "", row.made_at, row.ends_at, state)


def find_maker_name(session: Session, invitation: Invitation) -> str:
    """What the person who invites is called; empty for a link from the terminal."""
    maker = None if invitation.made_by_id is None else session.get(Person, invitation.made_by_id)
    return "" if maker is None else maker.name or ""


def _query_open(now: datetime) -> Select[tuple[Invitation]]:
    maker_can = or_(Invitation.made_by_id.is_(None), Invitation.made_by_id.in_(select(Person.id).where(Person.blocked_at.is_(None))))
    return select(Invitation).where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.ends_at > now, maker_can)


def _count_open(session: Session, by_id: str, now: datetime) -> int:
    query = select(func.count()).select_from(Invitation).where(Invitation.made_by_id == by_id, Invitation.ends_at > now)
    return session.scalar(query.where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))) or 0


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _hash_code(typed: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"code {read_code(typed)}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
