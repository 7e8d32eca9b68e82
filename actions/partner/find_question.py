"""What a reply asks: the kind of its last question that wants an answer, and the topics in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.partner.client_words import evidence_of
from actions.partner.partner_state import State
from actions.partner.topics import find_kind, find_topics, is_question
from data.rubric.observables import load_observables
from data.scenarios import Scene

QUESTION_WORD = re.compile(
    r"\b(?:what|why|how|who|which|where|when|do|does|did|are|is|was|were|have|has|would|could|can|will|you|then|really)\b"
)
ASKS_INDIRECTLY = re.compile(
    r"\bi(?:'d| would)? (?:really )?(?:(?:like|love|want) to (?:know|hear|understand)\b"
    r"|need to (?:know|hear|understand) (?=if\b|whether\b|why\b|how you\b|how it\b|what you\b|what it\b))(?: (?:about|(?:if|whether)\b))?"
)
TAGS = frozenset(
    [
        "right",
        "ok",
        "okay",
        "you know",
        "yeah",
        "no",
        "really",
        "huh",
        "hm",
        "eh",
        "is that ok",
        "is that okay",
        "is that right",
        "is that it",
    ]
    + ["does that make sense", "make sense", "you see", "deal", "see"]
)
ANSWERED_AS_SAID = ("request", "paraphrase", "emotion_label", "consent_check")  # question marks of these ask for no information


def find_question(
    scene: Scene, state: State, sentences: list[str], verdicts: Mapping[str, Any], deeds: set[str]
) -> tuple[str | None, tuple[str, ...], str]:
    """The kind of the last question that wants an answer, the topics in it, and the sentences that ask."""
    proposes = load_observables().detectors["proposes"]
    spoken_for = [
        plain(text) for key in ANSWERED_AS_SAID for text in evidence_of(verdicts, key) if key != "consent_check" or checks_in(text)
    ]
    open_ones = [plain(text) for text in evidence_of(verdicts, "open_question")]
    asking = []
    for sentence in sentences:
        folded = plain(sentence)
        if "request" in deeds and proposes.fits(sentence):
            continue
        is_open = any(text and (text in folded or folded in text) for text in open_ones)
        if (
            is_open
            or ASKS_INDIRECTLY.search(sentence)
            or (
                is_question(sentence)
                and not any(text and (text in folded or folded in text) for text in spoken_for)
                and (not is_tag(folded) or (folded == "really" and len(sentences) == 1))
            )
        ):
            asking.append(sentence)
    if deeds & {"confirms", "check_in", "resume", "confused", "meta"} and not open_ones:
        asking = [sentence for sentence in asking if find_topics(scene, [sentence], state["topics"])]
    if len(sentences) > len(asking):
        asking = [sentence for sentence in asking if not is_musing(sentence)]
    if not asking:
        return None, (), ""
    overall = find_topics(scene, sentences, state["topics"])
    asked_about = find_topics(scene, asking, state["topics"])
    return kind_of(asking[-1]), tuple(sorted(asked_about, key=overall.index)), " ".join(asking)


def kind_of(sentence: str) -> str:
    """The kind of a question; "I want to know if you still like being with me" asks what stands after "know"."""
    kind = find_kind(ASKS_INDIRECTLY.sub("", sentence).strip())
    return "more" if kind == "generic" and ASKS_INDIRECTLY.search(sentence) else kind


def checks_in(text: str) -> bool:
    """Whether words taken for a check of consent leave the partner free; "will you be hurt if I say no?" asks to be answered."""
    detectors = load_observables().detectors
    return any(detectors[name].finds(text) for name in ("check_in", "revocable", "room_for_no", "others_consent", "pace", "resume"))


def is_musing(sentence: str) -> bool:
    """ "Bit of both?", "Maybe a yes?": half an answer to the partner's own question, when something else follows."""
    return len(sentence.split()) <= 4 and not load_observables().unmarked.fits(sentence) and not QUESTION_WORD.search(sentence)


def is_tag(folded: str) -> bool:
    """ "right?", "okay?", "you know?": nothing is asked."""
    bare = folded.removeprefix("and ").removeprefix("so ")
    return bare in TAGS


def plain(text: str) -> str:
    return re.sub(r"[^\w']+", " ", text.lower().replace("’", "'")).strip()
