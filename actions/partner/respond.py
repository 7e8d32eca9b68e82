"""What the partner says to a reply, by what weighed most in it, and what that changes in the state."""

from __future__ import annotations

from collections.abc import Callable

from actions.partner.answer import Answer
from actions.partner.choose_line import take_line
from actions.partner.partner_state import LONGEST_KEPT, State
from actions.partner.read_reply import Reading
from actions.partner.respond_to_limits import keep_limit, meet_limit, meet_pressure, stop_testing
from actions.partner.respond_to_listening import answer_question, be_heard, tell_layer
from actions.partner.respond_to_sharing import (
    be_corrected,
    be_reassured,
    take_a_sorry,
    take_an_offer_for_now,
    take_in,
    take_in_sharing,
    take_softer_words,
    take_up_feeling,
)
from actions.partner.respond_to_steps import take_back, take_offer, weigh_step
from actions.partner.weigh import SHARES
from data.scenarios import Scene

HARM_GROUPS = {
    "hostile": "hostile",
    "blame": "blamed",
    "demand": "demanded",
    "sorry_but": "sorry_but",
    "absolutes": "absolutes",
    "faux_feeling": "faux_feeling",
    "roadblock": "advised",
    "punishes_no": "blamed",
}
STALLS = ("silence", "one_word", "uncertain", "assent")
THIN = 6  # words; a longer reply is answered, and nothing earlier is brought back instead
BETWEEN_RECALLS = 4  # replies between two times the partner brings something back
PLAIN_GROUPS = {
    "thanks": "thanked",
    "confused": "confused",
    "uncertain": "uncertain",
    "flirting": "flirting",
    "joking": "joked",
    "greeting": "greeted",
    "assent": "client_yes",
    "refusal": "client_no",
    "silence": "silence",
    "one_word": "one_word",
    "off_topic": "off_topic",
    "repeated": "repeated",
    "leaving": "leaving",
    "later": "later",
    "starts_over": "resumed",
    "plain": "plain",
}


def respond(scene: Scene, state: State, reading: Reading, main: str) -> list[str]:
    """The parts of the partner's answer, one or two, in order. Changes `state`."""
    answer = Answer(scene, state, reading)
    testing, state["testing"] = state["testing"], False
    if testing and main in ("holds_limit", "silence", "one_word", "question", "share", "plain"):
        state["testing"] = True
    if reading.did("very_long") and main not in ("pressure", "hostile", "boundary"):
        answer.say_only("lines.very_long")
    handlers: dict[str, Callable[[Answer], object]] = {
        "pressure": meet_pressure,
        "takes_back": take_back,
        "boundary": meet_limit,
        "holds_limit": stop_testing,
        "takes_offer": take_offer,
        "question": answer_question,
        "share": take_in_sharing,
        "request": weigh_step,
        "emotion_label": be_heard,
        "paraphrase": be_heard,
        "validation": be_heard,
        "reassures": be_reassured,
        "softens": take_softer_words,
        "sorry": take_a_sorry,
        "corrects": be_corrected,
        "understood": be_corrected,
        "offers_now": take_an_offer_for_now,
        "topic": take_in,
    }
    if main in handlers and not (main == "request" and listened_too(reading)):
        handlers[main](answer)
    elif main == "request":
        respond_to_both(answer)
    elif main in HARM_GROUPS:
        state["harms"] += 1
        answer.say(HARM_GROUPS[main])
    elif main == "caves":
        answer.say("limit_dropped")
    elif main == "accepts_no":
        state["no_open"], state["no_accepted"] = False, True
        answer.say("no_accepted")
    elif main == "repair":
        state["repaired"] = True
        state["wary"] = False
        answer.say("repaired")
    elif main == "leaves_offer":
        answer.say("offer_left", offer=scene.amends[state["offer"]].step)
        state["offer"] = None
    elif main == "review_point":
        state["reviewed"] = True
        state["review_words"] = (reading.review_words or "")[:LONGEST_KEPT]
        answer.say("reviewed", step=state["agreed"]["step"])
    elif main == "consent_check":
        answer.say(
            "checked_in"
            if reading.did("check_in", "resume") or not reading.did("revocable", "room_for_no", "consent_check")
            else "room_given"
        )
    elif main in STALLS and reading.words <= THIN and recall(answer):
        pass
    elif main == "confirms" or (state["agreed"] and main in ("assent", "thanks", "plain")):
        answer.say("settled", step=state["agreed"]["step"])
    elif main == "plain":
        take_in(answer)
    else:
        answer.say(PLAIN_GROUPS.get(main, "plain"))
    add_second_part(answer, main)
    return answer.parts


def recall(answer: Answer) -> bool:
    """Bring back something the client said at least two replies ago: the need or feeling they named, the limit, the step."""
    state = answer.state
    if state["turn"] - state["recalled"] < BETWEEN_RECALLS:
        return False
    earlier = {slot: words for slot, (words, turn) in state["words"].items() if state["turn"] - turn >= 2}
    if state["limits"] and state["kept_limit"]:
        earlier["limit"] = state["limits"][-1]
    if state["steps"] and not state["agreed"]:
        earlier["step"] = state["steps"][-1]
    if not earlier or not answer.add(take_line(answer.scene, state, "lines.recalls", earlier)):
        return False
    state["recalled"] = state["turn"]
    return True


def listened_too(reading: Reading) -> bool:
    """Whether a reply with a proposal also listened; "it's fine if not" belongs to the proposal."""
    return reading.did("paraphrase", "emotion_label") or (
        reading.did("validation") and not reading.did("consent_check", "room_for_no", "revocable")
    )


def respond_to_both(answer: Answer) -> None:
    """The reply listened and proposed: a short sign that it arrived, then the reaction to the proposal."""
    reading, state = answer.reading, answer.state
    state["listened"] += 1
    guess = reading.guess
    if state["told"] < answer.scene.agrees_after and tell_layer(answer):
        pass
    elif guess and guess[1] in ("right", "surface", "also", "wrong"):
        answer.say_only(f"lines.label_{guess[1]}")
    else:
        answer.say_only("lines.heard" if reading.did("paraphrase") else "lines.validated")
    weigh_step(answer)


def add_second_part(answer: Answer, main: str) -> None:
    """What else the reply held and is owed an answer: a limit beside harm, a question or a proposal beside what weighed more."""
    reading, state = answer.reading, answer.state
    if not answer.parts or not answer.has_room():
        return
    harmed = main in HARM_GROUPS or main == "pressure"
    if harmed:
        if reading.did("boundary") and main != "pressure":
            keep_limit(answer)
            state["kept_limit"] = True
            answer.say_only("lines.limit_accept")
        return
    if main in ("boundary", "repair", "accepts_no", "holds_limit") and reading.did("request") and not state["testing"]:
        weigh_step(answer)
    elif (main in ("repair", "accepts_no", "sorry", "softens", "consent_check") and reading.asked) or (
        main == "request" and reading.asked and reading.asked_topics
    ):
        answer_question(answer)
    elif main in ("sorry", "softens") and reading.did("feeling", "need"):
        take_up_feeling(answer)
    if main in ("boundary", "request") and reading.did(*SHARES):
        state["shared"] += 1
