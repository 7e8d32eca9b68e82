"""Secrets as files of mode 0600 in `$SAYABLE_HOME/secrets/`, made on first start; the environment goes before the file.

The key for words at rest is special: once words have been written with it, a missing key is never silently made anew,
because everything written before would be lost behind it.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from web.settings import Settings

WORDS_KEY_FILE = "words.key"


class SecretFault(Exception):
    """A secret that is missing or cannot be used; `str()` is one sentence and never holds the secret."""


def read_channel_secret(settings: Settings) -> str:
    """The secret shared with Rasa's practice channel."""
    return settings.channel_secret or _read_or_make(settings.secrets_folder / "channel.secret", secrets.token_hex(32))


def read_session_secret(settings: Settings) -> str:
    """The secret that signs CSRF tokens and hashes session tokens."""
    return settings.session_secret or _read_or_make(settings.secrets_folder / "session.secret", secrets.token_hex(32))


def read_audit_secret(settings: Settings) -> str:
    """The secret that chains the audit trail: who can only write to the database cannot forge it."""
    return _read_or_make(settings.secrets_folder / "audit.secret", secrets.token_hex(32))


def read_sign_in_secret(settings: Settings) -> str:
    """The secret under which names are hashed for sign-in; it stays when the key for words is changed."""
    return _read_or_make(settings.secrets_folder / "sign-in.secret", secrets.token_hex(32))


def read_words_keys(settings: Settings, *, may_make: bool) -> list[bytes]:
    """The 32-byte keys for words at rest, newest first: one base64 line each, old ones kept for reading.

    `may_make` is False when the database already holds words: then a missing file is a fault.
    """
    path = settings.secrets_folder / WORDS_KEY_FILE
    if settings.words_key:
        return parse_keys(settings.words_key.replace(",", "\n"), "SAYABLE_WORDS_KEY")
    if not path.exists() and not may_make:
        raise SecretFault(
            f"The key for words at rest is missing: put back {path} (or set SAYABLE_WORDS_KEY). "
            "Nothing was written, and no new key was made."
        )
    return parse_keys(_read_or_make(path, make_words_key()), str(path))


def make_words_key() -> str:
    """A new key as the base64 line that stands in the key file."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def write_words_keys(settings: Settings, keys: Sequence[bytes]) -> None:
    """Put `keys`, newest first, in the place of the key file, whole or not at all."""
    write_secret(settings.secrets_folder / WORDS_KEY_FILE, "\n".join(base64.b64encode(key).decode() for key in keys))


def write_secret(path: Path, text: str) -> None:
    """Put `text` in the place of the secret at `path`, mode 0600, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _write_draft(path, text)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def parse_keys(text: str, where: str) -> list[bytes]:
    """The keys in the text of a key file; raises SecretFault that names `where`."""
    keys = []
    for number, line in enumerate(text.split(), start=1):
        try:
            key = base64.b64decode(line, validate=True)
        except binascii.Error:
            key = b""
        if len(key) != 32:
            raise SecretFault(f"{where}: key {number} is not 32 bytes in base64; restore the file from its copy.")
        keys.append(key)
    if not keys:
        raise SecretFault(f"{where} holds no key; restore it from its copy.")
    return keys


def _read_or_make(path: Path, new_text: str) -> str:
    """Read the secret at `path`, making it first when it is not there; safe when several processes start at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        draft = _write_draft(path, new_text)
        try:
            os.link(draft, path)  # fails when another process was first: then its secret holds
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    if path.stat().st_uid == os.getuid() and path.stat().st_mode & 0o077:
        path.chmod(0o600)
    text = path.read_text().strip()
    if not text:
        raise SecretFault(f"{path} is empty; delete it to have a new one made, or restore it from its copy.")
    return text


def _write_draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
