"""From verdicts to the feedback object that the client sees, in the mode the client (or the assignment) chose."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from actions.feedback import Verdicts, feedback_as_json, guess_moment
from data.rubric.wording import Wording

FEEDBACK_MODES = ("full", "line", "none")


def list_counted(verdicts: Verdicts, wording: Wording) -> list[str]:
    """The skills of this reply, for the counts after the talk; they are kept in check scenes too, where no feedback is given."""
    return [key for key, verdict in verdicts.items() if verdict.present and wording.criteria[key].kind == "skill"]


def write_feedback(
    scorer: Any, reply: str, context: str | None, verdicts: Verdicts, *, mode: str, aims: Iterable[str], listening: bool = False
) -> dict[str, Any] | None:
    """The `feedback` object: whole (`full`), with one line of advice (`line`), or None (`none`, for check scenes).

    `listening`: the scene is one for listening; otherwise the partner's line decides whether this turn is.
    """
    if mode == "none":
        return None
    moment = guess_moment(context, frozenset(aims), low_load=mode == "line")
    if listening:
        moment = dataclasses.replace(moment, listening=True)
    advice = scorer.advise(reply, context, verdicts, moment)
    return feedback_as_json(verdicts, advice, scorer.wording)
