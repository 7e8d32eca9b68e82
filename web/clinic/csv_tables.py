"""A clinician's export as tables for a spreadsheet: three CSV files in a ZIP.

Every file begins with a byte order mark: without it Excel reads UTF-8 as something else and spoils every letter beyond English; other
programs skip it (in Python: `utf-8-sig`). A cell that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from web.clinic.clinician_export import ClientExport, SharedRehearsal
from web.clinic.local_days import find_zone
from web.clinic.zipped import zip_files

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes spreadsheets calculate, or look beyond it (OWASP, CSV Injection); full-width signs are read as the narrow ones."""

HOMEWORK = (
    "homework",
    "scene",
    "kind",
    "level",
    "check",
    "wanted",
    "practised",
    "state",
    "late",
    "given",
    "opens",
    "due",
    "note",
    "skip_reason",
)
COUNTS = ("rehearsal", "begun", "scene", "check", "level", "replies", "skill", "name", "times")
SHARED = ("rehearsal", "begun", "scene", "shared", "what", "turn", "who", "words", "found", "feedback", "at")

Cell = str | int | None


def write_tables(export: ClientExport) -> bytes:
    """The ZIP with homework.csv, counts.csv and shared.csv."""
    files = {
        "homework.csv": write_csv(HOMEWORK, _list_homework(export)),
        "counts.csv": write_csv(COUNTS, _list_counts(export)),
        "shared.csv": write_csv(SHARED, _list_shared(export)),
    }
    return zip_files(files, now=export.made_at)


def write_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One table as RFC 4180 has it, in UTF-8 with a byte order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([disarm(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def disarm(cell: Cell) -> str:
    """A cell as it is written: text that begins like a formula, spaces before it or not, is made text for good."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return str(cell)
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS) else cell


def _list_homework(export: ClientExport) -> Iterable[tuple[Cell, ...]]:
    for number, state in enumerate(export.homework, start=1):
        for item in state.items:
            yield (
                number,
                export.titles[item.kind, item.scene_id],
                item.kind,
                item.level,
                item.check_kind,
                item.target_attempts,
                item.practised,
                state.state,
                "late" if state.late else "",
                _tell(export, state.made_at),
                "" if state.opens_on is None else state.opens_on.isoformat(),
                "" if state.due_on is None else state.due_on.isoformat(),
                state.note,
                state.skip_reason,
            )


def _list_counts(export: ClientExport) -> Iterable[tuple[Cell, ...]]:
    for number, each in enumerate(export.counts, start=1):
        for skill in each.skills:
            begun = _tell(export, each.begun_at)
            yield (number, begun, each.title, each.check, each.level, each.replies, skill.key, skill.name, skill.times)


def _list_shared(export: ClientExport) -> Iterable[tuple[Cell, ...]]:
    for number, each in enumerate(export.shared, start=1):
        begun, shared = _tell(export, each.shape.begun_at), _tell(export, each.shared_at)
        for row in _list_one(export, each):
            yield (number, begun, each.shape.scene.title, shared, *row)


def _list_one(export: ClientExport, each: SharedRehearsal) -> Iterable[tuple[Cell, ...]]:
    """what, turn, who, words, found, feedback, at"""
    shape = each.shape
    places = {turn.id: turn.number for turn in shape.turns}
    for turn in shape.turns:
        words = "".join(segment.text for segment in turn.segments)
        if words:
            found, advice = "", ""
            if turn.reading is not None:
                found = "; ".join(criterion.name for criterion in turn.reading.criteria)
                advice = " ".join(line for line in (turn.reading.strength, turn.reading.next_step, turn.reading.rewording) if line)
            yield ("talk", turn.number, "client", words, found, advice, None)
        for line in turn.lines:
            yield ("talk", turn.number, line.who, line.text, None, None, None)
    for kind, counts in (("skill", shape.skills), ("fault", shape.faults)):
        for count in counts:
            yield ("counts", None, None, count.times, f"{kind}: {count.name}", None, None)
    if shape.agreement is not None:
        for name in ("limits", "signal", "next_step", "review"):
            words = getattr(shape.agreement, name)
            if words:
                yield (f"card: {name}", None, "client", words, None, None, None)
    if shape.note:
        yield ("note", None, "client", shape.note, None, None, None)
    if shape.help_pauses:
        yield ("pauses for help", None, None, shape.help_pauses, None, None, None)
    for comment in each.comments:
        yield ("comment", places.get(comment.turn_id or ""), "clinician", comment.words, None, None, _tell(export, comment.made_at))


def _tell(export: ClientExport, moment: datetime) -> str:
    return moment.astimezone(find_zone(export.time_zone)).isoformat(timespec="minutes")
