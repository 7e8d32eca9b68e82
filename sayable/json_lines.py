"""Read a file of JSON lines as people save it: with a byte-order mark, with any line end, with odd characters inside strings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from sayable.finite_json import parse_json


def read_json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """(line number, value) of every line that is not blank. Raises click.ClickException with file and line.

    Lines end at a line feed alone: U+2028, U+0085 and the like may stand inside a JSON string.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = parse_json(line)
        except (ValueError, RecursionError):
            raise click.ClickException(f"{path}:{number}: is not JSON") from None
        yield number, value


def read_text(path: Path) -> str:
    """The text of `path`, in UTF-8 with or without a byte-order mark. Raises click.ClickException with file and line."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise click.ClickException(f"{path}:{line}: is not UTF-8; save the file as UTF-8") from None
