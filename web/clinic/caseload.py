"""The caseload: who has practised, who is stuck, what to talk about next time. The same few queries for five clients and for fifty.

Everyone is weighed, so that those who need attention stand on the first page and the numbers above are of all; one page of them is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from web.access.permissions import select_agreeing_clients, select_assigned_attempts, select_caseload, select_open_shares
from web.clinic.homework_states import AssignmentState, list_client_states, list_states
from web.clinic.pieces import Piece, take_piece
from web.clinic.progress import is_finished_scene
from web.clinic.shared_view import Parts, parts_of
from web.clinic.stuck import Stuck
from web.clinic.stuck_watch import LATELY, StuckWatch, watch_homework
from web.database.clinic_tables import Care, Share
from web.database.tables import Attempt, Person
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card

CLIENTS_SHOWN = 10
"""So many clients stand on one page."""


@dataclass(frozen=True)
class SharedLine:
    """A share that may be read now."""

    id: str
    client_id: str
    title: str
    parts: Parts
    shared_at: datetime
    is_new: bool


@dataclass(frozen=True)
class CaseRow:
    """One client at a glance. `last_practised_at` and the homework know only what this clinician gave.

    `shares`: on the page of one client all that may be read, in the caseload what was not read yet.
    """

    client_id: str
    label: str
    last_practised_at: datetime | None
    homework: tuple[AssignmentState, ...]
    shares: tuple[SharedLine, ...]
    counts_shared: bool
    stuck: tuple[Stuck, ...]

    @property
    def new_shares(self) -> tuple[SharedLine, ...]:
        return tuple(share for share in self.shares if share.is_new)

    @property
    def skipped_with_reason(self) -> tuple[AssignmentState, ...]:
        return tuple(each for each in self.homework if each.state == "skipped" and each.skip_reason is not None)

    def count(self, state: str) -> int:
        """How much homework is open, later, done, paused or skipped."""
        return sum(each.state == state for each in self.homework)

    @property
    def late(self) -> int:
        return sum(each.late for each in self.homework)

    @property
    def attention(self) -> int:
        """For sorting alone, and never shown: stuck first, then something to read, then a reason that was told, then late."""
        return 8 * bool(self.stuck) + 4 * bool(self.new_shares) + 2 * bool(self.skipped_with_reason) + bool(self.late)


@dataclass(frozen=True)
class Caseload:
    """One page of the clients; the numbers are of all of them."""

    shown: Piece[CaseRow]
    practised_lately: int
    """Clients who practised something of their homework within `LATELY`."""
    stuck: int
    unread_shares: int
    unread_from: int
    """Clients from whom these come."""

    @property
    def rows(self) -> tuple[CaseRow, ...]:
        return self.shown.rows


def draw_caseload(house: House, session: Session, clinician_id: str, page: int = 1) -> Caseload:
    """A page of everyone in this clinician's care, those who need attention first; the nearest page when there is none of this number."""
    now = house.now()
    rows, watch = _draw_rows(house, session, clinician_id, None, now)
    rows.sort(key=lambda row: (-row.attention, row.label.casefold()))
    return Caseload(
        shown=take_piece(
            len(rows),
            CLIENTS_SHOWN,
            page,
            lambda limit, offset: [replace(row, stuck=tuple(watch.list_stuck(row.homework))) for row in rows[offset : offset + limit]],
        ),
        practised_lately=sum(row.last_practised_at is not None and row.last_practised_at + LATELY > now for row in rows),
        stuck=sum(bool(row.stuck) for row in rows),
        unread_shares=sum(len(row.new_shares) for row in rows),
        unread_from=sum(bool(row.new_shares) for row in rows),
    )


def draw_case_row(house: House, session: Session, clinician_id: str, client_id: str) -> CaseRow:
    """One client in this clinician's care, with everything they share; nothing of anybody else is read."""
    [row], watch = _draw_rows(house, session, clinician_id, client_id, house.now())
    return replace(row, stuck=tuple(watch.list_stuck(row.homework)))


def _draw_rows(house: House, session: Session, clinician_id: str, client_id: str | None, now: datetime) -> tuple[list[CaseRow], StuckWatch]:
    """Every row with one reason at most for being stuck, which is enough to weigh it, and what finds all reasons."""
    if client_id is None:
        given = list_states(session, clinician_id, now, brief=True)
    else:
        given = list_client_states(session, clinician_id, client_id, now)
    homework: dict[str, list[AssignmentState]] = defaultdict(list)
    for state in given:
        homework[state.client_id].append(state)
    shares: dict[str, list[SharedLine]] = defaultdict(list)
    for share in list_readable_shares(house, session, clinician_id, client_id):
        shares[share.client_id].append(share)
    agreeing = set(session.scalars(select_agreeing_clients(clinician_id)))
    watch = watch_homework(house, session, clinician_id, [state for state in given if state.client_id in agreeing], now)
    rows = []
    for care_of, label in _read_labels(session, clinician_id, client_id):
        states = homework[care_of]
        rows.append(
            CaseRow(
                client_id=care_of,
                label=label,
                last_practised_at=max((moment for state in states for moment in state.practised_at), default=None),
                homework=tuple(states),
                shares=tuple(shares[care_of]),
                counts_shared=care_of in agreeing,
                stuck=tuple(islice(watch.list_stuck(states), 1)),
            )
        )
    return rows, watch


def _read_labels(session: Session, clinician_id: str, client_id: str | None) -> Iterator[tuple[str, str]]:
    """Who is in this clinician's care, and how they are called there. Of each only that is opened."""
    query = select_caseload(clinician_id) if client_id is None else select_caseload(clinician_id).where(Care.client_id == client_id)
    columns = query.with_only_columns(Care.client_id, Care.id, Care.label_sealed, Person.name_sealed)
    for care_of, care_id, label, name in session.execute(columns):
        called = "" if label is None else Care.label.open(session, label, row_id=care_id, table=Care.__tablename__)
        if not called and name is not None:
            called = Person.name.open(session, name, row_id=care_of, table=Person.__tablename__)
        yield care_of, called


def list_readable_shares(house: House, session: Session, clinician_id: str, client_id: str | None = None) -> list[SharedLine]:
    """What this clinician may read of one client, unread first, then the latest first; of all clients only what was not read yet."""
    query = select_open_shares(clinician_id).order_by(Share.first_read_at.is_not(None), Share.shared_at.desc())
    query = query.where(Share.first_read_at.is_(None)) if client_id is None else query.where(Attempt.person_id == client_id)
    return [
        SharedLine(
            share.id, attempt.person_id, find_card(house, attempt).title, parts_of(share), share.shared_at, share.first_read_at is None
        )
        for share, attempt in session.execute(query)
    ]


def list_counted_attempts(session: Session, clinician_id: str, client_id: str) -> list[Attempt]:
    """The finished rehearsals whose counts this clinician may see; none without consent."""
    query = select_assigned_attempts(clinician_id).where(Attempt.person_id.in_(select_agreeing_clients(clinician_id)))
    return list(session.scalars(query.where(Attempt.person_id == client_id, *is_finished_scene())))
