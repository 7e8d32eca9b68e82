"""Read what hands graded: in turns of quarrels, how plainly each of the four accusing criteria is there.

A hand reads whole dialogues of data/replies/unlabelled and writes one line a turn: `quarrel_plain-17 b3 a2`, the turn, and for blame (b),
demand (d), absolutes (a) and pressure (p) a grade. 1 leans no, though a second reader might say yes; 2 is mild or arguable; 3 is plain.
What is not there is not written; a turn that has none of them gets `-`. `d?` leaves a criterion unclear.
"""

from collections.abc import Sequence
from pathlib import Path

from data.replies.dialogues import read_dialogues
from data.replies.hands import FOLDER as HANDS
from data.replies.hands import LabelledReply

FOLDER = HANDS.parent / "graded"
LETTERS = {"b": "blame", "d": "demand", "a": "absolutes", "p": "pressure"}
CHANCES = {"0": 0.0, "1": 0.25, "2": 0.75, "3": 1.0}
"""What a grade counts as: the chance that a second careful reader would say yes."""

Grades = dict[str, float | None]


def read_graded(folder: Path = FOLDER) -> list[tuple[LabelledReply, Grades]]:
    """Each graded turn with the chance of each of the four criteria, None where it is unclear.

    A turn that several hands graded has the mean of what they know. Raises ValueError naming file and line of a turn that no dialogue
    has, of one that comes twice in a file, or of a grade that cannot be read.
    """
    turns = {turn.id: turn for turn in read_dialogues()}
    found: dict[str, list[Grades]] = {}
    for path in sorted(folder.glob("*.txt")):
        for turn, grades in read_hand_of_grades(path).items():
            if turn not in turns:
                raise ValueError(f"{path.name}: there is no turn {turn}")
            found.setdefault(turn, []).append(grades)
    return [(turns[turn], _mean(grades)) for turn, grades in found.items()]


def read_hand_of_grades(path: Path) -> dict[str, Grades]:
    """The turns of one file with their grades, in its order. Raises ValueError naming file and line."""
    found: dict[str, Grades] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        turn, *marks = line.split()
        if turn in found:
            raise ValueError(f"{path.name}:{number}: {turn} comes twice")
        found[turn] = _read_marks(marks, f"{path.name}:{number}")
    return found


def _read_marks(marks: Sequence[str], place: str) -> Grades:
    grades: Grades = dict.fromkeys(LETTERS.values(), 0.0)
    if not marks:
        raise ValueError(f"{place}: a turn without a grade gets a '-'")
    for mark in marks:
        if mark == "-" and len(marks) == 1:
            continue
        key, grade = LETTERS.get(mark[:1]), mark[1:]
        if key is None or grade not in (*CHANCES, "?"):
            raise ValueError(f"{place}: {mark} is no grade: one of {', '.join(LETTERS)} and 1, 2, 3 or ?")
        grades[key] = None if grade == "?" else CHANCES[grade]
    return grades


def _mean(grades: Sequence[Grades]) -> Grades:
    """Per criterion the mean of what is known."""
    known = {key: [chance for each in grades if (chance := each[key]) is not None] for key in LETTERS.values()}
    return {key: sum(chances) / len(chances) if chances else None for key, chances in known.items()}
