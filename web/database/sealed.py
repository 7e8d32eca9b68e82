"""Attributes of a row that are encrypted on their way into the column and decrypted on their way out.

The cipher comes with the SQLAlchemy session (`session.info["cipher"]`), and the row's id is part of what is sealed:
so a row must have its id and be added to a session before its words can be written or read.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session, object_session

from web.database.cipher import WordsCipher


class SealedText:
    """Text kept encrypted in the bytes column named `column`."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None
        plain = _find_cipher(row).open(sealed, table=row.__tablename__, column=self.column, row_id=row.id)
        return self.decode(plain)

    def __set__(self, row: Any, value: Any) -> None:
        sealed = None
        if value is not None:
            plain = self.encode(value)
            sealed = _find_cipher(row).seal(plain, table=row.__tablename__, column=self.column, row_id=row.id)
        setattr(row, self.column, sealed)

    def open(self, session: Session, sealed: bytes, *, table: str, row_id: str) -> Any:
        """The value of a column that was read as a plain row of this session, without the mapped object around it."""
        cipher: WordsCipher = session.info["cipher"]
        return self.decode(cipher.open(sealed, table=table, column=self.column, row_id=row_id))

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plain: bytes) -> Any:
        return plain.decode()


class SealedJson(SealedText):
    """A JSON value kept encrypted in the bytes column named `column`."""

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, plain: bytes) -> Any:
        return json.loads(plain)


def _find_cipher(row: Any) -> WordsCipher:
    session = object_session(row)
    if session is None or "cipher" not in session.info:
        raise RuntimeError(f"A row of {row.__tablename__} must be in a session of web.database.engine before its words are touched.")
    cipher: WordsCipher = session.info["cipher"]
    return cipher
