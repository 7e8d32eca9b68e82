"""From rows to shapes: the only way from what is stored to what a browser sees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from web.database.tables import Attempt, Note, Turn
from web.dialogue.messages import Feedback
from web.rehearsal.agreement import draw_card
from web.rehearsal.controls import CONTROLS, may_speak
from web.rehearsal.counting import Talk
from web.rehearsal.debrief import OPEN_BOOK_PHASES, draw_debrief, is_said_in_talk
from web.rehearsal.faults import NotFound
from web.rehearsal.help_pause import kind_shown
from web.rehearsal.help_record import is_paused_for_help, read_record
from web.rehearsal.help_words import draw_help
from web.rehearsal.highlights import cut_segments, list_criteria
from web.rehearsal.house import House
from web.rehearsal.own_words import put_in_own_words
from web.rehearsal.scene_cards import draw_scene, find_card
from web.rehearsal.sending import Outcome
from web.rehearsal.shapes import (
    AttemptShape,
    AttemptSummary,
    EndingShape,
    HelpShape,
    LineShape,
    OutcomeShape,
    ReadingShape,
    RevealShape,
    SceneShape,
    TurnShape,
)
from web.rehearsal.storing import find_attempt, find_attempt_and_turn


def show_attempt(house: House, person_id: str, attempt_id: str) -> AttemptShape:
    """An attempt as its owner may see it now."""
    with house.database.reading() as session:
        return draw_attempt(house, session, find_attempt(session, person_id, attempt_id))


def show_outcome(house: House, person_id: str, attempt_id: str, outcome: Outcome) -> OutcomeShape:
    """What became of a message, with its turn."""
    with house.database.reading() as session:
        attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, outcome.turn_id or "")
        return OutcomeShape(
            status=outcome.status,
            away=outcome.away,
            doubt=outcome.doubt,
            phase=attempt.phase,
            can_speak=_can_speak(attempt),
            controls=_list_controls(attempt),
            turn=None if turn is None else draw_turn(house, attempt, turn, _count_versions(session, attempt, turn)),
            help=_draw_help(house, attempt),
        )


def show_scene(house: House, person_id: str, attempt_id: str) -> SceneShape:
    """The scene of one's own attempt, without its turns."""
    with house.database.reading() as session:
        return draw_scene(house, find_card(house, find_attempt(session, person_id, attempt_id)))


def show_turn(house: House, person_id: str, attempt_id: str, turn_id: str) -> TurnShape:
    """One turn of one's own attempt."""
    with house.database.reading() as session:
        attempt = find_attempt(session, person_id, attempt_id)
        turn = session.scalar(select(Turn).where(Turn.id == turn_id, Turn.attempt_id == attempt.id))
        if turn is None:
            raise NotFound
        return draw_turn(house, attempt, turn, _count_versions(session, attempt, turn))


def show_versions(house: House, person_id: str, attempt_id: str, turn_id: str) -> tuple[TurnShape, ...]:
    """All tries of one reply, first to last, to see side by side."""
    with house.database.reading() as session:
        attempt = find_attempt(session, person_id, attempt_id)
        turn = session.scalar(select(Turn).where(Turn.id == turn_id, Turn.attempt_id == attempt.id, Turn.kind == "speech"))
        if turn is None:
            raise NotFound
        first = turn.instead_of_id or turn.id
        query = select(Turn).where(Turn.attempt_id == attempt.id, Turn.kind == "speech", (Turn.id == first) | (Turn.instead_of_id == first))
        tries = list(session.scalars(query.order_by(Turn.number)))
        return tuple(draw_turn(house, attempt, each, len(tries)) for each in tries)


def show_summaries(house: House, attempts: list[Attempt]) -> tuple[AttemptSummary, ...]:
    return tuple(
        AttemptSummary(
            id=attempt.id,
            title=find_card(house, attempt).title,
            level=attempt.level,
            check=attempt.check_kind,
            phase=attempt.phase,
            created_at=attempt.created_at,
            last_used_at=attempt.last_used_at,
            erase_after=attempt.erase_after,
        )
        for attempt in attempts
    )


def draw_attempt(house: House, session: Session, attempt: Attempt) -> AttemptShape:
    """The talk as it stands: the path from its opening to the turn where it is now, and a message that waits for an answer."""
    turns = {turn.id: turn for turn in session.scalars(select(Turn).where(Turn.attempt_id == attempt.id))}
    path = find_path(attempt, turns)
    waiting = turns.get(attempt.waiting_turn_id or "")
    note = session.scalar(select(Note).where(Note.attempt_id == attempt.id))
    versions: dict[str, int] = {}
    for turn in turns.values():
        if turn.kind == "speech":
            versions[turn.instead_of_id or turn.id] = versions.get(turn.instead_of_id or turn.id, 0) + 1
    shown = [*path, waiting] if waiting is not None else path
    return AttemptShape(
        id=attempt.id,
        kind=attempt.kind,
        scene=draw_scene(house, find_card(house, attempt)),
        level=attempt.level,
        feedback=attempt.feedback_mode,
        check=attempt.check_kind,
        self_check=attempt.self_check,
        phase=attempt.phase,
        can_speak=_can_speak(attempt),
        controls=_list_controls(attempt),
        waiting_turn_id=attempt.waiting_turn_id,
        away=waiting is not None and not _is_claimed(waiting, house.now()),
        help=_draw_help(house, attempt),
        return_at=attempt.return_at,
        created_at=attempt.created_at,
        erase_after=attempt.erase_after,
        turns=tuple(draw_turn(house, attempt, turn, versions.get(turn.instead_of_id or turn.id, 1)) for turn in shown),
        debrief=draw_debrief(house, attempt, path) if attempt.phase in OPEN_BOOK_PHASES else None,
        agreement=draw_card(session, attempt, path),
        note=None if note is None else note.words,
    )


def find_path(attempt: Talk, turns: dict[str, Turn]) -> list[Turn]:
    """The turns from the first to the one where the talk stands; replies that were replaced are not on it."""
    path = []
    turn = turns.get(attempt.current_turn_id or "")
    while turn is not None:
        path.append(turn)
        turn = turns.get(turn.parent_id or "")
    return path[::-1]


def draw_turn(house: House, attempt: Attempt, turn: Turn, versions: int) -> TurnShape:
    """One turn. What moved the partner and the state behind it have no place in a shape."""
    answer = turn.answer or {}
    words, own = turn.words or "", house.own.words
    feedback = None if answer.get("feedback") is None else put_in_own_words(Feedback.model_validate(answer["feedback"]), own)
    reading = _draw_reading(house, attempt.feedback_mode, words, feedback)
    ending, reveal = answer.get("ending"), answer.get("reveal")
    lines = [(line["who"], line["kind"], own.tell_line(line["who"], line["text"])) for line in answer.get("lines", ())]
    return TurnShape(
        id=turn.id,
        number=turn.number,
        message_id=turn.message_id,
        kind=turn.kind,
        command=turn.command,
        status=turn.status,
        segments=cut_segments(words, feedback if attempt.feedback_mode == "full" else None, house.wording),
        lines=tuple(LineShape(who=who, kind=kind, text=text) for who, kind, text in lines),
        reading=reading,
        ending=None if ending is None else EndingShape(title=own.around.tell(ending["title"]), text=own.around.tell(ending["text"])),
        reveal=None if reveal is None else RevealShape(feeling=reveal["feeling"], need=reveal["need"], text=reveal["text"]),
        versions=max(versions, 1),
        can_try_again=is_said_in_talk(turn) and turn.status == "answered" and "try_again" in CONTROLS[attempt.phase],
    )


def _draw_help(house: House, attempt: Attempt) -> HelpShape | None:
    if not is_paused_for_help(attempt):
        return None
    record = read_record(attempt)
    return draw_help(house.help_book, kind_shown(attempt), folded=record.showing == "link", may_take_back=record.may_take_back)


def _draw_reading(house: House, mode: str, words: str, feedback: Feedback | None) -> ReadingShape | None:
    if feedback is None or mode == "none":
        return None
    advice = feedback.advice
    strength, next_step, rewording = (None if line is None else line.text for line in (advice.strength, advice.next_step, advice.rewording))
    if mode == "line":
        return ReadingShape(strength=None if next_step else strength, next_step=next_step, rewording=None, criteria=())
    return ReadingShape(strength=strength, next_step=next_step, rewording=rewording, criteria=list_criteria(words, feedback, house.wording))


def _can_speak(attempt: Attempt) -> bool:
    return may_speak(attempt.kind, attempt.phase) and not is_paused_for_help(attempt) and attempt.waiting_turn_id is None


def _list_controls(attempt: Attempt) -> tuple[str, ...]:
    return () if is_paused_for_help(attempt) else CONTROLS[attempt.phase]


def _is_claimed(turn: Turn, now: datetime) -> bool:
    return turn.claimed_until is not None and turn.claimed_until > now


def _count_versions(session: Session, attempt: Attempt, turn: Turn) -> int:
    if turn.kind != "speech" or turn.instead_of_id is None:
        return 1
    first = turn.instead_of_id
    query = select(func.count()).where(
        Turn.attempt_id == attempt.id, Turn.kind == "speech", (Turn.id == first) | (Turn.instead_of_id == first)
    )
    return session.scalar(query) or 1
