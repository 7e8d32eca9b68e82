"""The audit trail: who saw, changed, shared, exported or deleted what, never what was typed.

Rows are numbered without gaps and chained: each carries an HMAC-SHA-256, under a secret that is not in the database, of its own
fields and of the row before. A changed, removed or inserted row is found by `find_break`; so is a tail cut off, as long as the
last number and hash were noted elsewhere (`sayable audit` prints them).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from web.database.clinic_tables import AuditEvent
from web.database.tables import make_id

EVENTS = frozenset(
    {
        # people
        *("signed_in", "sign_in_refused", "signed_out", "joined", "passphrase_changed", "passphrase_renewed", "login_renewed"),
        *("totp_switched_on", "totp_switched_off", "recovery_codes_made", "invited", "invitation_withdrawn", "person_blocked"),
        *("person_unblocked", "person_erased", "care_began", "care_ended", "group_made", "group_changed", "group_erased"),
        # homework and what is seen
        *("assigned", "assignment_changed", "assignment_withdrawn", "assignment_skipped", "assignment_paused", "assignment_resumed"),
        "assignment_stopped",
        *("consent_given", "consent_withdrawn", "shared", "share_revoked", "share_read", "counts_read", "client_page_read"),
        *("commented", "comment_changed", "comment_erased", "summary_read"),
        # out and away
        *("exported", "attempt_erased", "retention_erased", "note_erased", "card_erased", "share_erased"),
        "skip_reason_erased",
        # the clinic
        *("scene_drafted", "scene_published", "scene_archived", "scene_imported", "wording_changed", "setting_changed", "help_confirmed"),
        *("mail_switched_on", "mail_switched_off"),
    }
)
"""The closed list of what can happen; pages show each by a sentence of ours."""

_FIRST_HASH = "0" * 64
_LOCK = 5_917_221  # any number of our own, for PostgreSQL's advisory lock: two processes never take the same place in the chain


class AuditTrail:
    """Writes to and checks the trail under one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def record(
        self,
        session: Session,
        what: str,
        *,
        now: datetime,
        actor_id: str | None,
        subject_id: str | None,
        object_id: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Add one event to a writing session, so that it is kept exactly when the act itself is. Raises ValueError for an unknown event."""
        if what not in EVENTS:
            raise ValueError(f"{what} is not on the list of audit events.")
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        session.flush()
        last = session.execute(select(AuditEvent.number, AuditEvent.hash).order_by(AuditEvent.number.desc()).limit(1)).first()
        event = AuditEvent(
            id=make_id(),
            number=1 if last is None else last.number + 1,
            at=now.astimezone(UTC),
            actor_id=actor_id,
            subject_id=subject_id,
            what=what,
            object_id=object_id,
            detail=detail,
            previous_hash=_FIRST_HASH if last is None else last.hash,
        )
        event.hash = self._hash(event)
        session.add(event)
        session.flush()

    def find_break(self, session: Session) -> int | None:
        """The number of the first row that does not follow from the one before; None when the chain holds."""
        previous, expected = _FIRST_HASH, 1
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.number).execution_options(yield_per=1000)):
            if event.number != expected or event.previous_hash != previous or not hmac.compare_digest(event.hash, self._hash(event)):
                return expected
            previous, expected = event.hash, expected + 1
        return None

    def _hash(self, event: AuditEvent) -> str:
        fields = [event.number, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor_id, event.subject_id]
        fields += [event.what, event.object_id, event.detail, event.previous_hash]
        return hmac.new(self._secret, json.dumps(fields).encode(), hashlib.sha256).hexdigest()
