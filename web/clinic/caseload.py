"""The caseload: who has practised, who is stuck, what to talk about next time. The same few queries for five clients and for fifty."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from web.access.permissions import select_agreeing_clients, select_assigned_attempts, select_caseload, select_open_shares
from web.clinic.homework_states import AssignmentState, list_client_states, list_states
from web.clinic.progress import is_finished_scene
from web.clinic.shared_view import Parts, parts_of
from web.clinic.skill_counts import read_counts
from web.clinic.stuck import ENDED_PHASES, PLAYED_OFTEN, Played, Stuck, find_left, find_level, find_quiet
from web.database.clinic_tables import Care, Share
from web.database.erasure import batched
from web.database.tables import Attempt
from web.rehearsal.counting import Counts
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card

LATELY = timedelta(days=7)


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
    rows: tuple[CaseRow, ...]
    practised_lately: int
    """Clients who practised something of their homework within `LATELY`."""
    stuck: int
    unread_shares: int
    unread_from: int
    """Clients from whom these come."""


def draw_caseload(house: House, session: Session, clinician_id: str) -> Caseload:
    """Everyone in this clinician's care, those who need attention first."""
    now = house.now()
    rows = _draw_rows(house, session, clinician_id, None, now)
    rows.sort(key=lambda row: row.label.casefold())
    rows.sort(key=lambda row: -row.attention)
    return Caseload(
        rows=tuple(rows),
        practised_lately=sum(row.last_practised_at is not None and row.last_practised_at + LATELY > now for row in rows),
        stuck=sum(bool(row.stuck) for row in rows),
        unread_shares=sum(len(row.new_shares) for row in rows),
        unread_from=sum(bool(row.new_shares) for row in rows),
    )


def draw_case_row(house: House, session: Session, clinician_id: str, client_id: str) -> CaseRow:
    """One client in this clinician's care, with everything they share; nothing of anybody else is read."""
    [row] = _draw_rows(house, session, clinician_id, client_id, house.now())
    return row


def _draw_rows(house: House, session: Session, clinician_id: str, client_id: str | None, now: datetime) -> list[CaseRow]:
    given = list_states(session, clinician_id, now) if client_id is None else list_client_states(session, clinician_id, client_id, now)
    homework: dict[str, list[AssignmentState]] = defaultdict(list)
    for state in given:
        homework[state.client_id].append(state)
    shares: dict[str, list[SharedLine]] = defaultdict(list)
    for share in list_readable_shares(house, session, clinician_id, client_id):
        shares[share.client_id].append(share)
    agreeing = set(session.scalars(select_agreeing_clients(clinician_id)))
    weighed = [state for state in given if _may_be_stuck(state, now)]
    attempts, counts = _read_consented(house, session, clinician_id, [state for state in weighed if state.client_id in agreeing])
    query = select_caseload(clinician_id)
    rows = []
    for care, person in session.execute(query if client_id is None else query.where(Care.client_id == client_id)):
        states = homework[care.client_id]
        practised = [moment for state in states for moment in state.practised_at]
        rows.append(
            CaseRow(
                client_id=care.client_id,
                label=care.label or person.name or "",
                last_practised_at=max(practised, default=None),
                homework=tuple(states),
                shares=tuple(shares[care.client_id]),
                counts_shared=care.client_id in agreeing,
                stuck=_find_stuck(house, states, attempts, counts, now),
            )
        )
    return rows


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


def _read_consented(
    house: House, session: Session, clinician_id: str, states: list[AssignmentState]
) -> tuple[dict[str, list[Played]], dict[str, Counts]]:
    """Item id to rehearsals, and the counts of those that are finished, for this homework of clients who agreed to it."""
    by_item: dict[str, list[Played]] = defaultdict(list)
    query = select_assigned_attempts(clinician_id).where(Attempt.person_id.in_(select_agreeing_clients(clinician_id)))
    rows = query.with_only_columns(
        Attempt.assignment_item_id, Attempt.id, Attempt.phase, Attempt.created_at, Attempt.last_used_at, Attempt.current_turn_id
    )
    for batch in batched([item.item_id for state in states for item in state.items], 500):
        for item_id, *played in session.execute(rows.where(Attempt.assignment_item_id.in_(batch))):
            by_item[item_id or ""].append(Played(*played))
    finished = [each for attempts in by_item.values() if len(attempts) >= PLAYED_OFTEN for each in attempts if each.phase in ENDED_PHASES]
    return by_item, read_counts(session, house.wording, finished)


def _may_be_stuck(state: AssignmentState, now: datetime) -> bool:
    """Whether its rehearsals are looked at: it is open, or it was done just now and could be gone on with."""
    return state.state == "open" or (state.state == "done" and any(moment + LATELY > now for moment in state.practised_at))


def _find_stuck(
    house: House, states: list[AssignmentState], attempts: dict[str, list[Played]], counts: dict[str, Counts], now: datetime
) -> tuple[Stuck, ...]:
    found = [find_quiet(states, now)]
    for state in states:
        if not _may_be_stuck(state, now):
            continue
        for item in state.items:
            played = attempts.get(item.item_id, [])
            card = house.catalogue.find(item.scene_id) if item.kind == "scene" else None
            found.append(find_left(item, played, now))
            found.append(find_level(item, played, counts, () if card is None else card.aims))
    return tuple(each for each in found if each is not None)
