"""Find what has the words of a fault and is none: sweeping praise ("you've never let me down"), a judgement that is denied ("it's not
that you're selfish"), "not always", and a frightened question ("do you still love me?"). By the codebook praise is neither absolutes nor
blame; what is denied accuses nobody; who asks to be loved bargains for nothing.
"""

import re

_WELL = (
    r"(?:kind|gentle|patient|sweet|lovely|wonderful|thoughtful|generous|supportive|caring|tender|understanding|warm|good|great|nice|honest"
    r"|brave|funny|fun|brilliant|amazing|beautiful|gorgeous|reliable|there|welcome|welcoming|on my side|a joy|a good \w+|the best)"
)
_GLAD = (
    r"(?:laugh|smile|happy|better|calm|safe|welcome|loved|wanted|seen|heard|special|at ease|at home|melt|good|brave|stronger|lighter|proud)"
)
_UNWANTED = (
    r"(?:let (?:me|us|anyone|them) down|rush(?:ed|es)? me|hurt (?:me|us)|push(?:ed|es)? me|press(?:ed|ure|ured|ures)? me|judg(?:ed|e|es) me"
    r"|lied to me|lie to me|disappoint(?:ed|s)? me|bore[sd]? me|laugh(?:ed|s)? at me|mock(?:ed|s)? me|shout(?:ed|s)? at me"
    r"|raise[sd]? your voice|hold it against me|held it against me|ma[dk]e me feel (?:bad|small|guilty|stupid|ashamed|rushed|unwanted))"
)
_HOW = r"(?:(?:so|very|really|such|been|just|still|incredibly|a bit) ){0,3}"
_END = r"(?= (?:to|with|for|towards) (?:me|us)\b| (?:when|and|even)\b|\W*$|[.,;!])"
_YOU = r"(?:\byou(?:'re|'ve| are| have)?|\bu(?: r|'ve)?|\bur|\byoure|\byouve|\bwe(?:'re|'ve| are| have)?)"
_PRAISE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YOU} (?:always|constantly|all the time|every time) (?:ma[dk]es? me (?:feel )?{_HOW}{_GLAD}\b|{_HOW}{_WELL}\b{_END})",
        rf"{_YOU} (?:always|constantly) (?:been )?{_HOW}{_WELL}\b{_END}",
        rf"{_YOU} (?:never|hardly ever|not once) (?:ever |once )?{_UNWANTED}",
        r"\bnothing you (?:ever )?(?:do|say|did|said|could do|could say) (?:ever )?"
        r"(?:put|bore|scare|annoy|upset|bother|disgust|shock|embarrasse)s? me\b",
        r"\b(?:every ?time|whenever|each time) you [^.!?;]{1,40} i (?:melt|smile|laugh|light up|relax|feel (?:warm|loved|safe|calm))\b",
        r"\b(?:always|never|every time|everything)\b[^.!?;]{1,60}(?:,| and|:|;|-) (?:and )?(?:that's what )?i (?:really |just |do |so )?"
        r"(?:love|adore|appreciate|like|treasure)(?: (?:that|it|you|this)\b|'s| about)",
        r"\bi (?:really |just |do |so )?(?:love|adore|appreciate|like|treasure) (?:it )?"
        r"(?:that|how|when|the way) you(?:'re|'ve| are)? (?:always|never)\b",
    )
)
_TAKEN_BACK = re.compile(
    r"\b(?:but|except|unless|else|until|only when|just not|and then|though|however|as long as|(?:if|when) it suits"
    r"|when you (?:want|need|feel|have|had))\b"
)
_DENIED = re.compile(
    r"\b(?:(?:it's|it is|that's|this is|it was) not|(?:it|that|this) (?:isn't|wasn't)) (?:that|because|as if) "
    r"(?:i (?:think|find|thought) )?you(?:'re| are| were|'ve)\b"
    r"|\b(?:it|this|that)(?:'s| is| was| has| had)? (?:not|never)(?: been)? (?:about |because of |to do with |against )?"
    r"you(?:r fault)?\b(?! who| that)"
    r"|\bi(?:'m| am) not (?:saying|calling|implying|suggesting|accusing|claiming)\b"
    r"|\bi (?:don't|do not|didn't) mean (?:that )?you(?:'re| are| were)\b"
    r"|\byou(?:'re| are) not (?:a |an |being |some )?(?:bad|selfish|greedy|stupid|crazy|horrible|cruel|monster|villain|failure|burden|lazy"
    r"|weak|broken|difficult)\b"
)
_NOT_ALWAYS = re.compile(r"(?:n't|\bnot|\bdont) (?:\w+ )?(?:always|every ?time|all the time|constantly|everyone|everybody|everything)\b")
_SWEEPS = re.compile(
    r"\b(?:always|never|constantly|nothing|nobody|everything|everyone|everybody|every ?time|all the time|all you|not once|forever)\b"
)
_NOT_YOU = re.compile(
    r"(?:and |but |no,? )*(?:it|this|that)(?:'s| is| was| has| had)? (?:not|never)(?: been)? (?:about |because of |to do with )?"
    r"you(?:r fault)?\W*"
)
_YOU_FEEL = re.compile(
    r"\b(?:you|u)(?:'re|r| are)? (?:must |might |may |probably |maybe |still |just |really |then |also )*(?:feel|felt|feeling)\b"
)
_I_FEEL = re.compile(r"\b(?:i|i'm|im|i've) (?:\w+ ){0,2}(?:feel|felt|feeling)\b|\b(?:make|makes|made|making) me feel\b")
_ASKS_FOR_LOVE = re.compile(
    r"(?:and |so |but |tell me,? )*do (?:you|u) (?:still |even |really |actually )*(?:love|want|like|fancy|trust) me"
    r"(?: any ?more| at all| still)?\W*"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")


def find_praise(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of `text` that praise sweepingly and take nothing back. `text`: quotes made straight."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        lower = " ".join(sentence.group().lower().split())
        if not _TAKEN_BACK.search(lower) and any(pattern.search(lower) for pattern in _PRAISE):
            found.append(sentence.span())
    return found


def find_denied(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of `text` that deny a judgement and take nothing of that back."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        lower = " ".join(sentence.group().lower().split())
        if _DENIED.search(lower) and not _TAKEN_BACK.search(lower):
            found.append(sentence.span())
    return found


def find_not_you(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of `text` that only say that it is not, or never was, the other person: "it was never you"."""
    return [sentence.span() for sentence in _SENTENCE.finditer(text) if _NOT_YOU.fullmatch(" ".join(sentence.group().lower().split()))]


def find_not_always(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of `text` whose every sweeping word is denied: "you don't always hear me". The codebook counts none."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        rest = _NOT_ALWAYS.sub(" ", " ".join(sentence.group().lower().split()))
        if not _SWEEPS.search(rest) and _NOT_ALWAYS.search(" ".join(sentence.group().lower().split())):
            found.append(sentence.span())
    return found


def find_asking_for_love(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of `text` that ask whether one is loved, and nothing else."""
    return [
        sentence.span() for sentence in _SENTENCE.finditer(text) if _ASKS_FOR_LOVE.fullmatch(" ".join(sentence.group().lower().split()))
    ]


def find_offered_feelings(text: str) -> list[tuple[int, int]]:
    """(start, end) of the sentences of `text` that offer the partner a word for what they feel ("you feel lied to") and tell nothing of
    one's own: whose feeling it is decides.
    """
    found = []
    for sentence in _SENTENCE.finditer(text):
        lower = " ".join(sentence.group().lower().split())
        if _YOU_FEEL.search(lower) and not _I_FEEL.search(lower):
            found.append(sentence.span())
    return found


def leave_out(found: list[tuple[int, int]], text: str, stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of `stretches` of `text` without the sentences `found`."""
    left = list(stretches)
    for start, end in found:
        parts = [part for a, b in left for part in ((a, min(b, start)), (max(a, end), b))]
        left = [(a + len(text[a:b]) - len(text[a:b].lstrip()), b) for a, b in parts if text[a:b].strip()]
    return left


NO_FAULT = {
    "absolutes": (find_praise, find_not_always, find_not_you),
    "blame": (find_praise, find_denied),
    "pressure": (find_asking_for_love,),
    "faux_feeling": (find_offered_feelings,),
}
"""For each fault, what finds the sentences that only sound like it."""
