"""The moment in which a reply is judged: what the partner's line calls for and what the scene practises."""

import dataclasses
import re

_REFUSES = re.compile(
    r"\W*(?:(?:sorry|please|hey|um+|well|look|oh|love|honey|babe|mm+)\W+)*"
    r"(?:no\b|nope|nah|stop\b|don't\b|not (?:tonight|now|today|yet|there|like this|this)\b|i(?:'d| would) rather not\b|leave me\b"
    r"|i (?:really |just )?(?:don't|do not|won't|can't) (?:really )?(?:want|like|feel like|fancy|do (?:that|this)|think so)\b"
    r"|i'm (?:really |just )?not (?:in the mood|ready|up for|comfortable|doing|going to)\b)",
    re.IGNORECASE,
)
SHORT_NO = 14
"""Words: a partner's limit in at most so many is a limit and no story; what it calls for is to be taken."""
_FIRST_PERSON = re.compile(r"\b(i|i'm|im|i'd|i've|i'll|me|my|mine|myself)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Moment:
    """`listening`: the partner has just told something of their own. `aims`: criteria the scene practises.

    `low_load`: one line only. `after_no`: the partner has just said no or set a limit.
    """

    listening: bool = False
    aims: frozenset[str] = frozenset()
    low_load: bool = False
    after_no: bool = False


def guess_moment(context: str | None, aims: frozenset[str] = frozenset(), low_load: bool = False) -> Moment:
    """A moment for a reply of which no scene is known: a partner who speaks of themself without asking is listened to."""
    if not context:
        return Moment(False, aims, low_load)
    line = context.replace("’", "'")
    asks = line.rstrip().endswith("?")
    refuses = bool(_REFUSES.match(line)) and len(line.split()) <= SHORT_NO
    return Moment(bool(_FIRST_PERSON.search(line)) and not asks and not refuses, aims, low_load, refuses)
