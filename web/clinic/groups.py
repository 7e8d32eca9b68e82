"""Groups of clients who get the same homework. Nobody in a group learns of the others, nor that there is one.

So the audit events of a group carry no client as their subject: a client reads the trail of their own data.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from web.access.permissions import find_care, find_own_group
from web.clinic.audit import AuditTrail
from web.clinic.care import CaredFor, list_cared_for
from web.clinic.homework_faults import NoGroupName
from web.database.clinic_tables import Assignment, ClientGroup, GroupMember
from web.database.tables import Person, make_id
from web.rehearsal.faults import NotFound, NotUnderstood

LONGEST_NAME = 60


@dataclass(frozen=True)
class Group:
    id: str
    name: str
    members: tuple[CaredFor, ...]


def list_groups(session: Session, clinician_id: str) -> list[Group]:
    """This clinician's groups by name, each with the members who are in their care."""
    in_care = {one.client_id: one for one in list_cared_for(session, clinician_id)}
    members: dict[str, list[CaredFor]] = {}
    query = select(GroupMember).join(ClientGroup, ClientGroup.id == GroupMember.group_id).where(ClientGroup.clinician_id == clinician_id)
    for member in session.scalars(query):
        if member.client_id in in_care:
            members.setdefault(member.group_id, []).append(in_care[member.client_id])
    groups = []
    for row in session.scalars(select(ClientGroup).where(ClientGroup.clinician_id == clinician_id)):
        groups.append(Group(row.id, row.name or "", _sort(members.get(row.id, []))))
    return sorted(groups, key=lambda group: group.name.casefold())


def show_group(session: Session, clinician_id: str, group_id: str) -> Group:
    """One group. Raises NotFound when it is not this clinician's."""
    row = _find(session, clinician_id, group_id)
    in_care = {one.client_id: one for one in list_cared_for(session, clinician_id)}
    ids = session.scalars(select(GroupMember.client_id).where(GroupMember.group_id == row.id))
    return Group(row.id, row.name or "", _sort(in_care[client_id] for client_id in ids if client_id in in_care))


def make_group(session: Session, audit: AuditTrail, *, clinician_id: str, name: str, form_id: str, now: datetime) -> str:
    """A new group; its id is that of the form, so that a form sent twice makes one. Raises NoGroupName."""
    name = _read_name(name)
    session.get(Person, clinician_id, with_for_update=True)
    there = session.get(ClientGroup, form_id)
    if there is not None:
        if there.clinician_id != clinician_id:
            raise NotUnderstood
        return there.id
    group = ClientGroup(id=form_id, clinician_id=clinician_id, made_at=now)
    session.add(group)
    group.name = name
    audit.record(session, "group_made", now=now, actor_id=clinician_id, subject_id=None, object_id=group.id)
    return group.id


def rename_group(session: Session, audit: AuditTrail, *, clinician_id: str, group_id: str, name: str, now: datetime) -> None:
    group = _find(session, clinician_id, group_id)
    group.name = _read_name(name)
    _note_change(session, audit, clinician_id, group, now)


def add_member(session: Session, audit: AuditTrail, *, clinician_id: str, group_id: str, client_id: str, now: datetime) -> None:
    """Put a client of one's own into the group; twice is once. Raises NotFound."""
    group = _find(session, clinician_id, group_id, lock=True)
    if find_care(session, clinician_id=clinician_id, client_id=client_id) is None:
        raise NotFound
    if _find_member(session, group, client_id) is None:
        session.add(GroupMember(id=make_id(), group_id=group.id, client_id=client_id, joined_at=now))
        _note_change(session, audit, clinician_id, group, now)


def remove_member(session: Session, audit: AuditTrail, *, clinician_id: str, group_id: str, client_id: str, now: datetime) -> None:
    """Take a client out of the group; the homework they have stays theirs until it is withdrawn. Raises NotFound."""
    group = _find(session, clinician_id, group_id, lock=True)
    member = _find_member(session, group, client_id)
    if member is None:
        raise NotFound
    session.delete(member)
    _note_change(session, audit, clinician_id, group, now)


def erase_group(session: Session, audit: AuditTrail, *, clinician_id: str, group_id: str, now: datetime) -> None:
    """Erase the group and its name; homework given to it stays with each client."""
    group = _find(session, clinician_id, group_id, lock=True)
    session.execute(update(Assignment).where(Assignment.group_id == group.id).values(group_id=None))
    audit.record(session, "group_erased", now=now, actor_id=clinician_id, subject_id=None, object_id=group.id)
    session.delete(group)


def _find(session: Session, clinician_id: str, group_id: str, *, lock: bool = False) -> ClientGroup:
    group = find_own_group(session, clinician_id=clinician_id, group_id=group_id)
    if group is None:
        raise NotFound
    if lock:
        session.refresh(group, with_for_update=True)
    return group


def _find_member(session: Session, group: ClientGroup, client_id: str) -> GroupMember | None:
    return session.scalar(select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.client_id == client_id))


def _note_change(session: Session, audit: AuditTrail, clinician_id: str, group: ClientGroup, now: datetime) -> None:
    audit.record(session, "group_changed", now=now, actor_id=clinician_id, subject_id=None, object_id=group.id)


def _read_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise NoGroupName
    return name


def _sort(members: Iterable[CaredFor]) -> tuple[CaredFor, ...]:
    return tuple(sorted(members, key=lambda one: one.label.casefold()))
