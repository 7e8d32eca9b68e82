"""Only patterns that may match are looked for, and none that matches is left out."""

import pytest

from web.safety import SafetyRules
from web.safety.normalise import normalise
from web.safety.patterns import Pattern

DOOR = SafetyRules.load()
PATTERNS = [pattern for compiled in DOOR._rules for pattern in compiled.any]
LINES = [line for compiled in DOOR._rules for line in (*compiled.rule.must, *compiled.rule.must_not)]
ORDINARY = "I feel anxious when plans change at the last minute, and I need some warning. Could you call me if you will be late again?"


def test_no_pattern_that_matches_is_left_out():
    """Of every line that the rules give as example, each pattern that matches it is among those looked at."""
    assert len(LINES) > 100 and len(PATTERNS) > 200
    matched = 0
    for line in LINES:
        plain = normalise(line, DOOR._spelling)
        worth_a_look = DOOR._index.find(plain.words)
        missing = [pattern for pattern in PATTERNS if pattern.regex.search(plain.text) and pattern not in worth_a_look]
        assert missing == [], line
        matched += sum(pattern.regex.search(plain.text) is not None for pattern in PATTERNS)
    assert matched > 200


def test_an_ordinary_reply_looks_at_few(monkeypatch):
    """Of more than a thousand patterns fewer than a fifth are asked whether they may match."""
    asked: list[Pattern] = []
    may_match = Pattern.may_match
    monkeypatch.setattr(Pattern, "may_match", lambda pattern, words: asked.append(pattern) or may_match(pattern, words))
    assert DOOR.look_at(ORDINARY) is None
    everything = sum(len(each) for each in (PATTERNS, *DOOR._softeners.values()))
    assert 0 < len(asked) < everything / 5


@pytest.mark.parametrize("text", ["", " ", "🙂", "xq"])
def test_a_text_without_a_known_word_looks_only_at_what_needs_none(text):
    """Patterns that need no word are looked at whatever is typed."""
    found = DOOR._index.find(normalise(text, DOOR._spelling).words)
    assert found == {pattern for pattern in PATTERNS if not pattern.needs}
