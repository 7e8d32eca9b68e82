"""Rate limits kept in the database, so that they survive a restart and hold across processes.

A storage for the `limits` package behind Flask-Limiter. Keys name a person or an address: only a keyed hash of them is kept.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

from limits.storage import Storage
from sqlalchemy import bindparam, case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from web.database.engine import Database
from web.database.tables import RateWindow


def _write_count(kind: type[sqlite.Insert] | type[postgresql.Insert]) -> ReturningInsert[tuple[int]]:
    """One statement that counts, beginning a new window where there is none or it has ended, and gives the new count."""
    fresh: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("key", "count", "ends_at")}
    query = kind(RateWindow).values(**fresh)
    over = RateWindow.ends_at <= bindparam("now", type_=RateWindow.ends_at.type)
    return query.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((over, query.excluded.count), else_=RateWindow.count + query.excluded.count),
            "ends_at": case((over, query.excluded.ends_at), else_=RateWindow.ends_at),
        },
    ).returning(RateWindow.count)


_COUNT = {"sqlite": _write_count(sqlite.Insert), "postgresql": _write_count(postgresql.Insert)}
"""By kind of database: built once, since it is asked with every reply."""


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
        now = datetime.now(UTC)
        row = {"new_key": self._hash(key), "new_count": amount, "new_ends_at": now + timedelta(seconds=expiry), "now": now}
        with self._database.writing_rows() as connection:
            return connection.execute(_COUNT[connection.dialect.name], row).scalar_one()

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
