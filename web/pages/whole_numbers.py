"""Whole numbers in addresses and forms: at most nine digits, so that Python, SQLite and PostgreSQL all take them.

Anything else (a sign, letters, other digits than 0 to 9, ten digits and more) is an address at which there is nothing.
"""

from __future__ import annotations

import re

from flask import Flask
from werkzeug.routing import IntegerConverter

from web.rehearsal.faults import NotFound

_DIGITS = "[0-9]{1,9}"


class WholeNumber(IntegerConverter):
    """What `<int:…>` in a route takes; without the bound a version of thirty digits would reach the database and break there."""

    regex = _DIGITS


def bound_numbers(app: Flask) -> None:
    """Let every `<int:…>` of `app` take such numbers only; before any route is made."""
    app.url_map.converters["int"] = WholeNumber


def is_number(text: str) -> bool:
    return re.fullmatch(_DIGITS, text) is not None


def read_number(text: str) -> int:
    """A number from a form or a query. Raises NotFound."""
    if not is_number(text):
        raise NotFound
    return int(text)
