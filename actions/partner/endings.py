"""When a talk ends, and how: the scene's own endings, the first whose conditions all hold."""

from __future__ import annotations

from actions.partner.agreement_card import fill_card
from actions.partner.partner_state import State, openness_of
from actions.partner.read_reply import Reading
from actions.partner.talk import Reached
from actions.partner.weigh import HARM_POINTS
from data.scenarios import Scene
from data.scenarios.scene import Ending

PATIENCE = 5  # turns beyond min_turns before a talk that still could reach a step ends without one
STOP_KINDS = ("next_talk", "stopped", "pressed")
SIGNS_OFF = ("assent", "thanks", "greeting", "accepts_no", "validation", "leaving")


def conditions_of(scene: Scene, state: State) -> set[str]:
    """The conditions that hold now, but for those that end a talk by themselves."""
    holding = set()
    clean = state["pushes"] == 0
    agreed = state["agreed"]
    if agreed and clean and agreed["turn"] < state["turn"]:
        holding.add("step_agreed")
        if state["reviewed"]:
            holding.add("reviewed")
    if state["kept_limit"] and not state["testing"]:
        holding.add("limit_kept")
    if state["told"] == len(scene.layers):
        holding.add("heard")
    if state["no_accepted"] and not state["no_open"]:
        holding.add("no_accepted")
    if state["repaired"]:
        holding.add("repaired")
    if openness_of(state) >= 3:
        holding.add("open")
    return holding


def find_good_ending(scene: Scene, state: State, reading: Reading, main: str, told_before: int) -> Ending | None:
    """The good ending that this reply leads to, if the talk is ripe for one. What was only just told waits for the client's answer."""
    if state["told"] > told_before and state["told"] == len(scene.layers):
        return None
    if state["turn"] < scene.min_turns or state["offer"] is not None or state["testing"] or reading.asked:
        return None
    if reading.guess and reading.guess[1] == "wrong":
        return None
    if reading.did("invites", "second_ask") or reading.signal_words or (state["moves"] and state["moves"][-1][3] in HARM_POINTS):
        return None  # more is asked for, a signal wants its yes, and after a hard word there is one reply at least
    if main in (
        "request",
        "takes_offer",
        "boundary",
        "repeated",
        "silence",
        "confused",
        "meta",
        "question",
        "off_topic",
        "caves",
        "corrects",
        "offers_now",
    ):
        return None
    holding = conditions_of(scene, state)
    for ending in scene.endings:
        if ending.when[0] in STOP_KINDS or not set(ending.when) <= holding:
            continue
        needs_patience = "step_agreed" not in ending.when and not scene.listening and not reading.did(*SIGNS_OFF)
        if needs_patience and state["turn"] < scene.min_turns + PATIENCE:
            continue
        return ending
    return None


def find_ending(scene: Scene, kind: str) -> Ending:
    """The ending of a kind that every scene has: next_talk, stopped, pressed."""
    return next(ending for ending in scene.endings if ending.when == (kind,))


def reach(scene: Scene, state: State, ending: Ending) -> Reached:
    """Mark the talk as ended."""
    state["ended"] = ending.id
    return Reached(ending.id, ending.title, ending.text, "+".join(ending.when), fill_card(state))
