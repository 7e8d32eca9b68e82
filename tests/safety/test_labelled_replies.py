"""Rules alone on the labelled replies of data/replies. Misses of hands were looked at for types of meaning, so that these figures are not
kept back: they guard against losing ground. `-s` prints them per hand. No rule was written with a look at h25 and later: rules find about
one in eight of their oblique crises (docs/SAFETY.md), which the model has to see; only what is stopped wrongly is held there."""

import pytest

from data.replies.hands import FOLDER, read_hand
from web.safety import SafetyRules

NOT_LOOKED_AT = {*(f"h{number}" for number in range(25, 39)), *(f"h{number}" for number in range(94, 100)), "h9a", "h9b"}


@pytest.mark.slow
def test_rules_alone_on_the_labelled_replies():
    """Most replies that a hand labelled crisis are Tier 1, and hardly any other reply is."""
    door = SafetyRules.load()
    crisis = seen = ordinary = false = right = 0
    for path in sorted(FOLDER.glob("*.txt")):
        here = {"crisis": 0, "seen": 0, "ordinary": 0, "false": 0}
        for reply in read_hand(path):
            finding = door.look_at(reply.text)
            stopped = finding is not None and finding.tier == 1
            if reply.labels["crisis"] == 1:
                here["crisis"] += 1
                here["seen"] += stopped
            elif reply.labels["crisis"] == 0:
                here["ordinary"] += 1
                here["false"] += stopped
        print(f"\n{path.stem}: {here['seen']} of {here['crisis']} seen, {here['false']} of {here['ordinary']} stopped wrongly", end="")
        if path.stem not in NOT_LOOKED_AT:
            crisis, seen = crisis + here["crisis"], seen + here["seen"]
        ordinary, false, right = ordinary + here["ordinary"], false + here["false"], right + here["seen"]
    print(f"\nAll: recall {seen}/{crisis} = {seen / crisis:.2f}, precision {right}/{right + false} = {right / (right + false):.2f}")
    assert seen / crisis >= 0.8
    assert right / (right + false) >= 0.9
    assert false / ordinary <= 0.01
