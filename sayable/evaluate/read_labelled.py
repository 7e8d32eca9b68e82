"""Read labelled replies to measure against: JSON lines, or the file of a hand."""

import difflib
from pathlib import Path
from typing import Any

import click

from data.criteria import KEYS
from data.replies.hands import BadHandFile, LabelledReply, read_hand
from sayable.json_lines import read_json_lines, read_text

EXPECTED = '{"id", "context", "text", "labels": {key: 1, 0 or null}, "evidence": {key: ["words", …]}}'


def read_labelled(path: Path) -> list[LabelledReply]:
    """The replies of `path`: `.txt` as in data/replies/WRITING.md, else JSON lines `{id, context, text, labels, evidence?}`.

    `evidence` may map a key to a list of strings found in the text. Raises click.ClickException with file and line.
    """
    if path.suffix == ".txt":
        read_text(path)  # says where a file is not UTF-8
        try:
            replies = list(read_hand(path))
        except BadHandFile as fault:
            raise click.ClickException(str(fault)) from None
    else:
        replies = [_read_reply(path, number, found) for number, found in read_json_lines(path)]
    if not replies:
        raise click.ClickException(f"{path}: holds no labelled reply")
    return replies


def _read_reply(path: Path, number: int, found: Any) -> LabelledReply:
    def fault(said: str) -> click.ClickException:
        return click.ClickException(f"{path}:{number}: {said}; expected {EXPECTED}")

    if not isinstance(found, dict):
        raise fault("not a labelled reply")
    text, context, labels, marks = found.get("text"), found.get("context"), found.get("labels"), found.get("evidence") or {}
    if not isinstance(text, str):
        raise fault('"text" is missing or not a string')
    if context is not None and not isinstance(context, str):
        raise fault('"context" is neither a string nor null')
    if not isinstance(labels, dict):
        raise fault('"labels" is missing or not an object')
    if not isinstance(marks, dict):
        raise fault('"evidence" is not an object')
    for key in (*labels, *marks):
        if key not in KEYS:
            raise fault(f"{key!r} is no criterion{_near(key)}")
    for key, label in labels.items():
        if label is not None and (isinstance(label, bool) or label not in (0, 1)):
            raise fault(f"the label of {key!r} is not 1, 0 or null")
    evidence = {}
    for key, parts in marks.items():
        if not isinstance(parts, list) or not all(isinstance(part, str) and part for part in parts):
            raise fault(f"the evidence of {key!r} is not a list of strings")
        for part in parts:
            if part not in text:
                raise fault(f"evidence of {key!r} is not in the text letter for letter")
        evidence[key] = tuple((text.find(part), text.find(part) + len(part)) for part in parts)
    return LabelledReply(str(found.get("id", number)), path.stem, context or None, text, {key: labels.get(key) for key in KEYS}, evidence)


def _near(key: str) -> str:
    near = difflib.get_close_matches(key, KEYS, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""
