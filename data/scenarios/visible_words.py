"""Texts of a scene that somebody can see and read: blanks and characters without a shape are no words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

SHAPELESS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Characters that Unicode counts among letters, marks or symbols and that are drawn as nothing."""
SLOT = re.compile(r"\{\w*\}")


def is_invisible(character: str) -> bool:
    """Whether nothing is seen of a character: a blank, a control or format character (such as U+200B), one of SHAPELESS."""
    return character.isspace() or character in SHAPELESS or unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs")


def strip_invisible(value: Any) -> Any:
    """A text without the blanks and invisible characters at its ends; inside they may be wanted. Any other value as it is."""
    if not isinstance(value, str):
        return value
    start, end = 0, len(value)
    while start < end and is_invisible(value[start]):
        start += 1
    while end > start and is_invisible(value[end - 1]):
        end -= 1
    return value[start:end]


def require_a_letter(text: str) -> str:
    """The text itself. Raises ValueError when no letter of any script can be seen in it; a slot (`{step}`) may stand for words."""
    if not SLOT.search(text) and not any(character.isalpha() and character not in SHAPELESS for character in text):
        raise ValueError("has no letter in it; write it in words that can be read")
    return text


def require_a_letter_or_digit(text: str) -> str:
    """As `require_a_letter`, for words that are looked for: "50/50" can be typed, "???" leads nowhere."""
    return text if any(character.isdigit() for character in text) else require_a_letter(text)


@dataclass(frozen=True)
class Readable:
    """Beside a `str` in a model: stripped first, then measured by its `Field`, then a letter (or a digit, if `digits`) is required."""

    digits: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        require = require_a_letter_or_digit if self.digits else require_a_letter
        schema = core_schema.no_info_after_validator_function(require, handler(source))
        return core_schema.no_info_before_validator_function(strip_invisible, schema)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Editors that know the JSON Schema are told as much as a short pattern can say."""
        return {**handler(schema), "pattern": r"\S"}
