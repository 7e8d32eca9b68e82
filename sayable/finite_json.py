"""Read JSON that can be written again: Python's reader also takes NaN, Infinity and 1e999, which are no JSON."""

import json
import math
from typing import Any


class NotFinite(ValueError):
    """A number that no JSON can hold."""


def parse_json(text: str) -> Any:
    """The value of `text`. Raises NotFinite, or ValueError or RecursionError as json.loads does."""
    return json.loads(text, parse_constant=_refuse, parse_float=_read_float)


def _refuse(name: str) -> float:
    raise NotFinite(name)


def _read_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise NotFinite("a number beyond what a float holds")
    return number
