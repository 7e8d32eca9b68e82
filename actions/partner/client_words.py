"""The client's own words, trimmed so that the partner can take them up: the step proposed, the limit set, a feeling, a need, a guess.

Rather no words than wrong ones: what does not trim to a clean short phrase is left out, and a line without it is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.partner.turn_round import turn_round
from data.lexicons.families import load_feelings, load_needs

MOST_WORDS = 13
NEVER_ECHOED = re.compile(
    r"\b(?:fuck\w*|shit\w*|bitch\w*|cunt\w*|ass|asshole\w*|arse\w*|dick\w*|cock\w*|pussy|sex\w*|nude\w*|naked|orgasm\w*|oral|anal|blow ?job\w*|porn\w*|"
    r"stupid|idiot\w*|kill\w*|die|dead|hit|hurt you|whore\w*|slut\w*|damn|hell|bastard\w*|moron\w*|crazy|insane|http\S*|www\S*)\b|[<>{}\[\]|\\/@#*_=]",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:(?:so|and|but|then|ok|okay|well|also|maybe|perhaps|please|now|instead|honestly|babe|love|hey|i wonder|i was wondering|i'd like to ask|"
    r"i want to ask(?: you)?|can i ask(?: you)?|what i'd like is|for now|next time|from now on|one idea|my idea)\b[\s,:–-]*)+",
    re.IGNORECASE,
)
BE_OK = r"(?:ok(?:ay)?|willing|up|open|happy|alright|all right|prepared|able|ready|possible|fine|good|cool|great|nice|lovely|helpful)"
FRAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"^(?:{pattern})\b[\s,]*", re.IGNORECASE), subject)
    for pattern, subject in (
        (rf"(?:would|could|will|might) it be {BE_OK}(?: (?:with|for|by) you)? if (?:i|i'd)", "you"),
        (rf"(?:would|could|will|might) it be {BE_OK}(?: (?:with|for|by) you)? if we", ""),
        (rf"(?:would|could|will|might) it be {BE_OK}(?: (?:with|for|by) you)? if you", ""),
        (rf"(?:would|could|will|might) it be {BE_OK}(?: (?:with|for|by) you)? (?:to|for us to)", ""),
        (rf"(?:is|would) (?:it|that be) {BE_OK}(?: with you)? if i", "you"),
        (rf"(?:is it|it would be|it'd be) {BE_OK}(?: with you)? if (?:we|you)", ""),
        (r"(?:would|do) you mind if i", "you"),
        (r"would you mind", ""),
        (rf"(?:would|could|can|will|might) (?:you|u) (?:maybe |perhaps |possibly |please |also |ever )?be {BE_OK} (?:to try |to consider |to|with|for)", ""),
        (rf"are you {BE_OK} (?:to|with|for)", ""),
        (r"(?:would|could|can|will|might) (?:you|u) (?:maybe |perhaps |possibly |please |also |just |try to |consider )*", ""),
        (r"(?:can|could|may|might) i (?:please |maybe |just )*", "you"),
        (r"(?:can|could|shall|should|might|may) we (?:please |maybe |perhaps |just |also |try to |agree (?:to|that we|on) )*", ""),
        (r"(?:how|what) about if (?:we|you)", ""),
        (r"(?:how|what) about if i", "you"),
        (r"(?:how|what) about (?:we |you )?", ""),
        (r"what if (?:we|you)", ""),
        (r"what if i", "you"),
        (r"do you think (?:we|you) (?:could|can|might)", ""),
        (r"(?:would you like|do you want|would you want|are you up) (?:to|for)", ""),
        (r"(?:i'd|i would) (?:like|love|appreciate|prefer) it if (?:you|we) (?:would|could|can)?", ""),
        (r"(?:i'd|i would) (?:like|love|prefer) (?:us|you) to", ""),
        (r"(?:i'd|i would) (?:like|love|prefer|suggest|propose) (?:to )?(?:suggest |propose |ask )?(?:that )?(?:we )?", ""),
        (r"(?:i suggest|i propose|my suggestion is|let's|lets|let us|we could|we can|maybe we (?:could|can)|you could)(?: that)?(?: we)?(?: try(?: to)?)?", ""),
        (r"please", ""),
    )
)
PAST = {
    "took": "take", "had": "have", "went": "go", "spent": "spend", "kept": "keep", "came": "come", "did": "do", "stayed": "stay", "told": "tell",
    "said": "say", "asked": "ask", "texted": "text", "called": "call", "waited": "wait", "stopped": "stop", "started": "start", "tried": "try",
    "got": "get", "made": "make", "gave": "give", "sat": "sit", "left": "leave", "used": "use", "slept": "sleep", "met": "meet", "talked": "talk",
    "checked": "check", "let": "let", "planned": "plan", "agreed": "agree", "chose": "choose", "put": "put", "read": "read", "ate": "eat",
    "held": "hold", "saw": "see", "wrote": "write", "decided": "decide", "looked": "look", "brought": "bring", "was": "be", "were": "be",
}  # fmt: skip
CUT = re.compile(
    r"(?:[?!.;…\n]|\s+[-–—]\s+|,?\s+(?:because|cause|cuz|since|so that|so i|so we can|as i|if that's|if that is|if that works|if you'd|if you're ok|or (?:is|would|do|not)|"
    r"and (?:if not|it's|its|that's|see (?:how|if)|i'd|i'll|then (?:we )?(?:see|check|talk|look|say)|we (?:can )?(?:see|check))|but (?:only|if)|"
    r"instead of (?:just|always)|what do you|is that|does that|how does|would that|okay|ok)\b).*",
    re.IGNORECASE | re.DOTALL,
)
POINTS_NOWHERE = re.compile(r"^(?:talk(?: about (?:something|it|this|that))?(?: with (?:you|me))?|it|that|this|so|not|them|those|do (?:it|that|this)|try (?:it|that|this)|think about it|be (?:nicer?|better|good|more \w+)|agree|help|listen|stop)$", re.IGNORECASE)
TRAILING = re.compile(r"[\s,]+(?:please|maybe|perhaps|okay|ok|or something|or so|then|and|or|but|to|with|the|a|you know|pls|though|at least)$", re.IGNORECASE)


def straighten(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')).strip()


def tidy(words: str, least: int = 1, most: int = MOST_WORDS) -> str | None:
    """A phrase that can be said: short, without punctuation at its ends, nothing that should not be echoed; else None."""
    words = words.strip(" \t,.:;–-\"'()!?…")
    trimmed = TRAILING.sub("", words)
    while trimmed != words:
        words, trimmed = trimmed, TRAILING.sub("", trimmed)
    count = len(words.split())
    if not least <= count <= most or NEVER_ECHOED.search(words) or not re.fullmatch(r"[\w\s',;:&€£$%.+-]+", words):
        return None
    return words


def find_step(request: str) -> str | None:
    """The step in a request, in the partner's mouth: `"could you text me before you come home?"` → `"text you before I come home"`."""
    words = LEAD.sub("", straighten(request))
    subject, framed = "", False
    for frame, who in FRAMES:
        stripped = frame.sub("", words, count=1)
        if stripped != words:
            words, subject, framed = stripped, who, True
            break
    if not framed:
        return None
    words = CUT.sub("", words)
    first, _, rest = words.partition(" ")
    if first.lower() in PAST and first.lower() != "read":
        words = f"{PAST[first.lower()]} {rest}".strip()
    elif subject and first.lower().endswith("ed") and first.lower() != "need":
        return None
    words = re.sub(r"^(?:try|trying|to|maybe|agree (?:to|that|on)|that|we|just) (?=\w)", "", words, flags=re.IGNORECASE)
    if POINTS_NOWHERE.match(words.strip(" ?!.,")):
        return None
    tidied = tidy(turn_round(words), least=2 if not subject else 1)
    if tidied is None:
        return None
    return lower_first(f"{subject} {tidied}".strip())


def find_limit(stated: str) -> str | None:
    """The limit in the partner's mouth: `"I don't want phones in bed"` → `"you don't want phones in bed"`; orders cannot be turned round."""
    words = LEAD.sub("", straighten(stated))
    words = re.split(r"[?!.;…\n]|,?\s+(?:because|since|so that|but|and (?:i'm|it's|that's))\b", words, maxsplit=1)[0]
    if re.match(r"(?:please |just )*(?:don't|do not|stop|never|no,|no$|not|it's|still|can you|could you|would you|you )", words, re.IGNORECASE):
        return None
    words = re.sub(r"\b(?:i'd|i would|i) (?:also|just|really|only) ", lambda hit: hit.group().rsplit(" ", 2)[0] + " ", words, flags=re.IGNORECASE)
    tidied = tidy(turn_round(words), least=3, most=16)
    return lower_first(tidied) if tidied else None


def find_need(stated: str) -> str | None:
    """What the client needs: `"I need some time to myself"` → `"some time to yourself"`."""
    words = straighten(stated)
    hit = re.search(r"\b(?:need|needing|crave|craving|longing for|long for|after is|looking for|miss|value)\b\s+(.+)", words, re.IGNORECASE)
    if hit:
        words = hit.group(1)
    else:
        hit = re.search(r"^(?:and |but |because |so )*(.+?)\s+(?:matters?|is important|are important|means a lot|is (?:big|huge) for me)\b", words, re.IGNORECASE)
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
    words = [word for word, _ in found if word not in ("good", "fine", "great", "close", "down", "low", "cut", "flat", "alone", "cross", "beat", "shot", "distant")]
    return words[0] if words else None


def find_minutes(text: str) -> str | None:
    """A length of time: "20 minutes"."""
    hit = re.search(r"\b(\d{1,3}|five|ten|fifteen|twenty|thirty|forty|half an|an)[ -]?(minutes?|mins?|hours?)\b", straighten(text), re.IGNORECASE)
    if hit is None:
        return None
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
