"""What this clinic added to our content, as every page of a process sees it: its scenes and its wording.

Read once and kept; before each request one small query asks whether any process has changed something, so that a change applies at once
everywhere. What is handed out never changes: a page that began with one wording ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from data.rubric.wording import Wording
from data.safety.help import HelpBook
from data.scenarios.clinic_file import check_clinic_scene, is_clinic_id
from web.clinic.clinic_wording import OwnWords, lay_over, list_rows
from web.clinic.scene_files import keep_files_right, select_needed
from web.database.clinic_tables import ClinicScene, ClinicWording
from web.database.engine import Database
from web.rehearsal.catalogue import Afterwards, Catalogue, DrillCard, SceneCard, make_afterwards, make_card

_STAMP = select(
    *(select(what).where(ClinicScene.status != "draft").scalar_subquery() for what in (func.count(), func.sum(ClinicScene.revision))),
    *(select(what).select_from(ClinicWording).scalar_subquery() for what in (func.count(), func.max(ClinicWording.changed_at))),
)
"""Asked before every request: built once."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _OwnScene:
    revision: int
    offered: bool
    card: SceneCard
    afterwards: Afterwards


@dataclass(frozen=True)
class _Snapshot:
    stamp: tuple[Any, ...] = ()
    scenes: Mapping[tuple[str, int], _OwnScene] = field(default_factory=dict)
    words: OwnWords | None = None


class OwnContent:
    """The clinic's scenes and wording over `wording` and `help_book`, which are ours and the operator's."""

    def __init__(self, database: Database, home: Path, locale: str, wording: Wording, help_book: HelpBook) -> None:
        self.folder = home / "scenes"
        self.locale = locale
        self.wording = wording
        self.help_book = help_book
        self._database = database
        self._lock = Lock()
        self._snapshot = _Snapshot()
        self.refresh()

    @property
    def words(self) -> OwnWords:
        words = self._snapshot.words
        assert words is not None  # refresh() in __init__ has set it
        return words

    def refresh(self) -> None:
        """Read anew what some process has changed since; one query where nothing has."""
        with self._database.reading_rows() as connection:
            if _read_stamp(connection) == self._snapshot.stamp:
                return
        with self._database.reading() as session:
            stamp = _read_stamp(session.connection())
            with self._lock:
                words = lay_over(list_rows(session, self.locale), self.wording, self.help_book)
                self._snapshot = _Snapshot(stamp, self._read_scenes(session), words)

    def keep_files_right(self) -> None:
        """Lay the files of the action server that are missing, take away what nobody needs."""
        with self._database.reading() as session:
            keep_files_right(session, self.folder)

    def find(self, scene_id: str, version: int | None) -> _OwnScene | None:
        """That version, or the one that is offered."""
        scenes = self._snapshot.scenes
        if version is not None:
            return scenes.get((scene_id, version))
        return next((one for (known, _), one in scenes.items() if known == scene_id and one.offered), None)

    def list_offered(self) -> list[SceneCard]:
        return [one.card for _, one in sorted(self._snapshot.scenes.items()) if one.offered]

    def _read_scenes(self, session: Session) -> dict[tuple[str, int], _OwnScene]:
        before, scenes = self._snapshot.scenes, {}
        for row in session.scalars(select_needed()):
            place = (row.scene_id, row.version)
            kept = before.get(place)
            if kept is not None and kept.revision == row.revision:
                scenes[place] = kept
                continue
            scene, faults = check_clinic_scene(row.content or "", row.scene_id, row.version)
            if scene is None:
                log.error("clinic_scene_left_out", scene=row.scene_id, version=row.version, faults=len(faults))
                continue
            scenes[place] = _OwnScene(row.revision, row.status == "published", make_card(scene), make_afterwards(scene))
        return scenes


class ClinicCatalogue:
    """Our scenes, and those of the clinic after them."""

    def __init__(self, ours: Catalogue, own: OwnContent) -> None:
        self._ours = ours
        self._own = own

    def list_cards(self) -> list[SceneCard]:
        return [*self._ours.list_cards(), *self._own.list_offered()]

    def find(self, scene_id: str, version: int | None = None) -> SceneCard | None:
        """The card of a scene; of a clinic's scene that version, or without one the version that is offered."""
        if not is_clinic_id(scene_id):
            return self._ours.find(scene_id)
        one = self._own.find(scene_id, version)
        return None if one is None else one.card

    def tell_afterwards(self, scene_id: str, version: int | None = None) -> Afterwards | None:
        if not is_clinic_id(scene_id):
            return self._ours.tell_afterwards(scene_id)
        one = self._own.find(scene_id, version)
        return None if one is None else one.afterwards

    def list_drills(self) -> list[DrillCard]:
        return self._ours.list_drills()


def _read_stamp(connection: Connection) -> tuple[Any, ...]:
    """Another value after every change to the clinic's published scenes or wording, by whichever process."""
    return tuple(connection.execute(_STAMP).one())
