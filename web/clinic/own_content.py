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
from web.clinic.clinic_wording import Kind, OwnWords, lay_over, list_rows
from web.clinic.our_words import OurWords, find_words_locale
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
    words: Mapping[str, OwnWords] = field(default_factory=dict)


class OwnContent:
    """The clinic's scenes and wording over `ours`, by locale, which are our texts and the operator's; `locale` is the house's own."""

    def __init__(self, database: Database, home: Path, locale: str, ours: Mapping[str, OurWords]) -> None:
        self.folder = home / "scenes"
        self.locale = locale
        self._ours = ours
        self._database = database
        self._lock = Lock()
        self._snapshot = _Snapshot()
        self.refresh()

    @property
    def words(self) -> OwnWords:
        """In the language of the present page."""
        return self._snapshot.words[find_words_locale(self._ours, self.locale)]

    @property
    def wording(self) -> Wording:
        """Our wording of feedback in the language of the present page, without what the clinic wrote."""
        return self._ours[find_words_locale(self._ours, self.locale)].wording

    @property
    def help_book(self) -> HelpBook:
        """The operator's book in the house's own language: the one that is confirmed before anybody is invited."""
        return self._ours[self.locale].help_book

    def find_locale(self, kind: Kind) -> str:
        """For which readers a clinic's text of this kind is kept.

        Messages of feedback are adapted in the language they are read in. Help lines hold for everybody, and the words for feelings and
        needs belong to the practice, whatever language the page around it speaks: these are kept under the house's own.
        """
        return find_words_locale(self._ours, self.locale) if kind == "feedback" else self.locale

    def refresh(self) -> None:
        """Read anew what some process has changed since; one query where nothing has."""
        with self._database.reading_rows() as connection:
            if _read_stamp(connection) == self._snapshot.stamp:
                return
        with self._database.reading() as session:
            stamp = _read_stamp(session.connection())
            with self._lock:
                for_all = [row for row in list_rows(session, self.locale) if row.kind != "feedback"]
                words = {locale: lay_over([*for_all, *list_rows(session, locale, "feedback")], ours) for locale, ours in self._ours.items()}
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
        """The drills, their frame in the language of the present page."""
        tell = self._own.words.around.tell
        return [DrillCard(drill.skill, tell(drill.title), tell(drill.intro)) for drill in self._ours.list_drills()]


def _read_stamp(connection: Connection) -> tuple[Any, ...]:
    """Another value after every change to the clinic's published scenes or wording, by whichever process."""
    return tuple(connection.execute(_STAMP).one())
