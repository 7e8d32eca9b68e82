"""The pause when safety spoke: help is shown, the exercise waits, and only the client makes it go on.

The attempt keeps (encrypted) which help is shown, whether it was taken back and when it paused; of the words that led to it nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC
from typing import cast

from web.database.tables import Attempt
from web.rehearsal.door import MODEL_KIND, Finding
from web.rehearsal.faults import NotNow
from web.rehearsal.help_record import is_paused_for_help, read_record
from web.rehearsal.house import House
from web.rehearsal.storing import find_attempt
from web.safety.rules import Finding as RulesFinding
from web.safety.taking_back import HelpRecord, note_finding, resume, take_back

MOST_PAUSES = 50


def note_in_attempt(attempt: Attempt, finding: Finding | None) -> bool:
    """Note what safety saw; True when the one-line pointer to help is to be shown with this answer."""
    record = read_record(attempt)
    noted = note_finding(record, cast("RulesFinding | None", finding))
    if noted != record:
        kind = finding.kind if finding is not None and noted.showing == "panel" else _kept_kind(attempt)
        _keep(attempt, noted, kind)
    return noted.showing == "footer"


def pause_for_help(house: House, attempt: Attempt, kind: str) -> None:
    """Show the panel of `kind`; the exercise waits."""
    pauses = [*list_pauses(attempt), house.now().astimezone(UTC).isoformat()][-MOST_PAUSES:]
    _keep(attempt, note_finding(read_record(attempt), RulesFinding(kind, 1)), kind, pauses)  # type: ignore[arg-type]
    attempt.last_used_at = house.now()


def say_not_meant(house: House, person_id: str, attempt_id: str) -> None:
    """The client did not mean it that way: taken once, without argument; the exercise goes on when the client resumes it."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        if not is_paused_for_help(attempt):
            raise NotNow
        _keep(attempt, take_back(read_record(attempt)), _kept_kind(attempt))


def resume_after_help(house: House, person_id: str, attempt_id: str) -> None:
    """The client goes on with the rehearsal where it was; a second press changes nothing."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        if is_paused_for_help(attempt):
            _keep(attempt, resume(read_record(attempt)), _kept_kind(attempt))
        attempt.last_used_at = house.now()


def kind_shown(attempt: Attempt) -> str:
    """Which help is shown, or would be."""
    return _kept_kind(attempt)


def _kept_kind(attempt: Attempt) -> str:
    kept = attempt.help
    return MODEL_KIND if kept is None else str(kept["kind"])


def list_pauses(attempt: Attempt) -> list[str]:
    """When this attempt was paused for help, as moments in UTC; shown to nobody unless the client shares it."""
    kept = attempt.help
    return [] if kept is None else list(kept.get("pauses", ()))


def _keep(attempt: Attempt, record: HelpRecord, kind: str, pauses: list[str] | None = None) -> None:
    attempt.help = {"kind": kind, **asdict(record), "pauses": list_pauses(attempt) if pauses is None else pauses}
