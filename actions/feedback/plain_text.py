"""Flatten what a person typed into plain words for the reading model, remembering where each character came from.

Curly quotes become straight, an emoji becomes its Unicode name, invisible characters go, and long runs of one
character shrink, so that "sooooo!!!!!! 🙄" reads like "soo!! face with rolling eyes". Two thousand brackets then
cost no more than a sentence of words.
"""

import dataclasses
import unicodedata

_FOLDED = {
    **dict.fromkeys("‘’ʼ`´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—", "-"),
    "…": "...",
}
_LONGEST_RUN = 2
_LONGEST_PUNCTUATION = 4
_LONGEST_SYMBOLS = 4
_MOST_SYMBOLS = 32


@dataclasses.dataclass(frozen=True)
class PlainText:
    """`text` for the model; `origin[i]` is the code point of the typed text that character i stands for."""

    text: str
    origin: tuple[int, ...]


def has_words(typed: str) -> bool:
    """Whether a letter or a digit was typed. Marks and emoji alone are no words: many readings of them are equally good."""
    return any(character.isalnum() for character in typed)


def flatten(typed: str) -> PlainText:
    """Flatten `typed` (any str, also empty or malformed). Never raises."""
    characters: list[str] = []
    origin: list[int] = []
    run_of, run_length, punctuation_run, symbol_run, symbols, last_emoji = "", 0, 0, 0, 0, ""
    for position, character in enumerate(typed):
        category = unicodedata.category(character)
        if category in ("Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me") and character not in "\n\t\r":
            continue
        if category[0] == "Z" or character in "\n\t\r":
            replacement = "\n" if character == "\n" else " "
        elif category in ("So", "Sk") and ord(character) > 0x2000:
            if character == last_emoji or "EMOJI MODIFIER" in unicodedata.name(character, ""):
                continue
            symbol_run, symbols = symbol_run + 1, symbols + 1
            if symbol_run > _LONGEST_SYMBOLS or symbols > _MOST_SYMBOLS:
                continue
            last_emoji = character
            replacement = f" {unicodedata.name(character, 'symbol').lower()} "
        else:
            replacement = _FOLDED.get(character, character)
        if category[0] not in ("Z", "S") and character not in "\n\t\r":
            last_emoji, symbol_run = "", 0
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


def blank_noise(typed: str) -> str:
    """`typed` with the same length, quotes straight, and long runs of marks or symbols turned into spaces.

    Grammar reads this: a parser spends as much on each bracket as on a word, and learns nothing from the tenth.
    """
    characters = []
    run = 0
    for character in typed:
        folded = _FOLDED.get(character, character)
        folded = folded if len(folded) == 1 else "."
        if folded.isalnum():
            run = 0
        elif not folded.isspace():
            run += 1
        plain = folded.isalnum() or folded.isspace() or folded in ".,;:!?'\"()-/&%$#@*"
        characters.append(folded if plain and run <= _LONGEST_PUNCTUATION else " ")
    return "".join(characters)
