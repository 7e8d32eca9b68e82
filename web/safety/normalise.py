"""Bring what people type into one plain shape, so that a rule meets "I don’t", "i dont" and "I do not" as the same words.

The plain text is for the rules only: it is never stored, shown or sent, and its places are not those of the text as typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from data.safety.spelling import Spelling

END = "."
"""The token that stands for the end of a sentence."""
PAUSES = frozenset(",:()—–")
NAME = "name"
"""The token that stands for a person's name: a capitalised word that is no common word."""

_QUOTES = str.maketrans("’‘ʼ`´′ʹ", "'''''''")
_LOOKALIKES = str.maketrans("аеорсухікѕАЕОРСУХІК", "aeopcyxiksAEOPCYXIK")  # Cyrillic letters that look Latin
_LEET = str.maketrans("013457@$", "oieastas")
_RUN = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"[A-Za-z0-9@$*]+(?:['!*&][A-Za-z0-9@$*]+)*|\.{2,}|[.?!;\n]|[,:()—–]")
_SPACED = re.compile(r"(?<![A-Za-z0-9'])(?:[A-Za-z0-9][ .*_-]{1,2}){2,}[A-Za-z0-9](?![A-Za-z0-9'])")
_LAUGHTER = re.compile("[😂🤣😅😆💀☠😹]")


@dataclass(frozen=True)
class Plain:
    """`text`: plain words with one space around each (" i do not . "), sentences end in " . ".

    `words`: all of them. `pauses`: the places in `text` of words that stood behind a comma or the like: rules read over it,
    a denial does not.
    """

    text: str
    words: frozenset[str]
    pauses: frozenset[int]


def normalise(text: str, spelling: Spelling) -> Plain:
    """`text` in plain words. Linear in its length."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).translate(_LOOKALIKES)
    plain = "".join(letter for letter in plain if not _is_unseen(letter))
    plain = "".join(letter for letter in unicodedata.normalize("NFD", plain) if not unicodedata.combining(letter))
    plain = _LAUGHTER.sub(" lol ", plain)
    plain = _SPACED.sub(_join_letters, plain)
    shouted = plain.upper() == plain
    words: list[str] = []
    pauses: set[int] = set()
    tokens = _TOKEN.findall(plain)
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else END
        if token in PAUSES:
            pauses.add(len(words))
        elif not token[0].isalnum() and token[0] not in "@$*":
            if len(token) == 1 and words and words[-1] != END:
                words.append(END)
        elif not shouted and token[0].isupper() and _is_name(token, spelling, first=words[-1:] in ([], [END]), following=following):
            words.append(NAME)
        else:
            words.extend(word for word in _spell(token.lower(), spelling) if word not in spelling.fillers)
    return _join(words, pauses)


def _join(words: list[str], pauses: set[int]) -> Plain:
    places = set()
    place = 1
    for number, word in enumerate(words):
        if number in pauses:
            places.add(place)
        place += len(word) + 1
    return Plain(f" {' '.join(words)} ", frozenset(words), frozenset(places))


def _is_unseen(letter: str) -> bool:
    """Zero-width and control characters that split a word for a program and not for a reader."""
    return unicodedata.category(letter) in ("Cf", "Cc") and letter not in "\n\r\t"


def _join_letters(spaced: re.Match[str]) -> str:
    """`s u i c i d e` as one word; letters that are words of their own (`i`, `a`, `u`) alone are left as they are."""
    letters = re.sub(r"[^A-Za-z0-9]", "", spaced.group())
    if all(letter in "iaurkxIAURKX" for letter in letters) or letters.isdigit():
        return spaced.group()
    return letters


def _is_name(token: str, spelling: Spelling, *, first: bool, following: str) -> bool:
    """Whether a capitalised word is a person's name; at the start of a sentence only when no function word follows ("Tom hit …")."""
    word = token.lower().split("'")[0]
    if len(word) < 2 or not word.isalpha() or not token[1 : len(word)].islower():
        return False
    if word in spelling.no_names or spelling.mend(word) != word:
        return False
    return not first or "'" in token or (following.isalpha() and following.lower() not in spelling.openers)


def _spell(token: str, spelling: Spelling) -> list[str]:
    """The plain words that `token` stands for."""
    written = token.strip("'*&!")
    if _RUN.search(written):
        once = _RUN.sub(r"\1", written)
        written = once if once in spelling.known else _RUN.sub(r"\1\1", written)
    if written in spelling.short_forms:
        return list(spelling.short_forms[written])
    if written.isalpha():
        return [spelling.mend(written)]
    if written.isdigit():
        return [written]
    if "!" in written and spelling.uncover(written) is None:
        return [word for part in written.split("!") for word in (*_spell(part, spelling), END)][:-1]
    if "'" in written:
        return _open_contraction(written, spelling)
    guessed = spelling.uncover(written) or written.translate(_LEET)
    if guessed in spelling.short_forms:
        return list(spelling.short_forms[guessed])
    return [spelling.mend(re.sub(r"[^a-z0-9]", "", guessed))]


def _open_contraction(written: str, spelling: Spelling) -> list[str]:
    """`don't` as do not, `he'll` as he will; a possessive `'s` is dropped, `he's` is he is."""
    without = written.replace("'", "")
    if without in spelling.short_forms:
        return list(spelling.short_forms[without])
    head, _, tail = written.rpartition("'")
    head = head.replace("'", "")
    endings = {"ll": "will", "d": "would", "ve": "have", "re": "are", "m": "am"}
    if tail == "t" and head.endswith("n"):
        return [head[:-1], "not"]
    if tail in endings:
        return [*_spell(head, spelling), endings[tail]]
    if tail in ("s", ""):
        return _spell(head, spelling)
    return [spelling.mend(without)]
