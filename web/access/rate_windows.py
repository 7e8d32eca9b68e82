"""Rate limits kept in the database, so that they survive a restart and hold across processes.

A storage for the `limits` package behind Flask-Limiter. Keys name a person or an address: only a keyed hash of them is kept.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

from limits.storage import Storage
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from web.database.engine import Database
from web.database.tables import RateWindow

_FIND = select(RateWindow.count, RateWindow.ends_at).where(RateWindow.key == bindparam("window_key"))
_FIND_FOR_CHANGE = _FIND.with_for_update()
_CHANGE = update(RateWindow).where(RateWindow.key == bindparam("window_key"))


class DatabaseStorage(Storage):
    """Fixed windows in the table `rate_window`. Options: `database` (Database), `hash_key` (bytes)."""

    STORAGE_SCHEME = ["sayable"]  # noqa: RUF012 - named so by `limits`

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, *, database: Database, hash_key: bytes, **options: Any
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._database = database
        self._hash_key = hash_key

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` in the window of `key`, which lasts `expiry` seconds from its first count; gives the new count."""
        try:
            return self._count(key, expiry, amount)
        except IntegrityError:  # another process made the same window at this moment
            return self._count(key, expiry, amount)

    def _count(self, key: str, expiry: int, amount: int) -> int:
        now, hashed = datetime.now(UTC), self._hash(key)
        with self._database.writing_rows() as connection:
            window = connection.execute(_FIND_FOR_CHANGE, {"window_key": hashed}).first()
            if window is None:
                row = {"key": hashed, "count": amount, "ends_at": now + timedelta(seconds=expiry)}
                connection.execute(insert(RateWindow), row)
                return amount
            count, ends_at = window
            if ends_at <= now:
                count, ends_at = 0, now + timedelta(seconds=expiry)
            connection.execute(_CHANGE, {"window_key": hashed, "count": count + amount, "ends_at": ends_at})
            return count + amount

    def get(self, key: str) -> int:
        with self._database.reading() as session:
            window = session.get(RateWindow, self._hash(key))
            return 0 if window is None or window.ends_at <= datetime.now(UTC) else window.count

    def get_expiry(self, key: str) -> float:
        with self._database.reading() as session:
            window = session.get(RateWindow, self._hash(key))
            return (datetime.now(UTC) if window is None else window.ends_at).timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._database.writing() as session:
            return session.execute(delete(RateWindow)).rowcount or 0  # type: ignore[attr-defined]

    def clear(self, key: str) -> None:
        with self._database.writing() as session:
            session.execute(delete(RateWindow).where(RateWindow.key == self._hash(key)))

    def _hash(self, key: str) -> str:
        return hmac.new(self._hash_key, key.encode(), hashlib.sha256).hexdigest()
