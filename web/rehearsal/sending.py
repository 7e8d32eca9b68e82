"""One message on its way: safety looks, it is stored, sent, and completed. Nothing typed is lost between these steps."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from web.database.tables import Attempt, Turn
from web.dialogue.client import DialogueAway, DialogueRefused
from web.dialogue.messages import Message
from web.rehearsal.completing import complete_turn, drop_turn, release_turn
from web.rehearsal.counting import Counts
from web.rehearsal.door import Finding, look_at_all
from web.rehearsal.faults import NotFound, NotNow, NotUnderstood, RehearsalFault
from web.rehearsal.help_pause import note_in_attempt, pause_for_help
from web.rehearsal.house import House
from web.rehearsal.own_words import tell_meaning
from web.rehearsal.storing import (
    Incoming,
    Stored,
    claim_waiting,
    find_attempt,
    find_attempt_and_place,
    find_attempt_and_turn,
    store_message,
)
from web.rehearsal.typed_text import read_typed

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of a message.

    `answered`; `sent`: stored, no answer yet (`away`: the partner could not be reached, send it again; otherwise ask again in a
    moment); `help`: safety spoke, nothing of the message was kept. `doubt`: show the one-line pointer to help.
    """

    status: Literal["answered", "sent", "help"]
    turn_id: str | None = None
    away: bool = False
    doubt: bool = False


def take_reply(house: House, person_id: str, attempt_id: str, message_id: str, text: str) -> Outcome:
    """Take something the client said to the partner. Raises RehearsalFault with nothing stored."""
    finding = house.door.look_at(text)  # before any limit on length or characters: a long cry for help is one all the same
    if finding is not None and finding.tier == 1:
        return pause_and_tell(house, person_id, attempt_id, finding)
    try:
        typed = read_typed(text)
    except RehearsalFault:
        with house.database.reading() as session:
            find_attempt(session, person_id, attempt_id)  # an attempt that is another's looks like none, whatever was typed
        raise
    return _exchange(house, person_id, attempt_id, Incoming(message_id, "speech", text=typed), finding)


def take_command(house: House, person_id: str, attempt_id: str, incoming: Incoming) -> Outcome:
    """Take a button's command. Free text in its argument is looked at like any other."""
    typed = [value for value in incoming.argument.values() if isinstance(value, str)]
    finding = look_at_all(house.door, typed) if incoming.command == "guess" else None
    if finding is not None and finding.tier == 1:
        return pause_and_tell(house, person_id, attempt_id, finding)
    if incoming.command == "guess":
        incoming = replace(incoming, argument=tell_meaning(incoming.argument, house.own.words))
    return _exchange(house, person_id, attempt_id, incoming, finding)


def resend(house: House, person_id: str, attempt_id: str, turn_id: str) -> Outcome:
    """Send a stored turn that has no answer yet once more."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        turn = _find_turn(session, attempt, turn_id)
        stored = claim_waiting(house, session, attempt, turn) if turn.status == "sent" else Stored(turn.id)
    return send_stored(house, person_id, attempt_id, stored)


def take_back(house: House, person_id: str, attempt_id: str, turn_id: str) -> None:
    """Take a reply that has no answer back, so that another can be written; not while its answer is on the way."""
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        turn = _find_turn(session, attempt, turn_id)
        if turn.status != "sent" or turn.parent_id is None or (turn.claimed_until is not None and turn.claimed_until > house.now()):
            raise NotNow
        drop_turn(session, attempt, turn)


def pause_and_tell(house: House, person_id: str, attempt_id: str, finding: Finding) -> Outcome:
    """Safety spoke: pause the exercise; of the message nothing is kept, not even that it came."""
    with house.database.writing() as session:
        pause_for_help(house, find_attempt(session, person_id, attempt_id, lock=True), finding.kind)
    return Outcome("help")


def _exchange(house: House, person_id: str, attempt_id: str, incoming: Incoming, finding: Finding | None) -> Outcome:
    # Not lasting by itself: the client is told nothing before `send_stored` has made a change that is.
    with house.database.writing(lasting=False) as session:
        attempt, _place = find_attempt_and_place(session, person_id, attempt_id)
        stored = store_message(house, session, attempt, incoming)
        doubt = finding is not None and note_in_attempt(attempt, finding)
    return send_stored(house, person_id, attempt_id, stored, doubt=doubt)


def send_stored(house: House, person_id: str, attempt_id: str, stored: Stored, *, doubt: bool = False) -> Outcome:
    """Send what was stored, wait for whoever is sending it, or find that it is answered."""
    if stored.claimed:
        return _wait_for_twin(house, stored.turn_id)
    if stored.message is None:
        return Outcome("answered", stored.turn_id)
    return send_message(house, person_id, attempt_id, stored.turn_id, stored.message, doubt=doubt, before=stored.before)


def send_message(
    house: House, person_id: str, attempt_id: str, turn_id: str, message: Message, *, doubt: bool = False, before: Counts | None = None
) -> Outcome:
    """Send a stored and claimed turn and write down what came of it."""
    try:
        answer = house.dialogue.send(message)
    except DialogueAway as why:
        log.warning("dialogue_away", why=str(why), turn=turn_id)
        with house.database.writing() as session:
            attempt, turn = _find_unanswered(session, person_id, attempt_id, turn_id)
            if turn is not None:
                release_turn(turn)
        return Outcome("sent", turn_id, away=True, doubt=doubt)
    except DialogueRefused as why:
        log.warning("dialogue_refused", status=why.status, turn=turn_id, kind=message.kind, command=message.command)
        with house.database.writing() as session:
            attempt, turn = _find_unanswered(session, person_id, attempt_id, turn_id)
            if attempt is not None and turn is not None:
                drop_turn(session, attempt, turn)
        raise (NotNow if why.status == 409 else NotUnderstood) from None
    with house.database.writing() as session:
        attempt, turn = _find_unanswered(session, person_id, attempt_id, turn_id)
        if attempt is not None and turn is not None:
            complete_turn(house, session, attempt, turn, answer, before=before)
    if answer.crisis:
        house.database.forget_freed_pages()
        return Outcome("help")
    return Outcome("answered", turn_id, doubt=doubt)


def _find_turn(session: Session, attempt: Attempt, turn_id: str) -> Turn:
    turn = session.get(Turn, turn_id)
    if turn is None or turn.attempt_id != attempt.id:
        raise NotFound
    return turn


def _find_unanswered(session: Session, person_id: str, attempt_id: str, turn_id: str) -> tuple[Attempt | None, Turn | None]:
    """The turn if it is still there and still waits: it may have been deleted, given up or answered through a second send."""
    try:
        attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)
    except NotFound:
        return None, None
    return attempt, turn if turn is not None and turn.status == "sent" else None


def _wait_for_twin(house: House, turn_id: str) -> Outcome:
    """The same message is being answered for another request: wait a little for that answer."""
    ends = time.monotonic() + house.wait_for_twin_seconds
    while time.monotonic() < ends:
        with house.database.reading() as session:
            turn = session.get(Turn, turn_id)
            if turn is None:
                return Outcome("help")  # only safety takes a turn away while its answer is on the way
            if turn.status != "sent":
                return Outcome("answered", turn_id)
            if turn.claimed_until is None:
                return Outcome("sent", turn_id, away=True)
        time.sleep(0.05)
    with house.database.writing() as session:  # the client will count on it now: whoever stored it may not have made it last yet
        session.execute(update(Turn).where(Turn.id == turn_id).values(claimed_until=Turn.claimed_until))
    return Outcome("sent", turn_id)
