"""Joining by an invitation, and getting back in with one: the moment at which an invitation is used up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.names import check_free, check_name, make_person
from web.access.passphrases import check_passphrase, hash_passphrase
from web.access.permissions import find_care
from web.access.recovery_codes import drop_codes
from web.access.refusals import InvitationGone, NoTimeZone
from web.access.visitors import begin_session, end_sessions
from web.clinic.audit import AuditTrail
from web.clinic.care import begin_care
from web.clinic.invitations import find_by_token, use_up, withdraw_renewals
from web.clinic.reminder_wish import forget_wish
from web.database.clinic_tables import ClientGroup, GroupMember, Invitation
from web.database.engine import Database
from web.database.erasure import erase_unshared
from web.database.tables import Person, make_id

DEFAULT_TIME_ZONE = "UTC"


@dataclass(frozen=True)
class Wish:
    """What somebody typed to join; nothing of it is checked yet."""

    name: str
    passphrase: str
    time_zone: str
    locale: str | None = None


def check_time_zone(name: str) -> str:
    """`name`, if it is an IANA time zone. Raises NoTimeZone."""
    if name not in list_time_zones():
        raise NoTimeZone
    return name


@cache
def list_time_zones() -> tuple[str, ...]:
    """IANA names with a place in them, and UTC."""
    places = {zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))}
    return tuple(sorted(places | {"UTC"}))


def join(database: Database, audit: AuditTrail, secret: str, token: str, wish: Wish, *, now: datetime, life: timedelta) -> str:
    """Make the person an invitation is for, use it up, and begin their session; gives the session's token.

    Raises a Refused with nothing used up.
    """
    with database.reading() as session:
        _find_new(session, token, now)
        check_free(session, secret, check_name(wish.name))
    check_passphrase(wish.passphrase, name=wish.name)
    time_zone = check_time_zone(wish.time_zone)
    passphrase_hash = hash_passphrase(wish.passphrase)
    with database.writing() as session:
        invitation = _find_new(session, token, now)
        if not use_up(session, invitation.id, now=now):
            raise InvitationGone
        person = make_person(
            session,
            secret,
            role=invitation.role,
            name=wish.name,
            passphrase_hash=passphrase_hash,
            time_zone=time_zone,
            locale=wish.locale,
            now=now,
        )
        invitation.person_id = person.id
        audit.record(session, "joined", now=now, actor_id=person.id, subject_id=person.id, object_id=invitation.id, detail=person.role)
        if invitation.role == "client" and invitation.made_by_id is not None:
            label = invitation.label or wish.name
            begin_care(
                session, audit, clinician_id=invitation.made_by_id, client_id=person.id, label=label, by_id=invitation.made_by_id, now=now
            )
            _join_group(session, invitation, person.id, now)
        return begin_session(session, person.id, now=now, life=life)


def renew(database: Database, audit: AuditTrail, token: str, passphrase: str, *, now: datetime, life: timedelta) -> str:
    """A new passphrase by a renewal invitation; gives the token of the new session.

    First everything the client did not share with the clinician who invites is erased, and all sessions end: whoever uses the invitation,
    the client or not, finds no words that the clinician could not read anyway. Raises a Refused with nothing used up.
    """
    with database.reading() as session:
        invitation, person = _find_renewal(session, token, now)
        check_passphrase(passphrase, name=person.name or "")
    passphrase_hash = hash_passphrase(passphrase)
    with database.writing() as session:
        invitation, person = _find_renewal(session, token, now)
        if not use_up(session, invitation.id, now=now):
            raise InvitationGone
        withdraw_renewals(session, person.id, now=now)
        end_sessions(session, person.id)
        erase_unshared(session, person.id, invitation.made_by_id, now=now)
        person.passphrase_hash = passphrase_hash
        person.totp_sealed = person.totp_last_step = None
        had_mail = person.mail_sealed is not None
        forget_wish(session, person, now=now)
        for purpose in ("totp", "passphrase"):
            drop_codes(session, person.id, purpose)
        made_by = invitation.made_by_id
        if had_mail:
            audit.record(session, "mail_switched_off", now=now, actor_id=made_by, subject_id=person.id)
        audit.record(session, "login_renewed", now=now, actor_id=made_by, subject_id=person.id, object_id=invitation.id)
        token = begin_session(session, person.id, now=now, life=life)
    database.forget_freed_pages()
    return token


def _find_new(session: Session, token: str, now: datetime) -> Invitation:
    invitation = find_by_token(session, token, now=now)
    if invitation is None or invitation.kind != "new":
        raise InvitationGone
    return invitation


def _find_renewal(session: Session, token: str, now: datetime) -> tuple[Invitation, Person]:
    invitation = find_by_token(session, token, now=now)
    person = None if invitation is None or invitation.person_id is None else session.get(Person, invitation.person_id)
    if invitation is None or invitation.kind != "renewal" or person is None or person.role != "client" or person.blocked_at is not None:
        raise InvitationGone
    if find_care(session, clinician_id=invitation.made_by_id or "", client_id=person.id) is None:
        raise InvitationGone  # it was made by someone who no longer cares for them
    return invitation, person


def _join_group(session: Session, invitation: Invitation, client_id: str, now: datetime) -> None:
    if invitation.group_id is None:
        return
    group = session.scalar(
        select(ClientGroup).where(ClientGroup.id == invitation.group_id, ClientGroup.clinician_id == invitation.made_by_id)
    )
    if group is not None:  # it may have been dissolved meanwhile
        session.add(GroupMember(id=make_id(), group_id=group.id, client_id=client_id, joined_at=now))
