"""What a reply did: the verdicts' present keys, the detectors, and the plain shape of it (a question, one word, silence, very long)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.partner.client_words import (
    evidence_of,
    find_feeling,
    find_limit,
    find_minutes,
    find_need,
    find_step,
    sentences_with,
    split_typed,
    straighten,
)
from actions.partner.doubt_faults import SURE, find_doubtful, is_pressing
from actions.partner.find_question import find_question
from actions.partner.meaning import Typed, load_meaning
from actions.partner.partner_state import State, mark_reply
from actions.partner.sift_verdicts import denies_what_was_said, holds_back, sift_verdicts, was_asked_for
from actions.partner.topics import find_topics, is_question
from data.criteria import KEYS
from data.lexicons.client_words import load_client_words
from data.lexicons.families import load_feelings, load_needs
from data.rubric.observables import load_observables, split_sentences
from data.scenarios import Scene

NEED_WORDS = re.compile(r"\b(?:need|want|long|wish|would like|you'd like|matters?|important|miss|hoping|hope)")
ASKS_FEELING = re.compile(
    r"\b(?:(?:do|does|did) (?:you|(?:it|that|this) make you)(?: still| also| sometimes| ever)? feel(?:ing)?"
    r"|(?:are|were) you(?: still| also| just| maybe| feeling| a bit| a little)*)\b"
)
NO_GUESS = re.compile(r"\b(?:can|could|should|may|must|needn't|need to|have to|allowed to|don't|won't) (?:also )?be\b")
OWN_FEELING = re.compile(r"\bi(?:'m| am| was| feel| felt| get| got|'ve been)\b")
HAD_ME = re.compile(r"\b(?:had|got|made|left|has|gets|makes|leaves) me\b")
POINTS_AT_PARTNER = re.compile(r"\b(?:you|your|you're|u|sounds?|seems?|looks?|must|guess|maybe|perhaps|so)\b|\?")
OF_ONESELF = re.compile(r"\bi(?:'m| am| feel| felt| was)\b")
SHORT_ECHO = 3  # letters
LITTLE = frozenset(
    [
        "the",
        "and",
        "you",
        "for",
        "was",
        "are",
        "not",
        "but",
        "all",
        "can",
        "had",
        "her",
        "his",
        "him",
        "she",
        "has",
        "its",
        "who",
        "did",
        "yes",
    ]
    + ["our", "out", "get", "how", "got", "too", "why", "one", "may", "say", "see", "i'm", "i'd"]
)
CLAUSE_END = re.compile(r"[,;:\u2013\u2014]+| - | (?:and|but|so) ")
HALT_WORD = re.compile(r"\b(?:stop\w*|pause|time ?out|time-out|break|safe going|safe doing)\b")
TOLD_AHEAD = re.compile(r"\b(?:if|when|whenever|once|until|our|word|signal|sign|say|says|said|means?|mean|we could|maybe we)\b|\"")
"""A stop that is only spoken of: "if the lights are off and I haven't answered, stop"."""
REFUSES_NO = re.compile(
    r"\b(?:won't|will not|not going to|don't|can't|cannot|am not|i'm not|not) (?:be )?(?:accept|take|taking|accepting) "
    r"(?:a |any |your )?no\b"
    r"|\b(?:till|until|unless) you (?:agree|say|do|give|let|promise|change your mind)\b"
)
POINTS_BACK = re.compile(
    r"\W*(?:and |so |but |ok(?:ay)? )*(?:would|could|does|can|is|will) (?:that|it|this)\b[^.?!]{0,30}\?*\W*$", re.IGNORECASE
)
"""What it points back to was said before: no words for the card."""
DANGLING = re.compile(r"[,;\s]+(?:and|but|or|so|because|then|if)?[,;\s]*$|\s+(?:and|but|or|so|because)$", re.IGNORECASE)
"""What is left over at the end of a step cut out of a longer sentence."""
ASKS_FIRST = re.compile(r"\W*(?:and |so |but )*(?:what|how|why|who|do you|did you|are you)\b(?! about)", re.IGNORECASE)
PROMISES = re.compile(
    r"\b(?:next time|from now on)\b[^.?!]*\bi\b|\bi (?:won't|will not|will never|promise)\b[^.?!]*\b(?:again|any ?more)\b"
    r"|\bi'll never\b[^.?!]*\bagain\b|\b(?:when|if|as soon as) (?:i see|you (?:give|say|tap|put|show|use))\b[^.?!]*\bi(?:'ll| will)? stop\b"
)
"""Where an act is to be owned, "I won't do it again" sets no limit: it offers to change."""
KNOCKS = re.compile(r"\bknock\b[^.?!]*\b(?:wait|until|till|before|first|and)\b|\b(?:wait|ask)\b[^.?!]*\bbefore (?:you )?com(?:e|ing) in\b")
"""One's own door: a limit, however kindly it is put."""
KEEPS_OUT = re.compile(
    r"\W*(?:no,? |sorry,? |look,? |and |but |so )*(?:(?:just )?leave (?:it|that)(?: there)?"
    r"|i'm not (?:going to )?(?:talk|talking|discussing|discuss|go|going) (?:about |into |there)?(?:that|this|it|there)?"
    r"(?: (?:year|time|one|bit|part|with you|now|today|tonight))*)\W*"
)
"""Where a limit is practised: the subject is closed. Elsewhere "I'm not talking about that" may correct what was understood."""
ELSEWHERE = 0.25  # nearness to what is talked about, under which a reply without a word of the scene is about something else
VERY_LONG = 120  # words
NAMES_SIGNAL = re.compile(
    r"\b(?:(?:pause|stop|safe) ?word|(?:two|three|double) (?:taps?|squeezes?)|squeeze"
    r"|(?:sign|signal)\b(?=[^.?!]*\b(?:is|be|could|would|like|means?|that)\b)"
    r"|(?:use|have|need|want|find|pick|choose|agree on) (?:a|our|some) (?:\w+ )?(?:sign|signal)\b"
    r"|say(?:ing|s)? [\"'“]?(?:red|stop|pause|yellow)\b"
    r"|if (?:i|you|one of us|either of us) (?:say|says|tap|taps|squeeze|raise|hold|put)s?\b"
    r"|when (?:i|you|either of us) (?:say|says|tap|taps)\b)",
    re.IGNORECASE,
)


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
    text: str = ""  # the reply, with straight quotes, to find the line that comes nearest
    asking: str = ""  # its sentences that ask
    signal_words: str | None = None  # the pause signal as typed
    pressed: bool = False  # pressure is in it, even if what is answered is something softer

    def did(self, *names: str) -> bool:
        return any(name in self.deeds for name in names)


def read_reply(scene: Scene, state: State, reply: str, verdicts: Mapping[str, Any]) -> Reading:
    """Read a reply. `verdicts` needs `.present` and `.evidence[].text` per codebook key; missing keys count as absent."""
    sentences = split_sentences(reply)
    verdicts = sift_verdicts(reply, verdicts)
    deeds = {key for key in KEYS if key in verdicts and verdicts[key].present}
    for name, detector in load_observables().detectors.items():
        if any(detector.fits(sentence) for sentence in sentences):
            deeds.add(name)
    deeds |= find_halts(sentences)
    if "presses" in deeds and any(REFUSES_NO.search(sentence) for sentence in sentences):
        deeds -= {"boundary", "firm_limit", "holds_limit", "refusal"}  # "I won't accept a no" limits nobody but the partner
    if (
        "settles_alone" in deeds
        and "consent_check" in scene.aims
        and not (state["agreed"] or state["offer"] is not None or "request" in deeds)
    ):
        deeds.add("assumes_yes")
    if "assumes_yes" in deeds:
        deeds.add("demand")  # a yes that nobody gave is taken for one
    if deeds & {"thought_not_plan", "names_imbalance", "inherited_rule", "self_judging"}:
        deeds.add("disclosure")
    if "mind_reading" in deeds and not deeds & {"paraphrase", "validation", "sorry", "reassures", "open_question"}:
        deeds.add("blame")
    if "proposes" in deeds and not deeds & {"boundary", "stop", "pause", "time_out", "later"}:
        deeds.add("request")
    held_back = holds_back(sentences, state["last_line"])
    if held_back or denies_what_was_said(sentences, state["last_line"]):
        deeds.add("reassures")
    tokens = re.findall(r"[\w'’]+", reply)
    mark = mark_reply(reply)
    deeds |= shape_of(tokens, reply, mark, state)
    if "stop" in deeds or "pause" in deeds or (was_asked_for(sentences, state["last_line"]) and not deeds & {"hostile", "blame"}):
        deeds -= {"demand"}  # a plain stop is a limit, never an order; and whoever asks what to do is not ordered about
    if "presses" in deeds:
        deeds.add("pressure")

    if "request" in deeds and any(KNOCKS.search(sentence) for sentence in sentences):
        deeds = (deeds - {"request"}) | {"boundary", "firm_limit"}
    if "boundary" in scene.aims and any(KEEPS_OUT.fullmatch(sentence) for sentence in sentences):
        deeds = (deeds - {"corrects"}) | {"boundary", "firm_limit"}
    promised = [sentence for sentence in sentences if PROMISES.search(sentence)]
    if promised and "repair" in scene.aims and not deeds & {"blame", "hostile", "presses"}:
        deeds = (deeds - {"boundary", "firm_limit", "holds_limit"}) | {"repair"}
    if "caves" in deeds and "paraphrase" not in deeds:
        deeds.discard("validation")  # "whatever you want" says of nothing that it makes sense
    limiting = sentences_with(reply, evidence_of(verdicts, "boundary"))
    if limiting and all(load_observables().detectors["reassures"].finds(text) for text in limiting):
        deeds.discard("boundary")  # "I don't want to do without our evenings" is no limit
    asked, asked_topics, asking = find_question(scene, state, sentences, verdicts, deeds)
    if asked is None and "asks_impact" in deeds:
        asked, asking = "feeling", asking or " ".join(sentences)
    if "invites" in deeds and (asked == "generic" or (asked is None and "request" not in deeds)):
        asked, asking = "more", asking or " ".join(sentences)
    topics = tuple(find_topics(scene, sentences, state["topics"]))
    elsewhere = not topics and not held_back and is_elsewhere(scene, state, tokens)
    if elsewhere and len(tokens) >= 6 and asked is None and not deeds & {*KEYS, "sympathises"} - {"observation"}:
        deeds.discard("observation")
        deeds.add("off_topic")
    guess = find_guess(scene, reply, verdicts)
    if guess and guess[0] and "emotion_label" not in deeds:
        deeds.add("emotion_label")
    signal_words = next((text for text in split_typed(reply) if NAMES_SIGNAL.search(text) and not ASKS_FIRST.match(text)), None)
    slots, step_words = find_slots(reply, verdicts)
    limit_words = next(iter(sentences_with(reply, evidence_of(verdicts, "boundary"))), None)
    if limit_words is None and "boundary" in deeds:
        limit_words = next((text for text in split_typed(reply) if KNOCKS.search(text.lower())), None)
    review = load_observables().detectors["review_point"]
    review_words = next((text for text in split_typed(reply) if review.finds(text)), None)
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
        doubtful=find_doubtful(reply, verdicts) | (unsure_of(verdicts, "demand", "pressure") if held_back else frozenset()),
        text=straighten(reply),
        asking=asking,
        signal_words=signal_words,
        pressed=is_pressing(reply, verdicts),
    )


def find_halts(sentences: list[str]) -> set[str]:
    """stop and pause said in one clause of a longer sentence: "this is too much for me, please stop"."""
    found = set()
    for sentence in sentences:
        if not HALT_WORD.search(sentence) or TOLD_AHEAD.search(sentence):
            continue
        for clause in CLAUSE_END.split(sentence):
            for name in ("stop", "pause"):
                detector = load_observables().detectors[name]
                if HALT_WORD.search(clause) and detector.fits(clause) and not (detector.but_not and detector.but_not.search(sentence)):
                    found.add(name)
    return found


def unsure_of(verdicts: Mapping[str, Any], *keys: str) -> frozenset[str]:
    """Those of `keys` that the judge was not sure enough of to be always heard."""
    return frozenset(key for key in keys if key not in verdicts or verdicts[key].score < SURE[key])


def shape_of(tokens: list[str], reply: str, mark: str, state: State) -> set[str]:
    """silence, one_word, very_long, repeated."""
    shape = set()
    if not tokens or not re.search(r"[^\W_]", reply):
        shape.add("silence")
    elif len(tokens) == 1:
        shape.add("one_word")  # of two words no partner says "one word"
    elif len(tokens) >= VERY_LONG:
        shape.add("very_long")
    if tokens and mark in state["said"]:
        shape.add("repeated")
    return shape


def is_elsewhere(scene: Scene, state: State, tokens: list[str]) -> bool:
    """Whether none of the reply's longer words belongs to this scene or to the line it answers."""
    here = set(re.findall(r"[\w']{4,}", f"{scene.setting} {scene.client_goal} {scene.title} {state['last_line']}".lower()))
    for layer in scene.layers:
        here.update(re.findall(r"[\w']{4,}", " ".join(layer.says).lower()))
    content = {token.lower().replace("’", "'") for token in tokens if len(token) >= 4} - load_client_words().common
    if {token.lower() for token in tokens if len(token) == SHORT_ECHO} & set(re.findall(r"[\w']+", state["last_line"].lower())) - LITTLE:
        return False  # "It's the day", to "because of me, or because of the day?"
    if not content or content & (here - load_client_words().common):
        return False
    folded = {token.lower() for token in tokens}
    if folded & {"you", "your", "you're"} and folded & {"i", "i'm", "me", "my", "we"}:
        return False  # about the two of them
    return max(load_meaning().nearness(" ".join(tokens), [Typed(state["last_line"]), scene.client_goal])) < ELSEWHERE


IS_MOVED = re.compile(r"\b(?:are|feel|felt|feeling|seem|sound|look|were|you're|be|been|being|got)(?: \w+){0,2} moved\b", re.I)
"""Otherwise it is legs, rules or furniture that were moved."""


def find_guess(scene: Scene, reply: str, verdicts: Mapping[str, Any]) -> tuple[str, str] | None:
    """The feeling offered to the partner and how it fits."""
    offered = [text for text in evidence_of(verdicts, "emotion_label") if not is_asked_openly(reply, text)]
    if not offered:
        offered = [sentence for sentence in split_sentences(reply) if is_question(sentence) and ASKS_FEELING.search(sentence)]
        offered = [sentence for sentence in offered if not is_asked_openly(sentence, sentence)]
        offered = [sentence for sentence in offered if load_feelings().find(" ".join(ASKS_FEELING.split(sentence)[-1].split()[:3]))]
    offered = [text for text in offered if POINTS_AT_PARTNER.search(" ".join([text, *sentences_with(reply, [text])]).lower())]
    offered = [text for text in offered if not OF_ONESELF.search(text.lower()) or re.search(r"\byou\b", text.lower())]
    offered = [text for text in offered if not NO_GUESS.search(text.lower())]
    if not offered:
        return None
    feelings, partner = load_feelings(), scene.partner
    offered = [text for text in offered if not HAD_ME.search(text.lower())]
    if not offered:
        return None
    others = [sentence for sentence in split_sentences(reply) if not OWN_FEELING.search(sentence)]
    found = feelings.find(" . ".join(offered)) or feelings.find(" ".join(others))
    found = [(word, of) for word, of in found if word.lower() != "moved" or IS_MOVED.search(reply)]
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
        re.match(r"\W*(?:and |but |so )?(?:what|why|how|when|who)\b", sentence.lower())
        or re.search(r"\b(?:what|whom?|which|how|why)\W*$", sentence.lower())
        for sentence in sentences_with(reply, [text])
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
        if key == "request" and not words:
            words = [text for text in split_typed(reply) if load_observables().detectors["proposes"].finds(text)]
        whole = sentences_with(reply, words)
        for text in [*whole, *words] if key == "boundary" else [*words, *whole]:
            found = find(text)
            if found:
                slots[slot] = found
                if slot == "step":
                    step_words = DANGLING.sub("", text.strip())
                break
        if key == "request" and step_words is None and (whole or words):
            typed = (whole or words)[0].strip()
            step_words = (
                "" if POINTS_BACK.match(typed) else DANGLING.sub("", typed)
            )  # in whatever words, it is what the partner said yes to
    minutes = find_minutes(reply)
    if minutes:
        slots["minutes"] = minutes
    return slots, step_words
