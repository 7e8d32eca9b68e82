"""What a client takes along: the shape of `data.json`, version 1, described for readers in docs/EXPORTS.md.

A change that takes a field away or gives it another meaning is a new version; a test holds docs/own-data.v1.schema.json to these classes.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

FORMAT, VERSION = "sayable-own-data", 1


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class MailWish(Kept):
    """Reminders by e-mail, as switched on by the client."""

    address: str
    subject: str
    hour: int


class RecoveryCodeRow(Kept):
    """That a code was made; the code itself is not kept anywhere."""

    purpose: Literal["totp", "passphrase"]
    made_at: datetime
    used_at: datetime | None


class SessionRow(Kept):
    """One browser that is, or was lately, signed in."""

    began_at: datetime
    last_used_at: datetime
    ends_at: datetime


class InvitationRow(Kept):
    """An invitation by which the client joined or renewed their login."""

    kind: Literal["new", "renewal"]
    label: str | None
    made_by: str | None
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None


class Account(Kept):
    """Facts of the login. `practice_ends_on`: the day on which rehearsals are erased, if nothing is practised until then."""

    name: str | None
    role: str
    made_at: datetime
    time_zone: str | None
    language: str | None
    last_practised_at: datetime | None
    practice_ends_on: date | None
    authenticator_app: bool
    mail: MailWish | None
    recovery_codes: tuple[RecoveryCodeRow, ...]
    sessions: tuple[SessionRow, ...]
    invitations: tuple[InvitationRow, ...]


class CareRow(Kept):
    """That a clinician cares or cared for the client, and what they call them in their list."""

    clinician: str
    label: str | None
    began_at: datetime
    ended_at: datetime | None


class ConsentRow(Kept):
    """What the client agreed to. `clinician` is null where it is towards the house itself."""

    what: Literal["skill_counts", "reminders"]
    clinician: str | None
    wording_version: int
    given_at: datetime
    withdrawn_at: datetime | None


class SaidLine(Kept):
    who: Literal["partner", "guide"]
    kind: str
    text: str


class EvidenceRow(Kept):
    """Which words a criterion was found in, and why."""

    text: str
    why: str


class CriterionRow(Kept):
    key: str
    name: str
    kind: Literal["skill", "fault", "safety"]
    evidence: tuple[EvidenceRow, ...]


class FeedbackRow(Kept):
    """The feedback on a reply. `rubric`: the version of the codebook it was judged by."""

    rubric: str
    strength: str | None
    next_step: str | None
    rewording: str | None
    criteria: tuple[CriterionRow, ...]


class PartnerMove(Kept):
    """How open the partner was after a reply (0 to 4), by how much that moved, and why."""

    openness: int
    shift: int
    because: str


class TurnRow(Kept):
    """One message and its answer. `counts_now`: it is on the way to where the talk stands; replies that were replaced are not.

    `typed` holds what was typed into a button's form: the guess of feeling and need, the minutes of a time-out.
    """

    id: str
    number: int
    after_turn: str | None
    instead_of: str | None
    counts_now: bool
    kind: Literal["speech", "command"]
    command: str | None
    said_in: str | None
    status: Literal["sent", "answered", "failed", "replaced"]
    sent_at: datetime
    answered_at: datetime | None
    words: str | None
    typed: dict[str, Any] | None
    lines: tuple[SaidLine, ...]
    feedback: FeedbackRow | None
    skills: tuple[str, ...] | None
    partner: PartnerMove | None
    ending: dict[str, str] | None
    reveal: dict[str, str] | None


class NoteRow(Kept):
    words: str | None
    changed_at: datetime


class AgreementRow(Kept):
    """The agreement card. `card` is null once withdrawn; `changes`: what happened and when."""

    card: dict[str, str] | None
    changes: tuple[tuple[str, datetime], ...]


class HelpRow(Kept):
    """That help was shown. The words that led to it are not kept."""

    kind: str
    showing: str
    taken_back: bool
    paused_at: tuple[datetime, ...]


class RehearsalRow(Kept):
    """One rehearsal with everything in it. `revealed`: the talk is over, so the partner's side is in it too."""

    id: str
    kind: Literal["scene", "drill"]
    scene_id: str
    scene_version: int
    title: str
    level: str
    feedback: Literal["full", "line", "none"]
    check: Literal["before", "after", "new"] | None
    self_check: str | None
    phase: str
    revealed: bool
    for_homework_item: str | None
    began_at: datetime
    last_used_at: datetime
    ended_at: datetime | None
    come_back_at: datetime | None
    help: HelpRow | None
    turns: tuple[TurnRow, ...]
    note: NoteRow | None
    agreement: AgreementRow | None


class ReminderRow(Kept):
    kind: Literal["due", "overdue", "snoozed"]
    send_at: datetime
    sent_at: datetime | None
    cancelled_at: datetime | None


class HomeworkItemRow(Kept):
    """One scene or drill of homework."""

    id: str
    place: int
    kind: Literal["scene", "drill"]
    scene_id: str
    title: str
    level: str | None
    feedback: Literal["full", "line", "none"]
    check: Literal["before", "after", "new"] | None
    target_attempts: int
    target_skill: str | None
    target_count: int | None


class HomeworkRow(Kept):
    """Homework as it was given and what became of it; `note` is in the clinician's words."""

    id: str
    given_by: str
    note: str | None
    opens_on: date | None
    due_on: date | None
    every_days: int | None
    given_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None
    paused_at: datetime | None
    stopped_at: datetime | None
    skipped_at: datetime | None
    skip_reason: str | None
    skip_reason_shared: bool
    items: tuple[HomeworkItemRow, ...]
    reminders: tuple[ReminderRow, ...]


class CommentRow(Kept):
    """What a clinician wrote to a shared reply, or (`turn_id` null) to the whole talk."""

    turn_id: str | None
    by: str
    words: str | None
    made_at: datetime
    changed_at: datetime | None
    seen_at: datetime | None


class ShareRow(Kept):
    """What of a rehearsal was shared with whom, and when it was read."""

    id: str
    rehearsal_id: str
    clinician: str
    parts: tuple[Literal["talk", "note", "card", "counts", "help_pauses"], ...]
    up_to_turn: int
    shared_at: datetime
    revoked_at: datetime | None
    first_read_at: datetime | None
    last_read_at: datetime | None
    comments: tuple[CommentRow, ...]


class TrailRow(Kept):
    """One event of the audit trail that is about the client, or was done by them. `by` is null when the house itself did it."""

    number: int
    at: datetime
    what: str
    sentence: str
    by: str | None
    by_me: bool
    object_id: str | None
    detail: str | None


class OwnData(Kept):
    """Everything that is kept of one client."""

    format: Literal["sayable-own-data"] = "sayable-own-data"
    version: Literal[1] = 1
    made_at: datetime
    account: Account
    care: tuple[CareRow, ...]
    consents: tuple[ConsentRow, ...]
    rehearsals: tuple[RehearsalRow, ...]
    homework: tuple[HomeworkRow, ...]
    shares: tuple[ShareRow, ...]
    trail: tuple[TrailRow, ...]
