"""The client proposed a step, answered a counter-proposal or took something back: the partner agrees, amends, hesitates or declines."""

from __future__ import annotations

from actions.partner.answer import Answer
from actions.partner.choose_line import Option, take_line
from actions.partner.partner_state import LONGEST_KEPT, keep_words, openness_of
from data.scenarios.line_book import Spoken

# How a line is liked before its meaning is looked at.
CUED = 0.3  # about a topic whose words stand in the proposal
OF_THE_KIND = 0.18
TRUSTING, ASKED_OFTEN = 4, 3
"""A partner as open as that does not go on putting off somebody who has asked so many times."""
THE_SAME = 0.62
"""Nearness from which a counter-proposal is what the client has just proposed."""


def weigh_step(answer: Answer) -> None:
    """The client proposed a step: agree, amend, hesitate or decline, for the partner's own reason."""
    state, scene, reading = answer.state, answer.scene, answer.reading
    step = reading.slots.get("step")
    if answer.is_far(step or reading.text):
        answer.say("off_topic")
        return
    if step:
        keep_words(state["steps"], step)
    state["offer"] = None
    if state["pushes"]:
        answer.say("step_after_pressure")
        return
    openness = openness_of(state)
    heard = state["told"] >= scene.agrees_after or (openness >= TRUSTING and state["asked_for"] >= ASKED_OFTEN)
    if openness == 0:
        state["no_open"] = True
        answer.say("step_decline")
    elif answer.reading.did("vague"):
        hesitate(answer)  # "be nicer" can be neither kept nor broken
    elif heard and openness >= 2:
        if answer.say_best(answer.topic_options("decline", reading.topics, CUED, None), reading.text):
            state["no_open"] = True  # an honest no, which the client may take or press
        elif wants_to_amend(answer):
            amend(answer)
        else:
            agree(answer)
    elif not heard or openness < 2:
        hesitate(answer)


def wants_to_amend(answer: Answer) -> bool:
    """Guarded and upset partners make one counter-proposal first, unless the step was small or left room for no."""
    state = answer.state
    if state["level"] == "friendly" or any(line.number in state["used"] for line in amend_lines(answer)):
        return False
    return not answer.reading.did("bounded_step", "revocable", "room_for_no") and bool(fitting_amends(answer))


def amend_lines(answer: Answer) -> list[Spoken]:
    return [line for number in range(len(answer.scene.amends)) for line in answer.scene.book[f"amends.{number}"]]


def fitting_amends(answer: Answer) -> list[int]:
    """Numbers of the counter-proposals that answer what was proposed: about one of its topics, or about anything."""
    topics = set(answer.reading.topics)
    about = [number for number, each in enumerate(answer.scene.amends) if topics & set(each.fits)]
    return about or [number for number, each in enumerate(answer.scene.amends) if not each.fits]


def amend(answer: Answer) -> None:
    """Say a counter-proposal that fits what was proposed, and wait for the answer."""
    fitting = fitting_amends(answer)
    start = (answer.state["seed"] + answer.state["turn"]) % len(fitting)
    for number in [*fitting[start:], *fitting[:start]]:
        if answer.how_near(answer.reading.text, [answer.scene.amends[number].step]) >= THE_SAME:
            break  # there is nothing to counter
        if answer.say_only(f"amends.{number}"):
            answer.state["offer"] = number
            answer.state["offered"] = answer.state["turn"]
            return
    agree(answer)


def agree(answer: Answer) -> None:
    """A clear yes to what was proposed."""
    topics = answer.reading.topics
    options = [*answer.topic_options("agree", topics, CUED, None), Option("lines.step_agree", OF_THE_KIND)]
    if not answer.say_best(options, answer.reading.text):
        hesitate(answer)  # no clear yes is left to say, so nothing is agreed
        return
    before, words = answer.state["agreed"], answer.reading.step_words or ""
    if before and before["words"] and words and before["words"] != words:
        words = f"{before['words']} / {words}"  # a later step does not wipe out an earlier one
    answer.state["agreed"] = {
        "step": answer.reading.slots.get("step", ""),
        "words": words[:LONGEST_KEPT],
        "by": "client",
        "turn": answer.state["turn"],
    }
    keep_review(answer)


def keep_review(answer: Answer) -> None:
    """A day to look at it again, named in the same breath as the step or the yes."""
    if answer.reading.did("review_point"):
        answer.state["reviewed"] = True
        answer.state["review_words"] = (answer.reading.review_words or "")[:LONGEST_KEPT]


def hesitate(answer: Answer) -> None:
    options = [*answer.topic_options("hesitate", answer.reading.topics, CUED, None), Option("lines.step_hesitate", OF_THE_KIND)]
    if not answer.say_best(options, answer.reading.text):
        answer.say("step_hesitate")


def take_offer(answer: Answer) -> None:
    """The client said yes to the counter-proposal."""
    amendment = answer.scene.amends[answer.state["offer"]]
    answer.state["offer"] = None
    if answer.state["pushes"]:
        answer.say("step_after_pressure")
        return
    line = take_line(answer.scene, answer.state, "lines.offer_taken", {**answer.reading.slots, "offer": amendment.step})
    if not answer.add(line):
        hesitate(answer)
        return
    answer.state["agreed"] = {"step": amendment.step, "words": "", "by": "partner", "turn": answer.state["turn"]}
    keep_review(answer)


def take_back(answer: Answer) -> None:
    """What was agreed is no longer agreed; a no needs no reason."""
    agreed = answer.state["agreed"]
    step = (agreed or {}).get("step") or (answer.state["steps"][-1] if answer.state["steps"] else "")
    answer.state["agreed"] = None
    answer.state["reviewed"] = False
    answer.say("taken_back", **({"step": step} if step else {}))
