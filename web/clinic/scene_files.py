"""Copies of published scenes for the action server: `$SAYABLE_HOME/scenes/C01.v3.yml`, which only the house's own user may read.

The database has the last word: files that are missing are written anew at start and with every sweep, those nobody needs are taken away.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

import structlog
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from data.scenarios.clinic_file import FILE_NAME, digest_of, name_file
from web.database.clinic_tables import ClinicScene
from web.database.tables import Attempt

DRAFT_KEPT_SECONDS = 24 * 3600
"""A preview that nobody opened for a day can be opened again: its file is then written anew."""

log = structlog.get_logger(__name__)


def lay_file(folder: Path, scene_id: str, version: int, text: str) -> Path:
    """Write one published version, whole or not at all; one that is there with this very text is left."""
    return _lay(folder / name_file(scene_id, version), text)


def lay_draft(folder: Path, scene_id: str, version: int, text: str) -> str:
    """Write a draft to be tried; gives the digest under which the action server finds it."""
    digest = digest_of(text)
    path = _lay(folder / name_file(scene_id, version, digest), text)
    os.utime(path)  # in use: the sweep leaves it for another day
    return digest


def select_needed() -> Select[tuple[ClinicScene]]:
    """The versions that are offered, and those at which somebody has a rehearsal."""
    used = exists().where(Attempt.scene_id == ClinicScene.scene_id, Attempt.scene_version == ClinicScene.version)
    offered = ClinicScene.status == "published"
    return select(ClinicScene).where(or_(offered, (ClinicScene.status == "archived") & used))


def keep_files_right(session: Session, folder: Path) -> tuple[int, int]:
    """Write what is missing or was changed by hand, take away what nobody needs; gives the numbers of both."""
    needed = {name_file(row.scene_id, row.version): row for row in session.scalars(select_needed())}
    laid = gone = 0
    for name, row in needed.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != (row.content or "").encode():
            lay_file(folder, row.scene_id, row.version, row.content or "")
            laid += 1
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in needed and _is_outlived(path):
            path.unlink(missing_ok=True)
            gone += 1
    if laid or gone:
        log.info("scene_files", laid=laid, removed=gone)
    return laid, gone


def _is_outlived(path: Path) -> bool:
    """Whether a file here is ours to take away: a version that nobody needs, a draft of yesterday, or a half-written one."""
    named = FILE_NAME.fullmatch(path.name)
    if named is None and not path.name.endswith(".part"):
        return False
    if named is not None and not named["hidden"]:
        return True
    try:
        return path.stat().st_mtime + DRAFT_KEPT_SECONDS < time.time()
    except FileNotFoundError:
        return False


def _lay(path: Path, text: str) -> Path:
    content = text.encode()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() == content:
        return path
    part = path.with_name(f".{path.name.lstrip('.')}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return path
