"""The client spoke for themselves: the partner takes up their word, or what they spoke of."""

from __future__ import annotations

from actions.partner.answer import Answer
from actions.partner.respond_to_listening import answer_question
from data.lexicons.families import load_feelings

WARM = frozenset({"happy", "grateful", "touched", "relieved", "calm", "excited", "hopeful", "proud", "curious"})


def is_warm(word: str) -> bool:
    """Whether a feeling word is a pleasant one."""
    return any(family in WARM for family in load_feelings().families_of.get(word.lower(), ()))


def take_in_sharing(answer: Answer) -> None:
    """The client spoke for themselves: take up their word, or what they spoke of; then answer a question."""
    answer.state["shared"] += 1
    reading = answer.reading
    if reading.did("feeling") and is_warm(reading.slots.get("feeling", "")):
        answer.say("shared_warm")
    elif reading.did("feeling") and reading.slots.get("feeling"):
        answer.say("shared_feeling")
    elif reading.did("need") and reading.slots.get("need"):
        answer.say("shared_need")
    elif not any(answer.say_topic(topic_id, "told") for topic_id in reading.topics):
        if reading.did("feeling"):
            answer.say("shared_feeling")
        elif reading.did("need"):
            answer.say("shared_need")
        elif reading.did("i_statement", "disclosure"):
            answer.say("shared_self")
        else:
            answer.say("observed")
    elif reading.did("feeling", "need", "i_statement") and not reading.asked:
        return
    if not answer.has_room():
        return
    if reading.asked:
        answer_question(answer)
    else:
        any(answer.say_topic(topic_id, "told") for topic_id in reading.topics)
