"""Where the time of a turn goes: the whole, Rasa without what is before it, the action without what is before it; in turns."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from sayable.bench.our_house import OurHouse, OurPerson
from sayable.bench.replies import reply_number
from sayable.bench.spread import spread
from sayable.bench.stock_bot import StockBot, StockPerson
from sayable.bench.turns import warm_up
from sayable.bench.wire import Wire
from sayable.up.settings import ROOT

TALK = 8
"""Replies in each talk: turns 1 to 8, around turn 5."""


def measure_parts(house: OurHouse, bot: StockBot, talks: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Median milliseconds in the web app, in Rasa and in the action server, and for the stock bot in Rasa and in its action.

    The same reply goes to the web app, then straight to Rasa's channel, then straight to the action server, each with the state it
    would have had there; differences of medians are the parts. No part is changed for being measured.
    """
    times: dict[str, list[float]] = {name: [] for name in ("whole", "rasa", "actions", "stock whole", "stock actions")}
    channel = Wire("127.0.0.1", house.settings.rasa_port, {"X-Sayable-Secret": house.read_secret("channel")})
    actions = Wire("127.0.0.1", house.settings.actions_port, {"Authorization": f"Bearer {house.read_secret('actions')}"})
    stock_actions = Wire("127.0.0.1", bot.actions_port)
    our_domain, stock_domain = read_domain(ROOT / "rasa_project" / "domain"), read_domain(bot.bot / "domain")
    warm_up(house, bot)
    for talk in range(talks):
        person, stock = OurPerson(house), StockPerson(bot, f"part-{talk}")
        person.enter()
        stock.enter()
        state = begin_on_channel(channel)
        for number in range(1, TALK + 1):
            text = reply_number(talk * TALK + number)
            times["whole"].append(person.say(text))
            times["stock whole"].append(stock.say(text))
            said: dict[str, Any] = {"message_id": f"part-{talk}-{number}", "kind": "speech", "command": None, "argument": {}, "text": text}
            before = state
            status, answer, took = channel.post("/webhooks/practice/turn", {**said, "state": state})
            take(status, "Rasa's channel")
            times["rasa"].append(took)
            state = answer["state"]
            slots: dict[str, Any] = {
                "phase": "scene",
                "step": before.get("step"),
                "state": json.dumps(before),
                "incoming": {**said, "nearest": []},
                "answer": None,
            }
            status, _, took = actions.post("/webhook", make_call("action_answer_reply", slots, text, "speech", our_domain))
            take(status, "the action server")
            times["actions"].append(took)
            slots = {"said": text, "requested_slot": "said"}
            call = make_call("validate_talk_form", slots, text, "say", stock_domain)
            call["tracker"]["events"] = [{"event": "slot", "name": "said", "value": text, "timestamp": 1.0}]
            status, _, took = stock_actions.post("/webhook", call)
            take(status, "the stock action server")
            times["stock actions"].append(took)
        person.leave()
        stock.leave()
    for wire in (channel, actions, stock_actions):
        wire.close()
    medians = {name: spread(taken)["median"] for name, taken in times.items()}
    say(f"  {medians}")
    return {
        "measured": {name: spread(taken) for name, taken in times.items()},
        "sayable": {
            "web": round(medians["whole"] - medians["rasa"], 2),
            "rasa": round(medians["rasa"] - medians["actions"], 2),
            "actions": medians["actions"],
        },
        "stock": {"web": 0.0, "rasa": round(medians["stock whole"] - medians["stock actions"], 2), "actions": medians["stock actions"]},
    }


def begin_on_channel(channel: Wire) -> dict[str, Any]:
    """The state of a fresh talk, straight from Rasa's channel."""
    state = None
    for command, argument in (("start", {"scene": "LONG", "level": "friendly", "seed": 7, "feedback": "full"}), ("begin", {})):
        body = {"message_id": f"part-{command}", "kind": "command", "command": command, "argument": argument, "text": None, "state": state}
        status, answer, _ = channel.post("/webhooks/practice/turn", body)
        take(status, "Rasa's channel")
        state = answer["state"]
    assert state is not None
    return state


def make_call(action: str, slots: dict[str, Any], text: str, intent: str, domain: dict[str, Any]) -> dict[str, Any]:
    """An action call as Rasa makes it, the domain in it."""
    latest = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": []}
    loop = {"name": "talk_form"} if intent == "say" else {}
    tracker = {"sender_id": "part", "slots": slots, "latest_message": latest, "events": [], "paused": False, "active_loop": loop}
    return {"next_action": action, "sender_id": "part", "tracker": tracker, "domain": domain, "version": "3.6.21"}


def read_domain(folder: Path) -> dict[str, Any]:
    """All files of a domain folder, merged as Rasa merges them."""
    merged: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if isinstance(value, list):
                merged[key] = [*merged.get(key, []), *value]
            elif isinstance(value, dict):
                merged[key] = {**merged.get(key, {}), **value}
            else:
                merged[key] = value
    return merged


def take(status: int, who: str) -> None:
    if status != 200:
        raise RuntimeError(f"{who} answered {status}")
