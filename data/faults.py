"""A fault in a content file, told so that whoever edits the file can find and mend it."""

from __future__ import annotations

from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent


class ContentError(Exception):
    """One fault in one content file: where it is, what is wrong and what would mend it.

    `str()` reads like ``data/scenarios/S17.yml:41: partner.hidden.need: missing; add the need behind the feeling``.
    """

    def __init__(self, path: str | Path, line: int, key: str, problem: str, remedy: str = "") -> None:
        super().__init__(path, line, key, problem, remedy)
        self.path = Path(path)
        self.line = line
        self.key = key
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        path = self.path
        if path.is_absolute() and path.is_relative_to(HOUSE):
            path = path.relative_to(HOUSE)
        told = f"{path}:{self.line}: "
        if self.key:
            told += f"{self.key}: "
        told += self.problem
        if self.remedy:
            told += f"; {self.remedy}"
        return told
