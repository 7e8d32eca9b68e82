"""The agreement card: what a talk came to, in the client's own words, for them to edit, keep or throw away."""

from __future__ import annotations

import re
from typing import Any

from actions.partner.partner_state import State

SIGNAL = re.compile(
    r"\b(?:(?:pause|stop|safe)[- ]?word|(?:our|the|a|one|my) (?:word|sign|signal)\b(?=[^.?!]*\b(?:is|be|for|like|means|that|would|could)\b)"
    r"|(?:one|two|three|double) (?:taps?|squeezes?)|squeeze|tap|says? \W?(?:red|stop|pause|yellow)|(?:red|stop|pause) means)\b",
    re.IGNORECASE,
)


def fill_card(state: State) -> dict[str, Any]:
    """`limits` and `review` as typed, `signal` (a sentence that names one), `next_step`, `agreed` (whether the partner said yes).

    Everything may be empty: a talk without an agreement has a card with nothing on it, and that is fine.
    """
    agreed = state["agreed"]
    step = (agreed["words"] or agreed["step"]) if agreed else ""
    limits = list(state["limit_words"])
    signal = next((words for words in [*limits, step] if words and SIGNAL.search(words)), "") or state["signal_words"]
    return {
        "limits": limits,
        "signal": signal,
        "next_step": step,
        "agreed": agreed is not None,
        "review": state["review_words"],
        "can_change": True,  # either of the two may change their mind, always
    }
