"""Words at rest: AES-256-GCM, each value bound to its table, column and row.

A sealed value is `version (1 byte) · key id (4 bytes) · nonce (12 bytes) · ciphertext and tag`. The place goes in as
associated data, so a value copied to another row or column does not open. The key id is drawn from the key itself,
so a key file is a plain list of keys: the first seals, all of them open.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"
_HEAD = 1 + 4 + 12


class CipherFault(Exception):
    """A sealed value that does not open; `str()` names its place and never its content."""


class WordsCipher:
    """Seals with the newest of `keys` (32 bytes each, newest first) and opens with any of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = {make_key_id(key): AESGCM(key) for key in keys}
        self.key_id = make_key_id(keys[0])

    def has_key(self, key_id: bytes) -> bool:
        return key_id in self._ciphers

    def seal(self, plain: bytes, *, table: str, column: str, row_id: str) -> bytes:
        nonce = secrets.token_bytes(12)
        sealed = self._ciphers[self.key_id].encrypt(nonce, plain, _name_place(table, column, row_id))
        return _VERSION + self.key_id + nonce + sealed

    def open(self, sealed: bytes, *, table: str, column: str, row_id: str) -> bytes:
        cipher = self._ciphers.get(sealed[1:5])
        if sealed[:1] != _VERSION or len(sealed) < _HEAD + 16:
            raise CipherFault(f"A sealed value in {table}.{column} is damaged.")
        if cipher is None:
            raise CipherFault(f"A sealed value in {table}.{column} was written with a key that is not in the key file.")
        try:
            return cipher.decrypt(sealed[5:_HEAD], sealed[_HEAD:], _name_place(table, column, row_id))
        except InvalidTag:
            raise CipherFault(f"A sealed value in {table}.{column} does not belong to its place or was changed.") from None


def make_key_id(key: bytes) -> bytes:
    """Four bytes that tell keys apart and give nothing of the key away."""
    return hashlib.sha256(b"sayable words key id" + key).digest()[:4]


def _name_place(table: str, column: str, row_id: str) -> bytes:
    return "\x1f".join((table, column, row_id)).encode()
