"""The client spoke for themselves, or told something: the partner takes up their word, or what they spoke of."""

from __future__ import annotations

import re

from actions.partner.answer import Answer
from actions.partner.choose_line import Option
from actions.partner.find_follow_ups import ANSWERS, told_back
from actions.partner.respond_to_listening import answer_question, tell_layer
from actions.partner.weigh import HARM_POINTS
from data.lexicons.families import load_feelings

WARM = frozenset({"happy", "grateful", "touched", "relieved", "calm", "excited", "hopeful", "proud", "curious"})
# How a line is liked before its meaning is looked at.
NAMED = 0.28  # takes up a feeling or need that was named
CUED = 0.28  # about a topic whose words were said
UNCUED = -0.12  # about any other topic: by meaning alone
FEARED = 0.52  # says what the partner would do, to a client who fears it
FOR_WHAT = "Sorry for what, which part?"  # after hard words a bare sorry is asked what it is for, rather than told that nothing was done
WORTH_ADDING = 0.56  # points that a second part needs


def is_warm(word: str) -> bool:
    """Whether a feeling word is a pleasant one."""
    return any(family in WARM for family in load_feelings().families_of.get(word.lower(), ()))


def take_in_sharing(answer: Answer) -> None:
    """The client spoke for themselves: take up their word, or what they spoke of; then answer a question."""
    answer.state["shared"] += 1
    reading = answer.reading
    did, slots = reading.did, reading.slots
    options = [*told_back(answer), *answer.topic_options("told", reading.topics, CUED, UNCUED)]
    if did("fears_answer"):
        options.append(Option("lines.shared_fear", FEARED))
    if did("feeling"):
        warm = is_warm(slots.get("feeling", ""))
        options.append(Option("lines.shared_warm" if warm else "lines.shared_feeling", NAMED if slots.get("feeling") else 0.12))
    if did("need"):
        options.append(Option("lines.shared_need", NAMED - 0.02 if slots.get("need") else 0.1))
    options.append(Option("lines.shared_self", 0.12 if did("i_statement", "disclosure", "feeling", "need") else 0.03))
    if re.search(r"\b(?:you|your|you're|we)\b", reading.text, re.IGNORECASE):
        options.append(Option("lines.observed", 0.12 if did("observation") else 0.0))
    options.append(Option("lines.plain", 0.02))
    if not answer.say_best(options, reading.text):
        answer.say("shared_self")
    add_what_is_owed(answer)


def take_in(answer: Answer) -> None:
    """Something told that is neither feeling nor need: what it was about, or a sign that it arrived."""
    reading = answer.reading
    options = [*told_back(answer), *answer.topic_options("told", reading.topics, CUED, UNCUED)]
    if reading.did("fears_answer"):
        options.append(Option("lines.shared_fear", FEARED))
    options += [Option("lines.plain", 0.1), Option("lines.shared_self", 0.06)]
    if not answer.say_best(options, reading.text):
        answer.say("plain")


def be_reassured(answer: Answer) -> None:
    """Something warm, or a fear taken away: it arrives; then what was asked, or the next thing to tell."""
    reading = answer.reading
    options = [Option("lines.reassured", 0.35), *told_back(answer), *answer.topic_options("told", reading.topics, 0.2, None)]
    if not answer.say_best(options, reading.text):
        answer.say("validated")
    if reading.asked and answer.has_room():
        answer_question(answer)
    elif answer.state["listened"] and not reading.did("feeling", "need") and answer.has_room():
        tell_layer(answer)


def take_softer_words(answer: Answer) -> None:
    """Hard words taken back: it is better now; or what was said in their place."""
    reading = answer.reading
    options = [Option("lines.repaired", 0.3), *answer.topic_options("told", reading.topics, 0.2, None)]
    if reading.did("reassures"):
        options.append(Option("lines.reassured", 0.25))
    if not answer.say_best(options, reading.text):
        answer.say("sorry")


def take_a_sorry(answer: Answer) -> None:
    """Said sorry, no more; what it was about may be something the partner knows."""
    options = [Option("lines.sorry", 0.25), *told_back(answer), *answer.topic_options("told", answer.reading.topics, 0.25, None)]
    to = f"{answer.reading.text} {FOR_WHAT}" if was_hurt(answer) else answer.reading.text
    if not answer.say_best(options, to):
        answer.say("sorry")


def was_hurt(answer: Answer) -> bool:
    """Whether hard words fell in this talk and were not owned since."""
    return not answer.state["repaired"] and any(move[3] in HARM_POINTS for move in answer.state["moves"])


def be_corrected(answer: Answer) -> None:
    """ "No, I meant …" or "exactly": the partner takes the correction, or what was told with it."""
    reading = answer.reading
    group = "understood" if reading.did("understood") and not reading.did("corrects") else "corrected"
    options = [Option(f"lines.{group}", ANSWERS), *told_back(answer), *answer.topic_options("told", reading.topics, 0.2, None)]
    if not answer.say_best(options, reading.text):
        answer.say(group)
    add_what_is_owed(answer)


def take_an_offer_for_now(answer: Answer) -> None:
    """Tea, a seat, a hug: taken for what it is; then what the client asked, or wanted to hear."""
    reading = answer.reading
    options = [Option("lines.offered_now", ANSWERS), *told_back(answer), *answer.topic_options("asked", reading.asked_topics, 0.2, None)]
    if not answer.say_best(options, reading.text):
        answer.say("offered_now")
    if reading.did("invites") and answer.has_room():
        answer_question(answer)
    elif reading.did("feeling", "need") and not reading.did("invites"):
        take_up_feeling(answer)


def take_up_feeling(answer: Answer) -> None:
    """A feeling or need named beside something that was answered first."""
    reading = answer.reading
    answer.state["shared"] += 1
    options = []
    if reading.did("fears_answer"):
        options.append(Option("lines.shared_fear", FEARED))
    if reading.slots.get("feeling"):
        options.append(Option("lines.shared_warm" if is_warm(reading.slots["feeling"]) else "lines.shared_feeling", NAMED))
    if reading.slots.get("need"):
        options.append(Option("lines.shared_need", NAMED - 0.02))
    if answer.has_room():
        answer.say_best(options, reading.text)


def add_what_is_owed(answer: Answer) -> None:
    """A question in the same reply, or a topic that was spoken of beside the feeling."""
    if not answer.has_room():
        return
    if answer.reading.asked:
        answer_question(answer)
    else:
        answer.say_best(answer.topic_options("told", answer.reading.topics, CUED, None), answer.reading.text, WORTH_ADDING)
