"""A backup as one file: a plain tar with the database, the content files of the home, and a manifest that vouches for both.

The manifest names each file's size and SHA-256 and carries a message authentication code under a key drawn from the key for words at rest:
so a backup that was changed, cut short or written with another key is told before anything is restored. No key is in it.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import tarfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from web.database.cipher import make_key_id

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 4 * 1024 * 1024
PIECE = 1024 * 1024


class BackupFault(Exception):
    """A backup that cannot be made or used; `str()` is one sentence."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileMark(_Frozen):
    size: int = Field(ge=0)
    """bytes"""
    sha256: str


class Manifest(_Frozen):
    """What a backup holds. `key_ids` (hex, the one that vouches first) tell which keys it needs and give nothing of them away."""

    format: Literal[1] = 1
    made_at: datetime
    version: str
    """of Sayable"""
    database: Literal["sqlite", "postgresql"]
    migration: str
    key_ids: tuple[str, ...] = Field(min_length=1)
    files: dict[str, FileMark]
    """by name in the tar: `database` and `home/…`"""
    code: str = ""
    """HMAC-SHA-256 (hex) of all the rest"""


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path], key: bytes) -> Manifest:
    """Write `target` (made by the caller) from `files`, by their names in the tar; gives the manifest with marks and code."""
    marks = {name: _mark(path) for name, path in files.items()}
    whole = manifest.model_copy(update={"files": marks, "code": ""})
    whole = whole.model_copy(update={"code": _make_code(whole, key)})
    with open(target, "wb") as output:
        with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as tar:
            content = whole.model_dump_json(indent=1).encode()
            tar.addfile(_make_member(MANIFEST, len(content), manifest.made_at), io.BytesIO(content))
            for name, path in files.items():
                with open(path, "rb") as file:
                    tar.addfile(_make_member(name, marks[name].size, manifest.made_at), file)
        output.flush()
        os.fsync(output.fileno())
    return whole


def check_backup(path: Path, keys: Sequence[bytes]) -> Manifest:
    """Read the whole of a backup and give its manifest; raises BackupFault when anything about it is not as it was made."""
    return unpack(path, keys, None)


def unpack(path: Path, keys: Sequence[bytes], folder: Path | None) -> Manifest:
    """Check a backup and, with `folder`, write its files there by their names; raises BackupFault at the first thing that is wrong."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            members = iter(tar)
            manifest = _read_manifest(tar, next(members, None), keys)
            found = set()
            for member in members:
                if member.name not in manifest.files or member.name in found or not member.isreg() or not is_fit_name(member.name):
                    raise BackupFault("The backup holds a file that its manifest does not name; it was changed.")
                found.add(member.name)
                file = tar.extractfile(member)
                assert file is not None
                _take_file(file, member.name, manifest.files[member.name], folder)
    except (tarfile.TarError, EOFError) as error:
        raise BackupFault(f"{path.name} is damaged or cut short ({type(error).__name__}).") from None
    except OSError as error:
        raise BackupFault(f"{error.filename or path}: {error.strerror or error}.") from None
    if found != set(manifest.files):
        raise BackupFault(f"{path.name} is cut short: {', '.join(sorted(set(manifest.files) - found))} is missing.")
    return manifest


def is_fit_name(name: str) -> bool:
    """Whether a file of a backup may be written by this name: the database, or something inside the home."""
    parts = PurePosixPath(name).parts
    return name == "database" or (len(parts) > 1 and parts[0] == "home" and ".." not in parts and "\0" not in name)


def _read_manifest(tar: tarfile.TarFile, first: tarfile.TarInfo | None, keys: Sequence[bytes]) -> Manifest:
    file = tar.extractfile(first) if first is not None and first.name == MANIFEST and first.size <= LARGEST_MANIFEST else None
    if file is None:
        raise BackupFault("This is no backup of Sayable: it does not begin with a manifest.")
    try:
        manifest = Manifest.model_validate_json(file.read())
    except ValidationError:
        raise BackupFault("The manifest of the backup cannot be read: it was changed, or a newer program made it.") from None
    by_id = {make_key_id(key).hex(): key for key in keys}
    missing = [key_id for key_id in manifest.key_ids if key_id not in by_id]
    if missing:
        raise BackupFault(f"The backup was made with another key (id {', '.join(missing)}) than the one here; give that one with --key.")
    if not hmac.compare_digest(manifest.code, _make_code(manifest, by_id[manifest.key_ids[0]])):
        raise BackupFault("The manifest of the backup was changed after it was made.")
    return manifest


def _take_file(file: IO[bytes], name: str, mark: FileMark, folder: Path | None) -> None:
    target = None if folder is None else folder / name
    if target is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(os.devnull if target is None else target, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as output:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
            output.write(piece)
        if target is not None:
            output.flush()
            os.fsync(output.fileno())
    if size != mark.size or digest.hexdigest() != mark.sha256:
        raise BackupFault(f"The file {name} in the backup is not as it was when the backup was made.")


def _mark(path: Path) -> FileMark:
    digest, size = hashlib.sha256(), 0
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return FileMark(size=size, sha256=digest.hexdigest())


def _make_code(manifest: Manifest, key: bytes) -> str:
    vouching = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sayable backup manifest").derive(key)
    content = json.dumps(manifest.model_dump(mode="json", exclude={"code"}), sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(vouching, content, hashlib.sha256).hexdigest()


def _make_member(name: str, size: int, made_at: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(made_at.timestamp())
    return member
