"""A concrete rewording built from the client's own words, with gaps only they can fill.

The pattern is Rosenberg's observation - feeling - need - request (Nonviolent Communication, 2003); sentences are ours.
"""

import re
from collections.abc import Callable
from pathlib import Path

from spacy.tokens import Doc, Span, Token

from actions.feedback.verdicts import Verdict
from data.lexicons.faux_feelings import Underneath
from data.read_yaml import read_yaml

_ALWAYS = {"always", "constantly", "forever", "continually"}
_NEVER = {"never", "nothing", "not"}
_PERSONS = {"me": "me", "my": "my", "i": "I", "mine": "mine", "myself": "myself", "us": "us", "our": "our"}
UNSEEN = frozenset({"be", "care", "think", "want", "disgust", "overreact", "ruin"})
"""No camera records these: "when you overreact" would carry the judgement along."""
UNWANTED = frozenset(
    ["rush", "hurt", "push", "press", "pressure", "judge", "lie", "disappoint", "bore", "mock", "shout", "yell", "insult", "complain"]
    + ["interrupt", "let", "put", "scare", "laugh", "forget"]
)
"""What somebody is glad never to get done: "you never rush me" asks for no rushing."""
_THREATENS = re.compile(r"\b(?:or|till|until|unless|otherwise|we're (?:done|over|through)|can't see|not allowed)\b", re.IGNORECASE)
_GRAMMAR = Path(__file__).resolve().parents[2] / "data" / "lexicons" / "grammar.yml"
LONGEST_PHRASE = 9
"""Words taken over from the client at most; a longer phrase would carry the fault along."""


class Rewording:
    """Offers another way to put a fault. `parse` gives a spaCy Doc; `faux_feelings` is the lexicon."""

    def __init__(self, parse: Callable[[str], Doc], faux_feelings: dict[str, Underneath]) -> None:
        self._parse = parse
        self._faux_feelings = faux_feelings
        self._judging = frozenset(str(word) for word in read_yaml(_GRAMMAR).value["judging_verbs"])

    def offer(self, reply: str, verdict: Verdict, after_no: bool = False) -> str | None:
        """One sentence with gaps (…), or None where no honest rewording can be built from the words. `after_no`: the partner said no."""
        if after_no and verdict.key in ("pressure", "demand"):
            return "“Okay. Thank you for telling me.”"
        if not verdict.evidence:
            return None
        first = verdict.evidence[0]
        doc = self._parse(reply)
        span = doc.char_span(first.start, first.end, alignment_mode="expand")
        if span is None:
            return None
        return {
            "absolutes": self._absolutes,
            "demand": self._demand,
            "faux_feeling": self._faux_feeling,
            "blame": self._blame,
            "pressure": self._pressure,
            "roadblock": self._roadblock,
        }[verdict.key](span)

    def _absolutes(self, span: Span) -> str:
        action = _action_of_you(span.sent)
        if action is None:
            return "“The last time was … (one day, one thing). I felt …, because … matters to me.”"
        verb, words, negated = action
        if verb in self._judging or (negated and verb in UNWANTED):
            return "“The last time was … (one day, one thing). I felt …, because … matters to me.”"
        if negated:
            return f"“When it came to … and you didn't {words}, I felt …. Would you be willing to {words} …?”"
        return f"“On … (which time?) I saw you {words}. I felt …, because … matters to me. Would you …?”" if verb else ""

    def _demand(self, span: Span) -> str | None:
        action = _action_of_you(span.sent) or _order(span)
        if action is None or action[2]:
            return "“I'd like … . Would that be possible for you, and if not, what would be?”"
        return f"“Would you be willing to {action[1]}? It would help me because … .”"

    def _faux_feeling(self, span: Span) -> str:
        said = span.text.lower()
        for word in sorted(self._faux_feelings, key=len, reverse=True):
            if re.search(rf"\b{re.escape(word)}\b", said):
                under = self._faux_feelings[word]
                return (
                    f"“When … (what happened?), I feel … ({', '.join(under.feelings)}?), because I need … ({' or '.join(under.needs)}?).”"
                )
        return "“When … (what did you see or hear?), I feel … (a word like hurt, lonely, tense), because … matters to me.”"

    def _blame(self, span: Span) -> str:
        action = _action_of_you(span)
        if action and not action[2] and action[0] not in self._judging | UNSEEN:
            return f"“When you {action[1]} … (which time?), I feel …, because … matters to me.”"
        return "“When … (what did you see or hear?), I feel …, because … matters to me. Would you …?”"

    def _pressure(self, span: Span) -> str | None:
        if _THREATENS.search(span.sent.text):
            return None
        return "“I'd like …, and it's all right if you don't. What would feel good to you?”"

    def _roadblock(self, span: Span) -> str:
        return "“It sounds as if … is hard for you. Do I get that right?”"


def _action_of_you(span: Span) -> tuple[str, str, bool] | None:
    """(lemma, bare verb phrase, negated) of the first clause in `span` whose subject is "you"."""
    for token in span:
        if token.lower_ in ("you", "u", "ya") and token.dep_ in ("nsubj", "nsubjpass") and token.head.pos_ in ("VERB", "AUX"):
            verb = _main_verb(token.head)
            negated = any(c.dep_ == "neg" or c.lower_ == "never" for c in [*verb.children, *token.head.children])
            words = _bare_phrase(verb)
            if words:
                return verb.lemma_.lower(), words, negated
    return None


def _order(span: Span) -> tuple[str, str, bool] | None:
    """The verb phrase of an imperative."""
    root = span.root
    if root.tag_ == "VB" and not any(c.dep_ in ("nsubj", "aux") for c in root.children):
        words = _bare_phrase(root)
        if words:
            return root.lemma_.lower(), words, any(c.dep_ == "neg" for c in root.children)
    return None


def _main_verb(verb: Token) -> Token:
    """Past "have to", "need to", "got to" and "should" to the verb that is asked for."""
    if verb.lemma_ in ("have", "need", "get", "want", "ought", "better"):
        for child in verb.children:
            if child.dep_ == "xcomp" and child.pos_ == "VERB":
                return child
    return verb


_COMPLEMENTS = ("prt", "dobj", "dative", "prep", "advmod", "npadvmod", "pobj", "oprd")


def _bare_phrase(verb: Token) -> str:
    """Base form of `verb` with its particle and objects, in the words of the client; empty where that would be too long."""
    if verb.pos_ != "VERB":
        return ""
    parts = [verb.lemma_.lower()]
    for child in verb.children:
        if child.i > verb.i and child.dep_ in _COMPLEMENTS:
            if child.lower_ in _ALWAYS | _NEVER or child.lower_ in ("ever", "again", "as"):
                continue
            parts.extend(_PERSONS.get(t.lower_, t.text) for t in child.subtree if not t.is_punct)
        elif child.i > verb.i and child.dep_ in ("xcomp", "ccomp") and len(verb.doc) > child.i:
            return ""  # "stop seeing her", "tell me where you're going": half of it would say something else
    called = any(part.lower() in ("you", "u", "ya") for part in parts[1:])
    return "" if called or len(parts) > LONGEST_PHRASE else " ".join(parts)
