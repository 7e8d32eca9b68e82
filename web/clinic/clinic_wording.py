"""The clinic's own wording beside ours: help lines, messages of feedback, words for feelings and needs.

Ours stay as they are; what a clinic wrote is laid over them, checked by the readers that check ours. The panels of a crisis and the
criterion behind them are never changed here: only the operator's file can do that (`data.safety.help`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import structlog
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.dialogue.around import Around
from data.lexicons.families import Families, load_feelings, load_needs
from data.rubric.wording import Wording, read_wording
from data.safety.help import HelpBook, Resource
from web.clinic.audit import AuditTrail
from web.clinic.our_words import OurWords
from web.clinic.scene_refusals import BadWording
from web.database.clinic_tables import ClinicWording
from web.database.tables import make_id

log = structlog.get_logger(__name__)

Kind = Literal["help", "feedback", "feeling", "need"]
KINDS: tuple[Kind, ...] = ("help", "feedback", "feeling", "need")
LONGEST_MESSAGE = 400
LONGEST_WORD = 40
MOST_WORDS = 6
MOST_LINES = 40
SLOT = re.compile(r"\{[^{}]*\}")
GRADE = re.compile(
    r"\b(?:wrong(?! with anyone)|incorrect|fail(?:ed|ure)?|bad job|good job|well done|perfect|falsch|versagt|gut gemacht|perfekt)\b",
    re.IGNORECASE,
)
"""Ground rule G3: feedback describes words and never grades a person, in English or in German."""


@dataclass(frozen=True)
class OwnWords:
    """Our wording in one language with the clinic's laid over it.

    `phrases`: a sentence as the action server says it, in English, to the one that is shown instead.
    """

    wording: Wording
    help_book: HelpBook
    around: Around
    phrases: Mapping[str, str] = field(default_factory=dict)
    feelings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Families with the words shown for each, in the order of the lexicon."""
    needs: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def tell(self, sentence: str) -> str:
        """A sentence of feedback as it is shown: in the reader's language, and as the clinic puts it."""
        return self.phrases.get(sentence, sentence)

    def tell_line(self, who: str, text: str) -> str:
        """A line of a talk as it is shown: what the guide says around the practice in the reader's language, the partner's as said."""
        return self.around.tell(text) if who == "guide" else text

    def find_meant(self, kind: Literal["feeling", "need"], typed: str) -> str:
        """What was typed, or the word of ours that the clinic's own word stands for: the partner knows the lexicon alone."""
        families = load_feelings() if kind == "feeling" else load_needs()
        for name, words in self.feelings if kind == "feeling" else self.needs:
            if typed.strip().lower() in words and typed.strip().lower() not in families.families_of:
                return families.words[name][0]
        return typed


@dataclass(frozen=True)
class Entry:
    """One text that may be adapted: ours, and the clinic's (None where it is ours)."""

    key: str
    name: str
    part: str
    original: str
    own: str | None


def lay_over(rows: Iterable[ClinicWording], ours: OurWords) -> OwnWords:
    """Our words of one language with these rows over them. A row that fits no more (our texts have changed) is left out and logged."""
    kept: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for row in rows:
        try:
            kept[row.kind][row.key] = check_text(row.kind, row.key, row.words or "", ours.wording)
        except BadWording:
            log.warning("wording_left_out", kind=row.kind, key=row.key)
    spoken, shown = list_originals(read_wording()), {**list_originals(ours.wording), **kept["feedback"]}
    lines = [Resource.model_validate_json(words) for words in kept["help"].values()]
    return OwnWords(
        wording=put_in(ours.wording, kept["feedback"]),
        help_book=ours.help_book.model_copy(update={"resources": (*ours.help_book.resources, *lines)}) if lines else ours.help_book,
        around=ours.around,
        phrases={sentence: shown[key] for key, sentence in spoken.items() if shown[key] != sentence},
        feelings=_list_words(load_feelings(), kept["feeling"]),
        needs=_list_words(load_needs(), kept["need"]),
    )


def list_originals(wording: Wording) -> dict[str, str]:
    """Every text of feedback that may be adapted: `feeling.next_step.0` to the sentence. The criterion of a crisis is not among them."""
    texts = {}
    for key, entry in wording.criteria.items():
        if entry.kind == "safety":
            continue
        for part in ("name", "meaning", "why"):
            texts[f"{key}.{part}"] = getattr(entry, part)
        for part in ("strength", "next_step"):
            for number, sentence in enumerate(getattr(entry, part)):
                texts[f"{key}.{part}.{number}"] = sentence
    for part in type(wording.complete).model_fields:
        for number, sentence in enumerate(getattr(wording.complete, part)):
            texts[f"complete.{part}.{number}"] = sentence
    return texts


def put_in(wording: Wording, changes: Mapping[str, str]) -> Wording:
    """`wording` with these texts instead of ours, read by the model that reads ours."""
    value: dict[str, Any] = wording.model_dump()
    for place, text in changes.items():
        key, part, *number = place.split(".")
        entry = value["complete"] if key == "complete" else value["criteria"][key]
        if number:
            sentences = list(entry[part])
            sentences[int(number[0])] = text
            entry[part] = sentences
        else:
            entry[part] = text
    return Wording.model_validate(value)


def check_text(kind: Kind, key: str, text: str, wording: Wording) -> str:
    """The text in its kept form. Raises BadWording with one sentence."""
    if kind == "help":
        return _check_line(key, text)
    if kind == "feedback":
        return _check_message(key, text, list_originals(wording))
    return _check_words(key, text, load_feelings() if kind == "feeling" else load_needs())


def change_wording(
    session: Session, audit: AuditTrail, wording: Wording, kind: Kind, key: str, text: str, *, locale: str, by_id: str, now: datetime
) -> None:
    """Keep a text of the clinic; one that says what ours says is a reset. Raises BadWording."""
    checked = check_text(kind, key, text, wording)
    original = find_original(wording, kind, key)
    row = _find_row(session, kind, locale, key)
    if checked == original:
        if row is not None:
            reset_wording(session, audit, kind, key, locale=locale, by_id=by_id, now=now)
        return
    if row is None:
        if kind == "help" and len(list_rows(session, locale, "help")) >= MOST_LINES:
            raise BadWording(f"There are {MOST_LINES} help lines already; take one out first.")
        row = ClinicWording(id=make_id(), kind=kind, locale=locale, key=key, changed_at=now)
        session.add(row)
    elif row.words == checked:
        return
    row.words, row.changed_by_id, row.changed_at = checked, by_id, now
    audit.record(session, "wording_changed", now=now, actor_id=by_id, subject_id=None, object_id=row.id, detail=kind)


def reset_wording(session: Session, audit: AuditTrail, kind: Kind, key: str, *, locale: str, by_id: str, now: datetime) -> None:
    """Back to ours. Where nothing was adapted, nothing happens."""
    row = _find_row(session, kind, locale, key)
    if row is not None:
        session.delete(row)
        audit.record(session, "wording_changed", now=now, actor_id=by_id, subject_id=None, object_id=row.id, detail=kind)


def list_rows(session: Session, locale: str, kind: Kind | None = None) -> list[ClinicWording]:
    query = select(ClinicWording).where(ClinicWording.locale == locale)
    if kind is not None:
        query = query.where(ClinicWording.kind == kind)
    return list(session.scalars(query.order_by(ClinicWording.key)))


def list_entries(session: Session, wording: Wording, kind: Kind, locale: str) -> list[Entry]:
    """What may be adapted, ours beside the clinic's; for `help` the lines that the clinic added."""
    own = {row.key: row.words or "" for row in list_rows(session, locale, kind)}
    if kind == "help":
        return [Entry(key, json.loads(words)["name"], "", "", words) for key, words in own.items()]
    if kind == "feedback":
        originals = list_originals(wording)
        entries = []
        for key, text in originals.items():
            criterion, part = key.split(".")[:2]
            name = wording.criteria[criterion].name if criterion in wording.criteria else ""
            entries.append(Entry(key, name, part, text, own.get(key)))
        return entries
    families = load_feelings() if kind == "feeling" else load_needs()
    return [Entry(name, name, "", ", ".join(words[:1]), own.get(name)) for name, words in families.words.items()]


def find_original(wording: Wording, kind: Kind, key: str) -> str | None:
    """Our text under this key; None where there is none (a help line)."""
    if kind == "feedback":
        return list_originals(wording).get(key)
    if kind == "help":
        return None
    families = load_feelings() if kind == "feeling" else load_needs()
    return families.words[key][0] if key in families.words else None


def _check_message(key: str, text: str, originals: Mapping[str, str]) -> str:
    if key not in originals:
        raise BadWording("There is no such text.")
    told = " ".join(text.split())
    if not 2 <= len(told) <= LONGEST_MESSAGE:
        raise BadWording(f"Write 2 to {LONGEST_MESSAGE} characters.")
    if not told.isprintable():
        raise BadWording("There is a character in it that cannot be shown.")
    if sorted(SLOT.findall(told)) != sorted(SLOT.findall(originals[key])) or told.count("{") != told.count("}"):
        raise BadWording("Keep what stands in { } as it is in the original.")
    grade = GRADE.search(told)
    if grade:
        raise BadWording(f"“{grade.group()}” grades. Describe the words, never the person.")
    return told


def _check_words(key: str, text: str, families: Families) -> str:
    if key not in families.words:
        raise BadWording("There is no such word.")
    words = list(dict.fromkeys(" ".join(word.split()).lower() for word in text.split(",") if word.strip()))
    if not 1 <= len(words) <= MOST_WORDS:
        raise BadWording(f"Write one to {MOST_WORDS} words, with commas between them.")
    for word in words:
        if len(word) > LONGEST_WORD or not re.fullmatch(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*", word):
            raise BadWording(f"“{word[:LONGEST_WORD]}” is no word of letters with at most {LONGEST_WORD} of them.")
        meant = families.families_of.get(word, (key,))
        if key not in meant:
            raise BadWording(f"“{word}” already means something else here: {meant[0]}.")
    return ", ".join(words)


def _check_line(key: str, text: str) -> str:
    if not re.fullmatch(r"line\.[0-9a-f]{8}", key):
        raise BadWording("There is no such help line.")
    try:
        line = Resource.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        message = first["msg"].removeprefix("Value error, ")
        raise BadWording(f"{name}: {message}." if name else f"{message}.") from None
    if max(len(str(value)) for value in line.model_dump().values()) > 200:
        raise BadWording("A field of a help line has 200 characters at most.")
    return line.model_dump_json()


def _list_words(families: Families, own: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(own[name].split(", ")) if name in own else words[:1]) for name, words in families.words.items())


def _find_row(session: Session, kind: Kind, locale: str, key: str) -> ClinicWording | None:
    query = select(ClinicWording).where(ClinicWording.kind == kind, ClinicWording.locale == locale, ClinicWording.key == key)
    return session.scalar(query)
