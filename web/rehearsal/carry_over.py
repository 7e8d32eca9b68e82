"""What carried over: the skills used in each finished rehearsal, as counts beside each other. Never a grade, never a sum."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import load_only

from web.database.tables import Attempt, Turn
from web.rehearsal.debrief import OPEN_BOOK_PHASES, draw_skills, list_said
from web.rehearsal.drawing import find_path
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card
from web.rehearsal.shapes import CarryOverShape, CountedAttempt

MOST_COMPARED = 24


def show_carry_over(house: House, person_id: str) -> CarryOverShape:
    """The latest finished rehearsals of this person, oldest first: check scenes apart from practice. Two queries, however many."""
    with house.database.reading() as session:
        query = select(Attempt).where(Attempt.person_id == person_id, Attempt.kind == "scene", Attempt.phase.in_(OPEN_BOOK_PHASES))
        attempts = list(session.scalars(query.order_by(Attempt.created_at.desc()).limit(MOST_COMPARED)))[::-1]
        turns: dict[str, dict[str, Turn]] = {attempt.id: {} for attempt in attempts}
        columns = load_only(Turn.attempt_id, Turn.parent_id, Turn.kind, Turn.said_in, Turn.answer_sealed)
        for turn in session.scalars(select(Turn).where(Turn.attempt_id.in_(turns)).options(columns)):
            turns[turn.attempt_id][turn.id] = turn
        counted = []
        for attempt in attempts:
            path = find_path(attempt, turns[attempt.id])
            if find_card(house, attempt).partner is None:
                continue  # a reflection: nothing in it is counted
            counted.append(
                CountedAttempt(
                    id=attempt.id,
                    title=find_card(house, attempt).title,
                    check=attempt.check_kind,
                    level=attempt.level,
                    begun_at=attempt.created_at,
                    replies=len(list_said(path)),
                    skills=draw_skills(house, path),
                )
            )
    return CarryOverShape(
        checks=tuple(each for each in counted if each.check is not None),
        practice=tuple(each for each in counted if each.check is None),
    )
