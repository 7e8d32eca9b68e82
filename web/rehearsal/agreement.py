"""The agreement card: filled from the talk, edited and kept by the client, withdrawn whenever they change their mind.

Only the words as they stand now are kept, encrypted; of earlier versions nothing but what happened and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.database.tables import Agreement, Attempt, Turn, make_id
from web.rehearsal.door import look_at_all
from web.rehearsal.faults import EmptyCard, EmptyReply, NotFound, NotNow
from web.rehearsal.house import House
from web.rehearsal.sending import Outcome, pause_and_tell
from web.rehearsal.shapes import AgreementChange, AgreementShape
from web.rehearsal.storing import find_attempt
from web.rehearsal.typed_text import read_typed

LONGEST_FIELD = 1000
"""Code points."""
MOST_CHANGES = 50
CARD_PHASES = frozenset({"debrief", "over"})


@dataclass(frozen=True)
class Card:
    """What the client wrote on the card; `review_on` is the day to look at it again."""

    limits: str = ""
    signal: str = ""
    next_step: str = ""
    review: str = ""
    review_on: date | None = None


def keep_card(house: House, person_id: str, attempt_id: str, card: Card) -> Outcome:
    """Keep the card as it is now. Raises EmptyCard, or NotNow before the debrief; with a finding of tier 1 nothing is changed."""
    typed = {"limits": card.limits, "signal": card.signal, "next_step": card.next_step, "review": card.review}
    finding = look_at_all(house.door, list(typed.values()))
    if finding is not None and finding.tier == 1:
        return pause_and_tell(house, person_id, attempt_id, finding)
    kept: dict[str, str] = {name: _read_field(text) for name, text in typed.items()}
    if not any(kept.values()):
        raise EmptyCard
    kept["review_on"] = "" if card.review_on is None else card.review_on.isoformat()
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        if attempt.kind != "scene" or attempt.phase not in CARD_PHASES:
            raise NotNow
        agreement = _find_agreement(session, attempt)
        if agreement is None:
            agreement = Agreement(id=make_id(), attempt_id=attempt.id)
            session.add(agreement)
            _write_version(house, agreement, kept, "kept")
        elif agreement.card != kept:
            _write_version(house, agreement, kept, "kept" if agreement.card is None else "changed")
    house.database.forget_freed_pages()
    return Outcome("answered", doubt=finding is not None)


def withdraw_card(house: House, person_id: str, attempt_id: str) -> None:
    """Take the agreement back: its words go, and the change log says when. A second time changes nothing."""
    with house.database.writing() as session:
        agreement = _find_agreement(session, find_attempt(session, person_id, attempt_id, lock=True))
        if agreement is None:
            raise NotFound
        if agreement.card is not None:
            _write_version(house, agreement, None, "withdrawn")
    house.database.forget_freed_pages()


def draw_card(session: Session, attempt: Attempt, path: list[Turn]) -> AgreementShape | None:
    """The card as kept, else as the talk fills it; None before the debrief and where there is nobody to agree with."""
    if attempt.kind != "scene" or attempt.phase not in CARD_PHASES:
        return None
    agreement = _find_agreement(session, attempt)
    if agreement is not None:
        return draw_kept_card(agreement, path)
    found = _find_in_talk(path)
    if found is None:
        return None
    return AgreementShape(
        status="draft",
        limits="\n".join(found["limits"]),
        signal=found["signal"],
        next_step=found["next_step"],
        review=found["review"],
        review_on=None,
        partner_agreed=found["agreed"],
        changes=(),
    )


def draw_kept_card(agreement: Agreement, path: list[Turn]) -> AgreementShape:
    """A card as it was kept, or withdrawn; `path` is the talk it came from."""
    found, card = _find_in_talk(path), agreement.card
    return AgreementShape(
        status="withdrawn" if card is None else "kept",
        limits=card["limits"] if card else "",
        signal=card["signal"] if card else "",
        next_step=card["next_step"] if card else "",
        review=card["review"] if card else "",
        review_on=date.fromisoformat(card["review_on"]) if card and card["review_on"] else None,
        partner_agreed=bool(found and found["agreed"]),
        changes=tuple(AgreementChange(what=what, at=datetime.fromisoformat(at)) for what, at in agreement.changes),
    )


def _find_in_talk(path: list[Turn]) -> dict[str, Any] | None:
    return next((turn.answer["agreement"] for turn in reversed(path) if turn.answer and turn.answer.get("agreement")), None)


def _read_field(text: str) -> str:
    try:
        return read_typed(text, longest=LONGEST_FIELD).strip()
    except EmptyReply:
        return ""


def _find_agreement(session: Session, attempt: Attempt) -> Agreement | None:
    return session.scalar(select(Agreement).where(Agreement.attempt_id == attempt.id))


def _write_version(house: House, agreement: Agreement, card: dict[str, str] | None, what: str) -> None:
    now = house.now()
    agreement.card = card
    agreement.changes = [*(agreement.changes or []), [what, now.astimezone(UTC).isoformat()]][-MOST_CHANGES:]
    agreement.changed_at = now
