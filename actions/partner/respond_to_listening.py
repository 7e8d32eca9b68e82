"""The client listened or asked: the partner confirms, corrects, tells the next layer, answers."""

from __future__ import annotations

import re

from actions.partner.answer import Answer
from actions.partner.choose_line import Option, take_line
from actions.partner.partner_state import openness_of

ASKED_GROUPS = {
    "more": "asked_feeling",
    "feeling": "asked_feeling",
    "need": "asked_need",
    "change": "asked_change",
    "why": "asked_why",
    "us": "asked_us",
    "generic": "asked_generic",
}
# How an answer is liked before its meaning is looked at. `asked_generic` is what any other answer has to beat.
FOLLOW_UP = 0.42
CUED = 0.36
OF_THE_KIND = 0.28
UNCUED = -0.03
GENERIC = 0.15
BESIDE_TOPIC = 0.2  # a layer, where the question named something else
LAYER = {"more": 0.45, "feeling": 0.33, "why": 0.33, "generic": 0.02}
NEAR_ENOUGH = 0.3  # of a question to what the partner has just said, to be about it
NEAR_ENOUGH_IF_SHORT = 0.2
SHORT_QUESTION = 7  # words
SHORTEST_QUESTION = 4  # words: "why the sink?" can only be about what was just said


def can_tell_layer(answer: Answer) -> bool:
    """Whether there is a layer left to tell and the partner is open enough for it."""
    told = answer.state["told"]
    return told < len(answer.scene.layers) and openness_of(answer.state) >= answer.scene.layers[told].openness


def tell_layer(answer: Answer) -> bool:
    """Tell the next layer, if the partner is open enough for it."""
    told = answer.state["told"]
    if not can_tell_layer(answer) or not answer.add(take_line(answer.scene, answer.state, f"layers.{told}")):
        return False
    answer.state["told"] = told + 1
    return True


def be_heard(answer: Answer) -> None:
    """The client listened: confirm or correct a guess, tell the next layer, or say that it arrived; then answer a question."""
    answer.state["listened"] += 1
    reading = answer.reading
    did, guess = reading.did, reading.guess
    arrived = "reassured" if did("reassures") else "validated"
    if guess and guess[1] == "wrong":
        answer.say("label_wrong")
    elif guess and guess[1] == "right" and answer.say_only("lines.label_right"):
        if answer.has_room() and answer.state["told"] == 0 and not reading.asked:
            tell_layer(answer)
    elif guess and (
        (guess[1] == "surface" and answer.say_only("lines.label_surface"))
        or (guess[1] == "also" and (answer.say_only("lines.label_also") or answer.say_only("lines.label_surface")))
    ):
        if answer.has_room() and not reading.asked:
            tell_layer(answer)
    elif reading.names_need and answer.say_only("lines.need_right"):
        pass
    elif reading.asked and (reading.asked_topics or reading.asked != "more" or not can_tell_layer(answer)):
        answer.say(arrived if did("validation") and not did("paraphrase") else "heard")
    elif did("validation") and not did("paraphrase"):
        if not tell_layer_after(answer, f"lines.{arrived}"):
            answer.say(arrived)
    elif not tell_layer(answer):
        answer.say("heard")
    if reading.asked and answer.has_room():
        answer_question(answer)


def tell_layer_after(answer: Answer, pool: str) -> bool:
    """A short reaction and the next layer, when there is one to tell."""
    before = len(answer.parts)
    if not can_tell_layer(answer):
        return False
    answer.say_only(pool)
    if not answer.has_room():
        return len(answer.parts) > before
    return tell_layer(answer) or len(answer.parts) > before


def answer_question(answer: Answer) -> None:
    """What the partner knows about it, by the words of the question, its kind and its meaning; else that there is no answer yet."""
    reading = answer.reading
    kind, asking = reading.asked or "generic", reading.asking or reading.text
    follow_ups = find_follow_ups(answer, asking)
    options = [Option(f"follow_ups.{number}", FOLLOW_UP) for number in follow_ups]
    options += answer.topic_options("asked", reading.asked_topics, CUED, UNCUED)
    for of_kind, group in ASKED_GROUPS.items():
        if of_kind not in ("more", "generic"):
            options.append(Option(f"lines.{group}", OF_THE_KIND if of_kind == kind else UNCUED))
    if kind == "more":
        options.append(Option("lines.asked_feeling", GENERIC))
    options.append(Option("lines.asked_generic", GENERIC))
    layer = f"layers.{answer.state['told']}"
    if kind in LAYER and can_tell_layer(answer) and (kind == "more" or answer.state["listened"]):
        options.append(Option(layer, BESIDE_TOPIC if reading.asked_topics or follow_ups else LAYER[kind]))
    if not answer.say_best(options, asking):
        answer.say(ASKED_GROUPS[kind])


def find_follow_ups(answer: Answer, asking: str) -> list[int]:
    """Numbers of the follow-ups to what the partner has just said that the question is about."""
    line = fold(answer.state["last_line"])
    found = []
    for number, follow_up in enumerate(answer.scene.follow_ups):
        if any(fold(words) in line for words in follow_up.to):
            found.append(number)
    words = len(asking.split())
    if not found or words <= SHORTEST_QUESTION:
        return found
    near_enough = NEAR_ENOUGH if words > SHORT_QUESTION else NEAR_ENOUGH_IF_SHORT
    return [
        number
        for number in found
        if answer.how_near(asking, [*answer.scene.follow_ups[number].to, *answer.scene.follow_ups[number].says]) >= near_enough
    ]


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))
