"""Lines of our own scenes as examples of friendly, ordinary talk: a partner who is glad, agrees or thanks accuses nobody and pushes nobody.

The labelled replies hold little of such talk, and a scorer that has seen little of it takes a tidy sentence about the other person
for an accusation. What group a line stands in says what it does (data/scenarios/groups.py), so for `blame`, `pressure` and `crisis`
it is a plain no; for every other criterion nothing is known, and nothing is learnt from it.

The lines are kept in data/replies/partner_lines.jsonl, so that an edited scene does not change what is learnt;
`python -m sayable.train_scorer.partner_lines` takes them from the scenes anew.
"""

import json
import random
from pathlib import Path

from data.criteria import KEYS
from data.replies.hands import FOLDER as HANDS
from data.replies.hands import LabelledReply
from data.scenarios import list_scenes

KIND_GROUPS = (
    *("heard", "label_right", "label_surface", "need_right", "validated", "thanked", "checked_in", "room_given"),
    *("asked_feeling", "asked_need", "asked_us", "shared_feeling", "shared_warm", "shared_need", "shared_self", "recalls"),
    *("step_agree", "offer_taken", "settled", "reviewed", "limit_accept", "limit_held", "no_accepted", "repaired"),
)
PLAIN_NO = ("blame", "pressure", "crisis")
HAND = "partner-lines"
FILE = HANDS.parent / "partner_lines.jsonl"


def take_partner_lines(seed: int) -> list[dict[str, str | None]]:
    """Each fitting line of each scene as {"context", "text"}; the context is another such line of the scene, or, one time in five, null."""
    rng = random.Random(seed)
    found: list[dict[str, str | None]] = []
    for scene in sorted(list_scenes(), key=lambda scene: scene.id):
        groups = [scene.lines[name] for name in KIND_GROUPS if name in scene.lines]
        lines = [line for group in groups for line in (*group.open, *group.any) if "{" not in line]
        for line in lines:
            context = rng.choice(lines) if rng.random() < 0.8 else None
            found.append({"context": context if context != line else None, "text": line})
    rng.shuffle(found)
    return found


def read_partner_lines(path: Path = FILE) -> list[LabelledReply]:
    """The kept lines as replies of the hand `partner-lines`, known only for what they are not."""
    found = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines()):
        line = json.loads(row)
        labels: dict[str, int | None] = {key: 0 if key in PLAIN_NO else None for key in KEYS}
        found.append(LabelledReply(f"line-{number}", HAND, line["context"], line["text"], labels, {}))
    return found


if __name__ == "__main__":
    rows = [json.dumps(line, ensure_ascii=False) for line in take_partner_lines(seed=7)]
    FILE.write_text("\n".join(rows) + "\n", encoding="utf-8")
