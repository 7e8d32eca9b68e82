"""Find a no and a limit of the speaker's own: body, space, things, taking part. Ground rule: neither is ever scored down.

A reply is cut into clauses. A clause counts when it orders something off the speaker ("stop touching me", "get your hand off my leg",
"you don't get to film me"; the parse says whether the act reaches "me" or "my …") or refuses to take part ("I'm not doing that",
"not tonight"). "Stop seeing your friends" reaches nobody but the partner and is no limit; a why, a threat or an insult beside a limit
stays what it is.
"""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from spacy.tokens import Doc, Token

from actions.feedback.limit_forms import (
    ASIDE,
    AWAY,
    BEFORE_RUN_ON,
    CLEAR_NO,
    FIRM_NO,
    GOES_ALONE,
    HALT,
    HINGES,
    KEPT_BY,
    MARKS,
    NO_DEBT,
    NO_OBJECT,
    NOWHERE,
    ORDER,
    OWN_REASON,
    RUN_ON,
    SAID,
    SOFT_NO,
    SPELT,
    WANTING,
    WITHHOLDS,
)
from actions.feedback.signs import QUOTED
from data.read_yaml import read_yaml

Kind = Literal["stop", "no"]
Decides = Literal["anywhere", "alone", "never"]
"""Where a clause is a boundary for sure: in any reply, only when nothing else is said, or only if the reading model says so."""
_FILE = Path(__file__).resolve().parents[2] / "data" / "lexicons" / "own_limits.yml"
_ACCEPTS = frozenset({"ok", "okay", "k", "sure", "fine", "noted", "alright", "understood", "got"})
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SAYERS = frozenset({"say", "tell", "shout", "yell", "scream", "whisper", "reply", "like"})
LONGEST_REASON = 7  # words; what is longer says more than why to stop
_Told = tuple[Kind, Decides] | tuple[Kind, Decides, bool]


@dataclasses.dataclass(frozen=True)
class Limit:
    """One clause, (start, end) in code points. A mere "no" may only answer a question and decides nothing."""

    start: int
    end: int
    kind: Kind
    decides: Decides
    depends: bool = False
    """Counts only when nothing else is said: in company \"don't\" may forbid the partner something, and \"not until you …\" set a price."""


@dataclasses.dataclass(frozen=True)
class OwnLimits:
    """The limits of a reply in reading order. `whole`: nothing else is said, and whether it is a stop or a no."""

    limits: tuple[Limit, ...] = ()
    whole: Kind | None = None

    @property
    def deciding(self) -> list[tuple[int, int]]:
        """The stretches that are a boundary, whatever the reading model says."""
        alone = self.whole is not None
        return [(limit.start, limit.end) for limit in self.limits if limit.decides == "anywhere" or (alone and limit.decides == "alone")]

    def covers(self, start: int, end: int) -> bool:
        """Whether a stretch touches a limit."""
        return any(limit.start < end and start < limit.end for limit in self.limits)


class LimitReader:
    """Reads limits off a parsed reply. Made once per process."""

    def __init__(self, path: Path = _FILE) -> None:
        self._words = {name: frozenset(str(word) for word in entries) for name, entries in read_yaml(path).value.items()}

    def read(self, doc: Doc) -> OwnLimits:
        """Limits in `doc` (the reply with quotes made straight, same length as typed). Quoted and reported ones are left out."""
        quoted = [hit.span() for hit in QUOTED.finditer(doc.text)]
        kept_by = [hit.span() for hit in KEPT_BY.finditer(doc.text)]
        found = [Limit(start, end, "stop", "anywhere") for start, end in kept_by]
        others, reported, accepts, hurts = False, False, False, False
        for clause, asks in _cut(doc):
            start, end = clause[0].idx, clause[-1].idx + len(clause[-1])
            if any(left <= start and end <= right for left, right in kept_by):
                continue
            inside = any(left <= start and end <= right for left, right in quoted)
            accepts = accepts or (start == 0 and _low(clause[0]) in _ACCEPTS)
            told = None if inside or reported else self._tell(clause, asks, bool(found), accepts)
            if told is not None:
                found.append(Limit(start, end, *told))
            elif OWN_REASON.search(_join(clause)):
                hurts = True
                others = others or len(clause) > LONGEST_REASON
            elif not self._adds_nothing(clause, bool(found)):
                others = True
            reported = clause[-1].lemma_ in _SAYERS and _low(clause[0]) not in ("i", "ive")
        if others or (hurts and not any(limit.kind == "stop" for limit in found)):
            kept = [limit for limit in found if not limit.depends]
            sure = hurts and any(limit.kind == "stop" for limit in kept)
            return OwnLimits(
                tuple(dataclasses.replace(each, decides="anywhere") if sure and each.kind == "stop" else each for each in kept)
            )
        if not found:
            return OwnLimits()
        return OwnLimits(tuple(found), "stop" if any(limit.kind == "stop" for limit in found) else "no")

    def _tell(self, clause: list[Token], asks: bool, after_limit: bool, accepts: bool = False) -> _Told | None:
        """What one clause is, None where it is no limit."""
        rest = self._drop_lead(clause)
        if not rest:
            plain = not asks and not accepts and _low(clause[0]) not in ("oh", "aw", "aww")
            return ("no", "never") if plain and any(_low(t) in self._words["no_words"] for t in clause) else None
        text = _join(rest)
        said = SAID.match(text)
        if said and said.end() < len(text):
            inner = self._tell(rest[len(said.group().split()) :], asks, after_limit)
            return (inner[0], "alone") if inner and not asks else None
        told = self._order(rest, text, asks) or self._refusal(rest, text, len(rest) < len(clause)) or self._duty(text, after_limit)
        if told is None and not accepts:
            told = self._without_verb(rest, text)
        if told is None or (asks and told[0] == "no"):
            return None
        return (told[0], "never", *told[2:]) if asks else told

    def _drop_lead(self, clause: list[Token]) -> list[Token]:
        """The clause from its first word that says something; "no" before more words is part of the lead."""
        lead = (self._words["beside"] | self._words["no_words"]) - {"you", "u", "ya", "me", "this", "that", "it", "a", "on", "never"}
        place = 0
        while (
            place < len(clause)
            and _low(clause[place]) in lead
            and not (
                _low(clause[place]) == "no"
                and place + 1 < len(clause)
                and (
                    clause[place].dep_ == "det"
                    or _low(clause[place + 1]) == "means"
                    or any(_low(t).endswith("ing") for t in clause[place + 1 : place + 3])
                )
            )
        ):
            place += 1
        return clause[place:] if any(_low(t) not in self._words["beside"] | {"never"} for t in clause[place:]) else []

    def _order(self, rest: list[Token], text: str, asks: bool) -> _Told | None:
        frame = ORDER.match(text + " ")
        banned = bool(frame and (frame["not"] or frame["ban"] or frame["nots"]))
        if frame:
            rest = rest[len(frame.group().split()) :]
        rest = self._drop_lead(rest) if rest else rest
        if not rest:
            if frame and frame["dare"] and not asks:
                return "no", "never"  # "don't you dare": what is refused stands in the partner's line
            bare = frame and frame["not"] and not asks
            return ("stop", "alone", True) if bare else None
        verb, after = rest[0], rest[1:]
        if banned and _low(verb) == "keep" and after:
            verb, after = after[0], after[1:]
        if banned:
            return ("stop", "anywhere") if self._acts_on_me(verb, after) else None
        if _low(verb) in self._words["stop_verbs"]:
            return self._stop(verb, after, asks, bool(frame and frame["must"]))
        return self._sends_off(verb, after)

    def _stop(self, verb: Token, after: list[Token], asks: bool, must: bool) -> _Told | None:
        text = _join(after)
        if re.match(r"(?:right away |immediately )?(?:when|if|whenever|the moment|as soon as) i (?:say|said|tell|ask)", text):
            return "stop", "anywhere"
        bare = text if must else re.sub(r"^(?:doing )?(?:it|that|this|there|here)\b ?", "", text)
        if all(word in self._words["beside"] - {"with", "it", "that", "this"} for word in bare.split()):
            return None if asks or (_low(verb) != "stop" and not after) else ("stop", "alone")
        if _low(after[0]).endswith(("ing", "in")) and self._acts_on_me(after[0], after[1:]):
            return "stop", "anywhere"
        return None

    def _acts_on_me(self, verb: Token, after: list[Token]) -> bool:
        lemma = self._stem(verb)
        if lemma not in self._words["acts"]:
            return False
        own = self._own(verb, after)
        words = [_low(t) for t in after]
        if any(word in self._words["not_after"] for word in words):
            return False
        if lemma == "come" and own is None:
            return words[:1] in (["near"], ["closer"], ["nearer"], ["in"], ["any"]) and words[1:2] != ["with"]
        if own is None:
            return lemma in self._words["acts_unnamed"] and all(w in self._words["beside"] for w in words)
        place = next(place for place, token in enumerate(after) if token is own)
        between, beyond = words[:place], words[place + 1 :]
        if lemma in ("call", "hold", "ask", "beg"):  # a name, a grudge or a question is no touch
            return not between and all(word in self._words["beside"] or word in NO_OBJECT for word in beyond[:1])
        if lemma in self._words["goal_only"]:
            near = any(word in self._words["near"] for word in between) or (_low(own) == "my" and "to" in between)
            return near and not any(word.endswith("ing") for word in between)
        return _low(own) == "my" or lemma not in self._words["things_only"]

    def _stem(self, verb: Token) -> str:
        """The base form, also of an "-ing" that the tagger took for a noun."""
        lemma, bare = verb.lemma_.lower(), _low(verb).removesuffix("ing")
        if bare == _low(verb) or lemma != _low(verb):
            return lemma
        return next((each for each in (bare, bare + "e", bare[:-1]) if each in self._words["acts"]), lemma)

    def _own(self, verb: Token, after: list[Token]) -> Token | None:
        """The "me" or "my …" that the verb's object or goal is, by the parse; next to it, whatever the parse says of odd spelling."""
        for token in after:
            if _low(token) in ASIDE:
                return None
            if self._is_own(token) and token.dep_ != "nsubj" and (verb in token.ancestors or token.i - verb.i <= 3):
                return token
        return None

    def _is_own(self, token: Token) -> bool:
        """ "me", "my arm": the speaker or what is the speaker's, and not "my mother's phone"."""
        return _low(token) in self._words["me"] and not (token.dep_ == "poss" and token.head.dep_ == "poss")

    def _sends_off(self, verb: Token, after: list[Token]) -> _Told | None:
        """ "Get off me", "leave me alone", "take your hand away": a person or a hand is sent away from the speaker."""
        word, text = _low(verb), _join(after)
        for pattern in AWAY.get(word, ()):
            if pattern.match(text):
                return "stop", "anywhere"
        if word == "give" and text.startswith("me ") and "break" not in text:
            asked = {_low(t) for t in after[1:4]} & self._words["room_words"]
            return None if not asked else ("stop", "anywhere" if asked & {"room", "space", "air", "distance"} else "never")
        if word not in self._words["leaving_verbs"]:
            return None
        after = after[: next((place for place, token in enumerate(after) if _low(token) in ASIDE), len(after))]
        words = [_low(t) for t in after]
        mine = any(self._is_own(token) for token in after)
        if words[:1] in (["your"], ["ur"], ["those"]) and set(words[1:3]) & self._words["bodily"]:
            beyond = set(words[2:]) - self._words["beside"] - self._words["off_words"] - self._words["bodily"] - NOWHERE
            return ("stop", "anywhere") if mine or not beyond else None
        away = next((place for place, each in enumerate(words) if each in self._words["off_words"]), None)
        if away is None or set(words[:away]) - {"the", "well", "far", "right", "fuck", "hell", "please", "just"}:
            return None
        goal = set(words[away + 1 :]) - self._words["beside"] - self._words["off_words"] - NOWHERE
        if goal or mine:
            return ("stop", "anywhere") if mine else None
        if words[away] not in GOES_ALONE.get(word, ()) or words[away + 1 : away + 2] in (["there"], ["here"], ["and"]):
            return None
        return ("stop", "alone", True) if words[away] == "out" else ("stop", "anywhere")

    def _without_verb(self, rest: list[Token], text: str) -> _Told | None:
        if HALT.fullmatch(text):
            return "stop", "alone"
        words = [_low(t) for t in rest]
        goal = [token for token in rest[2:] if _low(token) not in self._words["beside"]]
        if words[0] in self._words["bodily"] and words[1:2] in (["off"], ["away"]):
            return ("stop", "anywhere") if not goal or any(self._is_own(token) for token in rest[2:]) else None
        if re.match(r"off (?:of )?(?:me|my)\b|back off\b", text):
            return "stop", "anywhere"
        if words[0] == "no" and any(
            w.endswith("ing") and self._stem(t) in self._words["acts_unnamed"] for w, t in zip(words[1:3], rest[1:3], strict=False)
        ):
            return "stop", "alone"
        if re.fullmatch(r"(?:(?:that|this|it) (?:is|'s) |i 've had )?enough(?: now)?", text):
            return "stop", "alone"
        return None

    def _refusal(self, rest: list[Token], text: str, led: bool) -> _Told | None:
        if re.match(r"not (?:until|till|unless|before) ", text):
            return (
                "no",
                "never",
                True,
            )  # a no with its price: both readings are open, so alone it is neither a boundary for sure nor a demand
        if WITHHOLDS.search(text):
            return None
        words = text.split()
        kept = len(words)
        while kept > 1 and words[kept - 1] in self._words["beside"]:
            kept -= 1
        stem, added = " ".join(words[:kept]), words[kept:]
        if stem == "not" and not added:
            return ("no", "alone") if led else None  # "absolutely not"
        if stem == "not" and added and added[0] in self._words["not_then"]:
            return "no", "never" if added[0] in ("yet", "again", "ever", "more") else "alone"
        if CLEAR_NO.fullmatch(stem):
            return None if "again" in added else ("no", "anywhere")
        if NO_DEBT.fullmatch(stem) or NO_DEBT.fullmatch(text) or (led and re.fullmatch(r"i(?: 'm|m| am) good|im good", stem)):
            return "no", "alone"
        if FIRM_NO.fullmatch(stem):
            return None if "again" in added else ("no", "alone")  # "I won't do it again" makes amends
        if SOFT_NO.fullmatch(stem) and "like you" not in text:
            return "no", "never"
        wish = WANTING.match(text)
        said = rest[len(wish.group().split()) :] if wish else []
        if wish is None or not said:
            return None
        if wish["you"]:
            return ("stop", "anywhere") if self._acts_on_me(said[0], said[1:]) else None
        return None if said[0].pos_ not in ("VERB", "AUX") or self._stem(said[0]) in self._words["no_limit_verbs"] else ("no", "never")

    def _duty(self, text: str, after_limit: bool) -> _Told | None:
        told = re.match(
            r"(?:(?:you|u|ya) (?:really |just )?(?:should|must|have to|need to|better|'d better|can) )?(?:just )?"
            r"(\w+) (?:my )?(\w+)(?: .*)?$",
            text,
        )
        if told is None or told[1] not in self._words["their_duty"] or told[2] not in self._words["own_say"]:
            return None
        return ("no", "never") if after_limit or f"{told[1]} my" in text or f"{told[1]} that i" in text else None

    def _adds_nothing(self, clause: list[Token], after_limit: bool) -> bool:
        words = [_low(t) for t in clause]
        text = _join(clause)
        said = " ".join(word for word in text.split() if word not in ("and", "so", "but"))
        if all(word in self._words["beside"] for word in words) or said in self._words["closing"]:
            return True
        if len(clause) == 1 and clause[0].pos_ == "PROPN":
            return True
        if re.match(r"(?:when|if|whenever) i (?:say|said)\b", text):
            return True
        return after_limit and bool(re.match(r"(?:i |i 'm |im |i am )(?:all )?(?:m )?(?:good|fine|alright|okay|ok)\b", text))


def _cut(doc: Doc) -> Iterator[tuple[list[Token], bool]]:
    """Clauses, and whether a question mark closes them. Cut at marks, before a hinge with a verb behind it, where a new "I …" runs on."""
    clause: list[Token] = []
    for place, token in enumerate(doc):
        mark = token.is_space or token.text[0] in MARKS
        verbs_ahead = _low(token) in HINGES and any(t.pos_ in ("VERB", "AUX", "INTJ") for t in _until_mark(doc, place + 1))
        runs_on = _low(token) in RUN_ON and bool(clause) and _low(clause[-1]) in BEFORE_RUN_ON
        if clause and (mark or verbs_ahead or runs_on):
            yield clause, token.text[0] == "?"
            clause = []
        if not mark:
            clause.append(token)
    if clause:
        yield clause, False


def _until_mark(doc: Doc, place: int) -> Iterator[Token]:
    while place < len(doc) and not doc[place].is_space and doc[place].text[0] not in MARKS:
        yield doc[place]
        place += 1


def _join(tokens: list[Token]) -> str:
    return " ".join(SPELT.get(_low(token), _low(token)) for token in tokens)


def _low(token: Token) -> str:
    """Lower case, with letters typed three times or more as one: "stooop", "noooo"."""
    return _STRETCHED.sub(r"\1", token.lower_)
