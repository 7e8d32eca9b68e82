"""The moment in which a reply is judged: what the partner's line calls for and what the scene practises."""

import dataclasses
import re
from pathlib import Path

from data.read_yaml import read_yaml

_LEXICON = read_yaml(Path(__file__).resolve().parents[2] / "data" / "lexicons" / "own_limits.yml").value
_STEMS = "|".join(sorted(str(act).removesuffix("e") for act in _LEXICON["acts"]))
_ACT = "(?:" + "|".join(sorted(map(str, _LEXICON["acts"]))) + ")"
_ACTING = rf"(?:{_STEMS})\w?ing"
_ACTED = rf"(?:(?:{_STEMS})\w?ed|held|hit|bitten)"
_WISHES = "(?:" + "|".join([*map(str, _LEXICON["no_limit_verbs"]), "live", "die", "exist", "go on", "wake", "cry", "grow"]) + r")\b"
"""After "I don't want to": a wish or a grief and no limit ("I don't want to lose you")."""
_NO_LIMIT = rf"(?:{_WISHES}|{_ACT} (?:you|u)\b|(?:allow|have|stand|tolerate|permit|judge|mind|bite|any)\b|.*\bagain\b)"
"""After "I won't": a promise, or a rule for the other person."""
_HOW = r"(?:(?:really|just|still|so|honestly|actually|definitely|kind of|ever|even|quite|do|am) )*"
_NOW = r"(?=$| (?:tonight|now|today|right now|please|yet|here|there|this evening)\b)"
_HALT = rf"(?:stop|quit)(?=$| (?:it|that|this|now|here|there|please|right|for|when|doing (?:it|that|this)|{_ACTING})\b)"
_REFUSAL = re.compile(
    r"(?:no|nope|nah)(?=$| (?:please|thanks?|means|i\b|not|don't|sorry|never|chance|way\b(?! (?:of|to))|more(?:$| (?:for me|now|please)))"
    r"|.* for me$)"
    rf"|{_HALT}|hands off|back off|go away|get (?:off|away|out|back)(?=$| (?:me|my|of me|of my|from me|now|please)\b)"
    r"|leave me\b(?! (?:your|a|the|some|with|no)\b)|let (?:me )?go\b(?! (?:to|for|first|with|on)\b)|slow down\b|too (?:fast|rough|soon)\b"
    r"|(?:that's|it's|this is) (?:far |a bit |getting )?(?:too (?:fast|much|rough|soon|far)|enough)(?=$| (?:for me|now)\b)"
    rf"|(?:don't|do not)(?=$| (?:please|you dare|do (?:it|that|this))\b| {_ACT} (?:me|my|it|that|there|here|this|any)\b(?!.* away))"
    r"|not (?:tonight|now|today|yet|there|here|like this|this|again|any ?more|in the mood|ready|right now|comfortable|up for|really$)\b"
    r"|(?:later|another (?:time|night|day)|some other (?:time|night|day))(?: please| maybe)?$"
    rf"|(?:i'd |i would )?{_HOW}(?:much )?(?:rather|prefer)\b(?! (?:to )?die)(?! you)"
    rf"|(?:i )?{_HOW}(?:don't|do not|never) {_HOW}(?:want|wanna) ?(?:$|to(?:$| (?!{_WISHES}))"
    rf"|you to (?:{_ACT} (?:me|my)|do (?:it|that|this))\b|(?<=wanna )(?!{_WISHES})"
    rf"|to be {_ACTED}|(?:that|this|it|sex|any|more)\b|you (?:here|in|near|{_ACTING})\b)"
    rf"|i {_HOW}(?:don't|do not) {_HOW}(?:(?:like|enjoy) (?:(?:it|that|this)(?=$| when you| any ?more)|when you|being {_ACTED})"
    r"|(?:feel like|fancy) (?:it|that|this|sex|any|\w+ing)\b|feel (?:ready|comfortable|up to)\b|think so|do (?:that|this))"
    rf"|i {_HOW}(?:won't|will not|refuse to) (?!{_NO_LIMIT})"
    rf"|i {_HOW}(?:can't|cannot) ?(?!.*(?:any ?more|lately))(?:{_NOW}|(?:do (?:it|that|this)|make it|come)\b)"
    rf"|(?:i'm|i am|im) {_HOW}not {_HOW}(?:in the mood|up for|keen|okay with|ok with|(?:going to|gonna) (?!{_NO_LIMIT})"
    r"|(?:doing|having|into|feeling) (?:it|that|this|sex)\b|feeling up to|(?:ready|comfortable|interested)"
    r"(?=$| (?:yet|to|doing|being|here)\b| (?:for|with|in) (?:it|that|this|sex|you)\b))"
    rf"|i {_HOW}need (?:(?:some|a|an|my|more|bit|of|little|few|quiet|own) )*(?:time|space|room|break|moment"
    r"|minutes?|pause|breather|distance|privacy|quiet|peace|rest|sleep|(?:night|evening) (?:off|in|alone))\b(?! (?:with|to understand))"
    rf"|(?:i'd like|i would like|i {_HOW}(?:want|need|wanna)) (?:us |you )?(?:to )?(?:{_HALT}|pause|wait|slow down|rest|go home|go to sleep"
    r"|sleep|be (?:left )?alone|be left|take a break|keep (?:my|it|that|this)|leave$)"
    r"|.*\b(?:off limits|out of bounds|stays? (?:on|off|closed|shut|locked|private|mine))\b"
    r"|.*\b(?:is not|isn't|are not|aren't) (?:for (?!me\b)|yours\b|happening\b|an option\b)|(?:the|my) answer is (?:still )?no\b"
)
_ASKS_TO_STOP = re.compile(
    r"(?:can|could|shall|may|would|should) we (?:(?:please|maybe|just) )*"
    r"(?:not\b|stop\b|pause\b|wait\b|leave (?:it|that|this)\b|slow down|skip\b|take a break)"
    rf"|(?:can|could|would|will|won't) (?:you|u|ya) (?:(?:please|just|kindly|ever) )*(?:{_HALT}"
    rf"|not(?=$| (?:please|now|today|tonight|do (?:it|that|this)|{_ACT} (?:me|my))\b)"
    r"|leave me\b|let (?:me )?go\b|get (?:off|out|away)\b|back off|slow down"
    r"|give me (?:(?:some|a|more) )*(?:space|room|minute|moment|time))"
    rf"|(?:would|do) you mind not (?:doing (?:it|that|this)|{_ACTING})"
)
_ANYWHERE = re.compile(r"\bwhen(?:ever)? i (?:say|said) (?:stop|no)\b(?! to)|\bno for an answer\b|\bno means no\b")
_LEAD = re.compile(
    r"(?:(?:sorry|please|hey|u+m+|uh|well|look|oh|ugh|love|honey|babe|baby|darling|dear|m+|ok|okay|wait|listen|really|actually|honestly|just"
    r"|maybe|perhaps|seriously|thanks|thank you|i (?:have |already |just |clearly )*(?:said|told (?:you|u)|keep saying)(?: that| you)?) )+"
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CLAUSE = re.compile(r"[,;:!?.…()–—]+|\s-+\s|\s(?:and|but|so|because|cos|cause|then)\s")
_PRICE = re.compile(r"\b(?:unless|until|till) (?:you|u)\b|\bor (?:else|i'll|i'm|i will|we're)\b")
"""A no with its price is pressure and no limit."""
_TAKES = re.compile(
    r"(?:(?:oh|yes|yeah|ah|hey|sorry|love|honey|babe) )*"
    r"(?:ok(?:ay|ey)?|k|sure(?! thing)|noted|got it|understood|alright|all right|of course|fair enough|no (?:problem|worries)|will do"
    r"|that's (?:ok|okay|fine|all right|alright)|(?:i|we)(?:'ll| will) (?:stop|leave it|wait)|stopping"
    r"|i (?:respect|accept|hear) (?:that|it|you)|thanks for (?:telling|saying|letting)|thank you for (?:telling|saying|letting))\b"
)
_TAKEN_BACK = re.compile(r"\b(?:but|just|though|still|only|if|whatever|why|always|never|you're|next time)\b|\?")
LONGEST_TAKING = 9
SHORT_NO = 14
"""Words: a partner's limit in at most so many is a limit and no story; what it calls for is to be taken."""
SHORT_REQUEST = 10
_REQUESTS = re.compile(r"(?:i|i'd|i would) (?:really |just )?(?:need|want|like) (?:you|u) to\b")
_FIRST_PERSON = re.compile(r"\b(i|i'm|im|i'd|i've|i'll|me|my|mine|myself)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Moment:
    """`listening`: the partner has just told something of their own. `aims`: criteria the scene practises.

    `low_load`: one line only. `after_no`: the partner has just said no or set a limit.
    """

    listening: bool = False
    aims: frozenset[str] = frozenset()
    low_load: bool = False
    after_no: bool = False


def guess_moment(context: str | None, aims: frozenset[str] = frozenset(), low_load: bool = False) -> Moment:
    """A moment for a reply of which no scene is known: a partner who speaks of themself without asking is listened to."""
    if not context:
        return Moment(False, aims, low_load)
    length, refuses = len(context.split()), says_no(context)
    asks = context.rstrip().endswith("?") or (length <= SHORT_REQUEST and bool(_REQUESTS.match(_plain(context))))
    told = bool(_FIRST_PERSON.search(context.replace("’", "'"))) and not asks and not (refuses and length <= SHORT_NO)
    return Moment(told, aims, low_load, refuses)


def says_no(line: str) -> bool:
    """Whether a no, a stop or a limit of the speaker's own stands in `line`, also one put as a question ("can we not?")."""
    plain = _plain(line)
    if _PRICE.search(plain):
        return False
    if _ANYWHERE.search(plain):
        return True
    for sentence in _SENTENCE.findall(plain):
        form = _ASKS_TO_STOP if sentence.endswith("?") else _REFUSAL
        if any(form.match(clause) or _ASKS_TO_STOP.match(clause) for clause in _cut(sentence)):
            return True
    return False


def asks_to_stop(reply: str) -> bool:
    """Whether a no is put as a question: "would you stop?"."""
    return any(_ASKS_TO_STOP.match(clause) for clause in _cut(_plain(reply)))


def takes_it(reply: str) -> bool:
    """Whether a reply takes what was said as it stands ("ok", "got it, we'll stop") and takes nothing of that back."""
    plain = _plain(reply)
    short = len(plain.split()) <= LONGEST_TAKING and all(sign.isascii() or sign.isalpha() or sign in "–—…’👍🙂😊" for sign in plain)
    return short and bool(_TAKES.match(plain.replace(",", ""))) and not _TAKEN_BACK.search(plain)


def _plain(line: str) -> str:
    """Lower case, apostrophes straight and where they belong, single blanks."""
    plain = " ".join(line.lower().replace("’", "'").split())
    plain = re.sub(r"\b(don|can|won|isn|aren)t\b", r"\1't", plain)
    return re.sub(r"^\W+", "", re.sub(r"\bid (?=rather|like|prefer)", "i'd ", plain))


def _cut(sentence: str) -> list[str]:
    clauses = (clause.strip() for clause in _CLAUSE.split(sentence))
    return [_LEAD.sub("", clause, count=1) if _LEAD.match(clause) else clause for clause in clauses if clause]
