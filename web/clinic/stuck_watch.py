"""Who in a caseload is stuck: the rules of `web.clinic.stuck` on what was practised for homework, read for everyone at once.

Counts are opened as a rule asks for them: to weigh a client, one reason is enough.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case
from sqlalchemy.orm import Session

from web.access.permissions import select_agreeing_clients, select_assigned_attempts
from web.clinic.homework_states import AssignmentState
from web.clinic.skill_counts import open_skills, read_counts
from web.clinic.stuck import ENDED_PHASES, PLAYED_OFTEN, Played, Stuck, find_left, find_level, find_quiet
from web.database.erasure import batched
from web.database.tables import Attempt, Turn
from web.rehearsal.counting import Counts
from web.rehearsal.house import House

LATELY = timedelta(days=7)


class KeptCounts(Mapping[str, Counts]):
    """Attempt id to the skills counted in it; a sealed value is opened once, when it is asked for."""

    def __init__(self, session: Session, sealed: dict[str, tuple[str, bytes]], opened: dict[str, Counts]) -> None:
        self._session = session
        self._sealed = sealed
        self._opened = opened

    def __getitem__(self, attempt_id: str) -> Counts:
        found = self._opened.get(attempt_id)
        if found is None:
            turn_id, sealed = self._sealed[attempt_id]
            found = self._opened[attempt_id] = Counts(skills=open_skills(self._session, turn_id, sealed))
        return found

    def __contains__(self, attempt_id: object) -> bool:
        return attempt_id in self._sealed or attempt_id in self._opened

    def __iter__(self) -> Iterator[str]:
        return iter(self._sealed.keys() | self._opened.keys())

    def __len__(self) -> int:
        return len(self._sealed.keys() | self._opened.keys())


@dataclass(frozen=True)
class StuckWatch:
    """`attempts`: item id to rehearsals, `counts`: those of the finished ones; both only where the client agreed to counts."""

    house: House
    now: datetime
    attempts: Mapping[str, Sequence[Played]]
    counts: Mapping[str, Counts]

    def list_stuck(self, states: Sequence[AssignmentState]) -> Iterator[Stuck]:
        """Why a client may be stuck whose homework this is, reason by reason."""
        quiet = find_quiet(states, self.now)
        if quiet is not None:
            yield quiet
        for state in states:
            if not _may_be_stuck(state, self.now):
                continue
            for item in state.items:
                played = self.attempts.get(item.item_id, ())
                left = find_left(item, played, self.now)
                if left is not None:
                    yield left
                card = self.house.catalogue.find(item.scene_id) if item.kind == "scene" else None
                level = find_level(item, played, self.counts, () if card is None else card.aims)
                if level is not None:
                    yield level


def watch_homework(house: House, session: Session, clinician_id: str, states: Sequence[AssignmentState], now: datetime) -> StuckWatch:
    """What the rules need of this homework of clients who agreed to counts; of nobody else anything is read."""
    attempts: dict[str, list[Played]] = defaultdict(list)
    kept: dict[str, bytes | None] = {}
    query = select_assigned_attempts(clinician_id).where(Attempt.person_id.in_(select_agreeing_clients(clinician_id)))
    query = query.outerjoin(Turn, (Turn.id == Attempt.current_turn_id) & Attempt.phase.in_(ENDED_PHASES))
    # the rules ask when an ended one was begun and when another was last used: one moment of each is read
    moment = case((Attempt.phase.in_(ENDED_PHASES), Attempt.created_at), else_=Attempt.last_used_at)
    rows = query.with_only_columns(
        Attempt.assignment_item_id, Attempt.id, Attempt.phase, moment, Attempt.current_turn_id, Turn.counts_sealed
    )
    items = [item.item_id for state in states if _may_be_stuck(state, now) for item in state.items]
    for batch in batched(items, 500):
        found = session.execute(rows.where(Attempt.assignment_item_id.in_(batch)))
        for item_id, attempt_id, phase, at, turn_id, sealed in found:
            attempts[item_id or ""].append(Played(attempt_id, phase, at, at, turn_id))
            kept[attempt_id] = sealed
    often = [played for played in attempts.values() if len(played) >= PLAYED_OFTEN]
    ended = [each for played in often for each in played if each.phase in ENDED_PHASES]
    earlier = read_counts(session, house.wording, [each for each in ended if kept[each.id] is None])
    sealed_counts = {each.id: (each.current_turn_id or "", sealed) for each in ended if (sealed := kept[each.id]) is not None}
    return StuckWatch(house, now, attempts, KeptCounts(session, sealed_counts, earlier))


def _may_be_stuck(state: AssignmentState, now: datetime) -> bool:
    """Whether its rehearsals are looked at: it is open, or it was done just now and could be gone on with."""
    return state.state == "open" or (state.state == "done" and any(moment + LATELY > now for moment in state.practised_at))
