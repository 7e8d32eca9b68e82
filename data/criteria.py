"""The nineteen criteria of the codebook (data/replies/CODEBOOK.md), in the order every room uses."""

KEYS: tuple[str, ...] = (
    "i_statement",
    "observation",
    "feeling",
    "faux_feeling",
    "need",
    "request",
    "demand",
    "paraphrase",
    "emotion_label",
    "open_question",
    "validation",
    "roadblock",
    "blame",
    "absolutes",
    "pressure",
    "boundary",
    "consent_check",
    "repair",
    "crisis",
)

FAULTS: frozenset[str] = frozenset({"faux_feeling", "demand", "roadblock", "blame", "absolutes", "pressure"})
"""Criteria whose absence is wanted; a wrong accusation costs trust, so they are held to a higher precision."""

NEEDS_CONTEXT: frozenset[str] = frozenset({"paraphrase", "roadblock"})
"""Criteria that the codebook leaves undecided when the partner's line is unknown."""
