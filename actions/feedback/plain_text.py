"""Flatten what a person typed into plain words for the reading model, remembering where each character came from.

Curly quotes become straight, an emoji becomes its Unicode name, invisible characters go, and long runs of one
character shrink, so that "sooooo!!!!!! 🙄" reads like "soo!! face with rolling eyes". Two thousand brackets then
cost no more than a sentence of words.
"""

import dataclasses
import unicodedata

_FOLDED = {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "..."}
_LONGEST_RUN = 2
_LONGEST_PUNCTUATION = 4


@dataclasses.dataclass(frozen=True)
class PlainText:
    """`text` for the model; `origin[i]` is the code point of the typed text that character i stands for."""

    text: str
    origin: tuple[int, ...]


def flatten(typed: str) -> PlainText:
    """Flatten `typed` (any str, also empty or malformed). Never raises."""
    characters: list[str] = []
    origin: list[int] = []
    run_of, run_length, punctuation_run, last_emoji = "", 0, 0, ""
    for position, character in enumerate(typed):
        category = unicodedata.category(character)
        if category in ("Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me") and character not in "\n\t\r":
            continue
        if category[0] == "Z" or character in "\n\t\r":
            replacement = "\n" if character == "\n" else " "
        elif category in ("So", "Sk") and ord(character) > 0x2000:
            if character == last_emoji or "EMOJI MODIFIER" in unicodedata.name(character, ""):
                continue
            last_emoji = character
            replacement = f" {unicodedata.name(character, 'symbol').lower()} "
        else:
            replacement = _FOLDED.get(character, character)
        if category[0] not in ("Z", "S") and character not in "\n\t\r":
            last_emoji = ""
        run_length = run_length + 1 if character == run_of else 1
        run_of = character
        allowed = 3 if character == "." else _LONGEST_RUN
        if run_length > allowed and not character.isdigit():
            continue
        punctuation_run = punctuation_run + 1 if category[0] == "P" else (punctuation_run if category[0] == "Z" else 0)
        if punctuation_run > _LONGEST_PUNCTUATION:
            continue
        characters.append(replacement)
        origin.extend([position] * len(replacement))
    return PlainText("".join(characters), tuple(origin))
