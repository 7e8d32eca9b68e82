"""A long list a piece at a time, the latest first: which piece is shown, and of how many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Piece(Generic[Row]):
    """The rows of one piece; `number` counts from 1, `of` is at least 1, `whole` is how many rows there are in all."""

    rows: tuple[Row, ...]
    number: int = 1
    of: int = 1
    whole: int = 0

    @property
    def older(self) -> int | None:
        """The number of the next piece, if there is one."""
        return self.number + 1 if self.number < self.of else None

    @property
    def newer(self) -> int | None:
        """The number of the piece before, if there is one."""
        return self.number - 1 if self.number > 1 else None


def take_piece(whole: int, size: int, wanted: int, read: Callable[[int, int], Iterable[Row]]) -> Piece[Row]:
    """Piece number `wanted` of `whole` rows, `size` in each; the nearest there is when it is none (its last row may just be erased).

    `read(limit, offset)` reads the rows.
    """
    of = max(1, -(-whole // size))
    number = min(max(wanted, 1), of)
    return Piece(tuple(read(size, (number - 1) * size)) if whole else (), number, of, whole)
