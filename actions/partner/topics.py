"""Which of the partner's topics a text is about, and what kind of thing a question asks."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from data.scenarios import Scene

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("more", r"\btell me (?:more|about)\b|\bsay more\b|\b(?:go on|keep going)\b|\bwhat(?:'s| is) (?:going on|on your mind|up|behind|under|hard|difficult|the worst|the hardest)|"
                 r"\bwhat (?:makes|made|is it|about (?:it|that|this)|part|exactly|else|do you mean|happens|goes)\b|\bhelp me (?:understand|see)\b|\bwhat are you (?:afraid|scared|worried)"),
        ("change", r"\bwhat (?:would|could|might|can) (?:help|make|i do|we do|you suggest|i say|work)\b|\bhow (?:can|could|would|do|should) (?:i|we)\b|\bwhat (?:should|shall) (?:i|we)\b|"
                   r"\bwhat do we do\b|\bany ideas?\b|\bwhat do you (?:suggest|propose)\b"),
        ("need", r"\bwhat (?:do|would|did|could|are|is|were) (?:you|it you|it that you)\b[^?]*\b(?:need|want|like|wish|hop|prefer|rather|miss|after|looking for)|\bwhat(?:'s| is) (?:important|most important|it you)|"
                 r"\bwhat matters\b|\bwhat you(?:'d| would)? (?:need|like|want)"),
        ("us", r"\bare (?:we|u|you) (?:still )?(?:ok|okay|all right|alright|good|fine|mad|angry|cross|upset|annoyed|leaving|breaking)|\bdo you (?:still |even |really )?(?:love|like|trust|want|hate|care)\b|"
               r"\bis (?:everything|something|anything) (?:ok|okay|all right|alright|wrong|the matter)|\bwhat(?:'s| is) (?:wrong|the matter)|\bdid i (?:do|say) (?:something|anything)|\bwhat did i (?:do|say)\b"),
        ("why", r"\bwhy\b|\bhow come\b|\bwhat for\b|\bwhat makes you\b|\bthe reason\b"),
        ("feeling", r"\bhow (?:are|do|did|was|is|does|were|have|has|would|'s)\b[^?]*\b(?:feel|felt|feeling|for you|with you|like for|you doing|that|it|this|you)\b|\bwhat (?:was|is|were|'s)\b[^?]*\blike\b|"
                    r"\b(?:did|does|do|is|was|were|are|has) (?:it|that|this|you|there)\b[^?]*\b(?:feel|felt|feeling|hurt|hard|sting|scare|bother|sad|alone|rough|tough)|"
                    r"\bwhat (?:are|were|do|did) you feel|\bhow are you\b|\bhow come across|\bwhat did (?:it|that|i) do\b"),
    )
)  # fmt: skip
NOT_A_QUESTION = re.compile(r"\b(?:that|it|this|which|does|would|might|could) (?:\w+ )?works?\b(?: (?:for|with) (?:you|me|us|both))?|\bworks for (?:me|you|us)\b|\bwork(?:s|ed|ing)? (?:it|this|that|something) out\b")
STARTS_QUESTION = re.compile(
    r"^(?:and |but |so |ok(?:ay)? |well |hey |um+ |wait )*(?:(?:what|how|why|when|where|who|which|whose)(?:'s|s|d)?|do|does|did|are|is|was|were|have|has|would|could|can|will|should|shall|am|isn't|aren't|don't|didn't)\s+"
    r"(?:you|u|we|i|it|that|this|there|the|your|my|our|he|she|they|makes?|made|would|could|can|do|did|does|is|are|was|were|about|if|happened|happens|else|matters|worries|helps?|feels?|long|much|many|often|come|exactly|part|kind|sort|time|day|evening|hurt|bothers?|scares?)\b"
)


def is_question(sentence: str) -> bool:
    """Whether a sentence asks, with or without its question mark."""
    return sentence.rstrip(' "\')').endswith("?") or bool(STARTS_QUESTION.match(sentence)) or bool(re.match(r"(?:please )?(?:tell me|say more|help me understand)", sentence))


def find_kind(question: str) -> str:
    """more, change, need, us, why, feeling, or generic."""
    for kind, pattern in KINDS:
        if pattern.search(question):
            return kind
    return "generic"


@functools.lru_cache(maxsize=4096)
def cue_pattern(cue: str) -> re.Pattern[str]:
    """A cue as a pattern; a single word of four letters or more may be bent (walk, walks, walked, walking)."""
    cue = cue.lower().replace("’", "'")
    if " " in cue or len(cue) < 4:
        return re.compile(rf"\b{re.escape(cue)}s?\b")
    stem = cue[:-1] if cue.endswith("e") else cue
    return re.compile(rf"\b(?:{re.escape(cue)}(?:s|es|'s|d|ed)?|{re.escape(stem)}(?:ing|ed|y)?)\b")


def find_topics(scene: Scene, texts: Iterable[str], came_up: Iterable[str]) -> list[str]:
    """Ids of the topics in `texts` (lower case), the best first: by length of the cues found, then in file order."""
    known, scores = set(came_up), []
    joined = NOT_A_QUESTION.sub(" ", " \n ".join(texts))
    for number, topic in enumerate(scene.topics):
        if topic.after is not None and topic.after not in known:
            continue
        score = sum(len(cue) for cue in topic.cues if cue_pattern(cue).search(joined))
        if score:
            scores.append((-score, number, topic.id))
    return [topic_id for _, _, topic_id in sorted(scores)]
