"""What the partner's engine returns, written the way the answer object wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from actions.partner import Talk
from actions.scene_state import move
from actions.turn import Turn, make_answer


def tell_talk(turn: Turn, talk: Talk, *, feedback: Mapping[str, Any] | None = None, counted: Iterable[str] = ()) -> dict[str, Any]:
    """The answer object for a Talk: the phase is the one that the partner's engine names."""
    return make_answer(
        turn,
        move(turn.state, talk.phase, talk.state),
        write_lines(talk),
        feedback=feedback,
        moved=write_moved(talk),
        ending=write_ending(talk),
        reveal=talk.reveal,
        counted=counted,
        agreement=write_agreement(talk),
    )


def write_lines(talk: Talk) -> list[dict[str, str]]:
    """The lines of a Talk as JSON."""
    return [{"who": line.who, "text": line.text, "kind": line.kind} for line in talk.lines]


def write_ending(talk: Talk) -> dict[str, str] | None:
    """The ending, if the talk has reached one."""
    ending = talk.ending
    return None if ending is None else {"id": ending.id, "title": ending.title, "text": ending.text}


def write_agreement(talk: Talk) -> dict[str, Any] | None:
    """What the agreement card is filled with when the talk has ended: the client's own words, each of which may be empty."""
    if talk.ending is None or not talk.ending.card:
        return None  # still talking, or a reflection, in which there is nobody to agree with
    card = talk.ending.card
    return {key: card[key] for key in ("limits", "signal", "next_step", "agreed", "review")}


def write_moved(talk: Talk) -> dict[str, Any] | None:
    """How the partner's openness moved, for the server only."""
    moved = talk.moved
    return None if moved is None else {"openness": moved.openness, "shift": moved.shift, "because": moved.because}
