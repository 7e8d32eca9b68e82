"""The tables of the clinic: people with a login, who cares for whom, homework, shares, comments, audit, authored content.

What a person typed stands only in `…_sealed` columns, as in `web.database.tables`; closed words, ids, hashes and times stand plain.
A person's own columns (login, role) are in `web.database.tables.Person`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from web.database.sealed import SealedJson, SealedText
from web.database.tables import PLAIN_COLUMNS, Base

CLINIC_PLAIN_COLUMNS = frozenset(
    {
        # random ids, and hashes of random tokens and codes
        *("recovery_code.id", "recovery_code.person_id", "recovery_code.code_hash"),
        *("invitation.id", "invitation.made_by_id", "invitation.person_id", "invitation.group_id"),
        *("invitation.token_hash", "invitation.code_hash"),
        *("care.id", "care.clinician_id", "care.client_id"),
        *("consent.id", "consent.person_id", "consent.clinician_id"),
        *("client_group.id", "client_group.clinician_id", "group_member.id", "group_member.group_id", "group_member.client_id"),
        *("homework_template.id", "homework_template.clinician_id"),
        *("assignment.id", "assignment.clinician_id", "assignment.client_id", "assignment.group_id", "assignment.batch_id"),
        *("assignment_item.id", "assignment_item.assignment_id"),
        *("reminder.id", "reminder.assignment_id", "reminder.key"),
        *("share.id", "share.attempt_id", "share.clinician_id"),
        *("comment.id", "comment.share_id", "comment.turn_id", "comment.author_id"),
        *("audit_event.id", "audit_event.actor_id", "audit_event.subject_id", "audit_event.object_id"),
        *("audit_event.previous_hash", "audit_event.hash"),
        *("clinic_scene.id", "clinic_scene.author_id", "clinic_wording.id", "clinic_wording.changed_by_id"),
        # words from a closed list of ours
        *(
            "recovery_code.purpose",
            "invitation.role",
            "invitation.kind",
            "consent.what",
            "reminder.kind",
            "audit_event.what",
            "audit_event.detail",
        ),
        *("assignment_item.kind", "assignment_item.scene_id", "assignment_item.level", "assignment_item.feedback_mode"),
        *("assignment_item.check_kind", "assignment_item.target_skill", "clinic_scene.scene_id", "clinic_scene.status"),
        *("clinic_scene.locale", "clinic_wording.kind", "clinic_wording.locale", "clinic_wording.key", "clinic_setting.id"),
        # a calendar day without an hour
        *("assignment.due_on", "assignment.opens_on"),
    }
)
"""The plain text columns of this module, and why; added to `web.database.tables.PLAIN_COLUMNS`."""


class RecoveryCode(Base):
    """One code that is used once: instead of a TOTP code (`purpose` totp) or to renew a lost passphrase (`passphrase`)."""

    __tablename__ = "recovery_code"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Literal["totp", "passphrase"]] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(128))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A one-time way in, as a link and as a short code; both are kept only as hashes."""

    __tablename__ = "invitation"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    """Null for the setup link of the first clinician."""
    role: Mapped[Literal["client", "clinician", "admin"]] = mapped_column(String(16))
    kind: Mapped[Literal["new", "renewal"]] = mapped_column(String(16))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    """Who joined by it, or (renewal) whose login it renews."""
    group_id: Mapped[str | None] = mapped_column(String(32))
    """The group a new client joins."""
    label_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    label = SealedText("label_sealed")
    """What the clinician calls this client; becomes `care.label`."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class Care(Base):
    """That a clinician cares for a client: what makes a client appear on a caseload. Ended, it gives no access any more."""

    __tablename__ = "care"
    __table_args__ = (UniqueConstraint("clinician_id", "client_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    clinician_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    label_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    label = SealedText("label_sealed")
    """What this clinician calls the client; shown to the client too."""
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Consent(Base):
    """What a client agreed to towards a clinician (or, without one, towards the house), each dated; withdrawn by one click."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_person_id_clinician_id", "person_id", "clinician_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    clinician_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    what: Mapped[Literal["skill_counts", "reminders"]] = mapped_column(String(16))
    wording_version: Mapped[int] = mapped_column(Integer)
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class ClientGroup(Base):
    """Clients who get the same homework; members see nothing of each other, not even that there is a group."""

    __tablename__ = "client_group"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    clinician_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = SealedText("name_sealed")
    made_at: Mapped[datetime]


class GroupMember(Base):
    """That a client is in a group."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("group_id", "client_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("client_group.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    joined_at: Mapped[datetime]


class HomeworkTemplate(Base):
    """Homework kept for another time: its content is a JSON object of the fields of an assignment and its items."""

    __tablename__ = "homework_template"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    clinician_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = SealedJson("content_sealed")
    changed_at: Mapped[datetime]


class Assignment(Base):
    """Homework for one client; given to a group it becomes one of these for each member, with the same `batch_id`."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_clinician_id_client_id", "clinician_id", "client_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    clinician_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[str | None] = mapped_column(String(32))
    batch_id: Mapped[str] = mapped_column(String(32), index=True)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = SealedText("note_sealed")
    """A note in the clinician's words, shown to the client."""
    opens_on: Mapped[str | None] = mapped_column(String(10))
    """First day (ISO date) in the client's own zone; null: always open."""
    due_on: Mapped[str | None] = mapped_column(String(10))
    """Last day (ISO date) in the client's own zone; late work is always accepted."""
    every_days: Mapped[int | None] = mapped_column(Integer)
    """How often: once each so many days; null: no rhythm."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    """Paused by the client; a state like any other."""
    stopped_at: Mapped[datetime | None]
    """The client said "I chose to stop here": done as it is, whatever the target (with a rhythm: for that round)."""
    skipped_at: Mapped[datetime | None]
    skip_reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    skip_reason = SealedText("skip_reason_sealed")
    """Why the client skipped it; shown to the clinician only when `skip_reason_shared`."""
    skip_reason_shared: Mapped[bool] = mapped_column(default=False)


class AssignmentItem(Base):
    """One scene or drill of an assignment."""

    __tablename__ = "assignment_item"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    place: Mapped[int] = mapped_column(Integer)
    """1, 2, … in the order shown"""
    kind: Mapped[Literal["scene", "drill"]] = mapped_column(String(16))
    scene_id: Mapped[str] = mapped_column(String(64))
    """For a drill the skill."""
    level: Mapped[str | None] = mapped_column(String(16))
    """Null: the client chooses."""
    feedback_mode: Mapped[Literal["full", "line", "none"]] = mapped_column(String(16))
    check_kind: Mapped[Literal["before", "after", "new"] | None] = mapped_column(String(16))
    target_attempts: Mapped[int] = mapped_column(Integer, default=1)
    """So many attempts make it done."""
    target_skill: Mapped[str | None] = mapped_column(String(32))
    """With `target_count`: so many of this skill in one attempt; offered only while skill counts are shared."""
    target_count: Mapped[int | None] = mapped_column(Integer)


class Reminder(Base):
    """One reminder of one assignment; `key` makes a second one of the same kind for the same day impossible."""

    __tablename__ = "reminder"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignment.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Literal["due", "overdue", "snoozed"]] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(96), unique=True)
    send_at: Mapped[datetime] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, default=0)


class Share(Base):
    """What of one attempt a client lets one clinician see. Revoked, it opens nothing, at once."""

    __tablename__ = "share"
    __table_args__ = (Index("ix_share_attempt_id_clinician_id", "attempt_id", "clinician_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    clinician_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    talk: Mapped[bool] = mapped_column(default=False)
    """the transcript with its feedback"""
    note: Mapped[bool] = mapped_column(default=False)
    """the private note"""
    card: Mapped[bool] = mapped_column(default=False)
    """the agreement card"""
    counts: Mapped[bool] = mapped_column(default=False)
    """counts of skills and of faults of this attempt"""
    help_pauses: Mapped[bool] = mapped_column(default=False)
    """that a pause for help happened; never its words, which are not kept"""
    last_turn_number: Mapped[int] = mapped_column(Integer)
    """What came after this turn was not previewed and is not shared."""
    shared_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    first_read_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]


class Comment(Base):
    """A clinician's words to a shared turn, or to the whole talk (`turn_id` null); always shown to the client."""

    __tablename__ = "comment"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    share_id: Mapped[str] = mapped_column(ForeignKey("share.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[str | None] = mapped_column(String(32))
    author_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    words = SealedText("words_sealed")
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class AuditEvent(Base):
    """Who saw, changed, shared, exported or deleted what; never typed words. Rows are chained by their hashes and never changed.

    The ids are not foreign keys: after an erasure they stay as what they then are, random ids that lead nowhere.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject_id_number", "subject_id", "number"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    """1, 2, … without gaps"""
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(String(32), index=True)
    """Null: the house itself, or the terminal."""
    subject_id: Mapped[str | None] = mapped_column(String(32))
    """Whose data it was."""
    what: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str | None] = mapped_column(String(32))
    detail: Mapped[str | None] = mapped_column(String(64))
    """One more word from a closed list, such as the format of an export."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ClinicScene(Base):
    """One version of a scene written in this clinic, as the YAML that `data/scenarios` uses."""

    __tablename__ = "clinic_scene"
    __table_args__ = (UniqueConstraint("scene_id", "version"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    scene_id: Mapped[str] = mapped_column(String(64))
    """`C` and a number: C01, C02, …"""
    version: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    status: Mapped[Literal["draft", "published", "archived"]] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(16))
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = SealedText("content_sealed")
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - named so by SQLAlchemy


class ClinicWording(Base):
    """A help line, a message of feedback, a feeling or a need word as this clinic wants it."""

    __tablename__ = "clinic_wording"
    __table_args__ = (UniqueConstraint("kind", "locale", "key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[Literal["help", "feedback", "feeling", "need"]] = mapped_column(String(16))
    locale: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    words = SealedText("words_sealed")
    changed_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]


class ClinicSetting(Base):
    """One setting of the clinic that is changed in the browser; `id` is its name from a closed list."""

    __tablename__ = "clinic_setting"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    value = SealedJson("value_sealed")
    changed_at: Mapped[datetime]


ALL_PLAIN_COLUMNS = PLAIN_COLUMNS | CLINIC_PLAIN_COLUMNS
