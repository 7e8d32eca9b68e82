"""The summary as a PDF. Its font, Bitstream Vera, comes with reportlab and has Latin letters only; the sheet says so where it lacks one."""

from __future__ import annotations

import io
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepInFrame, ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer

from web.clinic.summary import Sheet

_FONTS = {"Sheet": "Vera.ttf", "Sheet-Bold": "VeraBd.ttf"}
_LONGEST_LINE = 170


def write_pdf(sheet: Sheet) -> bytes:
    """One A4 page. Letters that the font lacks become [ ], and a last line says that the browser's own printing shows them."""
    _load_fonts()
    title = ParagraphStyle("title", fontName="Sheet-Bold", fontSize=16, leading=20)
    head = ParagraphStyle("head", fontName="Sheet-Bold", fontSize=11, leading=14, spaceBefore=8, spaceAfter=3)
    text = ParagraphStyle("text", fontName="Sheet", fontSize=9, leading=12)
    quiet = ParagraphStyle("quiet", parent=text, fontSize=7.5, leading=10, spaceBefore=8)
    story = [Paragraph(_fit(sheet.title), title), Paragraph(_fit(sheet.made), text)]
    for section in sheet.sections:
        story.append(Paragraph(_fit(section.title), head))
        items = [ListItem(Paragraph(_fit(line), text), leftIndent=10) for line in section.lines]
        story.append(ListFlowable(items, bulletType="bullet", bulletFontSize=8, leftIndent=10))
    story += [Spacer(1, 2 * mm), Paragraph(_fit(sheet.footer), quiet)]
    if _lacks_letters(sheet):
        story.append(
            Paragraph(
                _fit(_("The font of this file lacks some letters; they stand as [ ]. Printing the page in the browser shows them.")), quiet
            )
        )
    kept = io.BytesIO()
    edge = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 16 * mm)
    document = SimpleDocTemplate(kept, pagesize=A4, title="Summary", author="", creator="", producer="", **edge)
    document.build([KeepInFrame(document.width - 12, document.height - 12, story, mode="shrink")])  # smaller before a second page
    return kept.getvalue()


def _load_fonts() -> None:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in _FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))


def _has_letter(sign: str) -> bool:
    return sign.isspace() or ord(sign) in pdfmetrics.getFont("Sheet").face.charToGlyph


def _fit(text: str) -> str:
    """`text` with the font's letters only, escaped for reportlab, and cut where one line would fill the page."""
    cut = text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"
    return escape("".join(sign if _has_letter(sign) else "[ ]" for sign in cut))


def _lacks_letters(sheet: Sheet) -> bool:
    words = [sheet.title, sheet.made, sheet.footer]
    for section in sheet.sections:
        words += [section.title, *section.lines]
    return not all(_has_letter(sign) for line in words for sign in line)
