"""What a clinician sees of a shared rehearsal. One function draws it, for the client's preview and for the clinician's page alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.clinic.skill_counts import name_counts
from web.database.clinic_tables import Share
from web.database.tables import Agreement, Attempt, Note, Person, Turn
from web.rehearsal.agreement import draw_kept_card
from web.rehearsal.counting import Counts, count_path
from web.rehearsal.debrief import OPEN_BOOK_PHASES
from web.rehearsal.drawing import draw_turn
from web.rehearsal.help_pause import list_pauses
from web.rehearsal.house import House
from web.rehearsal.scene_cards import draw_scene, find_card
from web.rehearsal.shapes import AgreementShape, SceneShape, Shape, SkillCount, TurnShape


@dataclass(frozen=True)
class Parts:
    """What of a rehearsal is shared."""

    talk: bool = False
    note: bool = False
    card: bool = False
    counts: bool = False
    help_pauses: bool = False

    def any(self) -> bool:
        return self.talk or self.note or self.card or self.counts or self.help_pauses


class SharedShape(Shape):
    """A shared rehearsal. What is not shared and what was never written look the same here: they are not there.

    `help_pauses`: how often the rehearsal paused to show help; never why.
    """

    client_name: str
    scene: SceneShape
    level: str
    check: str | None
    begun_at: datetime
    turns: tuple[TurnShape, ...]
    replies: int
    skills: tuple[SkillCount, ...]
    faults: tuple[SkillCount, ...]
    agreement: AgreementShape | None
    note: str | None
    help_pauses: int

    def is_empty(self) -> bool:
        return not (self.turns or self.replies or self.agreement or self.note or self.help_pauses)

    def make_fingerprint(self) -> str:
        """The same for two drawings exactly when they show the same."""
        return hashlib.sha256(self.model_dump_json().encode("utf-8", "surrogatepass")).hexdigest()


def parts_of(share: Share) -> Parts:
    return Parts(share.talk, share.note, share.card, share.counts, share.help_pauses)


def draw_shared(
    house: House, session: Session, attempt: Attempt, parts: Parts, *, last_turn_number: int, shared_at: datetime
) -> SharedShape:
    """The talk as it stood at `last_turn_number`, whatever came after; note and card only while they are as they were at `shared_at`."""
    path = find_path_to(session, attempt, last_turn_number)
    counts = count_path(house.wording, path) if _is_looked_back_on(path) else Counts()
    note = session.scalar(select(Note).where(Note.attempt_id == attempt.id, Note.changed_at <= shared_at)) if parts.note else None
    pauses = [at for at in list_pauses(attempt) if datetime.fromisoformat(at) <= shared_at]
    client = session.get_one(Person, attempt.person_id)
    return SharedShape(
        client_name=client.name or "",
        scene=draw_scene(house, find_card(house, attempt)),
        level=attempt.level,
        check=attempt.check_kind,
        begun_at=attempt.created_at,
        turns=tuple(_draw_quietly(house, attempt, turn) for turn in path) if parts.talk else (),
        replies=counts.replies if parts.counts else 0,
        skills=name_counts(house.wording, counts.skills, "skill") if parts.counts else (),
        faults=name_counts(house.wording, counts.faults, "fault") if parts.counts else (),
        agreement=_draw_kept_card(session, attempt, path, shared_at) if parts.card else None,
        note=None if note is None else note.words,
        help_pauses=len(pauses) if parts.help_pauses else 0,
    )


def find_path_to(session: Session, attempt: Attempt, last_turn_number: int) -> list[Turn]:
    """The turns from the opening to the one with this number; no turn that came later."""
    query = select(Turn).where(Turn.attempt_id == attempt.id, Turn.number <= last_turn_number)
    turns = {turn.id: turn for turn in session.scalars(query)}
    turn = next((turn for turn in turns.values() if turn.number == last_turn_number), None)
    path = []
    while turn is not None:
        path.append(turn)
        turn = turns.get(turn.parent_id or "")
    return path[::-1]


def _is_looked_back_on(path: list[Turn]) -> bool:
    """Whether the talk stood in its debrief at the end of `path`. Until then counts are the server's alone, in a preview too."""
    return bool(path) and (path[-1].state_after or {}).get("phase") in OPEN_BOOK_PHASES


def find_last_number(session: Session, attempt: Attempt) -> int:
    """The number of the turn where the talk stands now; 0 before it began."""
    turn = session.get(Turn, attempt.current_turn_id) if attempt.current_turn_id else None
    return 0 if turn is None else turn.number


def _draw_quietly(house: House, attempt: Attempt, turn: Turn) -> TurnShape:
    """The turn without anything that tells whether it was tried again since."""
    drawn = draw_turn(house, attempt, turn, 1)
    return drawn.model_copy(update={"status": "answered", "versions": 1, "can_try_again": False, "message_id": ""})


def _draw_kept_card(session: Session, attempt: Attempt, path: list[Turn], shared_at: datetime) -> AgreementShape | None:
    """The card as kept, also while the client has gone back into the talk; without the dates of its changes."""
    kept = session.scalar(select(Agreement).where(Agreement.attempt_id == attempt.id, Agreement.changed_at <= shared_at))
    card = None if kept is None else draw_kept_card(kept, path)
    return card.model_copy(update={"changes": ()}) if card is not None and card.status == "kept" else None
