"""The moment in which a reply is judged: what the partner's line calls for and what the scene practises."""

import dataclasses
import re

_FIRST_PERSON = re.compile(r"\b(i|i'm|im|i'd|i've|i'll|me|my|mine|myself)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Moment:
    """`listening`: the partner has just told something of their own. `aims`: criteria the scene practises.

    `low_load`: one line only.
    """

    listening: bool = False
    aims: frozenset[str] = frozenset()
    low_load: bool = False


def guess_moment(context: str | None, aims: frozenset[str] = frozenset(), low_load: bool = False) -> Moment:
    """A moment for a reply of which no scene is known: a partner who speaks of themself without asking is listened to."""
    if not context:
        return Moment(False, aims, low_load)
    speaks_of_self = bool(_FIRST_PERSON.search(context.replace("’", "'")))
    asks = context.rstrip().endswith("?")
    return Moment(speaks_of_self and not asks, aims, low_load)
