"""Scenes that a clinic wrote: their ids, the files that the web room lays for the action server, and how these are read.

The words live sealed in the database; `$SAYABLE_HOME/scenes/C01.v3.yml` is a copy of one published version, which never changes.
A preview is a file of its own, named by its content as well (`.C01.v3.<digest>.yml`, left out of backups).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from data.faults import ContentError
from data.read_yaml import read_yaml
from data.scenarios.reader import check_scene
from data.scenarios.scene import Reflection, Scene

CLINIC_ID = re.compile(r"C[0-9]{2,5}")
FILE_NAME = re.compile(r"(?P<hidden>\.)?(?P<scene>C[0-9]{2,5})\.v(?P<version>[1-9][0-9]{0,5})(?:\.(?P<digest>[0-9a-f]{16}))?\.yml")
LARGEST_SCENE = 200_000
"""Bytes of one scene as UTF-8: five times the longest of ours."""


class SceneAway(Exception):
    """The file of a clinic's scene is not in this machine's folder; the web room lays it, or the folder is not shared."""


def is_clinic_id(scene_id: object) -> bool:
    """Whether an id is one of a scene written in a clinic: `C` and at least two digits."""
    return isinstance(scene_id, str) and CLINIC_ID.fullmatch(scene_id) is not None


def name_file(scene_id: str, version: int, digest: str = "") -> str:
    """The file name of a published version or, with the digest of its content, of a preview."""
    return f".{scene_id}.v{version}.{digest}.yml" if digest else f"{scene_id}.v{version}.yml"


def digest_of(text: str) -> str:
    """16 hex digits that stand for this very text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def check_clinic_scene(text: str, scene_id: str, version: int | None = None) -> tuple[Scene | Reflection | None, list[ContentError]]:
    """The scene if its shape is right, and every fault, in order of line, as `check_scene` tells them; paths read `C01.yml`."""
    path = Path(f"{scene_id}.yml")
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_SCENE:
        return None, [ContentError(path, 1, "", f"the scene is larger than {LARGEST_SCENE} bytes", "shorten it")]
    try:
        value = read_yaml(path, text).value
    except ContentError as fault:
        return None, [fault]
    locale = value.get("locale") if isinstance(value, dict) else None
    if isinstance(locale, str) and locale != "en" and re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", locale):
        path = Path(f"{scene_id}.{locale}.yml")
    scene, faults = check_scene(path, text)
    if scene is not None and version is not None and scene.version != version:
        faults = [*faults, read_yaml(path, text).fault(("version",), f"is {scene.version}", f"this is version {version}")]
    return scene, sorted(faults, key=lambda fault: fault.line)


def read_clinic_scene(folder: Path, scene_id: str, version: int, digest: str = "") -> Scene | Reflection:
    """One version of a clinic's scene from `folder`. Raises SceneAway when its file is not there, ContentError for its first fault."""
    if not is_clinic_id(scene_id) or version < 1 or (digest and not re.fullmatch(r"[0-9a-f]{16}", digest)):
        raise SceneAway(scene_id)
    path = folder / name_file(scene_id, version, digest)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise SceneAway(f"{path} cannot be read") from None
    except UnicodeDecodeError:
        raise ContentError(path, 1, "", "is not UTF-8", "the web process writes this file anew at its next start") from None
    scene, faults = check_clinic_scene(text, scene_id, version)
    if faults or scene is None:
        raise faults[0]
    return scene
