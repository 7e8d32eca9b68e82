"""Read dialogues that no hand labelled turn by turn (data/replies/unlabelled): quarrels, everyday talk, listening."""

from pathlib import Path

from data.criteria import KEYS
from data.replies.hands import FOLDER as HANDS
from data.replies.hands import LabelledReply

FOLDER = HANDS.parent / "unlabelled"
HAND = "unlabelled"


def read_dialogues(folder: Path = FOLDER) -> list[LabelledReply]:
    """Each turn of each dialogue with the turn before it as its context, every label unclear.

    A file has one turn a line ("A: text") and a blank line between dialogues. Raises ValueError naming the file and the line that
    has no speaker.
    """
    nothing: dict[str, int | None] = dict.fromkeys(KEYS)
    found = []
    for path in sorted(folder.glob("*.txt")):
        before = None
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.startswith("#"):
                continue
            speaker, colon, text = line.partition(": ")
            if line.strip() and not (speaker and colon and text.strip()):
                raise ValueError(f"{path.name}:{number}: a turn is written NAME: text")
            text = text.strip()
            if text:
                found.append(LabelledReply(f"{path.stem}-{number}", HAND, before, text, nothing, {}))
            before = text or None
    return found
