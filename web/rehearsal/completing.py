"""Completed once: the answer, the new state and the place of the talk are written in one transaction."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from web.database.tables import Attempt, Turn
from web.dialogue.messages import Answer
from web.rehearsal.counting import Counts, count_to, count_turn
from web.rehearsal.debrief import is_said_in_talk
from web.rehearsal.door import MODEL_KIND
from web.rehearsal.help_pause import pause_for_help
from web.rehearsal.house import House


def complete_turn(house: House, session: Session, attempt: Attempt, turn: Turn, answer: Answer, *, before: Counts | None = None) -> None:
    """Write `answer` to `turn` (status `sent`) and move `attempt` (locked by the caller) to where the talk now stands.

    `before`: what was counted at the turn before this one, when the caller knows; it does not change any more.
    """
    now = house.now()
    attempt.last_used_at = now
    attempt.waiting_turn_id = None
    if answer.crisis:
        drop_turn(session, attempt, turn)
        pause_for_help(house, attempt, MODEL_KIND)
        return
    turn.answer = answer.model_dump(mode="json", exclude={"message_id", "state", "phase", "crisis"})
    turn.state_after = answer.state
    turn.status = "answered"
    turn.claimed_until = None
    turn.answered_at = now
    counts = count_to(session, house.wording, turn) if before is None else count_turn(house.wording, before, turn)
    turn.counts = counts.as_json()
    attempt.current_turn_id = turn.id
    attempt.phase = answer.phase
    attempt.ended_at = now if answer.phase == "over" else None
    attempt.return_at = None
    if is_said_in_talk(turn):
        attempt.redoing_turn_id = None
    if turn.command == "try_again":
        attempt.redoing_turn_id = turn.instead_of_id
        earlier = session.get_one(Turn, (turn.argument or {})["turn"])
        earlier.status = "replaced"
    if turn.command == "time_out":
        attempt.return_at = now + timedelta(minutes=int((turn.argument or {})["minutes"]))


def release_turn(turn: Turn) -> None:
    """Nobody waits for this turn's answer any more: it stays stored and may be sent again at once."""
    turn.claimed_until = None


def drop_turn(session: Session, attempt: Attempt, turn: Turn) -> None:
    """Take a turn without an answer away, words and all."""
    if attempt.waiting_turn_id == turn.id:
        attempt.waiting_turn_id = None
    session.delete(turn)
