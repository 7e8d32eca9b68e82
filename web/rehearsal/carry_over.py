"""What carried over: the skills used in each finished rehearsal, as counts beside each other. Never a grade, never a sum."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import load_only

from web.clinic.skill_counts import name_counts, read_counts
from web.database.tables import Attempt
from web.rehearsal.debrief import OPEN_BOOK_PHASES
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card
from web.rehearsal.shapes import CarryOverShape, CountedAttempt

MOST_COMPARED = 24
_COUNTED = load_only(
    *(Attempt.kind, Attempt.scene_id, Attempt.scene_version, Attempt.level, Attempt.check_kind, Attempt.created_at),
    Attempt.current_turn_id,
    raiseload=True,
)


def show_carry_over(house: House, person_id: str) -> CarryOverShape:
    """The latest finished rehearsals of this person, oldest first: check scenes apart from practice. A few queries, however many."""
    with house.database.reading() as session:
        query = select(Attempt).where(Attempt.person_id == person_id, Attempt.kind == "scene", Attempt.phase.in_(OPEN_BOOK_PHASES))
        query = query.order_by(Attempt.created_at.desc()).limit(MOST_COMPARED).options(_COUNTED)
        attempts = list(session.scalars(query))[::-1]
        counts = read_counts(session, house.wording, attempts)
        counted = []
        for attempt in attempts:
            if find_card(house, attempt).partner is None:
                continue  # a reflection: nothing in it is counted
            counted.append(
                CountedAttempt(
                    id=attempt.id,
                    title=find_card(house, attempt).title,
                    check=attempt.check_kind,
                    level=attempt.level,
                    begun_at=attempt.created_at,
                    replies=counts[attempt.id].replies,
                    skills=name_counts(house.wording, counts[attempt.id].skills, "skill"),
                )
            )
    return CarryOverShape(
        checks=tuple(each for each in counted if each.check is not None),
        practice=tuple(each for each in counted if each.check is None),
    )
