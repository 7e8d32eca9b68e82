"""Verdicts that would steer the partner wrongly are taken out, for the partner alone; kind words that only its own line shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.partner.client_words import evidence_of, sentences_with
from data.lexicons.client_words import load_client_words
from data.rubric.observables import load_observables, split_sentences

NO_PROPOSAL = re.compile(
    r"\W*(?:and |so |but |okay |ok )*(?:(?:would you rather (?:i'd|i had|that)|do you (?:have|need) to|did you)\b"
    r"|would you (?:(?:want|like)(?: to| it| that)?|come|do (?:it|that))(?:,? (?:sometime|some day|ever|too|maybe|really|then))*\W*$"
    r"|would (?:that|it|this) be (?:ok(?:ay)?|all right|alright|fine|good)(?: for you| with you| by you)?\W*$"
    r"|you c(?:an|ould) (?:always )?(?:also )?say no\b|do you (?:really |actually )?want (?:it|that)\b"
    r"|(?:do you want|would you like) (?:to|me|us)\b[^?]*\bor\b)"
)
NOT_THAT = re.compile(r"\b(?:you're|you are|youre) not (?:a |an |the |just |only |my |some |any |so )*(\w+)")
HELD_BACK = re.compile(
    r"\W*(?:(?:no|please|oh|hey|so|but)[, ]+)*(?:don't|dont|do not|you don't (?:have|need) to|leave|stay|come back|keep|put)\b"
)
ANNOUNCED = re.compile(r"\bi(?:'ll| will| won't|'m going to|'d better| should| can)\b([^.?!]*)")
LIMITS = re.compile(
    r"\b(?:no|not|never|nothing|nobody|without|\w+n't|dont|wont|cant|only|until|unless|stop|limit|enough|off|rather|need|want|like|prefer"
    r"|(?:fine|okay|ok) with|as far as|(?:when|if) (?:i|one|either|you|we)|too much|mine|my own|at most|alone|first)\b"
)
OWNS = re.compile(
    r"\b(?:sorry|apolog\w+|my (?:fault|bad|mistake|doing|part)|forgive|should(?:n't| have|'ve)|wasn't (?:fair|right|kind|nice|okay?)"
    r"|was (?:\w+ ){0,2}(?:wrong|unfair|mean|cruel|cheap|harsh|cold|unkind|rude|nasty|rotten)|regret|make (?:it|this) (?:up|good)|owe you"
    r"|i (?:hurt|let you down|left you|ignored|interrupted|forgot|broke|lied|shouted|pushed|didn't|did that|did it))\b"
)


SORRY = re.compile(r"\b(?:sorry|apologi[sz]e)\b(?! (?:if|but|you feel|that you)\b)", re.IGNORECASE)
SAYS_OF_ONESELF = re.compile(
    r"\bi(?:'m|'ve been| am| was| wasn't| have been|'d been| got| get)\b(?! (?:so )?(?:sick|tired|fed|done|not going)\b)"
)
TO_YOU = re.compile(r"\b(?:with|to|for|at|of|on|from|about|told|tell|hurt|let|missed|miss|love|left|gave|asked) (?:you|u)\b")
SAYS_OF_YOU = re.compile(
    r"\b(?:you|u|your|you're|you've|you'd|everyone|everybody|nobody|no one|(?:wo)?men|people|my ex|he|she|they|house|family"
    r"|always|never|ever|nothing)\b"
)
ASKS_TO_BE_TOLD = re.compile(
    r"\b(?:tell me (?:what|how|where|when)|give me (?:a|one|some) \w+|what (?:would|could|can|might) (?:\w+ )?help"
    r"|what (?:do|can|could|should|would) i do|(?:what|how|where|when) (?:do|would) you (?:want|need|like)"
    r"|(?:shall|should|can|could|may) i\b[^.!]*\?|(?:do you )?want me to\b|(?:and |what )if i (?:just |only )?\w+[^.!]*\?"
    r"|i don't know (?:what|where|how) to (?:do|put|start|say|sit|stand|go))",
    re.IGNORECASE,
)
LAYS_DOWN = re.compile(r"\b(?:you (?:always|never|must|should|ought|have to|need to|had better)|you'd better|or else|right now|for once)\b")


BARELY = 0.5
"""A limit that the scorer is less sure of steers the partner only where it is said in the words of a limit (detector `firm_limit`)."""


def sift_verdicts(reply: str, verdicts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The verdicts without requests that only ask, limits that limit nothing or hardly do, and apologies that own nothing."""
    verdicts = without_false_ones(reply, without_false_requests(reply, verdicts))
    limit = verdicts.get("boundary")
    if limit is None or not limit.present or limit.score >= BARELY or load_observables().detectors["firm_limit"].finds(reply):
        return verdicts
    return {key: verdict for key, verdict in verdicts.items() if key != "boundary"}


def without_false_requests(reply: str, verdicts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The verdicts without a request that only asks: "do you have to get up early?", "would you rather I'd told you?", "please go on"."""
    held = sentences_with(reply, evidence_of(verdicts, "request"))
    invites = load_observables().detectors["invites"]
    if held and all(NO_PROPOSAL.match(sentence.lower().replace("’", "'")) or invites.finds(sentence) for sentence in held):
        return {key: verdict for key, verdict in verdicts.items() if key != "request"}
    return verdicts


def without_false_ones(reply: str, verdicts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The verdicts without a limit in whose words nothing is limited ("my phone's in the other room") or an apology that owns nothing."""
    false = set()
    for key, shape in (("boundary", LIMITS), ("repair", OWNS)):
        held = split_sentences(" \n ".join(sentences_with(reply, evidence_of(verdicts, key))))
        own_words = key == "repair" and SORRY.search(reply)  # "I told them anyway. I'm sorry."
        if held and not own_words and not any(shape.search(sentence) for sentence in held):
            false.add(key)
    blamed = split_sentences(" \n ".join(sentences_with(reply, evidence_of(verdicts, "blame"))))
    if blamed and all(SAYS_OF_ONESELF.search(sentence) and not SAYS_OF_YOU.search(TO_YOU.sub(" ", sentence)) for sentence in blamed):
        false.add("blame")  # "I was lazy, perhaps with you too"
    return {key: verdict for key, verdict in verdicts.items() if key not in false} if false else verdicts


def holds_back(sentences: list[str], last_line: str) -> bool:
    """ "No, don't sit on the floor", to a partner who has just said that they will."""
    announced = " ".join(ANNOUNCED.findall(last_line.lower().replace("’", "'")))
    words = set(re.findall(r"[\w']{4,}", announced)) - load_client_words().common
    return any(HELD_BACK.match(sentence) and words & set(re.findall(r"[\w']{4,}", sentence)) for sentence in sentences)


def was_asked_for(sentences: list[str], last_line: str) -> bool:
    """Whether the partner asked what to do ("give me a thing", "and if I just sit here?"): then "come, sit" is an answer and no order."""
    return bool(ASKS_TO_BE_TOLD.search(last_line.replace("’", "'"))) and not any(LAYS_DOWN.search(sentence) for sentence in sentences)


def denies_what_was_said(sentences: list[str], last_line: str) -> bool:
    """ "You're not furniture", to a partner who has just said that they are."""
    said = last_line.lower()
    words = [hit.group(1) for sentence in sentences for hit in [NOT_THAT.search(sentence)] if hit]
    return any(len(word) > 3 and re.search(rf"\b{re.escape(word)}", said) for word in words)
