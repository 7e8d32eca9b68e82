"""The rules on lines that were written before them and that they are never tuned on (K10). `-s` prints the figures of docs/SAFETY.md."""

import pytest

from web.safety import SafetyRules

DOOR = SafetyRules.load()

# Floors a little below what was measured, so that a change that loses ground fails here. Never tuned on: raise them only when the
# figure rose without looking at the lines.
RECALL_FLOORS = {"self_harm": 0.85, "being_hurt": 0.95, "harm_to_others": 0.90}
PRECISION_FLOOR = 0.93
FOOTER_CEILING = 0.03


def is_tier_one(line):
    finding = DOOR.look_at(line)
    return finding is not None and finding.tier == 1


def test_the_kept_back_list_is_large_enough(held_out):
    """At least 120 disclosures and 200 ordinary lines are kept back."""
    assert sum(len(lines) for lines in held_out["disclosures"].values()) >= 120
    assert sum(len(lines) for lines in held_out["ordinary"].values()) >= 200


@pytest.mark.parametrize("kind", RECALL_FLOORS)
def test_disclosures_kept_back_are_seen(held_out, kind):
    """Recall of Tier 1 by rules alone, per kind."""
    lines = held_out["disclosures"][kind]
    seen = sum(is_tier_one(line) for line in lines)
    print(f"\nTier 1 recall, {kind}: {seen} of {len(lines)} = {seen / len(lines):.2f}")
    assert seen / len(lines) >= RECALL_FLOORS[kind]


def test_ordinary_lines_kept_back_go_through(held_out):
    """Precision of Tier 1 and the share of ordinary lines that get the one-line footer."""
    true = sum(is_tier_one(line) for lines in held_out["disclosures"].values() for line in lines)
    ordinary = [line for lines in held_out["ordinary"].values() for line in lines]
    false = sum(is_tier_one(line) for line in ordinary)
    footers = sum(DOOR.look_at(line) is not None for line in ordinary) - false
    print(f"\nTier 1 precision: {true} of {true + false} = {true / (true + false):.2f}")
    print(f"Footers on ordinary lines: {footers} of {len(ordinary)}")
    assert true / (true + false) >= PRECISION_FLOOR
    assert footers / len(ordinary) <= FOOTER_CEILING


def test_topics_kept_back_are_never_passed_over(held_out):
    """A past, oblique or doubtful mention of danger gets at least the footer."""
    lines = [line for group in held_out["topics"].values() for line in group]
    seen = sum(DOOR.look_at(line) is not None for line in lines)
    print(f"\nTopics with footer or panel: {seen} of {len(lines)}")
    assert seen / len(lines) >= 0.9


def test_kinds_are_told_apart(held_out):
    """Whoever is shown help is shown the help for their kind of danger: rarely another."""
    right = wrong = 0
    for kind, lines in held_out["disclosures"].items():
        for line in lines:
            finding = DOOR.look_at(line)
            if finding is not None and finding.tier == 1:
                right += finding.kind == kind
                wrong += finding.kind != kind
    print(f"\nKind right: {right} of {right + wrong}")
    assert right / (right + wrong) >= 0.9
