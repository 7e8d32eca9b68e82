"""Read the labelled replies that the hands wrote (data/replies/WRITING.md explains the file of one hand)."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from data.criteria import KEYS, NEEDS_CONTEXT

FOLDER = Path(__file__).parent / "hands"


@dataclasses.dataclass(frozen=True)
class LabelledReply:
    """One reply with its labels.

    `labels` maps each of the 19 keys to 1, 0 or None (unclear). `evidence` maps a present key to stretches of `text`
    as (start, end) in code points.
    """

    id: str
    hand: str
    context: str | None
    text: str
    labels: dict[str, int | None]
    evidence: dict[str, tuple[tuple[int, int], ...]]


class BadHandFile(ValueError):
    """A block that cannot be read; the message names file and line."""


def read_hands(folder: Path = FOLDER) -> list[LabelledReply]:
    """Every labelled reply below `folder`, in file and line order. Raises BadHandFile."""
    replies: list[LabelledReply] = []
    for path in sorted(folder.glob("*.txt")):
        replies.extend(read_hand(path))
    return replies


def read_hand(path: Path) -> Iterator[LabelledReply]:
    """The labelled replies of one hand. Raises BadHandFile on the first fault."""
    for number, lines in _blocks(path.read_text(encoding="utf-8")):
        yield _read_block(path, number, lines)


def _blocks(text: str) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.startswith("#"):
            continue
        if line.strip():
            lines.append((number, line))
        elif lines:
            yield lines[0][0], lines
            lines = []


def _read_block(path: Path, first: int, lines: list[tuple[int, str]]) -> LabelledReply:
    context: str | None = None
    context_seen = False
    reply: list[str] = []
    present: dict[str, list[str]] = {}
    unclear: set[str] = set()
    for number, line in lines:
        mark, rest = line[:2], line[2:]
        if mark == "@ ":
            context, context_seen = (None if rest.strip() == "-" else rest.strip()), True
        elif mark in ("> ", ">"):
            reply.append(rest)
        elif mark == "+ ":
            key, _, stretches = rest.partition(":")
            _known(path, number, key.strip())
            present[key.strip()] = [part.strip() for part in stretches.split(" | ") if part.strip()]
        elif mark == "? ":
            for name in rest.replace(",", " ").split():
                _known(path, number, name)
                unclear.add(name)
        else:
            raise BadHandFile(f"{path}:{number}: a line starts with '@ ', '> ', '+ ', '? ' or '#'")
    if not context_seen or not "".join(reply).strip():
        raise BadHandFile(f"{path}:{first}: a block needs an '@ ' line and a '> ' line")
    text = "\n".join(reply)
    evidence: dict[str, tuple[tuple[int, int], ...]] = {}
    for key, parts in present.items():
        evidence[key] = tuple(_find(path, first, text, part) for part in parts)
    if context is None:
        unclear |= NEEDS_CONTEXT
    labels: dict[str, int | None] = {}
    for key in KEYS:
        labels[key] = 1 if key in present else (None if key in unclear else 0)
    return LabelledReply(f"{path.stem}-{first}", path.stem, context, text, labels, evidence)


def _known(path: Path, number: int, key: str) -> None:
    if key not in KEYS:
        raise BadHandFile(f"{path}:{number}: unknown criterion {key!r}")


def _find(path: Path, first: int, text: str, part: str) -> tuple[int, int]:
    start = text.find(part)
    if start < 0:
        raise BadHandFile(f"{path}:{first}: evidence is not in the reply letter for letter: {part!r}")
    return start, start + len(part)
