"""What a clinician takes out of the house about one client: homework they gave, counts while the client agrees, and what is shared now.

Nothing else: no scene the client chose alone, nothing that was taken back, no login. That it was taken, and in which form, stands in the
client's trail; and whatever of it is a shared rehearsal counts as read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.access.permissions import find_care, select_assigned_attempts, select_open_shares
from web.clinic.caseload import list_counted_attempts
from web.clinic.comments import CommentLine
from web.clinic.homework_states import AssignmentState, list_states
from web.clinic.scene_search import name_item
from web.clinic.shared_view import SharedShape
from web.clinic.sharing import draw_share
from web.clinic.skill_counts import name_counts, read_counts
from web.database.clinic_tables import AssignmentItem, Comment, Share
from web.database.tables import Attempt, Person
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House
from web.rehearsal.scene_cards import find_card
from web.rehearsal.shapes import SkillCount

Form = Literal["pdf", "csv", "fhir r5", "fhir r4b"]


@dataclass(frozen=True)
class CountedRehearsal:
    """The counts of one finished rehearsal of homework, and for which homework it was."""

    attempt_id: str
    assignment_id: str
    title: str
    check: str | None
    level: str
    begun_at: datetime
    ended_at: datetime | None
    replies: int
    skills: tuple[SkillCount, ...]


@dataclass(frozen=True)
class SharedRehearsal:
    """One rehearsal as it is shared, with the comments to it."""

    shape: SharedShape
    shared_at: datetime
    comments: tuple[CommentLine, ...]


@dataclass(frozen=True)
class ClientExport:
    """`care_id` stands for the client: another clinician's export of the same person has another. `counts` is empty without consent."""

    care_id: str
    label: str
    time_zone: str | None
    """The clinician's own."""
    made_at: datetime
    homework: tuple[AssignmentState, ...]
    titles: Mapping[tuple[str, str], str]
    """Of scenes and drills, by kind and id."""
    counts: tuple[CountedRehearsal, ...]
    shared: tuple[SharedRehearsal, ...]


def take_out(house: House, clinician_id: str, client_id: str, form: Form) -> ClientExport:
    """Gather it, and note in the client's trail what was taken. Raises NotFound when the client is not in this clinician's care."""
    with house.database.writing() as session:
        return _gather(house, session, clinician_id, client_id, form)


def _gather(house: House, session: Session, clinician_id: str, client_id: str, form: Form) -> ClientExport:
    care = find_care(session, clinician_id=clinician_id, client_id=client_id)
    client, clinician = session.get(Person, client_id), session.get(Person, clinician_id)
    if care is None or client is None or clinician is None:
        raise NotFound
    now = house.now()
    house.audit.record(session, "exported", now=now, actor_id=clinician_id, subject_id=client_id, object_id=care.id, detail=form)
    homework = tuple(state for state in list_states(session, clinician_id, now) if state.client_id == client_id)
    counts = _list_counts(house, session, clinician_id, client_id)
    if counts:
        house.audit.record(session, "counts_read", now=now, actor_id=clinician_id, subject_id=client_id)
    with_words = form in ("pdf", "csv")
    return ClientExport(
        care_id=care.id,
        label=care.label or client.name or "",
        time_zone=clinician.time_zone,
        made_at=now,
        homework=homework,
        titles={(item.kind, item.scene_id): name_item(house, item.kind, item.scene_id) for state in homework for item in state.items},
        counts=counts,
        shared=_list_shared(house, session, clinician_id, client_id) if with_words else (),
    )


def _list_counts(house: House, session: Session, clinician_id: str, client_id: str) -> tuple[CountedRehearsal, ...]:
    attempts = [each for each in list_counted_attempts(session, clinician_id, client_id) if find_card(house, each).partner is not None]
    attempts.sort(key=lambda each: each.created_at)
    counts = read_counts(session, house.wording, attempts)
    given = select_assigned_attempts(clinician_id).with_only_columns(Attempt.id, AssignmentItem.assignment_id)
    homework = dict(session.execute(given.where(Attempt.person_id == client_id)).tuples().all())
    return tuple(
        CountedRehearsal(
            attempt_id=each.id,
            assignment_id=homework[each.id],
            title=find_card(house, each).title,
            check=each.check_kind,
            level=each.level,
            begun_at=each.created_at,
            ended_at=each.ended_at,
            replies=counts[each.id].replies,
            skills=name_counts(house.wording, counts[each.id].skills, "skill"),
        )
        for each in attempts
    )


def _list_shared(house: House, session: Session, clinician_id: str, client_id: str) -> tuple[SharedRehearsal, ...]:
    now = house.now()
    query = select_open_shares(clinician_id).where(Attempt.person_id == client_id).order_by(Attempt.created_at, Share.shared_at)
    rows = session.execute(query).tuples().all()
    comments = _group_comments(session, [share.id for share, _attempt in rows])
    shared = []
    for share, attempt in rows:
        share.first_read_at = share.first_read_at or now
        share.last_read_at = now
        house.audit.record(session, "share_read", now=now, actor_id=clinician_id, subject_id=client_id, object_id=share.id)
        shared.append(SharedRehearsal(draw_share(house, session, share, attempt), share.shared_at, tuple(comments[share.id])))
    return tuple(shared)


def _group_comments(session: Session, share_ids: Iterable[str]) -> dict[str, list[CommentLine]]:
    grouped: dict[str, list[CommentLine]] = defaultdict(list)
    query = select(Comment, Person).join(Person, Person.id == Comment.author_id).where(Comment.share_id.in_(share_ids))
    for each, author in session.execute(query.order_by(Comment.made_at, Comment.id)):
        line = CommentLine(each.id, each.turn_id, author.name or "", each.words or "", each.made_at, each.changed_at, each.seen_at)
        grouped[each.share_id].append(line)
    return grouped
