"""Going back to an earlier try: a reply that was tried again keeps its own branch of the talk, to take up once more."""

from __future__ import annotations

from sqlalchemy import select

from web.database.tables import Turn
from web.rehearsal.debrief import is_said_in_talk
from web.rehearsal.faults import AlreadyOver, NotFound, NotNow, PausedForHelp, TurnNotFit
from web.rehearsal.help_record import is_paused_for_help
from web.rehearsal.house import House
from web.rehearsal.storing import find_attempt

ANSWERED = frozenset({"answered", "replaced"})


def take_up_branch(house: House, person_id: str, attempt_id: str, turn_id: str) -> None:
    """Stand again where the talk stood after this try and all that was said after it. Taking up the present branch changes nothing."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        if attempt.phase == "over":
            raise AlreadyOver
        if is_paused_for_help(attempt):
            raise PausedForHelp
        if attempt.waiting_turn_id is not None:
            raise NotNow
        turns = {turn.id: turn for turn in session.scalars(select(Turn).where(Turn.attempt_id == attempt.id))}
        turn = turns.get(turn_id)
        if turn is None:
            raise NotFound
        if attempt.kind != "scene" or not is_said_in_talk(turn) or turn.status not in ANSWERED:
            raise TurnNotFit
        last = find_last_of_branch(turn, list(turns.values()))
        first = turn.instead_of_id or turn.id
        for each in turns.values():
            if each.status in ANSWERED and is_said_in_talk(each) and (each.id == first or each.instead_of_id == first):
                each.status = "answered" if each is turn else "replaced"
        attempt.current_turn_id = last.id
        attempt.phase = str((last.state_after or {})["phase"])
        attempt.redoing_turn_id = (last.instead_of_id if last.command == "try_again" else None) or None
        attempt.return_at = None
        attempt.last_used_at = house.now()


def find_last_of_branch(turn: Turn, turns: list[Turn]) -> Turn:
    """The end of the branch that goes on from `turn`; where it parted again, the way that was taken last."""
    followers: dict[str | None, Turn] = {}
    for each in sorted(turns, key=lambda one: one.number):
        if each.status in ANSWERED:
            followers[each.parent_id] = each
    while turn.id in followers:
        turn = followers[turn.id]
    return turn
