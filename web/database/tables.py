"""All tables. What a person typed, and what follows from it, stands only in `…_sealed` columns (see `web.database.sealed`).

The tables of the clinic (logins, homework, shares, audit, authored content) are in `web.database.clinic_tables`.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import DateTime, ForeignKey, Index, Integer, LargeBinary, MetaData, String, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from web.database.sealed import SealedJson, SealedText

PLAIN_COLUMNS = frozenset(
    {
        # random ids and hashes of random tokens
        *("person.id", "browser_session.id", "browser_session.person_id", "browser_session.token_hash"),
        *("person.sign_in_hash", "person.passphrase_hash", "attempt.assignment_item_id"),
        *(
            "attempt.id",
            "attempt.person_id",
            "attempt.start_id",
            "attempt.current_turn_id",
            "attempt.waiting_turn_id",
            "attempt.redoing_turn_id",
        ),
        *(
            "turn.id",
            "turn.attempt_id",
            "turn.parent_id",
            "turn.instead_of_id",
            "turn.message_id",
            "erasure.id",
            "note.id",
            "note.attempt_id",
            "agreement.id",
            "agreement.attempt_id",
        ),
        # words from a closed list of ours
        *("person.role", "person.time_zone", "person.locale", "attempt.kind", "attempt.scene_id", "attempt.level", "attempt.feedback_mode"),
        *("attempt.phase", "attempt.check_kind"),
        *("turn.kind", "turn.command", "turn.status", "turn.said_in", "erasure.what", "erasure.why"),
        # counters of the rate limiter, keyed by a hash, and the mark by which a wrong key is noticed
        *("rate_window.key", "key_check.id"),
    }
)
"""Every text column that is not encrypted, and why that is right; a test fails on a text column that is in neither place."""


def make_id() -> str:
    """128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime}  # noqa: RUF012 - named so by SQLAlchemy


class Person(Base):
    """Someone who may use the house; a guest has nothing but an id."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    """guest, client, clinician or admin"""
    created_at: Mapped[datetime]
    erase_after: Mapped[datetime | None] = mapped_column(index=True)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = SealedText("name_sealed")
    """The name to be called by and to sign in with; need not be a real name."""
    sign_in_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    """A keyed hash of the name as compared at sign-in (see `web.access.sign_in_names`); null for guests."""
    passphrase_hash: Mapped[str | None] = mapped_column(String(160))
    """argon2id with its parameters, as argon2-cffi writes it."""
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp = SealedText("totp_sealed")
    """The secret of the authenticator app; null: not switched on."""
    totp_last_step: Mapped[int | None] = mapped_column(Integer)
    """The 30-second step of the last code that was used, so that none is used twice."""
    time_zone: Mapped[str | None] = mapped_column(String(64))
    """IANA name, such as Europe/Lisbon."""
    locale: Mapped[str | None] = mapped_column(String(16))
    mail_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    mail = SealedJson("mail_sealed")
    """For reminders by e-mail, only when the person asked for them: {"address", "subject", "hour"}."""
    blocked_at: Mapped[datetime | None]
    """Set by an administrator: the person cannot sign in."""
    last_practised_at: Mapped[datetime | None] = mapped_column(index=True)
    """From which retention counts."""


class BrowserSession(Base):
    """One browser that is let in; only a hash of its token is kept."""

    __tablename__ = "browser_session"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    lobby_state_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    lobby_state = SealedJson("lobby_state_sealed")
    """Where the talk in the lobby stands; what was typed there is not kept."""


class Attempt(Base):
    """One rehearsal of one scene by one person: a tree of turns with one turn where the talk stands now."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("person_id", "start_id"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    start_id: Mapped[str] = mapped_column(String(64))
    """The client-made id it was started with: starting twice with it gives the same attempt."""
    kind: Mapped[Literal["scene", "drill"]] = mapped_column(String(16))
    """For a drill `scene_id` holds the skill."""
    scene_id: Mapped[str] = mapped_column(String(64))
    scene_version: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(16))
    seed: Mapped[int] = mapped_column(Integer)
    feedback_mode: Mapped[Literal["full", "line", "none"]] = mapped_column(String(16))
    check_kind: Mapped[Literal["before", "after", "new"] | None] = mapped_column(String(16))
    """Set for a check scene: before practising, after it, or in a new situation; such an attempt gets no feedback while it runs."""
    self_check_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    self_check = SealedText("self_check_sealed")
    """What the client said before the talk: want, should or unsure; never scored, and nothing hangs on it."""
    phase: Mapped[str] = mapped_column(String(16))
    """As Rasa last reported it; `new` before its first answer."""
    current_turn_id: Mapped[str | None] = mapped_column(String(32))
    """The answered turn where the talk stands; its `state_after` goes out with the next message.

    Not a foreign key, since the two tables would point at each other.
    """
    waiting_turn_id: Mapped[str | None] = mapped_column(String(32))
    """The one turn that is stored and not yet answered."""
    redoing_turn_id: Mapped[str | None] = mapped_column(String(32))
    """The first version of the reply that is being tried again."""
    turn_count: Mapped[int] = mapped_column(Integer, default=0)
    help_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    help = SealedJson("help_sealed")
    """What help safety has shown in this attempt: its kind, whether it shows now, was taken back, was pointed to."""
    return_at: Mapped[datetime | None]
    """When the client means to come back from a time-out."""
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    erase_after: Mapped[datetime | None] = mapped_column(index=True)
    assignment_item_id: Mapped[str | None] = mapped_column(String(32), index=True)
    """The homework it was practised for; not a foreign key, so that withdrawn homework takes no attempt with it."""
    revision: Mapped[int] = mapped_column(Integer)
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - named so by SQLAlchemy


class Turn(Base):
    """One message to the partner and its answer. Replies tried again stand beside each other under `instead_of_id`."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("attempt_id", "message_id"),
        Index("ix_turn_attempt_id_number", "attempt_id", "number"),
        Index("ix_turn_said", "attempt_id", "kind", "status", "said_in", "instead_of_id", "id"),  # counting what was said reads this alone
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("turn.id"), index=True)
    """The turn whose state this message was sent with."""
    instead_of_id: Mapped[str | None] = mapped_column(String(32))
    """The first version of this reply, when it was tried again."""
    number: Mapped[int] = mapped_column(Integer)
    """1, 2, … in the order the turns were stored."""
    message_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Literal["speech", "command"]] = mapped_column(String(16))
    command: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[Literal["sent", "answered", "failed", "replaced"]] = mapped_column(String(16))
    """sent (stored, no answer yet), answered, failed (given up for a pause or a stop) or replaced (tried again)"""
    said_in: Mapped[str | None] = mapped_column(String(16))
    """The phase in which it was sent; null for turns stored before this was noted, which were said in the talk."""
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    words = SealedText("words_sealed")
    argument_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    argument = SealedJson("argument_sealed")
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answer = SealedJson("answer_sealed")
    """lines, feedback, offers, moved, ending, reveal as Rasa gave them"""
    state_after_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state_after = SealedJson("state_after_sealed")
    counts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    counts = SealedJson("counts_sealed")
    """What was counted on the way from the opening to this turn (see `web.rehearsal.counting`); null for turns before version 0004."""
    claimed_until: Mapped[datetime | None]
    """While a process is waiting for the answer, nobody else sends this turn."""
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class Note(Base):
    """A private, unscored note to an attempt."""

    __tablename__ = "note"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), unique=True)
    words_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    words = SealedText("words_sealed")
    changed_at: Mapped[datetime]


class Agreement(Base):
    """The agreement card of an attempt as the client last kept it; only the dates of earlier versions are remembered."""

    __tablename__ = "agreement"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), unique=True)
    card_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    card = SealedJson("card_sealed")
    """Null once withdrawn: its words are gone."""
    changes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    changes = SealedJson("changes_sealed")
    """A list of [what, moment in UTC]: kept, changed, withdrawn."""
    changed_at: Mapped[datetime]


class Erasure(Base):
    """That something was erased, when and why: a random id, no words, no person."""

    __tablename__ = "erasure"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(16))
    why: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    turns: Mapped[int] = mapped_column(Integer)
    counts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    counts = SealedJson("counts_sealed")
    """How much of what went, by kind (see `web.database.erasure`); null where only rehearsals went."""
    erased_at: Mapped[datetime]


class RateWindow(Base):
    """One counter of the rate limiter."""

    __tablename__ = "rate_window"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(index=True)


class KeyCheck(Base):
    """A known word under the key, by which a wrong key is noticed before anything is written."""

    __tablename__ = "key_check"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    word_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    word = SealedText("word_sealed")
