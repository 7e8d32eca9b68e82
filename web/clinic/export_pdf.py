"""A clinician's export as a PDF to read and to file: homework, counts, and each shared rehearsal with its comments."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from web.clinic.case_words import tell_day, tell_state
from web.clinic.clinician_export import ClientExport, CountedRehearsal, SharedRehearsal
from web.clinic.comments import CommentLine
from web.clinic.homework_states import AssignmentState
from web.clinic.pdf_letters import BOLD, PLAIN, Letters, load_fonts
from web.rehearsal.shapes import SkillCount, TurnShape

_EDGE = 18 * mm
_SOFT = colors.HexColor("#645d52")
_LINE = colors.HexColor("#d9cfbf")


def write_pdf(export: ClientExport) -> bytes:
    """A4 pages with numbers. Letters that the font lacks become [ ], and a last line says so."""
    load_fonts()
    sheet = _Sheet()
    sheet.head(export)
    sheet.list_homework(export)
    sheet.list_counts(export.counts)
    for each in export.shared:
        sheet.show_shared(each)
    sheet.close()
    kept = io.BytesIO()
    document = SimpleDocTemplate(
        kept, pagesize=A4, leftMargin=_EDGE, rightMargin=_EDGE, topMargin=_EDGE, bottomMargin=_EDGE, title=_("Export"), author=""
    )
    document.build(sheet.story, onFirstPage=_number_page, onLaterPages=_number_page)
    return kept.getvalue()


class _Sheet:
    """Collects what stands on the pages, in order."""

    def __init__(self) -> None:
        self.story: list[Any] = []
        self._letters = Letters()
        text = ParagraphStyle("text", fontName=PLAIN, fontSize=9.5, leading=13.5, splitLongWords=1)
        quiet = ParagraphStyle("quiet", parent=text, fontSize=8, leading=11, textColor=_SOFT)
        self._styles = {
            "title": ParagraphStyle("title", fontName=BOLD, fontSize=17, leading=22),
            "head": ParagraphStyle("head", fontName=BOLD, fontSize=12.5, leading=16, spaceBefore=14, spaceAfter=4, keepWithNext=1),
            "text": text,
            "quiet": quiet,
            "client": ParagraphStyle("client", parent=text, leftIndent=28 * mm, spaceBefore=4),
            "found": ParagraphStyle("found", parent=quiet, leftIndent=28 * mm),
            "partner": ParagraphStyle("partner", parent=text, rightIndent=28 * mm, spaceBefore=4),
            "comment": ParagraphStyle("comment", parent=text, leftIndent=6 * mm, borderPadding=3, spaceBefore=3),
        }

    def head(self, export: ClientExport) -> None:
        self._say("title", export.label)
        self._say("quiet", _("What was given and what was shared, as of %(day)s.", day=format_date(export.made_at, "long")))
        self._say(
            "quiet",
            _("What the client takes back afterwards stays in this file: keep it as you keep other notes, and erase it when asked."),
        )

    def list_homework(self, export: ClientExport) -> None:
        self._say("head", _("Homework"))
        if not export.homework:
            self._say("text", _("None."))
        for state in export.homework:
            titles = ", ".join(export.titles[item.kind, item.scene_id] for item in state.items)
            self._say("text", f"{titles}: {_tell_homework(state)}")
            if state.note:
                self._say("quiet", _("Your note: %(note)s", note=state.note))
            if state.skip_reason:
                self._say("quiet", _("Why it was skipped: %(reason)s", reason=state.skip_reason))

    def list_counts(self, counts: tuple[CountedRehearsal, ...]) -> None:
        if not counts:
            return
        self._say("head", _("Counts of skills"))
        self._say(
            "quiet", _("From finished rehearsals of homework. A program counts by reading wording; it can be wrong, and it is no grade.")
        )
        rows = [[self._draw("quiet", _("Rehearsal")), self._draw("quiet", _("Replies")), self._draw("quiet", _("Skills"))]]
        for each in counts:
            what = f"{each.title}, {format_date(each.begun_at, 'medium')}"
            rows.append([self._draw("text", what), self._draw("text", str(each.replies)), self._draw("text", _tell_counts(each.skills))])
        table = Table(rows, colWidths=[60 * mm, 18 * mm, None], repeatRows=1)
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE)]))
        self.story.append(table)

    def show_shared(self, each: SharedRehearsal) -> None:
        shape = each.shape
        self._say("head", shape.scene.title)
        self._say(
            "quiet", _("Begun %(begun)s, shared %(shared)s", begun=format_datetime(shape.begun_at), shared=format_datetime(each.shared_at))
        )
        for turn in shape.turns:
            self._show_turn(turn, _("Partner") if shape.scene.partner is None else shape.scene.partner.name)
            self._show_comments(comment for comment in each.comments if comment.turn_id == turn.id)
        if shape.replies:
            replies = ngettext("%(num)s reply", "%(num)s replies", shape.replies)
            self._say(
                "text", _("Counts: %(replies)s; %(counts)s", replies=replies, counts=_tell_counts((*shape.skills, *shape.faults)) or "–")
            )
        if shape.agreement is not None:
            card = shape.agreement
            names = (_("Limits"), _("Signal"), _("Next step"), _("To look at again"))
            for name, words in zip(names, (card.limits, card.signal, card.next_step, card.review), strict=True):
                if words:
                    self._say("text", f"{name}: {words}")
        if shape.note:
            self._say("text", _("The client's note: %(note)s", note=shape.note))
        if shape.help_pauses:
            self._say("text", ngettext("Paused %(num)s time to show help", "Paused %(num)s times to show help", shape.help_pauses))
        shown = {turn.id for turn in shape.turns}
        self._show_comments(comment for comment in each.comments if comment.turn_id not in shown)

    def close(self) -> None:
        if self._letters.lacking:
            self.story.append(Spacer(1, 4 * mm))
            self._say("quiet", _("The font of this file lacks some letters; they stand as [ ]. The CSV tables have every letter."))

    def _show_turn(self, turn: TurnShape, partner: str) -> None:
        words = "".join(segment.text for segment in turn.segments)
        if words:
            self._say("client", _("Client: %(words)s", words=words))
            found = "" if turn.reading is None else ", ".join(criterion.name for criterion in turn.reading.criteria)
            if found:
                self._say("found", found)
        for line in turn.lines:
            said = line.who == "partner"
            self._say("partner" if said else "quiet", f"{partner}: {line.text}" if said else line.text)
        if turn.ending is not None:
            self._say("quiet", f"{turn.ending.title}. {turn.ending.text}")
        if turn.reveal is not None:
            self._say("quiet", _("What was behind it: %(feeling)s, %(need)s.", feeling=turn.reveal.feeling, need=turn.reveal.need))

    def _show_comments(self, comments: Iterable[CommentLine]) -> None:
        for comment in comments:
            self._say("comment", _("Comment by %(name)s: %(words)s", name=comment.author_name, words=comment.words))

    def _say(self, style: str, text: str) -> None:
        self.story.append(self._draw(style, text))

    def _draw(self, style: str, text: str) -> Paragraph:
        return Paragraph(self._letters.fit(text), self._styles[style])


def _tell_homework(state: AssignmentState) -> str:
    words = [tell_state(state)]
    if state.due_on is not None:
        words.append(_("for %(day)s", day=tell_day(state.due_on)))
    if state.practised_at:
        words.append(ngettext("practised %(num)s time", "practised %(num)s times", len(state.practised_at)))
    return ", ".join(words)


def _tell_counts(counts: tuple[SkillCount, ...]) -> str:
    return ", ".join(f"{count.name} {count.times}" for count in counts)


def _number_page(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont(PLAIN, 8)
    canvas.setFillColor(_SOFT)
    canvas.drawRightString(A4[0] - _EDGE, 10 * mm, str(document.page))
    canvas.restoreState()
