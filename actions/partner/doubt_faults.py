"""Faults in the judge's verdicts that the partner does not answer as such: a partner who takes offence at a kind word teaches nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.partner.client_words import evidence_of, sentences_with
from data.criteria import FAULTS
from data.lexicons.families import load_feelings
from data.rubric.observables import load_observables, split_sentences

GOOD = ("paraphrase", "emotion_label", "validation", "open_question", "feeling", "need", "request", "repair", "consent_check")
DOUBT = 0.15
SURE = {"pressure": 0.6, "blame": 0.75, "demand": 0.7}
"""Scores from which these are never doubted: one kind sentence does not clear the others, and the page tells the client the same."""
ASKS_ABOUT_SELF = re.compile(r"\W*(?:and |so |but )?(?:did|have|had|am|was|do|were) i\b")
OWN_FEELING = re.compile(r"\bi(?:'m| am| feel| felt| was| get| got) ((?:\w+ ){0,2}\w+)")
CLAIM = re.compile(r"\bi (?:feel|felt) (?:like|that|as if|as though)\b")
JUDGING_FAMILIES = frozenset({"rejected", "defensive", "left_out", "controlled", "stressed_out"})
CURIOUS = re.compile(
    r"\W*(?!.*\b(?:always|even|really think|serious|kidding|blind|deaf|trying to|so \w+ that|wrong with you|your problem|stupid|so selfish"
    r"|how (?:could|can|dare) you|what were you thinking|what kind of|think you are|is that all you|happy now|proud of yourself)\b)"
    r"(?:and |so |but |okay |ok |well |then )*(?:do|did|does|have|has|had|were|was|are|is|what|how|when|who|where|which)\b"
    r"(?:.*\?\W*$|\s*(?:do|did|are|is|was|were|would|should|can) (?:you|i|we|it|that)\b)"
)


ASKS_BACK = re.compile(
    r"\W*(?:so |and |oh |hm+ )*(?:is it|do you mean|are you saying|you mean|does it feel like|is this)(?: that| like)? (?:you|it's|that)\b"
)
GIVES_BACK = re.compile(r"\W*(?:so|you mean|you're saying|it sounds|sounds like|then|i hear)\b")
PRESSES = re.compile(
    r"\b(?:you|your|you're|u|ur|we|us|our|please|pls|come on|let's|lets|but|again|weeks?|months?|ages|always|never|since|once"
    r"|no|if|instead|otherwise|make|beg|owe|everyone|everybody|anyone|others?)\b"
)
SWEEPS = re.compile(
    r"\b(?:always|never|ever|constantly|nothing|nobody|everything|everyone|every (?:single )?time|all the time|all you|not once|forever)\b"
)
ABOUT_OTHERS = re.compile(
    r"\b(?:you|your|you're|you've|u|ur|yours|we|us|our|we're|we've|every(?:one|body|thing)|nobody|no one|nothing|people|men|women"
    r"|it(?:'s| is| was| has| always| never)|he|she|they|here)\b"
)
FIXES = re.compile(
    r"\b(?:you|your|you're|u|ur|should|just|only|at least|every\w*|people|nobody|someone|nothing|not (?:so|that|a|the)|isn't|fine|ok|okay"
    r"|worr\w+|calm|relax|forget|over it|deal|logical|silly|ridiculous|drama|too|happens?|same|also|once|worse|better|hobby|tr(?:y|ied)"
    r"|stop|get|think|look|cheer|never mind|anyway|whatever|lucky|normal|easy|simple|simply|need to|have to|must|let's|why don't|when i was"
    r"|i had|i've|my|me|time|sleep|positive|fault|read|facts?)\b"
)
OF_MY_HOME = re.compile(
    r"\bmy (?:own )?(?:mother|father|mum|mom|dad|parents?|family|gran\w*|aunt|uncle|brothers?|sisters?)\b"
    r"|\bi (?:grew up|was raised|was brought up)\b|\b(?:at|in) (?:our|my) (?:house|home|family)\b"
)
TO_DO = re.compile(r"\byour\b|\byou (?:should|must|need)\b")
NOT_SWEEPING = re.compile(
    r"(?:n't|\bnot|\bdont|\bnever) (?:\w+ ){0,2}?(?:always|every ?time|all the time|constantly|everyone|everybody|everything)\b"
    r"|\b(?:choose|decide|plan|share|split|tell me|like|love) everything\b"
)
OWNED = re.compile(
    r"\b(?:that's|that is|it's) (?:my own|mine|on me|my (?:stuff|thing|problem|history|baggage))\b|\b(?:nothing|not something) you did\b"
    r"|\byou(?:'re| are) right\b[^.?!]*\b(?:you|not)\b"
)
WHY_FELT = re.compile(r"\W*(?:and |so |but )?why (?:are|aren't|were|weren't) you (?=\w+(?: now| then| about it| with me)?\W*$)")
LEFT_OVER = re.compile(r"[a-z]\w*(?: (?!you|your|u\b)[\w']+){1,4}\W*")  # "do other couples do this? spend evenings apart"
SOOTHES = re.compile(r"\W*(?:don't|dont|do not|no need)\b")


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
    if "paraphrase" in verdicts and is_present(verdicts, "paraphrase") and GIVES_BACK.match(reply.lower()):
        doubtful |= {"blame", "absolutes"}  # "so you've never dared to say it" gives back
    if ASKS_BACK.match(reply.lower()):
        doubtful |= {"blame", "absolutes"}  # "is it that you're always the one who carries everything?"
    if load_observables().detectors["flirting"].finds(reply) and not load_observables().detectors["hostile"].finds(reply):
        doubtful |= {"blame", "roadblock"}  # flirting misses the moment; it accuses nobody
    kind = [sentence for sentence in split_sentences(reply) if load_observables().detectors["reassures"].fits(sentence)]
    if any(not SOOTHES.match(sentence) for sentence in kind):
        doubtful |= {"roadblock", "demand"}  # "put it down, I'm not angry"
    sweeping = sentences_with(reply, evidence_of(verdicts, "absolutes"))
    sweeping = [NOT_SWEEPING.sub(" ", sentence.lower().replace("’", "'")) for sentence in sweeping]
    if sweeping and not any(SWEEPS.search(sentence) and ABOUT_OTHERS.search(sentence) for sentence in sweeping):
        doubtful.add("absolutes")  # "every week the same evening" is a plan, and "I just never say it" is about oneself
    pressing = [sentence.lower() for sentence in sentences_with(reply, evidence_of(verdicts, "pressure"))]
    if pressing and all(is_meant_well(sentence) for sentence in pressing if PRESSES.search(sentence)):
        doubtful.add("pressure")  # nobody is asked for anything: "I'll be a bit grumpy for five minutes"
    if puts_off(reply):
        doubtful.add("pressure")  # "I don't know yet. Can we talk about it tomorrow?"
    fixing = [sentence.lower().replace("’", "'") for sentence in sentences_with(reply, evidence_of(verdicts, "roadblock"))]
    if fixing and not any(FIXES.search(sentence) for sentence in fixing):
        doubtful.add("roadblock")  # "we talked about Kit's divorce": nothing is advised, made small or waved away
    if fixing and all(OF_MY_HOME.search(sentence) and not TO_DO.search(sentence) for sentence in fixing):
        doubtful.add("roadblock")  # "my parents weren't bad people": told of one's own home
    if OWNED.search(reply.lower().replace("’", "'")):
        doubtful.add("faux_feeling")  # "I felt pushed, and that's my own stuff"
    for key in FAULTS:
        held = [sentence for sentence in sentences_with(reply, evidence_of(verdicts, key)) if not LEFT_OVER.fullmatch(sentence)]
        held = [sentence.lower().replace("’", "'") for sentence in held]
        if held and all(is_meant_well(sentence) for sentence in held):
            doubtful.add(key)
    if load_observables().detectors["presses"].finds(reply):
        doubtful.discard("pressure")
    return frozenset(key for key in doubtful if key not in SURE or not is_present(verdicts, key) or verdicts[key].score < SURE[key])


def puts_off(reply: str) -> bool:
    """Whether a reply leaves it for another time, or does not know, and asks for nothing again."""
    detectors = load_observables().detectors
    return (detectors["later"].finds(reply) or detectors["uncertain"].finds(reply)) and not detectors["second_ask"].finds(reply)


def is_pressing(reply: str, verdicts: Mapping[str, Any]) -> bool:
    """Whether pressure is in a reply, doubted or not: nothing is agreed after it. Words that stop or pause never press."""
    detectors = load_observables().detectors
    if detectors["presses"].finds(reply):
        return True
    held = split_sentences(" \n ".join(sentences_with(reply, evidence_of(verdicts, "pressure"))))
    halting = [sentence for sentence in held if detectors["stop"].fits(sentence) or detectors["pause"].fits(sentence)]
    return is_present(verdicts, "pressure") and (not held or len(halting) < len(held))


def is_meant_well(sentence: str) -> bool:
    """Whether a sentence that was taken for a fault reassures, takes something back, invites, or only asks."""
    detectors = load_observables().detectors
    if detectors["person_label"].fits(sentence) or detectors["hostile"].fits(sentence) or detectors["second_ask"].fits(sentence):
        return False
    if any(detectors[name].fits(sentence) for name in ("reassures", "softens", "invites", "pace")):
        return True
    return bool(CURIOUS.match(sentence)) or asks_why_felt(sentence)


def asks_why_felt(sentence: str) -> bool:
    """ "Why aren't you happy?": asks for the reason of a feeling, and sweeps nothing up."""
    if not WHY_FELT.match(sentence) or SWEEPS.search(sentence):
        return False
    families = [family for _, of in load_feelings().find(WHY_FELT.sub("", sentence)) for family in of]
    return bool(families) and not any(family in JUDGING_FAMILIES for family in families)


def is_present(verdicts: Mapping[str, Any], key: str) -> bool:
    return key in verdicts and bool(verdicts[key].present)


def is_plain_feeling(sentence: str) -> bool:
    """ "I feel guilty when …": a feeling word of one's own, and no claim about the partner behind it."""
    hit = OWN_FEELING.search(sentence)
    if hit is None or CLAIM.search(sentence):
        return False
    families = [family for _, of in load_feelings().find(hit.group(1)) for family in of]
    return bool(families) and not any(family in JUDGING_FAMILIES for family in families)
