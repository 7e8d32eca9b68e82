"""The font of both PDF files: DejaVu Sans, which lies in `web/fonts` with its licence, and what to do about letters it lacks.

Scripts that run from right to left would need shaping, which reportlab does not do by itself: they count as lacking.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "House", "House-Bold"
LACKING = "[ ]"
_FILES = {PLAIN: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_FOLDER = Path(__file__).parents[1] / "fonts"


def load_fonts() -> None:
    """Make the two fonts known to reportlab, once a process."""
    for name, file in _FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file)))


def has_letter(sign: str) -> bool:
    """Whether the font, plain and bold, shows this sign as it should be."""
    if sign.isspace():
        return True
    drawn = all(ord(sign) in pdfmetrics.getFont(name).face.charToGlyph for name in _FILES)
    return drawn and unicodedata.bidirectional(sign) not in ("R", "AL", "AN")


class Letters:
    """Writes text for reportlab's paragraphs and notes whether a letter was lacking."""

    def __init__(self) -> None:
        self.lacking = False

    def fit(self, text: str) -> str:
        """`text` escaped, its line breaks kept, letters that the font lacks as [ ]."""
        signs = unicodedata.normalize("NFC", text)
        self.lacking = self.lacking or not all(has_letter(sign) for sign in signs)
        drawn = "".join(sign if has_letter(sign) else LACKING for sign in signs)
        return escape(drawn).replace("\r\n", "\n").replace("\n", "<br/>")
