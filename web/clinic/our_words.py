"""Our own texts in every language that a page may speak, before a clinic lays its own over them.

What the action server says is English, and so is what is stored; a page words it for whoever reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask_babel import get_locale

from data.dialogue.around import Around, read_around
from data.rubric.wording import Wording, list_wording_locales, read_wording_for
from data.safety.help import HelpBook, read_help, read_help_beside


@dataclass(frozen=True)
class OurWords:
    """In one language: the wording of feedback, the help texts with where to turn, and what the program says around the practice."""

    wording: Wording
    help_book: HelpBook
    around: Around


def read_our_words(home: Path, house_locale: str) -> dict[str, OurWords]:
    """By locale: the house's own (English texts where it has none of its own), English, and every translation. Raises ContentError."""
    main = read_help(house_locale, home)
    found = {house_locale: OurWords(read_wording_for(house_locale), main, read_around(house_locale))}
    for locale in list_wording_locales():
        if locale not in found:
            found[locale] = OurWords(read_wording_for(locale), read_help_beside(locale, home, main), read_around(locale))
    return found


def find_words_locale(there: Mapping[str, object], house_locale: str) -> str:
    """The language of `there` that the present page speaks; outside a page, and for a language that is not there, the house's own."""
    here = get_locale()
    if here is None:
        return house_locale
    return next((locale for locale in (str(here), here.language) if locale in there), house_locale)
