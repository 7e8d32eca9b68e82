"""The safety rules against their own lines, against the lines they were tuned on, and in every disguise."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from data.safety.rules import FOLDER, KINDS, read_rules
from web.safety import SafetyRules

DOOR = SafetyRules.load()
RULES = read_rules().rules
EXAMPLES = yaml.safe_load((FOLDER / "examples.yml").read_text(encoding="utf-8"))

LONG = (
    "I hear that the move worries you, and I want to listen. The boxes can wait until Sunday. I would like us to eat first, because I get "
    "grumpy when I am hungry. {} Would you be willing to ask your brother about the van? I can ask mine about the sofa. Thank you."
)

PLAIN_TIER_ONE = [
    ("self_harm", "I want to kill myself"),
    ("self_harm", "I don't want to be alive anymore"),
    ("self_harm", "I'm thinking about ending my life"),
    ("being_hurt", "he hits me"),
    ("being_hurt", "I'm scared to say no to him, he'll hurt me"),
    ("being_hurt", "they lock the door so I can't get out"),
    ("harm_to_others", "I'm going to kill her"),
]

BENIGN = [
    "you're killing me",
    "I'm dying to see you",
    "I could kill for a coffee",
    "dead tired",
    "I want to end it with him",
    "let's end it here and call tomorrow",
    "I want to die of embarrassment",
    "you hurt my feelings",
    'you said "I hate you" and I went quiet',
    "I don't want to kill myself, I want a holiday",
    "my gran was hit by a car thirty years ago",
    "stop",
    "no",
    "don't touch me",
    "red",
    "pause",
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_sees_its_must_lines_and_not_its_must_not_lines(rule):
    """A rule carries its own examples, so that whoever edits it sees at once what breaks."""
    for line in rule.must:
        assert any(seen.rule == rule.id and seen.tier == rule.tier for seen in DOOR.explain(line)), line
    for line in rule.must_not:
        assert all(seen.rule != rule.id for seen in DOOR.explain(line)), line
        finding = DOOR.look_at(line)
        assert finding is None or finding.tier == 2, line


@pytest.mark.parametrize("kind", KINDS)
def test_the_lines_tuned_on_are_seen(kind):
    """Nearly every disclosure that the rules were written for is Tier 1, and no topic of its list is passed over in silence."""
    lines = EXAMPLES["disclosures"][kind]
    missed = [line for line in lines if (finding := DOOR.look_at(line)) is None or finding.tier != 1]
    assert len(missed) <= 0.05 * len(lines), missed
    silent = [line for line in EXAMPLES["topics"][kind] if DOOR.look_at(line) is None]
    assert len(silent) <= 1, silent


@pytest.mark.parametrize("group", EXAMPLES["ordinary"])
def test_ordinary_rehearsal_talk_goes_through(group):
    """Limits, breakups, anger, grief, figures of speech, jokes, fiction, sport and work never stop the exercise."""
    stopped = [line for line in EXAMPLES["ordinary"][group] if (finding := DOOR.look_at(line)) is not None and finding.tier == 1]
    assert not stopped


def test_the_list_is_large_enough_and_no_line_stands_in_both_lists(held_out):
    """At least 150 disclosures and 250 ordinary lines to tune on, none of them kept back too."""
    own = {line for band in EXAMPLES.values() for lines in band.values() for line in lines}
    kept = {line for band in held_out.values() for lines in band.values() for line in lines}
    assert sum(len(lines) for lines in EXAMPLES["disclosures"].values()) >= 150
    assert sum(len(lines) for lines in EXAMPLES["ordinary"].values()) >= 250
    assert not own & kept


def disguise(line: str) -> list[str]:
    return [
        line.replace("'", "’"),
        line.replace("'", "‘"),
        line.replace("'", ""),
        line.upper(),
        line.replace(" ", "   "),
        f"  {line} 😞😞",
        "\u200b".join(line.split("e")).replace("\u200b", "e\u200b"),
        line.replace("i", "\u0456"),
        line + "!!!",
        LONG.format(line[0].upper() + line[1:] + "."),
        LONG.format("and " + line).replace(".", ","),
        "".join(chr(ord(letter) + 0xFEE0) if "a" <= letter <= "z" else letter for letter in line),
    ]


@pytest.mark.parametrize(("kind", "line"), PLAIN_TIER_ONE)
def test_no_disguise_hides_danger(kind, line):
    """K1: curly quotes, capitals, spaces, emoji, zero-width and lookalike letters, full width, the middle of a long reply."""
    for text in [line, *disguise(line)]:
        finding = DOOR.look_at(text)
        assert finding is not None and (finding.kind, finding.tier) == (kind, 1), text


@pytest.mark.parametrize("line", BENIGN)
def test_benign_traps_never_stop_the_exercise(line):
    """K2: figures of speech, endings of relationships, negations, quotations and bare limits are not Tier 1, in no disguise either."""
    for text in [line, *disguise(line)]:
        finding = DOOR.look_at(text)
        assert finding is None or finding.tier == 2, text


@pytest.mark.parametrize(
    "text",
    ["k1ll myself", "k*ll myself", "s u i c i d e is on my mind", "i want to d!e", "kms", "i wanna unalive myself", "i want to diiiiie"],
)
def test_masked_words_are_read(text):
    """Digits, stars, spaced and drawn-out letters and short forms for self-harm are read as the words they stand for."""
    finding = DOOR.look_at(f"i think about it all day. {text} for real" if text in ("k1ll myself", "k*ll myself", "kms") else text)
    assert finding is not None and (finding.kind, finding.tier) == ("self_harm", 1)


def test_signs_speak_only_together():
    """One sign alone is ordinary talk; two strong ones of the same kind are Tier 1; two of different kinds are not."""
    assert DOOR.look_at("I moved the wardrobe over the door.") is None
    assert DOOR.look_at("I moved the wardrobe over the door. He found the new address.").tier == 1
    assert DOOR.look_at("I've given my fishing stuff away already. I moved the wardrobe over the door.") is None


def test_a_finding_holds_none_of_the_words():
    """What is handed on names kind, tier and rule only, so that it may be counted without keeping what was typed."""
    finding = DOOR.look_at("I want to kill myself, zebra")
    assert "zebra" not in repr(finding) and set(vars(finding)) == {"kind", "tier", "rule"}


@given(st.text(max_size=300))
def test_any_string_gets_an_answer(text):
    """Nothing that can be typed makes the door fail."""
    finding = DOOR.look_at(text)
    assert finding is None or (finding.kind in KINDS and finding.tier in (1, 2))
