"""What a reply did: the verdicts' present keys, the detectors, and the plain shape of it (a question, one word, silence, very long)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.partner.client_words import evidence_of, find_feeling, find_limit, find_minutes, find_need, find_step
from actions.partner.partner_state import State, mark_reply
from actions.partner.topics import find_kind, find_topics, is_question
from data.criteria import FAULTS, KEYS
from data.lexicons.client_words import load_client_words
from data.lexicons.families import load_feelings, load_needs
from data.rubric.observables import load_observables, split_sentences
from data.scenarios import Scene

NEED_WORDS = re.compile(r"\b(?:need|want|long|wish|would like|you'd like|matters?|important|miss|hoping|hope)")
GOOD = ("paraphrase", "emotion_label", "validation", "open_question", "feeling", "need", "request", "repair", "consent_check")
DOUBT = 0.15
ASKS_ABOUT_SELF = re.compile(r"\W*(?:and |so |but )?(?:did|have|had|am|was|do|were) i\b")
OWN_FEELING = re.compile(r"\bi(?:'m| am| feel| felt| was| get| got) ((?:\w+ ){0,2}\w+)")
CLAIM = re.compile(r"\bi (?:feel|felt) (?:like|that|as if|as though)\b")
JUDGING_FAMILIES = frozenset({"rejected", "defensive", "left_out", "controlled", "stressed_out"})
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
VERY_LONG = 120  # words
ANSWERED_AS_SAID = ("request", "paraphrase", "emotion_label", "consent_check")  # question marks of these ask for no information


@dataclass(frozen=True)
class Reading:
    """One reply, read. `asked` is the kind of its question or None; `guess` is the feeling offered and its fit."""

    deeds: frozenset[str]
    words: int
    asked: str | None
    asked_topics: tuple[str, ...]
    topics: tuple[str, ...]
    guess: tuple[str, str] | None
    names_need: bool
    slots: dict[str, str]
    step_words: str | None  # the step as the client typed it
    limit_words: str | None  # the limit as the client typed it
    review_words: str | None  # when to look at it again, as typed
    mark: str
    elsewhere: bool = False  # no longer word of it belongs to this scene
    doubtful: frozenset[str] = frozenset()  # faults that the judge was less sure of than of something good in the same reply

    def did(self, *names: str) -> bool:
        return any(name in self.deeds for name in names)


def read_reply(scene: Scene, state: State, reply: str, verdicts: Mapping[str, Any]) -> Reading:
    """Read a reply. `verdicts` needs `.present` and `.evidence[].text` per codebook key; missing keys count as absent."""
    sentences = split_sentences(reply)
    deeds = {key for key in KEYS if key in verdicts and verdicts[key].present}
    for name, detector in load_observables().detectors.items():
        if any(detector.fits(sentence) for sentence in sentences):
            deeds.add(name)
    tokens = re.findall(r"[\w'’]+", reply)
    mark = mark_reply(reply)
    deeds |= shape_of(tokens, reply, mark, state)
    if "stop" in deeds or "pause" in deeds:
        deeds -= {"demand"}  # a plain stop is a limit, never an order

    asked, asked_topics = find_question(scene, state, sentences, verdicts, deeds)
    topics = tuple(find_topics(scene, sentences, state["topics"]))
    elsewhere = not topics and is_elsewhere(scene, state, tokens)
    if elsewhere and len(tokens) >= 4 and asked is None and not deeds.intersection(KEYS):
        deeds.add("off_topic")
    guess = find_guess(scene, reply, verdicts)
    slots, step_words = find_slots(reply, verdicts)
    limit_words = next(iter(sentences_with(reply, evidence_of(verdicts, "boundary"))), None)
    review = load_observables().detectors["review_point"]
    review_words = next((text for text in re.split(r"(?<=[.!?…\n])\s+", reply) if review.finds(text)), None)
    if guess:
        slots["guess"] = guess[0]
    hidden = scene.partner.hidden
    named = load_needs()
    listening = deeds & {"paraphrase", "emotion_label", "validation"}
    names_need = (
        bool(listening)
        and any(NEED_WORDS.search(sentence) for sentence in sentences)
        and any(family in hidden.need_families for _, families in named.find(" ".join(sentences)) for family in families)
    )
    return Reading(
        deeds=frozenset(deeds),
        words=len(tokens),
        asked=asked,
        asked_topics=asked_topics,
        topics=topics,
        guess=guess,
        names_need=names_need,
        slots=slots,
        step_words=step_words,
        limit_words=limit_words,
        review_words=review_words,
        mark=mark,
        elsewhere=elsewhere,
        doubtful=find_doubtful(reply, verdicts),
    )


def find_doubtful(reply: str, verdicts: Mapping[str, Any]) -> frozenset[str]:
    """Faults that the partner does not answer as such.

    Those, other than pressure, whose score lies clearly under that of something good in the same reply; a question about oneself
    ("did I hurt you?") taken for blame; and a plain feeling ("I feel guilty when …") taken for a judgement.
    """
    best = max((verdicts[key].score for key in GOOD if key in verdicts and verdicts[key].present), default=0.0)
    doubtful = {key for key in FAULTS - {"pressure"} if is_present(verdicts, key) and verdicts[key].score < best - DOUBT}
    blamed = [sentence.lower() for sentence in sentences_with(reply, evidence_of(verdicts, "blame"))]
    if blamed and all(ASKS_ABOUT_SELF.match(sentence) for sentence in blamed):
        doubtful.add("blame")
    faux = [sentence.lower().replace("’", "'") for sentence in sentences_with(reply, evidence_of(verdicts, "faux_feeling"))]
    if faux and all(is_plain_feeling(sentence) for sentence in faux):
        doubtful.add("faux_feeling")
    return frozenset(doubtful)


def is_present(verdicts: Mapping[str, Any], key: str) -> bool:
    return key in verdicts and bool(verdicts[key].present)


def is_plain_feeling(sentence: str) -> bool:
    """ "I feel guilty when …": a feeling word of one's own, and no claim about the partner behind it."""
    hit = OWN_FEELING.search(sentence)
    if hit is None or CLAIM.search(sentence):
        return False
    families = [family for _, of in load_feelings().find(hit.group(1)) for family in of]
    return bool(families) and not any(family in JUDGING_FAMILIES for family in families)


def shape_of(tokens: list[str], reply: str, mark: str, state: State) -> set[str]:
    """silence, one_word, very_long, repeated."""
    shape = set()
    if not tokens or not re.search(r"[^\W_]", reply):
        shape.add("silence")
    elif len(tokens) <= 2:
        shape.add("one_word")
    elif len(tokens) >= VERY_LONG:
        shape.add("very_long")
    if tokens and mark in state["said"]:
        shape.add("repeated")
    return shape


def find_question(
    scene: Scene, state: State, sentences: list[str], verdicts: Mapping[str, Any], deeds: set[str]
) -> tuple[str | None, tuple[str, ...]]:
    """The kind of the last question that wants an answer, and the topics in it."""
    spoken_for = [plain(text) for key in ANSWERED_AS_SAID for text in evidence_of(verdicts, key)]
    open_ones = [plain(text) for text in evidence_of(verdicts, "open_question")]
    asking = []
    for sentence in sentences:
        folded = plain(sentence)
        is_open = any(text and (text in folded or folded in text) for text in open_ones)
        if is_open or (
            is_question(sentence) and not any(text and (text in folded or folded in text) for text in spoken_for) and not is_tag(folded)
        ):
            asking.append(sentence)
    if deeds & {"confirms", "check_in", "resume", "confused", "meta"} and not open_ones:
        asking = [sentence for sentence in asking if find_topics(scene, [sentence], state["topics"])]
    if not asking:
        return None, ()
    overall = find_topics(scene, sentences, state["topics"])
    asked_about = find_topics(scene, asking, state["topics"])
    return find_kind(asking[-1]), tuple(sorted(asked_about, key=overall.index))


def is_tag(folded: str) -> bool:
    """ "right?", "okay?", "you know?": nothing is asked."""
    bare = folded.removeprefix("and ").removeprefix("so ")
    return bare in TAGS


def plain(text: str) -> str:
    return re.sub(r"[^\w']+", " ", text.lower().replace("’", "'")).strip()


def is_elsewhere(scene: Scene, state: State, tokens: list[str]) -> bool:
    """Whether none of the reply's longer words belongs to this scene or to the line it answers."""
    here = set(re.findall(r"[\w']{4,}", f"{scene.setting} {scene.client_goal} {scene.title} {state['last_line']}".lower()))
    for layer in scene.layers:
        here.update(re.findall(r"[\w']{4,}", " ".join(layer.says).lower()))
    content = {token.lower().replace("’", "'") for token in tokens if len(token) >= 4} - load_client_words().common
    return bool(content) and not content & (here - load_client_words().common)


def find_guess(scene: Scene, reply: str, verdicts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The feeling offered to the partner and how it fits."""
    offered = [text for text in evidence_of(verdicts, "emotion_label") if not is_asked_openly(reply, text)]
    if not offered:
        return None
    feelings, partner = load_feelings(), scene.partner
    found = feelings.find(" . ".join(offered)) or feelings.find(" ".join(split_sentences(reply)))
    for fit, families in (("right", partner.hidden.families), ("surface", partner.surface.families), ("also", partner.also)):
        for word, of in found:
            if any(family in families for family in of):
                return word, fit
    for fit, families in (("right", partner.hidden.families), ("surface", partner.surface.families)):
        for word, of in found:
            if any(feelings.are_near(family, families) for family in of):
                return word, fit
    return (found[0][0], "wrong") if found else ("", "unknown")


def is_asked_openly(reply: str, text: str) -> bool:
    """ "What are you afraid of?" asks; it does not guess."""
    return any(
        re.match(r"\W*(?:and |but |so )?(?:what|why|how|when|who)\b", sentence.lower()) for sentence in sentences_with(reply, [text])
    )


def find_slots(reply: str, verdicts: Mapping[str, Any]) -> tuple[dict[str, str], str | None]:
    """The client's words by slot, and the step as typed."""
    slots, step_words = {}, None
    for key, slot, find in (
        ("request", "step", find_step),
        ("boundary", "limit", find_limit),
        ("feeling", "feeling", find_feeling),
        ("need", "need", find_need),
    ):
        words = evidence_of(verdicts, key)
        whole = sentences_with(reply, words)
        for text in [*whole, *words] if key == "boundary" else [*words, *whole]:
            found = find(text)
            if found:
                slots[slot] = found
                if slot == "step":
                    step_words = text.strip()
                break
    minutes = find_minutes(reply)
    if minutes:
        slots["minutes"] = minutes
    return slots, step_words


def sentences_with(reply: str, texts: list[str]) -> list[str]:
    """The sentences of the reply that hold one of `texts`."""
    return [sentence for sentence in re.split(r"(?<=[.!?…\n])\s+", reply) if any(text and text in sentence for text in texts)]
