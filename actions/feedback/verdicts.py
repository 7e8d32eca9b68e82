"""What judging a reply yields: one verdict per criterion, each with the words that carried it."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Evidence:
    """A stretch of the reply exactly as typed: `text == reply[start:end]` in code points; `why` is a sentence for the client."""

    start: int
    end: int
    text: str
    why: str


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether the reply meets one criterion. `score` is a calibrated probability (0–1); a present verdict always has evidence."""

    key: str
    present: bool
    score: float
    evidence: tuple[Evidence, ...] = ()


Verdicts = dict[str, Verdict]
"""All nineteen keys, in the order of data.criteria.KEYS."""
