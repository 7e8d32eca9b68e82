"""The one module that deletes. What it takes away is gone from the database and from its write-ahead log.

Copies that were made before (backups, the copy before a migration) still hold it: docs name them and how long they are kept.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from web.database.clinic_tables import Assignment, Comment, Invitation, Reminder, Share
from web.database.engine import Database
from web.database.tables import Agreement, Attempt, Base, BrowserSession, Erasure, Note, Person, RateWindow, Turn, make_id

KEEP_COPIES = timedelta(days=14)


def erase_person(database: Database, person_id: str, *, now: datetime, why: str = "asked") -> None:
    """Erase a person with everything of theirs."""
    with database.writing() as session:
        erase_login(session, person_id, why=why, now=now)
    database.forget_freed_pages()


def erase_login(session: Session, person_id: str, *, why: str, now: datetime) -> str:
    """Erase a person with everything of theirs, and the invitations they made; gives the id of the receipt.

    With the person go, by the foreign keys of the tables: rehearsals, sessions, codes, care, consents, groups, homework, shares and
    comments. The caller commits, and calls `forget_freed_pages` after it; so it is with everything below that takes a session.
    """
    attempt_ids = list(session.scalars(select(Attempt.id).where(Attempt.person_id == person_id)))
    counts = count_practice(session, attempt_ids)
    counts["homework"] = _count(session, Assignment.client_id == person_id)
    counts["reminders"] = _count(session, Reminder.assignment_id.in_(select(Assignment.id).where(Assignment.client_id == person_id)))
    counts["sessions"] = _count(session, BrowserSession.person_id == person_id)
    receipt_id = _erase_attempts(session, attempt_ids, what="person", why=why, now=now, counts=counts)
    session.execute(delete(Invitation).where(Invitation.made_by_id == person_id))  # else an open one would pass for the house's own
    session.execute(delete(Person).where(Person.id == person_id))
    return receipt_id


def erase_practice(session: Session, person_id: str, *, why: str, now: datetime, homework_before: datetime | None = None) -> str:
    """Erase all rehearsals of a person and, with `homework_before`, their homework that nobody touched since; gives the receipt's id."""
    attempt_ids = list(session.scalars(select(Attempt.id).where(Attempt.person_id == person_id)))
    counts = count_practice(session, attempt_ids)
    if homework_before is not None:
        old = select_untouched_homework(person_id, homework_before)
        counts["homework"] = session.scalar(select(func.count()).select_from(old.subquery())) or 0
        session.execute(delete(Assignment).where(Assignment.id.in_(old)))
    return _erase_attempts(session, attempt_ids, what="practice", why=why, now=now, counts=counts)


def select_untouched_homework(client_id: str, since: datetime) -> Select[tuple[str]]:
    """The ids of a client's homework at which neither they nor their clinician did anything after `since`, and which was due before."""
    query = select(Assignment.id).where(Assignment.client_id == client_id, Assignment.changed_at <= since)
    for moment in (Assignment.withdrawn_at, Assignment.paused_at, Assignment.stopped_at, Assignment.skipped_at):
        query = query.where(or_(moment.is_(None), moment <= since))
    return query.where(or_(Assignment.due_on.is_(None), Assignment.due_on < since.date().isoformat()))


def erase_attempt(session: Session, attempt_id: str, *, why: str, now: datetime) -> str:
    """Erase one attempt with everything that hangs on it; gives the receipt's id."""
    return _erase_attempts(session, [attempt_id], what="attempt", why=why, now=now, counts=count_practice(session, [attempt_id]))


def erase_note(session: Session, attempt_id: str, *, now: datetime) -> str | None:
    """Erase the note of an attempt; None when there is none."""
    return _erase_part(session, Note, Note.attempt_id == attempt_id, "note", {}, now)


def erase_card(session: Session, attempt_id: str, *, now: datetime) -> str | None:
    """Erase the agreement card of an attempt with its dates; None when none was kept."""
    return _erase_part(session, Agreement, Agreement.attempt_id == attempt_id, "card", {}, now)


def erase_share(session: Session, share_id: str, *, now: datetime) -> str | None:
    """Erase a share with its comments, so that nothing tells any more that it was; None when there is none."""
    comments = _count(session, Comment.share_id == share_id)
    return _erase_part(session, Share, Share.id == share_id, "share", {"comments": comments}, now)


def erase_skip_reason(session: Session, assignment_id: str, *, now: datetime) -> str | None:
    """Erase why homework was skipped; that it was skipped stays. None when no reason is kept."""
    kept = (Assignment.id == assignment_id, Assignment.skip_reason_sealed.is_not(None))
    emptied = update(Assignment).where(*kept).values(skip_reason_sealed=None, skip_reason_shared=False)
    gone: int = session.execute(emptied).rowcount  # type: ignore[attr-defined]
    return _write_receipt(session, "reason", "asked", 0, 0, {"reasons": gone}, now) if gone else None


def count_practice(session: Session, attempt_ids: list[str]) -> dict[str, int]:
    """How much goes with these attempts, by kind."""
    counts = dict.fromkeys(("rehearsals", "turns", "notes", "cards", "shares", "comments"), 0)
    counts["rehearsals"] = len(attempt_ids)
    for batch in batched(attempt_ids, 500):
        shares = select(Share.id).where(Share.attempt_id.in_(batch))
        counts["turns"] += _count(session, Turn.attempt_id.in_(batch))
        counts["notes"] += _count(session, Note.attempt_id.in_(batch))
        counts["cards"] += _count(session, Agreement.attempt_id.in_(batch))
        counts["shares"] += _count(session, Share.attempt_id.in_(batch))
        counts["comments"] += _count(session, Comment.share_id.in_(shares))
    return counts


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _erase_part(
    session: Session, table: type[Base], condition: ColumnElement[bool], what: str, with_it: dict[str, int], now: datetime
) -> str | None:
    gone: int = session.execute(delete(table).where(condition)).rowcount  # type: ignore[attr-defined]
    return _write_receipt(session, what, "asked", 0, 0, {f"{what}s": gone, **with_it}, now) if gone else None


def erase_expired(database: Database, *, now: datetime) -> int:
    """Erase what has outlived its time: guests' attempts, guests, ended browser sessions. Gives the number of attempts erased."""
    with database.writing() as session:
        due = list(session.scalars(select(Attempt.id).where(Attempt.erase_after <= now)))
        open_to = select(BrowserSession.person_id).where(BrowserSession.ends_at > now)
        gone = select(Person.id).where(Person.role == "guest", or_(Person.erase_after <= now, Person.id.not_in(open_to)))
        guest_ids = list(session.scalars(gone))
        for batch in batched(guest_ids, 500):
            due += session.scalars(select(Attempt.id).where(Attempt.person_id.in_(batch)))
        due = sorted(set(due))
        if due:
            _erase_attempts(session, due, what="attempt", why="expired", now=now)
        for batch in batched(guest_ids, 500):
            session.execute(delete(Person).where(Person.id.in_(batch)))
        session.execute(delete(BrowserSession).where(BrowserSession.ends_at <= now))
        session.execute(delete(RateWindow).where(RateWindow.ends_at <= now))
    database.forget_freed_pages()
    return len(due)


def erase_old_copies(folder: Path, *, now: datetime) -> int:
    """Delete copies that were made before migrations and restores more than two weeks ago: they hold what has been erased since.

    Backups are deleted by `sayable backup` itself, when it makes the next one.
    """
    erased = 0
    for copy in [*folder.glob("before-migration-from-*"), *folder.glob("before-restore-*")]:
        if datetime.fromtimestamp(copy.stat().st_mtime, UTC) + KEEP_COPIES < now:
            shutil.rmtree(copy) if copy.is_dir() else copy.unlink()
            erased += 1
    return erased


def erase_unshared(session: Session, client_id: str, clinician_id: str | None, *, now: datetime, why: str = "renewed") -> int:
    """Before a login is renewed for a client: erase what they typed and do not share, at this moment, with this clinician.

    Attempts without a living share of their talk go whole; of the others what the share leaves out. Gives the number of attempts erased.
    The caller commits, and calls `forget_freed_pages` after it.
    """
    shares: dict[str, list[Share]] = {}
    if clinician_id is not None:
        living = select(Share).join(Attempt, Attempt.id == Share.attempt_id).where(Attempt.person_id == client_id)
        for share in session.scalars(living.where(Share.clinician_id == clinician_id, Share.revoked_at.is_(None))):
            shares.setdefault(share.attempt_id, []).append(share)
    attempts = list(session.scalars(select(Attempt).where(Attempt.person_id == client_id)))
    kept = [attempt for attempt in attempts if any(share.talk for share in shares.get(attempt.id, []))]
    gone = [attempt.id for attempt in attempts if attempt not in kept]
    for attempt in kept:
        _erase_beyond_shares(session, attempt, shares[attempt.id])
        others = select(Share.id).where(Share.attempt_id == attempt.id, Share.clinician_id != clinician_id)
        session.execute(delete(Comment).where(Comment.share_id.in_(others)))  # written to the client by somebody else
    session.flush()
    if gone:
        _erase_attempts(session, gone, what="attempt", why=why, now=now)
    told = Assignment.skip_reason_shared & (Assignment.clinician_id == (clinician_id or ""))  # what another was told is not this one's
    session.execute(update(Assignment).where(Assignment.client_id == client_id, ~told).values(skip_reason_sealed=None))
    return len(gone)


def _erase_beyond_shares(session: Session, attempt: Attempt, shares: list[Share]) -> None:
    """Erase of a shared attempt what none of its shares shows: turns that came later or were tried again, a typed guess, the note, the
    card, the check before the talk, help."""
    if not any(share.note for share in shares):
        session.execute(delete(Note).where(Note.attempt_id == attempt.id))
    if not any(share.card for share in shares):
        session.execute(delete(Agreement).where(Agreement.attempt_id == attempt.id))
    attempt.self_check_sealed = None
    if not any(share.help_pauses for share in shares):
        attempt.help_sealed = None
    session.execute(update(Turn).where(Turn.attempt_id == attempt.id, Turn.command == "guess").values(argument_sealed=None))
    turns = {turn.id: turn for turn in session.scalars(select(Turn).where(Turn.attempt_id == attempt.id))}
    shown = _find_shown_turns(turns, {share.last_turn_number for share in shares if share.talk})
    if attempt.current_turn_id not in shown:
        attempt.current_turn_id = max(shown, key=lambda turn_id: turns[turn_id].number, default=None)
        attempt.phase = "over"
        attempt.ended_at = attempt.ended_at or attempt.last_used_at
    attempt.waiting_turn_id = None
    if attempt.redoing_turn_id not in shown:
        attempt.redoing_turn_id = None
    session.flush()
    session.execute(delete(Turn).where(Turn.attempt_id == attempt.id, Turn.id.not_in(shown)))


def _find_shown_turns(turns: dict[str, Turn], last_numbers: set[int]) -> set[str]:
    """The ids on the way from the opening to each of these turns, as a share shows them: replies tried again are not among them."""
    shown: set[str] = set()
    for turn in turns.values():
        way: Turn | None = turn if turn.number in last_numbers else None
        while way is not None:
            shown.add(way.id)
            way = turns.get(way.parent_id or "")
    return shown


def _erase_attempts(
    session: Session, attempt_ids: list[str], *, what: str, why: str, now: datetime, counts: dict[str, int] | None = None
) -> str:
    turns = 0
    for batch in batched(attempt_ids, 500):  # SQLite takes only so many bound values at once
        turns += session.scalar(select(func.count()).select_from(Turn).where(Turn.attempt_id.in_(batch))) or 0
        session.execute(delete(Attempt).where(Attempt.id.in_(batch)))  # turns and notes go with it
    return _write_receipt(session, what, why, len(attempt_ids), turns, counts, now)


def _write_receipt(session: Session, what: str, why: str, attempts: int, turns: int, counts: dict[str, int] | None, now: datetime) -> str:
    receipt = Erasure(id=make_id(), what=what, why=why, attempts=attempts, turns=turns, erased_at=now)
    session.add(receipt)
    receipt.counts = counts
    return receipt.id


def batched(ids: list[str], size: int) -> list[list[str]]:
    return [ids[start : start + size] for start in range(0, len(ids), size)]
