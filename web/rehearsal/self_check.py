"""The self-check before a talk: I want to, I think I should, I'm not sure. Never scored, and nothing hangs on it."""

from __future__ import annotations

from typing import Literal

from web.rehearsal.controls import BEFORE_THE_TALK
from web.rehearsal.faults import NotNow
from web.rehearsal.house import House
from web.rehearsal.storing import find_attempt

Leaning = Literal["want", "should", "unsure"]


def note_leaning(house: House, person_id: str, attempt_id: str, leaning: Leaning | None) -> None:
    """Keep what the client said, or take it away with None; raises NotNow once the talk has begun."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        if attempt.kind != "scene" or attempt.phase not in BEFORE_THE_TALK:
            raise NotNow
        attempt.self_check = leaning
        attempt.last_used_at = house.now()
