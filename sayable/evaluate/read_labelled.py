"""Read labelled replies to measure against: JSON lines, or the file of a hand."""

import json
from pathlib import Path

import click

from data.criteria import KEYS
from data.replies.hands import BadHandFile, LabelledReply, read_hand


def read_labelled(path: Path) -> list[LabelledReply]:
    """The replies of `path`: `.txt` as in data/replies/WRITING.md, else JSON lines `{id, context, text, labels, evidence?}`.

    `evidence` may map a key to a list of strings found in the text. Raises click.ClickException with file and line.
    """
    if path.suffix == ".txt":
        try:
            return list(read_hand(path))
        except BadHandFile as fault:
            raise click.ClickException(str(fault)) from None
    replies = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            replies.append(_read_line(path, number, line))
    return replies


def _read_line(path: Path, number: int, line: str) -> LabelledReply:
    try:
        found = json.loads(line)
        text, labels = found["text"], found["labels"]
        if not isinstance(text, str) or any(labels.get(key) not in (0, 1, None) for key in KEYS):
            raise ValueError
        evidence: dict[str, tuple[tuple[int, int], ...]] = {}
        for key, parts in (found.get("evidence") or {}).items():
            evidence[key] = tuple((text.find(part), text.find(part) + len(part)) for part in parts if part in text)
    except (ValueError, KeyError, TypeError, AttributeError):
        expected = '{"id", "context", "text", "labels": {key: 1, 0 or null}}'
        raise click.ClickException(f"{path}:{number}: not a labelled reply; expected {expected}") from None
    context = found.get("context") or None
    return LabelledReply(str(found.get("id", number)), path.stem, context, text, {key: labels.get(key) for key in KEYS}, evidence)
