"""A concrete rewording built from the client's own words, with gaps only they can fill.

The pattern is Rosenberg's observation - feeling - need - request (Nonviolent Communication, 2003); sentences are ours.
Words are carried over only where they can be seen or asked for; where no good sentence can be built, none is offered.
"""

import re
from collections.abc import Callable
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from actions.feedback.no_fault import find_praise
from actions.feedback.verdicts import Verdict
from data.lexicons.faux_feelings import Underneath
from data.read_yaml import read_yaml

TAKES_THE_NO = "“Okay. Thank you for telling me.”"
_SEE = "“When … (what did you see or hear?), I feel …, because … matters to me. Would you …?”"
_LAST_TIME = "“The last time was … (one day, one thing). I felt …, because … matters to me.”"
_LEXICONS = Path(__file__).resolve().parents[2] / "data" / "lexicons"
_WORDS = read_yaml(_LEXICONS / "rewording.yml").value
ASKED_FOR, WISHED_INSIDE, HEARD = (frozenset(map(str, _WORDS[name])) for name in ("asked_for", "wished_inside", "heard"))
SEEN = HEARD | frozenset(map(str, _WORDS["seen"])) | (ASKED_FOR - {"let", "help", "pay"})
_SPOILS = frozenset(map(str, _WORDS["spoils"]))
"""Beside these an act is compared, weighed or emptied: "shout like a lunatic", "do all that"."""
_MAY_END = frozenset({"off", "it", "that", "this", "all", "every"})
"""Of those, the ones that do no harm in something asked for ("pick it up")."""
_PLAIN_ADJECTIVES = frozenset({"other", "next", "first", "last", "same", "new", "late", "early", "own", "open", "closed", "alone", "home"})
_THREATENS = re.compile(
    r"\b(?:or|till|until|unless|otherwise|else|forbid|regret|we're (?:done|over|through))\b|n't (?:see|go|going|leave|get to|allowed)\b"
    r"|\bnot (?:allowed|going|to see)\b"
    r"|\b(?:i|we|you)(?:'ll| will|'m going to|'re going to|'m gonna| am going to|'m leaving|'m done|'m telling)\b"
)
"""Of a threat, and of a ban, nothing is left to be put more kindly."""
_GLAD = re.compile(
    r"\b(?:i|i'm|im|i am) (?:really |so |just |very )*(?:love|adore|appreciate|like|treasure|glad|grateful|thankful|happy|lucky)\b"
    r"|\bthank(?:s| you)\b"
)
_BUT = re.compile(r"\b(?:but|though|yet|except|however)\b")
LONGEST_PHRASE = 9
"""Words taken over from the client at most; a longer phrase would carry the fault along."""


class Rewording:
    """Offers another way to put a fault. `parse` gives a spaCy Doc; `faux_feelings` is the lexicon."""

    def __init__(self, parse: Callable[[str], Doc], faux_feelings: dict[str, Underneath]) -> None:
        self._parse = parse
        self._faux_feelings = faux_feelings
        words = read_yaml(_LEXICONS / "grammar.yml").value
        self._judging = frozenset(str(word) for name in ("judging_verbs", "feeling_orders") for word in words[name])
        self._names = frozenset(str(word) for word in words["names_called"])

    def offer(self, reply: str, verdict: Verdict, after_no: bool = False, listening: bool = False) -> str | None:
        """One sentence with gaps (…), or None where no honest rewording can be built from the words.

        `after_no`: the partner said no, which every rewording takes. `listening`: they told something that is not the client's to mend.
        """
        if after_no and verdict.key != "faux_feeling":
            return TAKES_THE_NO
        if not verdict.evidence or (praises(reply) and verdict.key in ("absolutes", "blame")):
            return None
        first = verdict.evidence[0]
        span = self._parse(reply).char_span(first.start, first.end, alignment_mode="expand")
        if span is None:
            return None
        if verdict.key == "demand":
            return self._demand(span, listening)
        if verdict.key == "faux_feeling":
            return self._faux_feeling(span, after_no)
        if verdict.key == "pressure":
            threat = _THREATENS.search(reply.lower().replace("’", "'"))
            return None if threat else "“I'd like …, and it's all right if you don't. What would feel good to you?”"
        if verdict.key == "roadblock":
            return "“It sounds as if … (what did they say?). Do I get that right?”"
        return self._judged(span, verdict.key)

    def _judged(self, span: Span, key: str) -> str | None:
        """For blame and absolutes: what was seen, or gaps for it."""
        gaps = _LAST_TIME if key == "absolutes" else _SEE
        verb = _said_of_you(span.sent if key == "absolutes" else span)
        if verb is None:
            return gaps
        lemma = verb.lemma_.lower()
        if _is_negated(verb):
            words = self._phrase(verb) if _is_asked_for(verb) else ""
            if key == "absolutes" and words:
                return f"“When it came to … and you didn't {words}, I felt …. Would you be willing to {words} …?”"
            return gaps if lemma in WISHED_INSIDE or words else None
        words = self._phrase(verb) if lemma in SEEN else ""
        if not words:
            return gaps
        if key == "absolutes":
            sense = "heard" if lemma in HEARD else "saw"
            return f"“On … (which time?) I {sense} you {words}. I felt …, because … matters to me. Would you …?”"
        return f"“When you {words} … (which time?), I feel …, because … matters to me.”"

    def _demand(self, span: Span, listening: bool) -> str | None:
        verb = _order(span) or _order(span.sent) or _said_of_you(span.sent)
        plain = span.sent.text.lower().replace("’", "'")
        if verb is None or _is_negated(verb) or _THREATENS.search(plain) or verb.lemma_.lower() in ("stop", "quit", "keep", "forget"):
            return None
        words = self._phrase(verb, _MAY_END) if _is_asked_for(verb) else ""
        if listening and not {"me", "us", "my", "our"} & {word.lower() for word in words.split()}:
            return None  # advice on the partner's own trouble: asked nicely, it would still be advice
        if words:
            return f"“Would you be willing to {words}? It would help me because … .”"
        return "“I'd like … . Would that be possible for you, and if not, what would be?”"

    def _faux_feeling(self, span: Span, after_no: bool) -> str:
        said = span.text.lower()
        longest_first = sorted(self._faux_feelings, key=len, reverse=True)
        found = next((word for word in longest_first if re.search(rf"\b{re.escape(word)}\b", said)), None)
        feelings = ", ".join(self._faux_feelings[found].feelings) if found else "a word like hurt, lonely, tense"
        if after_no:
            return f"“Okay. Thank you for telling me. I feel … ({feelings}?).”"
        if found is None:
            return f"“When … (what did you see or hear?), I feel … ({feelings}), because … matters to me.”"
        needs = " or ".join(self._faux_feelings[found].needs)
        return f"“When … (what happened?), I feel … ({feelings}?), because I need … ({needs}?).”"

    def _phrase(self, verb: Token, allowed: frozenset[str] = frozenset()) -> str:
        """`verb` in its base form with all that belongs to it, in the client's words; empty where that is too long, judged or cut short."""
        kept = {token.i for token in verb.subtree if token.i > verb.i}
        for child in verb.children:
            if child.dep_ in ("cc", "conj") or _opens_anew(child, verb):
                kept -= {token.i for token in child.subtree}
        parts, place = [verb.lemma_.lower() + " "], verb.i + 1
        while place < len(verb.doc) and place in kept and not verb.doc[place].is_punct:
            token = verb.doc[place]
            if self._is_judged(token, verb, allowed):
                return ""
            if token.lower_ not in ("always", "never", "ever", "again", "please", "pls"):
                word = token.lower_ if token.doc.text.isupper() else token.text
                parts.append(("I" if word == "i" else word) + token.whitespace_)
            place += 1
        beyond = [verb.doc[i] for i in kept if i >= place and verb.doc[i].head.i < place]
        lost = any(token.dep_ in ("dobj", "pobj", "ccomp", "xcomp", "dative") for token in beyond)
        dangles = verb.doc[place - 1].tag_ in ("IN", "TO", "DT", "CC", "PRP$", "WDT", "WRB") and place - 1 > verb.i
        return "" if lost or dangles or len(parts) > LONGEST_PHRASE else "".join(parts).strip()

    def _is_judged(self, token: Token, verb: Token, allowed: frozenset[str]) -> bool:
        """Whether a word beside `verb` weighs, compares or calls names: "you pig", "selfish", "like a child"."""
        word = token.lower_
        beside = token.i + 1 < len(token.doc) and token.doc[token.i + 1]
        named = not beside or beside.pos_ in ("NOUN", "PROPN", "ADJ") or beside.lower_ in self._names
        called = named and word in ("you", "u", "ya")
        mind = token.pos_ == "VERB" and token.head is verb and token.lemma_.lower() in self._judging - {"know", "think"}
        rated = (token.pos_ == "ADJ" and token.dep_ == "amod" and word not in _PLAIN_ADJECTIVES) or (
            token.tag_ == "RB" and word.endswith("ly") and word not in ("only", "early", "daily", "weekly", "directly")
        )
        return called or mind or rated or word in self._names or (word in _SPOILS and word not in allowed)


def praises(reply: str) -> bool:
    """Whether a reply says something glad of the other person and takes nothing back."""
    lower = " ".join(reply.lower().replace("’", "'").split())
    return not _BUT.search(lower) and bool(find_praise(lower) or _GLAD.search(lower))


def _said_of_you(span: Span) -> Token | None:
    """The verb of the first clause in `span` whose subject is "you", past "have to"; None where it is an aside ("all you do")."""
    for token in span:
        if token.lower_ in ("you", "u", "ya") and token.dep_ in ("nsubj", "nsubjpass") and token.head.pos_ in ("VERB", "AUX"):
            verb = _main_verb(token.head)
            when = any(child.lower_ in ("when", "whenever", "because", "that") for child in verb.children if child.i < token.i)
            aside = verb.dep_ in ("relcl", "acl", "pcomp", "csubj") or (verb.dep_ == "advcl" and not when)
            return None if aside else verb
    return None


def _order(span: Span) -> Token | None:
    """The verb of an imperative."""
    root = span.root
    is_order = root.tag_ in ("VB", "VBP") and not any(c.dep_ in ("nsubj", "nsubjpass") for c in root.children if c.i < root.i)
    return root if is_order and not any(c.dep_ == "aux" and c.lemma_ != "do" for c in root.children) else None


def _main_verb(verb: Token) -> Token:
    """Past "have to", "need to", "got to" and "should" to the verb that is asked for."""
    if verb.lemma_ in ("have", "need", "get", "got", "want", "ought", "better"):
        for child in verb.children:
            if child.dep_ in ("xcomp", "ccomp") and child.pos_ == "VERB":
                return child
    return verb


def _is_negated(verb: Token) -> bool:
    modal = verb.dep_ in ("xcomp", "ccomp") and verb.head.lemma_ in ("have", "get", "need")
    near = [*verb.children, *(verb.head.children if modal else ())]
    before = verb.sent.text[: max(0, verb.idx - verb.sent.start_char)].lower()
    return any(c.dep_ == "neg" or c.lower_ in ("never", "nothing", "nobody") for c in near) or "not once" in before or "hardly" in before


def _is_asked_for(verb: Token) -> bool:
    """ "Let me finish" and "do the dishes" are asked for, "let me down" and "do as I say" are not."""
    lemma = verb.lemma_.lower()
    if lemma == "do":
        return any(child.dep_ == "dobj" and child.pos_ == "NOUN" for child in verb.children)
    return lemma in ASKED_FOR and (lemma != "let" or any(child.dep_ == "ccomp" for child in verb.children))


def _opens_anew(child: Token, verb: Token) -> bool:
    """Whether a clause behind the verb is one of its own ("…, it's rude") and no part of what is said with the verb."""
    first = min(token.i for token in child.subtree)
    return child.dep_ in ("advcl", "ccomp", "parataxis", "dep") and child.i > verb.i and first > 0 and child.doc[first - 1].is_punct
