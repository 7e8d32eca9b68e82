"""The client's own words, trimmed so that the partner can take them up: the step proposed, the limit set, a feeling, a need, a guess.

Rather no words than wrong ones: what does not trim to a clean short phrase is left out, and a line without it is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.partner.turn_round import turn_round
from data.lexicons.client_words import load_client_words
from data.lexicons.families import load_feelings, load_needs

MOST_WORDS = 13
AS_ADJECTIVE = {
    "worry": "worried",
    "worrying": "worried",
    "fretting": "worried",
    "shame": "ashamed",
    "crying": "tearful",
    "in fear": "afraid",
}
"""Words of feelings that are no adjectives, as the partner takes them up ("worried. Okay.")."""


def straighten(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')).strip()


def tidy(words: str, least: int = 1, most: int = MOST_WORDS) -> str | None:
    """A phrase that can be said: short, without punctuation at its ends, nothing that should not be echoed; else None."""
    words = words.strip(" \t,.:;–-\"'()!?…")
    trimmed = load_client_words().trailing.sub("", words)
    while trimmed != words:
        words, trimmed = trimmed, load_client_words().trailing.sub("", trimmed)
    count = len(words.split())
    if load_client_words().unfinished.search(words) or re.search(r"(?:^|\s)'", words):
        return None
    if not least <= count <= most or load_client_words().never_echoed.search(words) or not re.fullmatch(r"[\w\s',;:&€£$%.+-]+", words):
        return None
    return words


def find_step(request: str) -> str | None:
    """The step in a request, in the partner's mouth: `"could you text me before you come home?"` → `"text you before I come home"`."""
    words = load_client_words().lead.sub("", straighten(request))
    subject, framed = "", False
    for frame, who in load_client_words().frames:
        stripped = frame.sub("", words, count=1)
        if stripped != words:
            words, subject, framed = stripped, who, True
            break
    if not framed or words.startswith("'"):
        return None
    words = load_client_words().cut.sub("", words)
    first, _, rest = words.partition(" ")
    if first.lower() in load_client_words().past and first.lower() != "read":
        words = f"{load_client_words().past[first.lower()]} {rest}".strip()
    elif subject and first.lower().endswith("ed") and first.lower() != "need":
        return None
    words = re.sub(r"^(?:try|trying|to|maybe|agree (?:to|that|on)|that|we|just) (?=\w)", "", words, flags=re.IGNORECASE)
    if re.match(r"(?:it|that|this|so|them|those)\b", words, re.IGNORECASE):
        return None  # "try it on Friday": what "it" is stands elsewhere
    if load_client_words().nowhere.match(words.strip(" ?!.,")):
        return None
    tidied = tidy(turn_round(words), least=2 if not subject else 1)
    if tidied is None:
        return None
    return lower_first(f"{subject} {tidied}".strip())


def find_limit(stated: str) -> str | None:
    """The limit in the partner's mouth: `"I don't want phones in bed"` → `"you don't want phones in bed"`. Orders: None."""
    words = load_client_words().lead.sub("", straighten(stated))
    words = re.split(r"[?!.;…\n]|,?\s+(?:because|since|so that|but|and (?:i'm|it's|that's))\b", words, maxsplit=1)[0]
    if re.match(
        r"(?:please |just )*(?:don't|do not|stop|never|no,|no$|not|it's|still|can you|could you|would you|you )", words, re.IGNORECASE
    ):
        return None
    words = re.sub(
        r"\b(?:i'd|i would|i) (?:also|just|really|only) ", lambda hit: hit.group().rsplit(" ", 2)[0] + " ", words, flags=re.IGNORECASE
    )
    tidied = tidy(turn_round(words), least=3, most=16)
    return lower_first(tidied) if tidied else None


def find_need(stated: str) -> str | None:
    """What the client needs: `"I need some time to myself"` → `"some time to yourself"`."""
    words = straighten(stated)
    hit = re.search(r"\b(?:need|needing|crave|craving|longing for|long for|after is|looking for|miss|value)\b\s+(.+)", words, re.IGNORECASE)
    if hit and re.match(r"to (?:tell|talk|say|ask|know|show|explain|go)\b", hit.group(1)):
        return None  # "I need to tell you something" begins a talk
    if hit:
        words = hit.group(1)
    else:
        hit = re.search(
            r"^(?:and |but |because |so )*(.+?)\s+(?:matters?|is important|are important|means a lot|is (?:big|huge) for me)\b",
            words,
            re.IGNORECASE,
        )
        if hit is None:
            found = load_needs().find(words)
            return found[0][0] if found else None
        words = hit.group(1)
    words = re.split(r"[?!.;,…\n]|\s+(?:because|since|so that|so|but|when|before|after|if|and i)\b", words, maxsplit=1)[0]
    if re.match(r"(?:you|u|it|this|that|us|we|him|her|them|for you)\b", words, re.IGNORECASE):
        return None
    tidied = tidy(turn_round(re.sub(r"^(?:for|just|really|also|is) ", "", words)), most=7)
    return lower_first(tidied) if tidied else None


def find_feeling(stated: str) -> str | None:
    """The client's own feeling word."""
    found = load_feelings().find(straighten(stated))
    words = [
        word
        for word, _ in found
        if word not in ("good", "fine", "great", "close", "down", "low", "cut", "flat", "alone", "cross", "beat", "shot", "distant")
    ]
    return AS_ADJECTIVE.get(words[0], words[0]) if words else None


def find_minutes(text: str) -> str | None:
    """A length of time: "20 minutes"."""
    hit = re.search(
        r"\b(\d{1,3}|five|ten|fifteen|twenty|thirty|forty|half an|an)[ -]?(minutes?|mins?|hours?)\b", straighten(text), re.IGNORECASE
    )
    if hit is None:
        short = r"\bback in (\d{1,3}|five|ten|fifteen|twenty|thirty|forty)\b(?! (?:hour|day|week))"
        bare = re.search(short, straighten(text), re.IGNORECASE)
        return f"{bare.group(1).lower()} minutes" if bare else None
    unit = hit.group(2).lower().replace("mins", "minutes")
    return f"{hit.group(1).lower()} {'minutes' if unit == 'min' else unit}"


def lower_first(words: str) -> str:
    """Lower the first letter, except of "I"."""
    return words if re.match(r"I\b", words) else words[:1].lower() + words[1:]


def evidence_of(verdicts: Mapping[str, Any], key: str) -> list[str]:
    """The words that carried a present verdict, longest first."""
    verdict = verdicts.get(key)
    if verdict is None or not verdict.present:
        return []
    return sorted((evidence.text for evidence in verdict.evidence), key=len, reverse=True)


def split_typed(reply: str) -> list[str]:
    """The sentences as typed."""
    return re.split(r"(?<=[.!?…\n])\s+", reply)


def sentences_with(reply: str, texts: list[str]) -> list[str]:
    """The sentences of the reply that hold one of `texts`."""
    sentences = [(sentence, sentence.strip(" .!?…\n")) for sentence in split_typed(reply)]
    return [sentence for sentence, bare in sentences if any(text and (text in sentence or bare in text) for text in texts)]
