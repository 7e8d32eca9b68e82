"""The pause when safety spoke: help is shown, the exercise waits, and only the client makes it go on."""

from __future__ import annotations

from web.database.tables import Attempt
from web.rehearsal.faults import NotNow
from web.rehearsal.house import House
from web.rehearsal.storing import find_attempt

NOT_MEANT = "not_meant:"
"""Before the kind: the client said "that's not what I meant"; help has folded to a link, the exercise still waits."""


def pause_for_help(house: House, attempt: Attempt, kind: str) -> None:
    attempt.help = kind
    attempt.last_used_at = house.now()


def say_not_meant(house: House, person_id: str, attempt_id: str) -> None:
    """The client did not mean it that way: taken without argument; the exercise goes on when the client resumes it."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        if attempt.help is None:
            raise NotNow
        if not attempt.help.startswith(NOT_MEANT):
            attempt.help = NOT_MEANT + attempt.help


def resume_after_help(house: House, person_id: str, attempt_id: str) -> None:
    """The client goes on with the rehearsal where it was; a second press changes nothing."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        attempt.help = None
        attempt.last_used_at = house.now()
