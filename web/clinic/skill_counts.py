"""The counts of many rehearsals at once: one query and one opened value for each, however long the talks were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from data.rubric.wording import Wording
from web.database.erasure import batched
from web.database.tables import Turn
from web.rehearsal.counting import Counts, Talk, count_path, read_counts_json
from web.rehearsal.drawing import find_path
from web.rehearsal.shapes import SkillCount


def read_counts(session: Session, wording: Wording, attempts: Sequence[Talk]) -> dict[str, Counts]:
    """Attempt id to the counts of the talk as it stands."""
    by_turn = {attempt.current_turn_id: attempt for attempt in attempts if attempt.current_turn_id}
    found = {attempt.id: Counts() for attempt in attempts}
    earlier: list[Talk] = []
    for batch in batched([turn_id for turn_id in by_turn if turn_id], 500):
        rows = session.execute(select(Turn.id, Turn.attempt_id, Turn.counts_sealed).where(Turn.id.in_(batch)))
        for turn_id, attempt_id, sealed in rows:
            if sealed is None:
                earlier.append(by_turn[turn_id])
            else:
                found[attempt_id] = read_counts_json(_open(session, turn_id, sealed))
    return found | _count_earlier(session, wording, earlier)


def open_skills(session: Session, turn_id: str, sealed: bytes) -> dict[str, int]:
    """Skill to count, of what is kept with a turn; from its plain row."""
    skills: dict[str, int] = _open(session, turn_id, sealed)["skills"]
    return skills


def _open(session: Session, turn_id: str, sealed: bytes) -> Any:
    return Turn.counts.open(session, sealed, row_id=turn_id, table=Turn.__tablename__)


def _count_earlier(session: Session, wording: Wording, attempts: Sequence[Talk]) -> dict[str, Counts]:
    """The counts of rehearsals whose last turn was answered before counts were kept."""
    turns: dict[str, dict[str, Turn]] = {attempt.id: {} for attempt in attempts}
    columns = load_only(Turn.attempt_id, Turn.parent_id, Turn.kind, Turn.said_in, Turn.answer_sealed)
    for batch in batched(list(turns), 200):
        for turn in session.scalars(select(Turn).where(Turn.attempt_id.in_(batch)).options(columns)):
            turns[turn.attempt_id][turn.id] = turn
    return {attempt.id: count_path(wording, find_path(attempt, turns[attempt.id])) for attempt in attempts}


def name_counts(wording: Wording, counts: Mapping[str, int], kind: str) -> tuple[SkillCount, ...]:
    """Counts with the names of their criteria, in the order of the codebook; those of another kind and zeros are left out."""
    entries = wording.criteria
    keys = [key for key in entries if entries[key].kind == kind and counts.get(key)]
    return tuple(SkillCount(key=key, name=entries[key].name, times=counts[key]) for key in keys)
