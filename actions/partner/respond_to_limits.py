"""The client set a limit, held it, or pushed against the partner's."""

from __future__ import annotations

from actions.partner.answer import Answer
from actions.partner.partner_state import LONGEST_KEPT, keep_words, openness_of

HIGHEST = 4
"""Openness at which a partner tests no limit any more."""


def keep_limit(answer: Answer) -> None:
    """Remember the limit, turned round for the partner's mouth and as typed for the card."""
    if answer.reading.slots.get("limit"):
        keep_words(answer.state["limits"], answer.reading.slots["limit"])
    if answer.reading.limit_words:
        keep_words(answer.state["limit_words"], answer.reading.limit_words[:LONGEST_KEPT])


def meet_limit(answer: Answer) -> None:
    """Accept a limit, or test it the way the scene wants practised."""
    state, level = answer.state, answer.state["level"]
    keep_limit(answer)
    tests_left = getattr(answer.scene.partner.tests_limit, level) - state["tests"]
    elsewhere = answer.reading.elsewhere or answer.is_far(answer.reading.limit_words or answer.reading.text)
    asked_to_stop = answer.reading.did("stop", "asks_to_stop", "takes_back")  # never tested, whatever else the reply holds
    trusts = openness_of(state) >= HIGHEST
    if tests_left > 0 and not elsewhere and not asked_to_stop and not trusts and answer.say_only("lines.limit_test"):
        state["tests"] += 1
        state["testing"] = True
        return
    state["kept_limit"] = True
    answer.say("limit_accept")


def stop_testing(answer: Answer) -> None:
    """The limit was held after a test: test again if the scene wants it, else keep to it. A row of reasons invites one test more."""
    state = answer.state
    tests_left = getattr(answer.scene.partner.tests_limit, state["level"]) - state["tests"] + int(answer.reading.did("over_justifies"))
    if tests_left > 0 and not answer.reading.did("stop", "asks_to_stop") and answer.say_only("lines.limit_test"):
        state["tests"] += 1
        return
    state["testing"] = False
    state["kept_limit"] = True
    answer.say("limit_held", **({"limit": state["limits"][-1]} if state["limits"] else {}))


def meet_pressure(answer: Answer) -> None:
    """First a limit of the partner's own, then closing. The push itself was counted when the reply was weighed."""
    answer.state.update(wary=True, agreed=None, offer=None)
    said_before = any(line.number in answer.state["used"] for line in answer.scene.book["lines.pressured"])
    answer.say("pressured_again" if said_before else "pressured")
