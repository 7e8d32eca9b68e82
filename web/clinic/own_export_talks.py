"""One rehearsal for its own client to take along: what the page shows, and after the talk what the debrief shows too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from web.clinic.own_export_shapes import (
    AgreementRow,
    CriterionRow,
    EvidenceRow,
    FeedbackRow,
    HelpRow,
    NoteRow,
    PartnerMove,
    RehearsalRow,
    SaidLine,
    TurnRow,
)
from web.database.tables import Agreement, Attempt, Note, Turn
from web.rehearsal.debrief import OPEN_BOOK_PHASES
from web.rehearsal.drawing import find_path
from web.rehearsal.help_pause import kind_shown, list_pauses
from web.rehearsal.help_record import read_record
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card

TYPED_COMMANDS = frozenset({"guess", "time_out"})
"""Buttons whose form holds something of the client's own."""


def draw_rehearsal(house: House, attempt: Attempt, turns: dict[str, Turn], note: Note | None, card: Agreement | None) -> RehearsalRow:
    """`turns`: all of this attempt, by id, in the order they were stored; replies that were replaced are among them."""
    revealed = attempt.phase in OPEN_BOOK_PHASES
    path = {turn.id for turn in find_path(attempt, turns)}
    record = read_record(attempt)
    return RehearsalRow(
        id=attempt.id,
        kind=attempt.kind,
        scene_id=attempt.scene_id,
        scene_version=attempt.scene_version,
        title=find_card(house, attempt).title,
        level=attempt.level,
        feedback=attempt.feedback_mode,
        check=attempt.check_kind,
        self_check=attempt.self_check,
        phase=attempt.phase,
        revealed=revealed,
        for_homework_item=attempt.assignment_item_id,
        began_at=attempt.created_at,
        last_used_at=attempt.last_used_at,
        ended_at=attempt.ended_at,
        come_back_at=attempt.return_at,
        help=None
        if attempt.help_sealed is None
        else HelpRow(
            kind=kind_shown(attempt),
            showing=record.showing,
            taken_back=record.taken_back,
            paused_at=tuple(datetime.fromisoformat(at) for at in list_pauses(attempt)),
        ),
        turns=tuple(_draw_turn(house, attempt, turn, turn.id in path, revealed=revealed) for turn in turns.values()),
        note=None if note is None else NoteRow(words=note.words, changed_at=note.changed_at),
        agreement=None if card is None else _draw_card(card),
    )


def _draw_card(card: Agreement) -> AgreementRow:
    return AgreementRow(card=card.card, changes=tuple((what, datetime.fromisoformat(at)) for what, at in card.changes or ()))


def _draw_turn(house: House, attempt: Attempt, turn: Turn, counts_now: bool, *, revealed: bool) -> TurnRow:
    answer: dict[str, Any] = turn.answer or {}
    moved, own = answer.get("moved") if revealed else None, house.own.words
    ending = answer.get("ending") or {}
    return TurnRow(
        id=turn.id,
        number=turn.number,
        after_turn=turn.parent_id,
        instead_of=turn.instead_of_id,
        counts_now=counts_now,
        kind=turn.kind,
        command=turn.command,
        said_in=turn.said_in,
        status=turn.status,
        sent_at=turn.created_at,
        answered_at=turn.answered_at,
        words=turn.words,
        typed=turn.argument if turn.command in TYPED_COMMANDS else None,
        lines=tuple(
            SaidLine(who=line["who"], kind=line["kind"], text=own.tell_line(line["who"], line["text"])) for line in answer.get("lines", ())
        ),
        feedback=_draw_feedback(house, attempt, answer.get("feedback"), revealed=revealed),
        skills=tuple(answer.get("counted") or ()) if revealed and turn.kind == "speech" else None,
        partner=None
        if moved is None
        else PartnerMove(openness=moved["openness"], shift=moved["shift"], because=own.around.tell(moved["because"])),
        ending={key: own.around.tell(ending[key]) for key in ("title", "text")} if ending else None,
        reveal=_pick(answer.get("reveal"), "feeling", "need", "text"),
    )


def _draw_feedback(house: House, attempt: Attempt, feedback: dict[str, Any] | None, *, revealed: bool) -> FeedbackRow | None:
    """While the talk runs: as much as its page shows. A check scene that runs has none."""
    if feedback is None or (attempt.feedback_mode == "none" and not revealed):
        return None
    tell = house.own.words.tell
    advice = {key: None if line is None else tell(line["text"]) for key, line in feedback["advice"].items()}
    whole = attempt.feedback_mode == "full" or revealed
    return FeedbackRow(
        rubric=feedback["rubric"],
        strength=advice.get("strength"),
        next_step=advice.get("next_step"),
        rewording=advice.get("rewording") if whole else None,
        criteria=tuple(
            CriterionRow(
                key=key,
                name=house.wording.criteria[key].name,
                kind=house.wording.criteria[key].kind,
                evidence=tuple(EvidenceRow(text=part["text"], why=tell(part["why"])) for part in verdict["evidence"]),
            )
            for key, verdict in feedback["criteria"].items()
            if whole and verdict["present"] and key in house.wording.criteria
        ),
    )


def _pick(found: dict[str, Any] | None, *keys: str) -> dict[str, str] | None:
    return None if found is None else {key: found[key] for key in keys}
