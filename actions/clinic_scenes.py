"""Scenes of the clinic for the actions: read from the folder that the web room fills, checked by the same reader, kept while unchanged."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

from data.scenarios.clinic_file import SceneAway, name_file, read_clinic_scene

MOST_KEPT = 64


class ClinicScenes:
    """The scenes in `folder` (`$SAYABLE_HOME/scenes`). Nothing is read before it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: OrderedDict[tuple[str, int, str], tuple[tuple[int, int], Any]] = OrderedDict()
        self._lock = Lock()

    def load(self, scene_id: str, version: int, digest: str = "") -> Any:
        """That version of a scene (with `digest`: that draft). Raises SceneAway without its file, ContentError for a fault."""
        place = (scene_id, version, digest)
        try:
            found = (self.folder / name_file(scene_id, version, digest)).stat()
        except OSError:
            raise SceneAway(f"{self.folder / name_file(scene_id, version, digest)} is missing") from None
        stamp = (found.st_mtime_ns, found.st_size)
        with self._lock:
            kept = self._kept.get(place)
            if kept is not None and kept[0] == stamp:
                self._kept.move_to_end(place)
                return kept[1]
        scene = read_clinic_scene(self.folder, scene_id, version, digest)
        with self._lock:
            self._kept[place] = (stamp, scene)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return scene
