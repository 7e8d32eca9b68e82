"""Look at a text before anything else does: does it speak of danger, to whom, and how surely?

Pure and local: no model, no network, no other process. The rules are data (data/safety/rules); their protocol and their limits are docs/SAFETY.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from data.safety.rules import FOLDER, Kind, Rule, read_rules
from data.safety.spelling import Spelling, read_spelling
from web.safety.normalise import normalise
from web.safety.patterns import Pattern, PatternMaker


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

    def __init__(self, rules: tuple[_Compiled, ...], softeners: dict[str, tuple[Pattern, ...]], spelling: Spelling) -> None:
        self._rules = rules
        self._softeners = softeners
        self._spelling = spelling

    @classmethod
    def load(cls, folder: Path = FOLDER) -> SafetyRules:
        """Read and compile the rules. Raises ContentError."""
        book = read_rules(folder)
        maker = PatternMaker(book.words)
        rules = tuple(_Compiled(rule, maker.make_any(rule.any), maker.make_any(rule.unless)) for rule in book.rules)
        softeners = {name: maker.make_any(patterns) for name, patterns in book.words.softeners.items()}
        return cls(rules, softeners, read_spelling(maker.vocabulary, folder / "spelling.yml"))

    def look_at(self, text: str) -> Finding | None:
        """The gravest finding in `text`, or None. Never raises on any string."""
        plain = normalise(text, self._spelling)
        words = frozenset(plain.split())
        doubtful: Finding | None = None
        for compiled in self._rules:
            tier = self._apply(compiled, plain, words)
            if tier == 1:
                return Finding(compiled.rule.kind, 1, compiled.rule.id)
            if tier == 2 and doubtful is None:
                doubtful = Finding(compiled.rule.kind, 2, compiled.rule.id)
        return doubtful

    def _apply(self, compiled: _Compiled, plain: str, words: frozenset[str]) -> int:
        """The gravest tier (1, 2, or 0 for nothing) that this rule gives."""
        tiers = {0}
        for pattern in compiled.any:
            if not pattern.may_match(words):
                continue
            for found in pattern.regex.finditer(plain):
                tier = self._weigh(compiled, plain, found)
                if tier == 1:
                    return 1
                tiers.add(tier)
        return max(tiers)

    def _weigh(self, compiled: _Compiled, plain: str, found: re.Match[str]) -> int:
        """The tier of one match, once what stands around it in its sentence is heard."""
        sentence, negated = _cut_sentence(plain, found)
        words = frozenset(sentence.split())
        if negated or _matches(compiled.unless, sentence, words):
            return 0
        tier = compiled.rule.tier
        for name in compiled.rule.softened_by:
            if _matches(self._softeners[name], sentence, words):
                if name == "fiction":
                    return 0
                tier = 2
        return tier


def _matches(patterns: tuple[Pattern, ...], sentence: str, words: frozenset[str]) -> bool:
    return any(pattern.may_match(words) and pattern.regex.search(sentence) for pattern in patterns)


_DENIED_BEFORE = re.compile(
    r" (?:not (?:mean |think |that |saying |say |want |because |so )?(?:that |it )?|never (?:said |say |say that )?|nobody |no one |nothing |neither |would never )$"
)


def _cut_sentence(plain: str, found: re.Match[str]) -> tuple[str, bool]:
    """The sentence around the match, and whether the words just before the match deny it."""
    start = plain.rfind(" . ", 0, found.start()) + 2 if " . " in plain[: found.start()] else 0
    end = plain.find(" . ", max(found.end() - 2, found.start()))
    sentence = plain[start : end + 1 if end >= 0 else len(plain)]
    return sentence, _DENIED_BEFORE.search(plain[start : found.start()]) is not None
