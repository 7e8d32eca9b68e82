"""Everything that is kept of one client, gathered for them to take along: as many queries for three hundred turns as for three.

What is not in it: hashes of passphrase, codes and session tokens, the secret of the authenticator app, and what the partner keeps to
itself. The partner's side of a talk (how open it was, what moved it) is in it once the talk is over, as on the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer, load_only

from web.clinic.own_export_shapes import (
    Account,
    CareRow,
    CommentRow,
    ConsentRow,
    HomeworkItemRow,
    HomeworkRow,
    InvitationRow,
    MailWish,
    OwnData,
    RecoveryCodeRow,
    ReminderRow,
    SessionRow,
    ShareRow,
    TrailRow,
)
from web.clinic.own_export_talks import draw_rehearsal
from web.clinic.retention import find_ending
from web.clinic.scene_search import name_item
from web.clinic.shared_view import Parts
from web.clinic.who_looked import SENTENCES
from web.database.clinic_tables import (
    Assignment,
    AssignmentItem,
    AuditEvent,
    Care,
    Comment,
    Consent,
    Invitation,
    RecoveryCode,
    Reminder,
    Share,
)
from web.database.tables import Agreement, Attempt, BrowserSession, Note, Person, Turn
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House


def take_along(house: House, person_id: str) -> OwnData:
    """Note in the trail that the client exports, and gather their data, this line of the trail included. Raises NotFound."""
    with house.database.writing() as session:
        if session.get(Person, person_id) is None:
            raise NotFound
        house.audit.record(session, "exported", now=house.now(), actor_id=person_id, subject_id=person_id, detail="own data")
    with house.database.reading() as session:
        return gather(house, session, person_id)


def gather(house: House, session: Session, person_id: str) -> OwnData:
    """Only rows of this person. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    names = _name_others(session, person_id)
    return OwnData(
        made_at=house.now(),
        account=_draw_account(session, person, names, house.now()),
        care=_list_care(session, person_id, names),
        consents=_list_consents(session, person_id, names),
        rehearsals=_list_rehearsals(house, session, person_id),
        homework=_list_homework(house, session, person_id, names),
        shares=_list_shares(session, person_id, names),
        trail=_list_trail(session, person_id, names),
    )


def _name_others(session: Session, person_id: str) -> dict[str, str]:
    """The names of everybody a client's data points to: who cared for them, invited them, commented, or stands in their trail."""
    attempts = select(Attempt.id).where(Attempt.person_id == person_id)
    ids: Any = select(Care.clinician_id).where(Care.client_id == person_id)
    ids = ids.union(
        select(Consent.clinician_id).where(Consent.person_id == person_id),
        select(Assignment.clinician_id).where(Assignment.client_id == person_id),
        select(Share.clinician_id).where(Share.attempt_id.in_(attempts)),
        select(Comment.author_id).join(Share, Share.id == Comment.share_id).where(Share.attempt_id.in_(attempts)),
        select(Invitation.made_by_id).where(Invitation.person_id == person_id),
        select(AuditEvent.actor_id).where(AuditEvent.subject_id == person_id),
    )
    people = session.scalars(select(Person).where(Person.id.in_(ids)).options(load_only(Person.name_sealed)))
    return {each.id: each.name or "" for each in people}


def _draw_account(session: Session, person: Person, names: dict[str, str], now: datetime) -> Account:
    codes = session.scalars(select(RecoveryCode).where(RecoveryCode.person_id == person.id).order_by(RecoveryCode.made_at))
    sessions = session.scalars(select(BrowserSession).where(BrowserSession.person_id == person.id).order_by(BrowserSession.created_at))
    invitations = session.scalars(select(Invitation).where(Invitation.person_id == person.id).order_by(Invitation.made_at))
    ending = find_ending(session, person.id, now=now)
    return Account(
        name=person.name,
        role=person.role,
        made_at=person.created_at,
        time_zone=person.time_zone,
        language=person.locale,
        last_practised_at=person.last_practised_at,
        practice_ends_on=None if ending is None else ending.day,
        authenticator_app=person.totp_sealed is not None,
        mail=_draw_mail(person.mail),
        recovery_codes=tuple(RecoveryCodeRow(purpose=code.purpose, made_at=code.made_at, used_at=code.used_at) for code in codes),
        sessions=tuple(SessionRow(began_at=each.created_at, last_used_at=each.last_used_at, ends_at=each.ends_at) for each in sessions),
        invitations=tuple(
            InvitationRow(
                kind=each.kind,
                label=each.label,
                made_by=names.get(each.made_by_id or ""),
                made_at=each.made_at,
                ends_at=each.ends_at,
                used_at=each.used_at,
                withdrawn_at=each.withdrawn_at,
            )
            for each in invitations
        ),
    )


def _draw_mail(mail: dict[str, Any] | None) -> MailWish | None:
    return None if mail is None else MailWish(address=mail["address"], subject=mail["subject"], hour=mail["hour"])


def _list_care(session: Session, person_id: str, names: dict[str, str]) -> tuple[CareRow, ...]:
    rows = session.scalars(select(Care).where(Care.client_id == person_id).order_by(Care.began_at))
    return tuple(
        CareRow(clinician=names.get(row.clinician_id, ""), label=row.label, began_at=row.began_at, ended_at=row.ended_at) for row in rows
    )


def _list_consents(session: Session, person_id: str, names: dict[str, str]) -> tuple[ConsentRow, ...]:
    rows = session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.given_at))
    return tuple(
        ConsentRow(
            what=row.what,
            clinician=names.get(row.clinician_id or ""),
            wording_version=row.wording_version,
            given_at=row.given_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in rows
    )


def _list_rehearsals(house: House, session: Session, person_id: str) -> tuple[Any, ...]:
    own = select(Attempt.id).where(Attempt.person_id == person_id)
    turns: dict[str, dict[str, Turn]] = defaultdict(dict)
    chosen = select(Turn).where(Turn.attempt_id.in_(own)).order_by(Turn.number)
    for turn in session.scalars(chosen.options(defer(Turn.state_after_sealed), defer(Turn.counts_sealed))):
        turns[turn.attempt_id][turn.id] = turn
    notes = {note.attempt_id: note for note in session.scalars(select(Note).where(Note.attempt_id.in_(own)))}
    cards = {card.attempt_id: card for card in session.scalars(select(Agreement).where(Agreement.attempt_id.in_(own)))}
    attempts = session.scalars(select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.created_at))
    return tuple(draw_rehearsal(house, each, turns[each.id], notes.get(each.id), cards.get(each.id)) for each in attempts)


def _list_homework(house: House, session: Session, person_id: str, names: dict[str, str]) -> tuple[HomeworkRow, ...]:
    own = select(Assignment.id).where(Assignment.client_id == person_id)
    items = _group(session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id.in_(own)).order_by(AssignmentItem.place)))
    reminders = _group(session.scalars(select(Reminder).where(Reminder.assignment_id.in_(own)).order_by(Reminder.send_at)))
    rows = session.scalars(select(Assignment).where(Assignment.client_id == person_id).order_by(Assignment.made_at))
    return tuple(_draw_homework(house, row, items[row.id], reminders[row.id], names) for row in rows)


def _group(rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.assignment_id].append(row)
    return grouped


def _draw_homework(
    house: House, row: Assignment, items: list[AssignmentItem], reminders: list[Reminder], names: dict[str, str]
) -> HomeworkRow:
    return HomeworkRow(
        id=row.id,
        given_by=names.get(row.clinician_id, ""),
        note=row.note,
        opens_on=None if row.opens_on is None else date.fromisoformat(row.opens_on),
        due_on=None if row.due_on is None else date.fromisoformat(row.due_on),
        every_days=row.every_days,
        given_at=row.made_at,
        changed_at=row.changed_at,
        withdrawn_at=row.withdrawn_at,
        paused_at=row.paused_at,
        stopped_at=row.stopped_at,
        skipped_at=row.skipped_at,
        skip_reason=row.skip_reason,
        skip_reason_shared=row.skip_reason_shared,
        items=tuple(
            HomeworkItemRow(
                id=item.id,
                place=item.place,
                kind=item.kind,
                scene_id=item.scene_id,
                title=name_item(house, item.kind, item.scene_id),
                level=item.level,
                feedback=item.feedback_mode,
                check=item.check_kind,
                target_attempts=item.target_attempts,
                target_skill=item.target_skill,
                target_count=item.target_count,
            )
            for item in items
        ),
        reminders=tuple(
            ReminderRow(kind=each.kind, send_at=each.send_at, sent_at=each.sent_at, cancelled_at=each.cancelled_at) for each in reminders
        ),
    )


def _list_shares(session: Session, person_id: str, names: dict[str, str]) -> tuple[ShareRow, ...]:
    own = select(Share).join(Attempt, Attempt.id == Share.attempt_id).where(Attempt.person_id == person_id)
    comments: dict[str, list[CommentRow]] = defaultdict(list)
    written = select(Comment).where(Comment.share_id.in_(own.with_only_columns(Share.id))).order_by(Comment.made_at)
    for each in session.scalars(written):
        comments[each.share_id].append(
            CommentRow(
                turn_id=each.turn_id,
                by=names.get(each.author_id, ""),
                words=each.words,
                made_at=each.made_at,
                changed_at=each.changed_at,
                seen_at=each.seen_at,
            )
        )
    return tuple(
        ShareRow(
            id=share.id,
            rehearsal_id=share.attempt_id,
            clinician=names.get(share.clinician_id, ""),
            parts=cast(Any, tuple(part for part in Parts.__dataclass_fields__ if getattr(share, part))),
            up_to_turn=share.last_turn_number,
            shared_at=share.shared_at,
            revoked_at=share.revoked_at,
            first_read_at=share.first_read_at,
            last_read_at=share.last_read_at,
            comments=tuple(comments[share.id]),
        )
        for share in session.scalars(own.order_by(Share.shared_at))
    )


def _list_trail(session: Session, person_id: str, names: dict[str, str]) -> tuple[TrailRow, ...]:
    mine = or_(AuditEvent.subject_id == person_id, AuditEvent.actor_id == person_id)
    return tuple(
        TrailRow(
            number=event.number,
            at=event.at,
            what=event.what,
            sentence=str(SENTENCES.get(event.what, "")),
            by=None if event.actor_id is None else names.get(event.actor_id, ""),
            by_me=event.actor_id == person_id,
            object_id=event.object_id,
            detail=event.detail,
        )
        for event in session.scalars(select(AuditEvent).where(mine).order_by(AuditEvent.number))
    )
