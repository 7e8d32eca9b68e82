"""What an attempt keeps about help: which was shown, never why."""

from __future__ import annotations

from web.database.tables import Attempt
from web.safety.taking_back import HelpRecord


def read_record(attempt: Attempt) -> HelpRecord:
    """What help has been shown in this attempt so far."""
    kept = attempt.help
    if kept is None:
        return HelpRecord()
    return HelpRecord(showing=kept["showing"], taken_back=kept["taken_back"], footed=kept["footed"])


def is_paused_for_help(attempt: Attempt) -> bool:
    return read_record(attempt).showing in ("panel", "link")
