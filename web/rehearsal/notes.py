"""The private note to an attempt: read by its writer alone, never scored, looked at by safety like everything typed."""

from __future__ import annotations

from sqlalchemy import select

from web.database.erasure import erase_note
from web.database.tables import Note, make_id
from web.rehearsal.faults import EmptyReply
from web.rehearsal.house import House
from web.rehearsal.sending import Outcome, pause_and_tell
from web.rehearsal.storing import find_attempt
from web.rehearsal.typed_text import read_typed

LONGEST_NOTE = 8000
"""Code points."""


def write_note(house: House, person_id: str, attempt_id: str, text: str) -> Outcome:
    """Keep `text` as the note of an attempt; empty text takes the note away. With a finding of tier 1 nothing is changed."""
    finding = house.door.look_at(text)
    if finding is not None and finding.tier == 1:
        return pause_and_tell(house, person_id, attempt_id, finding)
    try:
        words: str | None = read_typed(text, longest=LONGEST_NOTE)
    except EmptyReply:
        words = None
    with house.database.writing() as session:
        attempt = find_attempt(session, person_id, attempt_id, lock=True)
        note = session.scalar(select(Note).where(Note.attempt_id == attempt.id))
        if words is None:
            if erase_note(session, attempt.id, now=house.now()) is not None and attempt.erase_after is None:
                house.audit.record(
                    session, "note_erased", now=house.now(), actor_id=person_id, subject_id=person_id, object_id=attempt_id
                )
        else:
            if note is None:
                note = Note(id=make_id(), attempt_id=attempt.id)
                session.add(note)
            note.words = words
            note.changed_at = house.now()
    if words is None:
        house.database.forget_freed_pages()
    return Outcome("answered", doubt=finding is not None)
