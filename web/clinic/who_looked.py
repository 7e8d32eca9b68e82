"""The trail as people read it: for a client everything that concerns their data, for everybody else their own acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from web.database.clinic_tables import AuditEvent, Care, Share
from web.database.tables import Attempt, Person
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card

PAGE = 50

SENTENCES = {
    "signed_in": _("Signed in."),
    "sign_in_refused": _("A sign-in was refused."),
    "signed_out": _("Signed out."),
    "joined": _("Joined by an invitation."),
    "passphrase_changed": _("Changed the passphrase."),
    "passphrase_renewed": _("Renewed the passphrase with a recovery code."),
    "login_renewed": _("Renewed the login by a new invitation; unshared words were erased first."),
    "totp_switched_on": _("Switched on the codes of an authenticator app."),
    "totp_switched_off": _("Switched off the codes of an authenticator app."),
    "recovery_codes_made": _("Made new recovery codes."),
    "invited": _("Made an invitation."),
    "invitation_withdrawn": _("Withdrew an invitation."),
    "person_blocked": _("Closed the login."),
    "person_unblocked": _("Opened the login again."),
    "person_erased": _("Erased an account with everything in it."),
    "care_began": _("Care by a clinician began."),
    "care_ended": _("Care by a clinician ended; what was shared in it opens nothing any more."),
    "group_made": _("Made a group."),
    "group_changed": _("Changed who is in a group."),
    "group_erased": _("Erased a group."),
    "assigned": _("Gave homework."),
    "assignment_changed": _("Changed homework."),
    "assignment_withdrawn": _("Withdrew homework."),
    "assignment_skipped": _("Skipped homework."),
    "assignment_paused": _("Paused homework."),
    "assignment_resumed": _("Took homework up again."),
    "assignment_stopped": _("Chose to stop homework where it was."),
    "consent_given": _("Agreed that counts of skills may be seen."),
    "consent_withdrawn": _("Withdrew the agreement on counts of skills."),
    "shared": _("Shared a rehearsal."),
    "share_revoked": _("Took a shared rehearsal back."),
    "share_read": _("Read a shared rehearsal."),
    "counts_read": _("Looked at counts of skills."),
    "client_page_read": _("Opened the client's page."),
    "commented": _("Wrote a comment to a shared rehearsal."),
    "comment_changed": _("Changed a comment."),
    "comment_erased": _("Erased a comment."),
    "summary_read": _("Opened or printed the summary before a meeting."),
    "exported": _("Exported data."),
    "attempt_erased": _("Erased a rehearsal."),
    "retention_erased": _("Practice was erased because its time had passed."),
    "note_erased": _("Erased a note."),
    "card_erased": _("Erased an agreement card."),
    "share_erased": _("Erased a share with its comments."),
    "skip_reason_erased": _("Erased the reason for skipping homework."),
    "scene_drafted": _("Wrote a draft of a scene."),
    "scene_published": _("Published a scene."),
    "scene_archived": _("Took a scene out of the list."),
    "scene_imported": _("Imported a scene."),
    "wording_changed": _("Changed wording of the clinic."),
    "setting_changed": _("Changed a setting of the clinic."),
    "help_confirmed": _("Confirmed the help file."),
    "mail_switched_on": _("Switched on reminders by e-mail."),
    "mail_switched_off": _("Switched off reminders by e-mail."),
}
"""One sentence for each event of `web.clinic.audit.EVENTS`; a test finds one that is missing."""

TO_THE_CLIENT = {
    "client_page_read": _("Opened your page: homework, and what you share."),
    "summary_read": _("Opened or printed your summary before a meeting."),
    "counts_read": _("Looked at your counts of skills."),
}
"""The same where the reader is the one it is about."""


@dataclass(frozen=True)
class TrailLine:
    """One event. `by` is None when the house itself did it; `about`: whose data, where the reader may know.

    `share_id` and `title`: of the reader's own share that it is about.
    """

    number: int
    at: datetime
    by: str | None
    is_mine: bool
    about: str | None
    sentence: str
    share_id: str | None = None
    title: str | None = None


def list_trail(house: House, person_id: str, role: str, *, before: int | None = None) -> tuple[list[TrailLine], int | None]:
    """The latest events this person may read, `PAGE` at most, and the number to go on from (None at the end). Four queries at most."""
    query = select(AuditEvent).order_by(AuditEvent.number.desc()).limit(PAGE + 1)
    query = _limit_to_own(query, person_id, role)
    if before is not None:
        query = query.where(AuditEvent.number < before)
    with house.database.reading() as session:
        events = list(session.scalars(query))
        shown = events[:PAGE]
        names = _name_actors(session, shown)
        labels = _label_subjects(session, shown, person_id) if role == "clinician" else {}
        titles = _name_shares(house, session, shown, person_id) if role == "client" else {}
    lines = [
        TrailLine(
            number=event.number,
            at=event.at,
            by=None if event.actor_id is None else names.get(event.actor_id, str(_("somebody whose account was erased"))),
            is_mine=event.actor_id == person_id,
            about=labels.get(event.subject_id or ""),
            sentence=_tell(event, person_id),
            share_id=event.object_id if event.object_id in titles else None,
            title=titles.get(event.object_id or ""),
        )
        for event in shown
    ]
    return lines, shown[-1].number if len(events) > PAGE else None


def _tell(event: AuditEvent, reader_id: str) -> str:
    if event.subject_id == reader_id and event.what in TO_THE_CLIENT:
        return str(TO_THE_CLIENT[event.what])
    return str(SENTENCES.get(event.what, _("Something was done.")))


def _limit_to_own(query: Select[tuple[AuditEvent]], person_id: str, role: str) -> Select[tuple[AuditEvent]]:
    if role == "client":
        return query.where((AuditEvent.subject_id == person_id) | (AuditEvent.actor_id == person_id))
    return query.where(AuditEvent.actor_id == person_id)


def _name_actors(session: Session, events: list[AuditEvent]) -> dict[str, str]:
    ids = {event.actor_id for event in events if event.actor_id}
    return {person.id: person.name or "" for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _name_shares(house: House, session: Session, events: list[AuditEvent], client_id: str) -> dict[str, str]:
    """Share id to the title of its rehearsal, of this client's own shares that are still there."""
    ids = {event.object_id for event in events if event.object_id}
    query = select(Share.id, Attempt).join(Attempt, Attempt.id == Share.attempt_id)
    rows = session.execute(query.where(Share.id.in_(ids), Attempt.person_id == client_id))
    return {share_id: find_card(house, attempt).title for share_id, attempt in rows}


def _label_subjects(session: Session, events: list[AuditEvent], clinician_id: str) -> dict[str, str]:
    """What this clinician calls the clients of these events, while they are in their care."""
    ids = {event.subject_id for event in events if event.subject_id}
    query = select(Care).where(Care.clinician_id == clinician_id, Care.client_id.in_(ids), Care.ended_at.is_(None))
    return {care.client_id: care.label or "" for care in session.scalars(query)}
