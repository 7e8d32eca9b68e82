"""The summary as a PDF, in the font of `web.clinic.pdf_letters`; the sheet says so where a letter is lacking."""

from __future__ import annotations

import io

from flask_babel import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepInFrame, ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer

from web.clinic.pdf_letters import BOLD, PLAIN, Letters, load_fonts
from web.clinic.summary import Sheet

_LONGEST_LINE = 170


def write_pdf(sheet: Sheet) -> bytes:
    """One A4 page. Letters that the font lacks become [ ], and a last line says that the browser's own printing shows them."""
    load_fonts()
    letters = Letters()
    title = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=20)
    head = ParagraphStyle("head", fontName=BOLD, fontSize=11, leading=14, spaceBefore=8, spaceAfter=3)
    text = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=12)
    quiet = ParagraphStyle("quiet", parent=text, fontSize=7.5, leading=10, spaceBefore=8)
    story = [Paragraph(letters.fit(sheet.title), title), Paragraph(letters.fit(sheet.made), text)]
    for section in sheet.sections:
        story.append(Paragraph(letters.fit(section.title), head))
        items = [ListItem(Paragraph(letters.fit(_cut(line)), text), leftIndent=10) for line in section.lines]
        story.append(ListFlowable(items, bulletType="bullet", bulletFontSize=8, leftIndent=10))
    story += [Spacer(1, 2 * mm), Paragraph(letters.fit(sheet.footer), quiet)]
    if letters.lacking:
        story.append(
            Paragraph(
                letters.fit(_("The font of this file lacks some letters; they stand as [ ]. Printing the page in the browser shows them.")),
                quiet,
            )
        )
    kept = io.BytesIO()
    edge = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 16 * mm)
    document = SimpleDocTemplate(kept, pagesize=A4, title="Summary", author="", creator="", producer="", **edge)
    document.build([KeepInFrame(document.width - 12, document.height - 12, story, mode="shrink")])  # smaller before a second page
    return kept.getvalue()


def _cut(line: str) -> str:
    """`line`, cut where it alone would fill the page."""
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
