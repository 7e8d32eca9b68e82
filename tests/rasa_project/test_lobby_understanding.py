"""How well the lobby understands phrasings that no training has seen (heldout_phrasings.yml), through the channel's own way."""

import json
from collections import Counter, defaultdict

import pytest
import yaml

from rasa_project.incoming_message import IncomingMessage
from rasa_project.recipe import ROOT

pytestmark = pytest.mark.slow

FLOOR = 0.80
"""Measured when the training examples were last changed: see rasa_project/README.md. A change that falls below needs a reason."""
SURE_OF_DANGER = 0.6
"""The bar in actions/offer_actions.py (that room cannot be imported from Rasa's environment; test_the_bar_is_the_same compares)."""


@pytest.fixture(scope="module")
def heard(agent, loop):
    """(expected intent, text, intent heard, confidence) of every held-out phrasing."""
    from rasa_project.practice_channel import name_intent

    content = yaml.safe_load((ROOT / "tests" / "rasa_project" / "heldout_phrasings.yml").read_text(encoding="utf-8"))
    rows = []
    for entry in content["nlu"]:
        for line in entry["examples"].splitlines():
            text = line[2:].strip().strip('"')
            message = IncomingMessage("m", "speech", None, {}, text, {})
            intent, sure, _nearest = loop.run_until_complete(name_intent(agent.processor, message))
            rows.append((entry["intent"], text, intent, sure))
    return rows


def test_held_out_phrasings_are_understood(heard, record_property):
    """Accuracy over all held-out phrasings reaches the floor; the report names it per intent, with what was mixed up."""
    right = sum(expected == intent for expected, _, intent, _ in heard)
    per_intent = defaultdict(list)
    for expected, _, intent, _ in heard:
        per_intent[expected].append(expected == intent)
    report = {
        "phrasings": len(heard),
        "accuracy": round(right / len(heard), 3),
        "per_intent": {intent: f"{sum(hits)}/{len(hits)}" for intent, hits in sorted(per_intent.items())},
        "mixed_up": [f"{a} → {b}: {n}" for (a, b), n in Counter((e, i) for e, _, i, _ in heard if e != i).most_common(12)],
    }
    print("\nheld-out phrasings:", json.dumps(report, indent=1, ensure_ascii=False))
    assert len(heard) >= 200
    assert right / len(heard) >= FLOOR


def test_every_intent_has_held_out_phrasings(heard):
    """No lobby intent goes unmeasured."""
    trained = set()
    for path in (ROOT / "data" / "dialogue").glob("nlu*.yml"):
        trained |= {entry["intent"] for entry in yaml.safe_load(path.read_text())["nlu"]}
    assert {expected for expected, *_ in heard} == trained


def test_no_held_out_phrasing_is_in_training(heard):
    """Held out means held out, also with other capitals and stops."""

    def plain(text):
        return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").strip()

    trained = set()
    for path in (ROOT / "data" / "dialogue").glob("nlu*.yml"):
        for entry in yaml.safe_load(path.read_text())["nlu"]:
            trained |= {plain(line[2:]) for line in entry["examples"].splitlines()}
    assert [text for _, text, *_ in heard if plain(text) in trained] == []


def test_ordinary_wishes_raise_no_alarm(heard):
    """At most one in a hundred other phrasings is answered as an emergency, and most who are in danger are heard here too.

    This is the third net: web's rules at the door look first, and the scorer's crisis verdict counts as well.
    """
    false = [text for expected, text, intent, sure in heard if intent == "in_danger" and sure >= SURE_OF_DANGER and expected != "in_danger"]
    assert len(false) <= 0.01 * len(heard), false
    danger = [(intent, sure) for expected, _, intent, sure in heard if expected == "in_danger"]
    assert sum(intent in ("in_danger", "ask_help") for intent, _ in danger) >= 0.6 * len(danger)


def test_the_bar_is_the_same():
    """Both rooms mean the same by "sure"."""
    assert f"SURE_OF_DANGER = {SURE_OF_DANGER}\n" in (ROOT / "actions" / "offer_actions.py").read_text()


def test_training_examples_stand_under_one_intent():
    """The same phrasing under two intents would teach nothing."""
    seen = defaultdict(set)
    for path in (ROOT / "data" / "dialogue").glob("nlu*.yml"):
        for entry in yaml.safe_load(path.read_text())["nlu"]:
            for line in entry["examples"].splitlines():
                seen[line[2:].strip().lower()].add(entry["intent"])
    assert {text: intents for text, intents in seen.items() if len(intents) > 1} == {}
