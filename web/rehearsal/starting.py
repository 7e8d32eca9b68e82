"""A new attempt at a scene, and the list of a person's attempts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from web.database.tables import Attempt, Person, Turn, make_id
from web.rehearsal.faults import NotUnderstood, UnknownScene
from web.rehearsal.house import House
from web.rehearsal.sending import send_stored
from web.rehearsal.storing import Incoming, claim_waiting, store_message

FEEDBACK_MODES = ("full", "line", "none")


@dataclass(frozen=True)
class Choice:
    """What the client chose: a scene, how the partner is at the start, and how much feedback."""

    message_id: str
    scene_id: str
    level: str
    feedback_mode: str = "full"


def start_attempt(house: House, person_id: str, choice: Choice) -> str:
    """Make an attempt and tell Rasa; gives the attempt's id. With a `message_id` used before, gives that attempt.

    When Rasa is away the attempt is there all the same, its first turn waiting to be sent again.
    """
    scene = house.catalogue.find(choice.scene_id)
    if scene is None:
        raise UnknownScene
    if choice.level not in scene.levels or choice.feedback_mode not in FEEDBACK_MODES:
        raise NotUnderstood
    now = house.now()
    with house.database.writing() as session:
        attempt = session.scalar(select(Attempt).where(Attempt.person_id == person_id, Attempt.start_id == choice.message_id))
        if attempt is not None:
            if attempt.phase != "new" or attempt.waiting_turn_id is None:
                return attempt.id
            turn = session.get_one(Turn, attempt.waiting_turn_id)
            stored = claim_waiting(house, session, attempt, turn)
        else:
            person = session.get_one(Person, person_id)
            attempt = Attempt(
                id=make_id(),
                person_id=person_id,
                start_id=choice.message_id,
                kind="scene",
                scene_id=scene.id,
                scene_version=scene.version,
                level=choice.level,
                seed=secrets.randbelow(2**31 - 1),
                feedback_mode=choice.feedback_mode,
                phase="new",
                turn_count=0,
                created_at=now,
                last_used_at=now,
                erase_after=now + house.guest_life if person.role == "guest" else None,
            )
            session.add(attempt)
            session.flush()
            argument: dict[str, Any] = {"scene": scene.id, "version": scene.version, "level": choice.level, "seed": attempt.seed}
            argument["feedback"] = choice.feedback_mode
            stored = store_message(house, session, attempt, Incoming(choice.message_id, "command", command="start", argument=argument))
    send_stored(house, person_id, attempt.id, stored)
    return attempt.id


def list_attempts(house: House, person_id: str) -> list[Attempt]:
    """A person's attempts, latest first; rows out of their session, so only plain columns can be read."""
    with house.database.reading() as session:
        query = select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.last_used_at.desc()).limit(200)
        return list(session.scalars(query))
