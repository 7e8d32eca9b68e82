"""Look at a text before anything else does: does it speak of danger, to whom, and how surely?

Pure and local: no model, no network, no other process. The rules are data (data/safety/rules); protocol and limits: docs/SAFETY.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from data.safety.rules import FOLDER, KINDS, Kind, Rule, read_rules
from data.safety.spelling import Spelling, read_spelling
from web.safety.normalise import END, Plain, normalise
from web.safety.patterns import Pattern, PatternIndex, PatternMaker

ENOUGH = 3
"""The weight at which signs that say nothing alone make Tier 1 together."""
REACH = 25
"""Words to each side of a match in its sentence that may undo it; people type long without a full stop."""
SOFTENING_REACH = 12
"""Words to each side of a match that may soften it as past, told or played."""
PAST = frozenset({"past", "resolved"})
UNDOING = frozenset({"fiction", "sport", "joke", "hyperbole"})
NEARBY = frozenset({"joke", "sport"})
WHOLE_TEXT = frozenset({"resolved", "work"})
LONGEST_WORD = 20
"""Letters that a word is reckoned with when looking around a match."""
_DENIED = re.compile(
    r" (?:(?:not|never|nobody|no one|neither) (?:(?:that|it|is|because|think|think that) )?"
    r"|(?:not|never) (?:(?:want|wanting|wanted|going|plan|planning|try|trying|think|thinking|about|will|would|ever) )?(?:(?:to|of|about) )?"
    r"|(?:not|never) (?:say|said|saying|mean|meant|meaning) (?:[^ .]+ ){0,6})$"
)
"""Words just before a match that deny it."""


@dataclass(frozen=True)
class Finding:
    """What safety saw. Tier 1: the exercise pauses and help shows. Tier 2: a one-line footer. `rule` names the rule, never the words."""

    kind: Kind
    tier: int
    rule: str = ""


@dataclass(frozen=True)
class _Compiled:
    rule: Rule
    any: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


class SafetyRules:
    """The rules at the door. Holds no state between texts, so that one object serves every thread."""

    def __init__(
        self, rules: tuple[_Compiled, ...], softeners: dict[str, tuple[Pattern, ...]], present: tuple[Pattern, ...], spelling: Spelling
    ) -> None:
        self._rules = rules
        self._index = PatternIndex(pattern for compiled in rules for pattern in compiled.any)
        self._present = present
        self._softeners = softeners
        self._spelling = spelling

    @classmethod
    def load(cls, folder: Path = FOLDER) -> SafetyRules:
        """Read and compile the rules. Raises ContentError."""
        book = read_rules(folder)
        maker = PatternMaker(book.words)
        rules = tuple(_Compiled(rule, maker.make_any(rule.any), maker.make_any(rule.unless)) for rule in book.rules)
        softeners = {name: maker.make_any(patterns) for name, patterns in book.words.softeners.items()}
        present = maker.make_any(book.words.present)
        return cls(rules, softeners, present, read_spelling(maker.vocabulary, folder / "spelling.yml"))

    def look_at(self, text: str) -> Finding | None:
        """The gravest finding in `text`, or None. Never raises on any string."""
        plain = normalise(text, self._spelling)
        settled = self._find_settled(plain)
        worth_a_look = self._index.find(plain.words)
        doubtful: Finding | None = None
        weights: dict[str, int] = dict.fromkeys(KINDS, 0)
        for compiled in self._rules:
            rule = compiled.rule
            tier = self._apply(compiled, plain, settled, worth_a_look)
            if tier == 1:
                return Finding(rule.kind, 1, rule.id)
            if tier is not None:
                weights[rule.kind] += rule.weight
                if weights[rule.kind] >= ENOUGH:
                    return Finding(rule.kind, 1, "signs")
            if tier == 2 and doubtful is None:
                doubtful = Finding(rule.kind, 2, rule.id)
        return doubtful

    def explain(self, text: str) -> tuple[Finding, ...]:
        """What each rule by itself sees in `text`, signs with tier 0: for tests, the workbench and whoever writes rules."""
        plain = normalise(text, self._spelling)
        settled = self._find_settled(plain)
        worth_a_look = self._index.find(plain.words)
        seen = [(compiled.rule, self._apply(compiled, plain, settled, worth_a_look)) for compiled in self._rules]
        return tuple(Finding(rule.kind, tier, rule.id) for rule, tier in seen if tier is not None)

    def _find_settled(self, plain: Plain) -> frozenset[str]:
        """Those softeners that soften wherever they stand in the text."""
        return frozenset(name for name in WHOLE_TEXT if _matches(self._softeners[name], plain.text, plain.words))

    def _apply(self, compiled: _Compiled, plain: Plain, settled: frozenset[str], worth_a_look: set[Pattern]) -> int | None:
        """The gravest tier that this rule gives: 1, 2, 0 for a sign, None when it sees nothing."""
        gravest: int | None = None
        for pattern in compiled.any:
            if pattern not in worth_a_look or not pattern.may_match(plain.words):
                continue
            for found in pattern.regex.finditer(plain.text):
                tier = self._weigh(compiled, plain, found, settled)
                if tier == 1:
                    return 1
                if tier is not None:
                    gravest = max(tier, gravest or 0)
        return gravest

    def _weigh(self, compiled: _Compiled, plain: Plain, found: re.Match[str], settled: frozenset[str]) -> int | None:
        """The tier of one match once what stands around it is heard; None when that undoes it."""
        sentence, before = _cut_sentence(plain.text, found, REACH)
        near = frozenset(sentence.split())
        denied = found.start() not in plain.pauses and _DENIED.search(before)
        if denied or _matches(compiled.unless, sentence, near):
            return None
        tier = compiled.rule.tier
        sentence, _ = _cut_sentence(plain.text, found, SOFTENING_REACH)
        near = frozenset(sentence.split())
        now = _matches(self._present, sentence, near)
        for name in compiled.rule.softened_by:
            if name in PAST and now:
                continue
            if name in WHOLE_TEXT:
                softened = name in settled
            elif name in NEARBY:
                softened = _matches(self._softeners[name], *_cut_nearby(plain.text, found))
            else:
                softened = _matches(self._softeners[name], sentence, near)
            if softened:
                if name in UNDOING or tier == 0:
                    return None
                tier = 2
        return tier


def _matches(patterns: tuple[Pattern, ...], plain: str, words: frozenset[str]) -> bool:
    return any(pattern.may_match(words) and pattern.regex.search(plain) for pattern in patterns)


def _cut_sentence(plain: str, found: re.Match[str], reach: int) -> tuple[str, str]:
    """The sentence around a match, at most `reach` words to each side of it, and its part before the match."""
    left, right = _cut_around(plain, found, reach)
    left = left[left.rfind(f" {END} ") + 2 :] if f" {END} " in left else left
    end = f"{found.group()}{right}".find(f" {END} ", max(len(found.group()) - 2, 0))
    sentence = f"{left}{found.group()}{right}"
    return sentence if end < 0 else sentence[: len(left) + end + 1], left


def _cut_nearby(plain: str, found: re.Match[str]) -> tuple[str, frozenset[str]]:
    """The words around a match over the ends of sentences ("… kill him. Kidding."), as a text and as a set."""
    left, right = _cut_around(plain, found, SOFTENING_REACH)
    nearby = f"{left}{found.group()}{right}"
    return nearby, frozenset(nearby.split())


def _cut_around(plain: str, found: re.Match[str], reach: int) -> tuple[str, str]:
    """At most `reach` words to each side of a match; looks no further than that, so that a long text costs no more per match."""
    width = reach * LONGEST_WORD
    left = plain[max(0, found.start() - width) : found.start()].split()[-reach:]
    right = plain[found.end() : found.end() + width].split()[:reach]
    return " ".join(["", *left, ""]) if left else " ", "".join(f"{word} " for word in right)
