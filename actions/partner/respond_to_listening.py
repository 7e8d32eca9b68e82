"""The client listened or asked: the partner confirms, corrects, tells the next layer, answers."""

from __future__ import annotations

from actions.partner.answer import Answer
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


def tell_layer(answer: Answer) -> bool:
    """Tell the next layer, if the partner is open enough for it."""
    told = answer.state["told"]
    if told >= len(answer.scene.layers) or openness_of(answer.state) < answer.scene.layers[told].openness:
        return False
    if not answer.say_only(f"layers.{told}"):
        return False
    answer.state["told"] = told + 1
    return True


def be_heard(answer: Answer) -> None:
    """The client listened: confirm or correct a guess, tell the next layer, or say that it arrived; then answer a question."""
    answer.state["listened"] += 1
    did, guess = answer.reading.did, answer.reading.guess
    if guess and guess[1] == "wrong":
        answer.say("label_wrong")
    elif guess and guess[1] == "right" and answer.say_only("lines.label_right"):
        if answer.has_room() and answer.state["told"] == 0:
            tell_layer(answer)
    elif guess and (
        (guess[1] == "surface" and answer.say_only("lines.label_surface"))
        or (guess[1] == "also" and (answer.say_only("lines.label_also") or answer.say_only("lines.label_surface")))
    ):
        if answer.has_room():
            tell_layer(answer)
    elif answer.reading.names_need and answer.say_only("lines.need_right"):
        pass
    elif answer.reading.asked and answer.reading.asked_topics:
        answer.say("validated" if did("validation") and not did("paraphrase") else "heard")
    elif did("validation") and not did("paraphrase"):
        if not (tell_layer_after(answer, "lines.validated")):
            answer.say("validated")
    elif not tell_layer(answer):
        answer.say("heard")
    if answer.reading.asked and answer.has_room():
        answer_question(answer)


def tell_layer_after(answer: Answer, pool: str) -> bool:
    """A short reaction and the next layer, when there is one to tell."""
    before = len(answer.parts)
    told = answer.state["told"]
    if told >= len(answer.scene.layers) or openness_of(answer.state) < answer.scene.layers[told].openness:
        return False
    answer.say_only(pool)
    if not answer.has_room():
        return len(answer.parts) > before
    return tell_layer(answer) or len(answer.parts) > before


def answer_question(answer: Answer) -> None:
    """What the partner knows about it; else by the kind of question."""
    for topic_id in answer.reading.asked_topics:
        if answer.say_topic(topic_id, "asked"):
            return
    kind = answer.reading.asked or "generic"
    if kind == "more" and tell_layer(answer):
        return
    if kind in ("feeling", "why") and answer.state["listened"] and tell_layer(answer):
        return
    answer.say(ASKED_GROUPS[kind])
