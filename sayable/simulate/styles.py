"""The simulated clients: what they say (`replies.yml`) and when (`styles.yml`)."""

from __future__ import annotations

import functools
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.partner.controls import find_stage
from actions.partner.partner_state import State
from data.criteria import KEYS
from data.read_yaml import read_yaml
from data.scenarios import Scene

HERE = Path(__file__).resolve().parent
FEWEST_REPLIES = 25


@dataclass(frozen=True)
class Bank:
    """Replies of one intent and the codebook keys a careful reader would give them."""

    intent: str
    keys: tuple[str, ...]
    replies: tuple[str, ...]


@dataclass(frozen=True)
class Style:
    """One written client: weights of intents by stage. `good`: openness should rise; `pressing`: nothing may be agreed."""

    name: str
    about: str
    good: bool
    pressing: bool
    weights: dict[str, dict[str, int]]

    def choose_intent(self, scene: Scene, state: State, chance: random.Random) -> str:
        """An intent for where the talk stands."""
        moment = find_moment(scene, state)
        if moment not in ("halted", "offer", "no", "mend") and "told" in self.weights and state["told"] == len(scene.layers):
            moment = "told"
        weights = self.weights.get(moment) or self.weights["any"]
        return chance.choices(list(weights), weights=list(weights.values()))[0]


def find_moment(scene: Scene, state: State) -> str:
    """The stage of the talk as the styles know it."""
    if state["halted"]:
        return "halted"
    if state["offer"] is not None:
        return "offer"
    stage = find_stage(scene, state)
    return "no" if state["no_open"] and stage != "mend" else stage


def choose_reply(bank: Bank, said: set[str], chance: random.Random) -> str:
    """A reply that this client has not used yet, if one is left."""
    return chance.choice([reply for reply in bank.replies if reply not in said] or list(bank.replies))


@functools.cache
def load_banks() -> dict[str, Bank]:
    """Every bank by intent. ContentError for an unknown key or too few replies."""
    file = read_yaml(HERE / "replies.yml")
    banks = {}
    for intent, entry in file.value.items():
        replies = [*entry["replies"], *(f"{entry['replies'][0]} {more}" for more in entry.get("more", ()))]
        if len(set(replies)) < FEWEST_REPLIES:
            raise file.fault((intent, "replies"), f"{len(set(replies))} replies", f"write at least {FEWEST_REPLIES} different ones")
        for key in entry["keys"]:
            if key not in KEYS:
                raise file.fault((intent, "keys"), f"{key!r} is no criterion", "use keys of the codebook")
        banks[intent] = Bank(intent, tuple(entry["keys"]), tuple(replies))
    return banks


@functools.cache
def load_styles() -> dict[str, Style]:
    """Every style by name. ContentError for an intent without a bank."""
    file = read_yaml(HERE / "styles.yml")
    banks, styles = load_banks(), {}
    for name, written in file.value.items():
        entry: dict[str, Any] = dict(written)
        about, good, pressing = entry.pop("about"), entry.pop("good", False), entry.pop("pressing", False)
        for moment, weights in entry.items():
            for intent in weights:
                if intent not in banks:
                    raise file.fault((name, moment, intent), f"no replies for {intent!r}", "add them to replies.yml")
        styles[name] = Style(name, about, good, pressing, entry)
    return styles
