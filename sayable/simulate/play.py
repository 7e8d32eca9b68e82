"""Play one scene with one written client, and note everything that must not happen."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions import partner
from actions.feedback.verdicts import Evidence, Verdict
from actions.partner.partner_state import State, openness_of
from data.criteria import KEYS
from data.scenarios import Scene
from sayable.simulate.own_words import speak_of_scene
from sayable.simulate.styles import Bank, Style, choose_reply, load_banks

MOST_TURNS = 60  # a talk that goes on longer than any scene allows has no way out
LARGEST_STATE = 16 * 1024
HALTING = ("stop", "pause")  # intents that bring the talk to a halt at once
COSTS_NOTHING = (*HALTING, "set_limit", "hold_limit", "change_mind")
AGREES = ("lines.step_agree", "lines.offer_taken")

Judge = Callable[[str, str | None, Bank], Mapping[str, Any]]


@dataclass
class Played:
    """One talk: how it went and what was wrong with it."""

    scene: str
    style: str
    level: str
    seed: int
    opened: int
    closed: int = 0
    turns: int = 0
    ending: str = ""
    ending_kind: str = ""
    used: tuple[int, ...] = ()  # numbers of the lines said
    faults: list[str] = field(default_factory=list)
    transcript: list[dict[str, Any]] = field(default_factory=list)
    pressed: bool = False  # a reply written to press was said, whatever the partner made of it


def judge_as_written(reply: str, context: str | None, bank: Bank) -> dict[str, Verdict]:
    """The keys that the bank was written for, the whole reply as evidence."""
    evidence = (Evidence(0, len(reply), reply, "as written"),)
    return {key: Verdict(key, key in bank.keys, float(key in bank.keys), evidence if key in bank.keys else ()) for key in KEYS}


def judge_with(scorer: Any) -> Judge:
    """The real scorer; equal replies to equal lines are judged once."""
    known: dict[tuple[str, str | None], Mapping[str, Any]] = {}

    def judge(reply: str, context: str | None, bank: Bank) -> Mapping[str, Any]:
        if (reply, context) not in known:
            known[reply, context] = scorer.judge(reply, context)
        return known[reply, context]

    return judge


def play(scene: Scene, style: Style, level: str, seed: int, judge: Judge = judge_as_written, *, keep_transcript: bool = False) -> Played:
    """Play until an ending, or until MOST_TURNS: then the talk is a dead end."""
    banks = load_banks()
    chance = random.Random(f"{scene.id}:{style.name}:{level}:{seed}")  # noqa: S311 - repeatable on purpose
    talk = partner.open_talk(scene, seed=seed, level=level)
    played = Played(scene.id, style.name, level, seed, openness_of(talk.state))
    heard = [line.text for line in talk.lines if line.who == "partner"]
    said: set[str] = set()
    note(played, keep_transcript, None, talk, {}, "opening")
    replies = 0
    while talk.ending is None and replies < MOST_TURNS:
        intent = style.choose_intent(scene, talk.state, chance)
        own = None if style.pressing else speak_of_scene(scene, talk.state, intent, chance)
        reply = own or choose_reply(banks[intent], said, chance)
        said.add(reply)
        before = talk.state
        verdicts = judge(reply, before["last_line"] or None, banks[intent])
        if verdicts["crisis"].present:
            talk = partner.pause(scene, before)
            if talk.phase != "paused":
                played.faults.append("a crisis did not pause the talk")
            paused = talk
            talk = partner.resume(scene, talk.state)  # this client goes on by the button
            talk = dataclasses.replace(talk, lines=paused.lines + talk.lines)
        else:
            talk = partner.answer_reply(scene, before, reply, verdicts)
            watch(scene, played, before, talk, reply, banks[intent] if own is None else None)
        replies += 1
        new = [line.text for line in talk.lines if line.who == "partner"]
        played.faults.extend(f"said twice: {text}" for text in new if text in heard)
        heard.extend(new)
        note(played, keep_transcript, reply, talk, verdicts, intent)
    played.closed = openness_of(talk.state)
    played.turns = talk.state["turn"]
    if played.turns > scene.max_turns:
        played.faults.append("longer than the scene allows")
    played.used = tuple(talk.state["used"])
    if talk.ending is None:
        played.faults.append("dead end: no ending in sight")
    else:
        played.ending, played.ending_kind = talk.ending.id, talk.ending.kind
    if len(set(talk.state["used"])) != len(talk.state["used"]):
        played.faults.append("a line was said twice")
    return played


def watch(scene: Scene, played: Played, before: State, talk: partner.Talk, reply: str, bank: Bank | None) -> None:
    """What must never happen in one turn. What the reply was written to do (`bank`) counts, not what the partner took it for."""
    state, faults = talk.state, played.faults
    intent = bank.intent if bank else ""
    played.pressed = played.pressed or (bank is not None and "pressure" in bank.keys)
    if not talk.lines:
        faults.append("nothing was said")
    if len(json.dumps(state).encode()) > LARGEST_STATE:
        faults.append("the state is larger than 16 KiB")
    if state["agreed"] and (played.pressed or state["pushes"]):
        faults.append(f"agreed after pressure: {reply}")
    if state["agreed"] and state["agreed"] != before["agreed"] and not agreed_aloud(scene, before, state):
        faults.append("counted as agreed without a clear yes")
    if intent in HALTING and talk.phase not in ("paused", "timed_out") and talk.ending is None:
        faults.append(f"a {intent} was not honoured: {reply}")
    if intent in COSTS_NOTHING and openness_of(state) < openness_of(before):
        faults.append(f"a {intent} was held against the client: {reply}")
    if talk.ending and "step_agreed" in talk.ending.kind and (played.pressed or state["pushes"]):
        faults.append("ended in agreement after pressure")


def agreed_aloud(scene: Scene, before: State, state: State) -> bool:
    """Whether one of the lines just said is a clear yes (a line of agreement)."""
    new = set(state["used"]) - set(before["used"])
    pools = [pool for pool in scene.book if pool in AGREES or pool.endswith(".agree")]
    return any(line.number in new for pool in pools for line in scene.book[pool])


def note(played: Played, keep: bool, reply: str | None, talk: partner.Talk, verdicts: Mapping[str, Any], intent: str) -> None:
    """One row of the transcript."""
    if not keep:
        return
    played.transcript.append(
        {
            "reply": reply,
            "intent": intent,
            "keys": [key for key, verdict in verdicts.items() if verdict.present],
            "lines": [(line.who, line.text) for line in talk.lines],
            "openness": openness_of(talk.state),
            "phase": talk.phase,
            "ending": talk.ending.title if talk.ending else "",
        }
    )
