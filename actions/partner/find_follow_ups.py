"""What the scene can say when the client asks about, or answers, the very line that the partner has just said."""

from __future__ import annotations

import functools
import re

from actions.partner.answer import Answer
from actions.partner.choose_line import Option

NEAR_ENOUGH = 0.3  # of a question to what the partner has just said, to be about it
NEAR_ENOUGH_IF_SHORT = 0.2
SHORT_QUESTION = 7  # words
SHORTEST_QUESTION = 4  # words: "why the sink?" can only be about what was just said
# How an answer to the client's answer is liked before its meaning is looked at.
ANSWERS = 0.36  # the partner had asked
COMES_BACK = 0.2  # the partner had only told something


def find_follow_ups(answer: Answer, asking: str) -> list[int]:
    """Numbers of the follow-ups to what the partner has just said that the question is about."""
    found = [number for number in numbers_to_last_line(answer) if answer.scene.follow_ups[number].says]
    words = len(asking.split())
    if not found or words <= SHORTEST_QUESTION:
        return found
    near_enough = NEAR_ENOUGH if words > SHORT_QUESTION else NEAR_ENOUGH_IF_SHORT
    return [
        number
        for number in found
        if answer.how_near(asking, [*answer.scene.follow_ups[number].to, *answer.scene.follow_ups[number].says]) >= near_enough
    ]


def told_back(answer: Answer) -> list[Option]:
    """Lines for a client who answers, or takes up, what the partner has just said; liked more when the partner had asked."""
    liked = ANSWERS if answer.state["last_line"].rstrip(" \"'”’").endswith("?") else COMES_BACK
    return [Option(f"follow_ups.{number}.told", liked) for number in numbers_to_last_line(answer) if answer.scene.follow_ups[number].told]


def numbers_to_last_line(answer: Answer) -> list[int]:
    line = fold(answer.state["last_line"])
    return [number for number, follow_up in enumerate(answer.scene.follow_ups) if any(fold_known(words) in line for words in follow_up.to)]


@functools.lru_cache(maxsize=20_000)
def fold_known(text: str) -> str:
    """A scene's own words, folded once."""
    return fold(text)


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'"))
