"""Stored before sent: a message becomes a turn of its attempt, once, whatever the network does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from web.database.tables import Attempt, Person, Turn, make_id
from web.dialogue.messages import Message
from web.rehearsal.controls import CONTROLS, LEAVING_COMMANDS, TALKING_PHASES, may_speak
from web.rehearsal.counting import Counts, read_counts_json
from web.rehearsal.debrief import is_said_in_talk
from web.rehearsal.faults import AlreadyOver, MessageIdUsed, NotFound, NotNow, PausedForHelp, StillAnswering, TurnNotFit, WaitingForEarlier
from web.rehearsal.help_record import is_paused_for_help
from web.rehearsal.house import House

# Asked for every reply: built once, since building a query costs as much as running it.
_OWN_ATTEMPT = select(Attempt).where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
_OWN_ATTEMPT_TO_CHANGE = _OWN_ATTEMPT.with_for_update()
_TURN_OF_MESSAGE = select(Turn).where(Turn.attempt_id == bindparam("attempt_id"), Turn.message_id == bindparam("message_id"))
_OWN_ATTEMPT_AND_PLACE_TO_CHANGE = (
    select(Attempt, Turn)
    .outerjoin(Turn, Turn.id == Attempt.current_turn_id)
    .where(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
    .with_for_update(of=Attempt)
)
_THAT_TURN = and_(Turn.id == bindparam("turn_id"), Turn.attempt_id == Attempt.id)
_OWN = and_(Attempt.id == bindparam("attempt_id"), Attempt.person_id == bindparam("person_id"))
_OWN_ATTEMPT_AND_TURN = select(Attempt, Turn).outerjoin(Turn, _THAT_TURN).where(_OWN)
# Both rows locked: PostgreSQL looks anew, after waiting for a lock, only at rows that it locks, and shows the others as they were before.
_OWN_ATTEMPT_AND_TURN_TO_CHANGE = select(Attempt, Turn).join(Turn, _THAT_TURN).where(_OWN).with_for_update(of=[Attempt, Turn])


@dataclass(frozen=True)
class Incoming:
    """What a client sent: a reply, or a command from a button. `redo_turn_id` names the reply to try again."""

    message_id: str
    kind: Literal["speech", "command"]
    text: str | None = None
    command: str | None = None
    argument: dict[str, Any] = field(default_factory=dict)
    redo_turn_id: str | None = None


@dataclass(frozen=True)
class Stored:
    """`message` is set when this caller is the one to send it; `claimed` when another caller is waiting for the answer.

    `before`: what was counted on the way here, where that is known already.
    """

    turn_id: str
    message: Message | None = None
    claimed: bool = False
    before: Counts | None = None


def find_attempt(session: Session, person_id: str, attempt_id: str, *, lock: bool = False) -> Attempt:
    """The attempt if it is this person's; another's and none look the same."""
    attempt = session.scalar(_OWN_ATTEMPT_TO_CHANGE if lock else _OWN_ATTEMPT, {"attempt_id": attempt_id, "person_id": person_id})
    if attempt is None:
        raise NotFound
    return attempt


def find_attempt_and_place(session: Session, person_id: str, attempt_id: str) -> tuple[Attempt, Turn | None]:
    """As `find_attempt` with `lock`, and the turn where the talk stands, in one query: the next message is sent with its state."""
    row = session.execute(_OWN_ATTEMPT_AND_PLACE_TO_CHANGE, {"attempt_id": attempt_id, "person_id": person_id}).first()
    if row is None:
        raise NotFound
    attempt, place = row
    return attempt, place


def find_attempt_and_turn(
    session: Session, person_id: str, attempt_id: str, turn_id: str, *, lock: bool = False
) -> tuple[Attempt, Turn | None]:
    """As `find_attempt`, with one of its turns, in one query (`lock`: both rows); None when the attempt has no such turn."""
    query = _OWN_ATTEMPT_AND_TURN_TO_CHANGE if lock else _OWN_ATTEMPT_AND_TURN
    row = session.execute(query, {"attempt_id": attempt_id, "person_id": person_id, "turn_id": turn_id}).first()
    if row is None:
        return find_attempt(session, person_id, attempt_id, lock=lock), None
    attempt, turn = row
    return attempt, turn


def store_message(house: House, session: Session, attempt: Attempt, incoming: Incoming) -> Stored:
    """Store `incoming` as a turn of `attempt` (locked by the caller), or find the turn it already is."""
    turn = session.scalar(_TURN_OF_MESSAGE, {"attempt_id": attempt.id, "message_id": incoming.message_id})
    if turn is not None:
        return _take_up_again(house, session, attempt, turn, incoming)
    _check_place(house, session, attempt, incoming)
    redoes = incoming.kind == "speech" and attempt.phase in TALKING_PHASES
    parent_id, redoing_id = attempt.current_turn_id, attempt.redoing_turn_id if redoes else None
    if incoming.command == "try_again":
        earlier = _find_reply(session, attempt, incoming.redo_turn_id)
        parent_id, redoing_id = earlier.parent_id, earlier.instead_of_id or earlier.id
    parent = session.get_one(Turn, parent_id) if parent_id else None  # before there is something to write: asking would write it
    attempt.turn_count += 1
    turn = Turn(
        id=make_id(),
        attempt_id=attempt.id,
        parent_id=parent_id,
        instead_of_id=redoing_id,
        number=attempt.turn_count,
        message_id=incoming.message_id,
        kind=incoming.kind,
        command=incoming.command,
        status="sent",
        said_in=attempt.phase,
        created_at=house.now(),
        claimed_until=house.now() + house.claim_for,
    )
    session.add(turn)
    turn.words = incoming.text
    turn.argument = incoming.argument or None
    attempt.waiting_turn_id = turn.id
    attempt.last_used_at = house.now()
    if attempt.erase_after is None:  # a guest's practice ends within a day whatever they do
        session.execute(update(Person).where(Person.id == attempt.person_id).values(last_practised_at=house.now()))
    return Stored(turn.id, message=_write_message(turn, parent), before=_read_counts(parent))


def claim_waiting(house: House, session: Session, attempt: Attempt, turn: Turn) -> Stored:
    """Take a stored turn without an answer for sending, unless another caller is waiting for its answer."""
    if turn.claimed_until is not None and turn.claimed_until > house.now():
        return Stored(turn.id, claimed=True)
    turn.claimed_until = house.now() + house.claim_for
    parent = session.get_one(Turn, turn.parent_id) if turn.parent_id else None
    return Stored(turn.id, message=_write_message(turn, parent), before=_read_counts(parent))


def _take_up_again(house: House, session: Session, attempt: Attempt, turn: Turn, incoming: Incoming) -> Stored:
    if (turn.kind, turn.command, turn.words) != (incoming.kind, incoming.command, incoming.text):
        raise MessageIdUsed
    if turn.status != "sent":
        return Stored(turn.id)
    if is_paused_for_help(attempt):
        raise PausedForHelp
    return claim_waiting(house, session, attempt, turn)


def _check_place(house: House, session: Session, attempt: Attempt, incoming: Incoming) -> None:
    if attempt.phase == "over":
        raise AlreadyOver
    if is_paused_for_help(attempt) and incoming.command not in LEAVING_COMMANDS:
        raise PausedForHelp
    if attempt.waiting_turn_id is not None:
        waiting = session.get_one(Turn, attempt.waiting_turn_id)
        if waiting.claimed_until is not None and waiting.claimed_until > house.now():
            raise StillAnswering
        if incoming.command not in LEAVING_COMMANDS:
            raise WaitingForEarlier
        waiting.status = "failed"
        attempt.waiting_turn_id = None
    if incoming.kind == "speech" and not may_speak(attempt.kind, attempt.phase):
        raise NotNow
    if incoming.kind == "command" and incoming.command not in CONTROLS[attempt.phase]:
        raise NotNow


def _find_reply(session: Session, attempt: Attempt, turn_id: str | None) -> Turn:
    turn = session.get(Turn, turn_id) if turn_id else None
    if turn is None or turn.attempt_id != attempt.id:
        raise NotFound
    if not is_said_in_talk(turn) or turn.status not in ("answered", "replaced") or turn.parent_id is None:
        raise TurnNotFit
    return turn


def _read_counts(parent: Turn | None) -> Counts | None:
    """What stands counted at the turn before; None when an earlier version of this program answered it and counted nothing."""
    if parent is None:
        return Counts()
    return None if parent.counts_sealed is None else read_counts_json(parent.counts)


def _write_message(turn: Turn, parent: Turn | None) -> Message:
    argument = {} if turn.command == "try_again" else turn.argument or {}
    return Message.model_validate(
        {
            "message_id": turn.message_id,
            "kind": turn.kind,
            "command": turn.command,
            "argument": argument,
            "text": turn.words,
            "state": None if parent is None else parent.state_after,
        }
    )
