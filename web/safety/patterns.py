"""Turn the patterns of the rules into bounded regular expressions over normalised words.

A pattern is a row of elements: `word`, `a|b`, `hit~` (all forms of a verb), `<group>`, `..` (up to 3 words), `...` (up to 6), `....` (up
to 12), `^` and `$` (start and end of a sentence); `?` after an element: may be left out. Gaps never cross the end of a
sentence and never hold a negation, so that "I am not going to …" does not match a pattern that says "I am going to …".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from data.safety.rules import Words, split_pattern

_GAPS = {"..": 3, "...": 6, "....": 12}
_NEGATION = "not|never|no|nobody|none|neither|nor|without"
_GAP_WORD = rf"(?!(?:{_NEGATION}|\.) )[^ ]+ "


@dataclass(frozen=True, eq=False)
class Pattern:
    """A compiled pattern; `needs`: of each set at least one word must be in the text, else there is no use in searching.

    Two patterns are the same when they are one object: so that sets of them cost little.
    """

    regex: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def may_match(self, words: frozenset[str]) -> bool:
        return all(not need.isdisjoint(words) for need in self.needs)


class PatternIndex:
    """Which of many patterns are worth a look at a text: an ordinary sentence leaves a few dozen of a thousand."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        known = tuple(patterns)
        often = Counter(word for pattern in known for need in pattern.needs for word in need)
        self._always = {pattern for pattern in known if not pattern.needs}
        self._by_word: dict[str, set[Pattern]] = {}
        for pattern in known:
            # "i" and "you" are needed by hundreds and are in every reply: a pattern is found by the need that is least like that
            for word in min(pattern.needs, key=lambda need: max(often[word] for word in need), default=()):
                self._by_word.setdefault(word, set()).add(pattern)

    def find(self, words: Iterable[str]) -> set[Pattern]:
        """Every pattern that may match a text of these words, and some that do not."""
        return self._always.union(*(self._by_word[word] for word in words if word in self._by_word))


class PatternMaker:
    """Compiles patterns; keeps every word that any of them names in `vocabulary`."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._groups: dict[str, tuple[str, frozenset[str]]] = {}
        self.vocabulary: set[str] = set()

    def make(self, pattern: str) -> Pattern:
        source, needs = self._join(pattern)
        return Pattern(re.compile(f"(?<= ){source}"), tuple(needs))

    def make_any(self, patterns: Iterable[str]) -> tuple[Pattern, ...]:
        return tuple(self.make(pattern) for pattern in patterns)

    def _join(self, pattern: str) -> tuple[str, list[frozenset[str]]]:
        source, needs = "", []
        for element, optional in split_pattern(pattern):
            piece, first = self._write(element)
            source += f"(?:{piece})?" if optional else piece
            if first and not optional:
                needs.append(first)
        return source, needs

    def _write(self, element: str) -> tuple[str, frozenset[str]]:
        """The expression of one element and the words of which it needs one."""
        if element in _GAPS:
            return f"(?:{_GAP_WORD}){{0,{_GAPS[element]}}}?", frozenset()
        if element == "^":
            return r"(?:(?<=^ )|(?<= \. ))", frozenset()
        forms: set[str] = set()
        first: set[str] = set()
        pieces: list[str] = []
        always = True  # whether each alternative has a word of its own
        for word in element.split("|"):
            if word == "$":
                pieces.append(r"(?=\. |$)")
                always = False
            elif word.startswith("<"):
                piece, needs = self._write_group(word[1:-1])
                pieces.append(piece)
                always = always and bool(needs)
                first |= needs
            else:
                forms |= self.inflect(word[:-1]) if word.endswith("~") else {word}
        self.vocabulary |= forms
        if forms:
            pieces.append(f"(?:{'|'.join(sorted(forms))}) ")
        return f"(?:{'|'.join(pieces)})", frozenset(first | forms) if always else frozenset()

    def _write_group(self, name: str) -> tuple[str, frozenset[str]]:
        if name not in self._groups:
            pieces: list[str] = []
            first: set[str] = set()
            always = True  # whether each alternative has a word of its own
            for alternative in self._words.groups[name]:
                piece, needs = self._join(alternative)
                pieces.append(piece)
                always = always and bool(needs)
                first |= needs[0] if needs else set()
            self._groups[name] = f"(?:{'|'.join(pieces)})", frozenset(first) if always else frozenset()
        return self._groups[name]

    def inflect(self, verb: str) -> set[str]:
        """All forms of a verb."""
        if verb in self._words.irregular:
            return {verb, *self._words.irregular[verb]}
        if verb.endswith("e"):
            return {verb, verb + "s", verb + "d", verb[:-1] + "ing"}
        if verb.endswith("y") and verb[-2] not in "aeou":
            return {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
        plural = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        return {verb, plural, verb + "ed", verb + "ing"}
