"""Versions of the clinic's own scenes: draft → published → archived. What was published never changes; a new version follows it.

At most one draft and one published version of a scene are there at a time. Archived versions stay, so that an attempt ends as it began.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.scenarios.clinic_file import CLINIC_ID, LARGEST_SCENE
from web.clinic.audit import AuditTrail
from web.clinic.scene_checks import tell_faults
from web.clinic.scene_files import lay_file
from web.clinic.scene_refusals import ChangedMeanwhile, FaultsLeft, SceneTooLong, ThereIsADraft
from web.clinic.scene_text import name_scene, read_head
from web.database.clinic_tables import ClinicScene
from web.database.tables import Attempt, Person, make_id
from web.rehearsal.faults import NotFound


@dataclass(frozen=True)
class Version:
    """One version in the list of a scene. `attempts`: rehearsals that were begun with it; a number, of nobody."""

    version: int
    status: str
    author: str
    changed_at: datetime
    published_at: datetime | None
    attempts: int


@dataclass(frozen=True)
class SceneLine:
    """One scene of the clinic in the list: its newest title, and which versions are drafted and offered."""

    scene_id: str
    title: str
    author: str
    draft: int | None
    offered: int | None
    changed_at: datetime


def list_clinic_scenes(session: Session) -> list[SceneLine]:
    """Every scene of the clinic, those changed last first."""
    rows: dict[str, list[ClinicScene]] = {}
    for row in session.scalars(select(ClinicScene).order_by(ClinicScene.version)):
        rows.setdefault(row.scene_id, []).append(row)
    names = _name_authors(session)
    lines = []
    for scene_id, versions in rows.items():
        newest = versions[-1]
        by_status = {row.status: row.version for row in versions}
        title = read_head(newest.content or "", "title")
        author = names.get(newest.author_id or "", "")
        changed_at = max(row.changed_at for row in versions)
        lines.append(SceneLine(scene_id, title, author, by_status.get("draft"), by_status.get("published"), changed_at))
    return sorted(lines, key=lambda line: line.changed_at, reverse=True)


def list_versions(session: Session, scene_id: str) -> list[Version]:
    """The versions of one scene, newest first. Raises NotFound."""
    rows = list(session.scalars(select(ClinicScene).where(ClinicScene.scene_id == scene_id).order_by(ClinicScene.version.desc())))
    if not rows:
        raise NotFound
    counting = select(Attempt.scene_version, func.count()).where(Attempt.scene_id == scene_id).group_by(Attempt.scene_version)
    used = dict(session.execute(counting).tuples().all())
    names = _name_authors(session)
    return [
        Version(row.version, row.status, names.get(row.author_id or "", ""), row.changed_at, row.published_at, used.get(row.version, 0))
        for row in rows
    ]


def find_version(session: Session, scene_id: str, version: int) -> ClinicScene:
    """One version. Raises NotFound."""
    row = session.scalar(select(ClinicScene).where(ClinicScene.scene_id == scene_id, ClinicScene.version == version))
    if row is None:
        raise NotFound
    return row


def find_draft(session: Session, scene_id: str, *, lock: bool = False) -> ClinicScene:
    """The draft of a scene. Raises NotFound when it has none."""
    row = _find_by_status(session, scene_id, "draft", lock=lock)
    if row is None:
        raise NotFound
    return row


def add_scene(session: Session, audit: AuditTrail, text: str, *, by_id: str, now: datetime, what: str = "scene_drafted") -> ClinicScene:
    """A new scene of the clinic as a draft with the next id. Raises SceneTooLong."""
    check_length(text)
    scene_id = _find_next_id(session)
    return _add_draft(session, audit, scene_id, 1, text, by_id=by_id, now=now, what=what)


def begin_draft(session: Session, audit: AuditTrail, scene_id: str, version: int, *, by_id: str, now: datetime) -> ClinicScene:
    """A new version to write, beginning as the given one stands. Raises ThereIsADraft, NotFound."""
    source = find_version(session, scene_id, version)
    if _find_by_status(session, scene_id, "draft") is not None:
        raise ThereIsADraft
    newest = session.scalar(select(func.max(ClinicScene.version)).where(ClinicScene.scene_id == scene_id)) or 0
    return _add_draft(session, audit, scene_id, newest + 1, source.content or "", by_id=by_id, now=now, what="scene_drafted")


def save_draft(session: Session, scene_id: str, text: str, *, now: datetime, revision: int | None = None) -> ClinicScene:
    """Keep a draft as it is written, also with faults. With `revision`: only if nobody changed it since. Raises ChangedMeanwhile."""
    check_length(text)
    row = find_draft(session, scene_id, lock=True)
    if revision is not None and row.revision != revision:
        raise ChangedMeanwhile
    text = name_scene(text, row.scene_id, row.version)
    if text != row.content:
        row.content = text
        row.locale = read_locale(text)
        row.changed_at = now
        session.flush()
    return row


def publish(session: Session, audit: AuditTrail, folder: Path, scene_id: str, *, revision: int, by_id: str, now: datetime) -> ClinicScene:
    """Offer the draft to the clinic in the place of the version before. Raises ChangedMeanwhile, FaultsLeft."""
    row = find_draft(session, scene_id, lock=True)
    if row.revision != revision:
        raise ChangedMeanwhile
    if tell_faults(row.content or "", scene_id, row.version):
        raise FaultsLeft
    lay_file(folder, scene_id, row.version, row.content or "")  # first: a version that is offered can be played
    before = _find_by_status(session, scene_id, "published", lock=True)
    if before is not None:
        before.status, before.changed_at = "archived", now
        session.flush()
    row.status, row.published_at, row.changed_at = "published", now, now
    audit.record(session, "scene_published", now=now, actor_id=by_id, subject_id=None, object_id=row.id)
    return row


def archive(session: Session, audit: AuditTrail, scene_id: str, *, by_id: str, now: datetime) -> None:
    """Offer a scene no longer; rehearsals that were begun go on. Raises NotFound when none is offered."""
    row = _find_by_status(session, scene_id, "published", lock=True)
    if row is None:
        raise NotFound
    row.status, row.changed_at = "archived", now
    audit.record(session, "scene_archived", now=now, actor_id=by_id, subject_id=None, object_id=row.id)


def offer_again(session: Session, audit: AuditTrail, folder: Path, scene_id: str, version: int, *, by_id: str, now: datetime) -> None:
    """Offer an earlier version once more, in the place of the present one. Raises NotFound, FaultsLeft (the checks grew since)."""
    row = find_version(session, scene_id, version)
    if row.status != "archived":
        raise NotFound
    if tell_faults(row.content or "", scene_id, version):
        raise FaultsLeft
    lay_file(folder, scene_id, version, row.content or "")
    present = _find_by_status(session, scene_id, "published", lock=True)
    if present is not None:
        present.status, present.changed_at = "archived", now
        session.flush()
    row.status, row.published_at, row.changed_at = "published", now, now
    audit.record(session, "scene_published", now=now, actor_id=by_id, subject_id=None, object_id=row.id)


def discard_draft(session: Session, audit: AuditTrail, scene_id: str, *, revision: int, by_id: str, now: datetime) -> None:
    """Throw a draft away as it was seen. Raises ChangedMeanwhile, NotFound."""
    row = find_draft(session, scene_id, lock=True)
    if row.revision != revision:
        raise ChangedMeanwhile
    audit.record(session, "scene_archived", now=now, actor_id=by_id, subject_id=None, object_id=row.id, detail="draft")
    session.delete(row)


def check_length(text: str) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_SCENE:
        raise SceneTooLong


def read_locale(text: str) -> str:
    """The scene's language for the list, `en` where it says none."""
    locale = read_head(text, "locale")
    return locale if 1 < len(locale) <= 16 else "en"


def _add_draft(
    session: Session, audit: AuditTrail, scene_id: str, version: int, text: str, *, by_id: str, now: datetime, what: str
) -> ClinicScene:
    row = ClinicScene(id=make_id(), scene_id=scene_id, version=version, author_id=by_id, status="draft", locale=read_locale(text))
    row.changed_at, row.published_at = now, None
    session.add(row)
    row.content = name_scene(text, scene_id, version)
    session.flush()
    audit.record(session, what, now=now, actor_id=by_id, subject_id=None, object_id=row.id)
    return row


def _find_by_status(session: Session, scene_id: str, status: str, *, lock: bool = False) -> ClinicScene | None:
    query = select(ClinicScene).where(ClinicScene.scene_id == scene_id, ClinicScene.status == status)
    return session.scalar(query.with_for_update() if lock else query)


def _find_next_id(session: Session) -> str:
    """C01, C02, …: one more than any that a scene or a rehearsal has, so that no rehearsal ever meets another scene."""
    taken = {*session.scalars(select(ClinicScene.scene_id).distinct())}
    taken |= {*session.scalars(select(Attempt.scene_id).where(Attempt.scene_id.like("C%")).distinct())}
    numbers = [int(scene_id[1:]) for scene_id in taken if CLINIC_ID.fullmatch(scene_id)]
    return f"C{max(numbers, default=0) + 1:02d}"


def _name_authors(session: Session) -> dict[str, str]:
    ids = select(ClinicScene.author_id).where(ClinicScene.author_id.is_not(None)).distinct()
    return {person.id: person.name or "" for person in session.scalars(select(Person).where(Person.id.in_(ids)))}
