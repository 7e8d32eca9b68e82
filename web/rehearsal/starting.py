"""A new attempt at a scene, and the list of a person's attempts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from data.scenarios.clinic_file import is_clinic_id
from web.database.tables import Attempt, Person, Turn, make_id
from web.rehearsal.faults import NotFound, NotUnderstood, UnknownScene
from web.rehearsal.house import House
from web.rehearsal.sending import send_stored
from web.rehearsal.storing import Incoming, claim_waiting, store_message

_IN_A_LIST = load_only(
    *(Attempt.kind, Attempt.scene_id, Attempt.scene_version, Attempt.level, Attempt.check_kind, Attempt.phase),
    *(Attempt.created_at, Attempt.last_used_at, Attempt.erase_after),
    raiseload=True,
)


@dataclass(frozen=True)
class Choice:
    """What the client chose: a scene (or the skill of a drill), how the partner is at the start, and how much feedback."""

    message_id: str
    scene_id: str
    level: str = "friendly"
    feedback_mode: Literal["full", "line", "none"] = "full"
    check: Literal["before", "after", "new"] | None = None
    kind: Literal["scene", "drill"] = "scene"
    assignment_item_id: str | None = None
    """The homework it is practised for; only `web.clinic.homework.choose_item` sets it, having looked whose it is."""

    @property
    def feedback(self) -> Literal["full", "line", "none"]:
        """A check scene is played without feedback, whatever else was chosen."""
        return "none" if self.check else self.feedback_mode


def start_chosen(house: House, person_id: str, choice: Choice) -> str:
    """Begin a scene or a drill, whichever was chosen; gives the attempt's id."""
    return start_drill(house, person_id, choice) if choice.kind == "drill" else start_attempt(house, person_id, choice)


def start_attempt(house: House, person_id: str, choice: Choice) -> str:
    """Make an attempt and tell Rasa; gives the attempt's id. With a `message_id` used before, gives that attempt.

    When Rasa is away the attempt is there all the same, its first turn waiting to be sent again.
    """
    scene = house.catalogue.find(choice.scene_id)
    if scene is None:
        raise UnknownScene
    if choice.level not in scene.levels:
        raise NotUnderstood
    if is_clinic_id(scene.id):
        _check_own_scene(house, person_id)
    argument = {"scene": scene.id, "version": scene.version, "level": choice.level, "feedback": choice.feedback}
    return _start(house, person_id, choice, "scene", scene.version, argument)


def _check_own_scene(house: House, person_id: str) -> None:
    """A scene that the clinic wrote is for its own people: a guest, who may be anybody, is not offered it."""
    with house.database.reading() as session:
        person = session.get(Person, person_id)
        if person is None or person.role == "guest":
            raise UnknownScene


def start_drill(house: House, person_id: str, choice: Choice) -> str:
    """Make an attempt at a one-minute drill; `choice.scene_id` is the skill. Lines missed in the last round come back first."""
    if choice.scene_id not in {drill.skill for drill in house.catalogue.list_drills()}:
        raise UnknownScene
    argument = {"skill": choice.scene_id, "feedback": choice.feedback_mode, "due": find_due_lines(house, person_id, choice.scene_id)}
    return _start(house, person_id, choice, "drill", 1, argument)


def find_due_lines(house: House, person_id: str, skill: str) -> list[str]:
    """The lines of a drill that this person missed in their last round."""
    with house.database.reading() as session:
        query = select(Turn).join(Attempt, Turn.id == Attempt.current_turn_id)
        query = query.where(Attempt.person_id == person_id, Attempt.kind == "drill", Attempt.scene_id == skill)
        last = session.scalar(query.order_by(Attempt.created_at.desc()).limit(1))
        report = None if last is None else (last.answer or {}).get("drill")
        return list(report["missed"]) if report else []


def _start(house: House, person_id: str, choice: Choice, kind: Literal["scene", "drill"], version: int, argument: dict[str, Any]) -> str:
    with house.database.writing() as session:
        person = session.get(Person, person_id, with_for_update=True)  # two starts of one person go one after the other
        if person is None:
            raise NotFound
        attempt = session.scalar(select(Attempt).where(Attempt.person_id == person_id, Attempt.start_id == choice.message_id))
        if attempt is None:
            attempt = _make_attempt(house, session, person, choice, kind, version)
            command = "start" if kind == "scene" else "drill"
            incoming = Incoming(choice.message_id, "command", command=command, argument={**argument, "seed": attempt.seed})
            stored = store_message(house, session, attempt, incoming)
        elif attempt.phase == "new" and attempt.waiting_turn_id is not None:
            stored = claim_waiting(house, session, attempt, session.get_one(Turn, attempt.waiting_turn_id))
        else:
            return attempt.id
    send_stored(house, person_id, attempt.id, stored)
    return attempt.id


def _make_attempt(house: House, session: Session, person: Person, choice: Choice, kind: Literal["scene", "drill"], version: int) -> Attempt:
    now = house.now()
    attempt = Attempt(
        id=make_id(),
        person_id=person.id,
        start_id=choice.message_id,
        kind=kind,
        scene_id=choice.scene_id,
        scene_version=version,
        level=choice.level,
        seed=secrets.randbelow(2**31 - 1),
        feedback_mode=choice.feedback,
        check_kind=choice.check,
        phase="new",
        turn_count=0,
        created_at=now,
        last_used_at=now,
        erase_after=person.erase_after,
        assignment_item_id=choice.assignment_item_id,
    )
    session.add(attempt)
    session.flush()
    return attempt


def list_attempts(house: House, person_id: str) -> list[Attempt]:
    """A person's attempts, latest first; rows out of their session, with only what a list shows of them."""
    with house.database.reading() as session:
        query = select(Attempt).where(Attempt.person_id == person_id).order_by(Attempt.last_used_at.desc()).limit(200)
        return list(session.scalars(query.options(_IN_A_LIST)))
