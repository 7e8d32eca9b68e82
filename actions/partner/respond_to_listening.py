"""The client listened or asked: the partner confirms, corrects, tells the next layer, answers."""

from __future__ import annotations

import re

from actions.partner.answer import Answer
from actions.partner.choose_line import Option, take_line
from actions.partner.find_follow_ups import find_follow_ups, told_back
from actions.partner.partner_state import openness_of
from data.rubric.observables import load_observables

ASKED_GROUPS = {
    "more": "asked_feeling",
    "feeling": "asked_feeling",
    "need": "asked_need",
    "change": "asked_change",
    "why": "asked_why",
    "us": "asked_us",
    "sure": "asked_sure",
    "generic": "asked_generic",
}
# How an answer is liked before its meaning is looked at. `asked_generic` is what any other answer has to beat.
FOLLOW_UP = 0.42
CUED = 0.36
OF_THE_KIND = 0.28
MEANT = 0.5  # "do you mean it?" is about the line just said, and asks nothing else
UNCUED = -0.03
GENERIC = 0.15
BESIDE_TOPIC = 0.2  # a layer, where the question named something else
LAYER = {"more": 0.45, "feeling": 0.33, "why": 0.33}
ARRIVED = 0.3  # a sign that kind words arrived
ABOUT = 0.26  # about a topic whose words were said in them
DETAILS = 0.5  # when, where, how of a step that was agreed: asked about that step, whatever was said last
UNDERNEATH = re.compile(r"\b(?:hurts?|stung|stings|worst|hardest|underneath|behind (?:it|that|this)|most)\b")


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
        if not answer_what_was_told(answer, f"lines.{arrived}") and not tell_layer_after(answer, f"lines.{arrived}"):
            answer.say(arrived)
    elif not tell_layer(answer):
        answer.say("heard")
    if reading.asked and answer.has_room():
        answer_question(answer)


def answer_what_was_told(answer: Answer, pool: str) -> bool:
    """Kind words that also told something: the line about that, when it answers the reply better than a sign that they arrived."""
    topics = answer.topic_options("told", answer.reading.topics, ABOUT, None)
    options = [*told_back(answer), *topics]
    if not options:
        return False
    return answer.say_best(options, answer.reading.text, answer.best_points([Option(pool, ARRIVED)], answer.reading.text))


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
    options = [Option(f"follow_ups.{number}.says", FOLLOW_UP) for number in follow_ups]
    options += answer.topic_options("asked", reading.asked_topics, CUED, UNCUED)
    for of_kind, group in ASKED_GROUPS.items():
        if of_kind not in ("more", "generic"):
            liked = UNCUED if of_kind != kind else MEANT if kind == "sure" else OF_THE_KIND
            options.append(Option(f"lines.{group}", liked))
    if kind == "more":
        options.append(Option("lines.asked_feeling", GENERIC))
    if answer.state["agreed"] and load_observables().detectors["asks_details"].finds(asking):
        options.append(Option("lines.asked_details", DETAILS))
    options.append(Option("lines.asked_generic", GENERIC))
    layer = f"layers.{answer.state['told']}"
    if kind in LAYER and can_tell_layer(answer) and (kind == "more" or answer.state["listened"]):
        beside = (reading.asked_topics or follow_ups) and not UNDERNEATH.search(asking.lower())
        options.append(Option(layer, BESIDE_TOPIC if beside else LAYER[kind]))
    if not answer.say_best(options, asking):
        answer.say(ASKED_GROUPS[kind])
