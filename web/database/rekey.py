"""A new key for words at rest: every sealed value is opened with the key it was sealed with and sealed with the first of the keys.

Small transactions, each of whole rows, so that a process that is killed loses nothing: every value is under a key that the
key file holds, and the next run goes on with what is not yet under the first key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Connection, Table, or_, select, update

from web.database.cipher import WordsCipher
from web.database.sealed_columns import count_by_key, has_other_key, list_present_columns

BATCH_ROWS = 500


def find_missing_keys(connection: Connection, cipher: WordsCipher) -> list[str]:
    """Ids (hex) of keys under which the database holds values and which `cipher` does not have."""
    return sorted(key_id.hex() for key_id in count_by_key(connection) if not cipher.has_key(key_id))


def count_left(connection: Connection, cipher: WordsCipher) -> int:
    """How many sealed values are not yet under the first key of `cipher`."""
    return sum(number for key_id, number in count_by_key(connection).items() if key_id != cipher.key_id)


def reseal(connection: Connection, cipher: WordsCipher, report: Callable[[int], None], *, batch_rows: int = BATCH_ROWS) -> int:
    """Seal everything that is under another key with the first key of `cipher`; gives the number of values sealed.

    `report` hears the number so far after each batch. Raises CipherFault at a value that does not open: what went before stays.
    """
    done = 0
    for table, columns in list_present_columns(connection).items():
        connection.rollback()  # the look at the tables began a transaction
        last_id = ""
        while True:
            with connection.begin():
                rows = _read_batch(connection, cipher, table, columns, last_id, batch_rows)
                for row in rows:
                    changed = _seal_row(cipher, table, columns, row)
                    connection.execute(update(table).where(table.c.id == row["id"]).values(changed))
                    done += len(changed)
            if not rows:
                break
            last_id = rows[-1]["id"]
            report(done)
    return done


def forget_old_values(connection: Connection) -> None:
    """Take what was under the old key out of SQLite's write-ahead log; on PostgreSQL, write the tables anew."""
    connection.rollback()
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        for table in list_present_columns(other):
            other.exec_driver_sql(f'VACUUM FULL "{table.name}"')


def _read_batch(
    connection: Connection, cipher: WordsCipher, table: Table, columns: list[Column[bytes]], last_id: str, rows: int
) -> list[dict[str, Any]]:
    others = or_(*(has_other_key(column, cipher.key_id) for column in columns))
    query = select(table.c.id, *columns).where(table.c.id > last_id, others).order_by(table.c.id).limit(rows)
    return [dict(row) for row in connection.execute(query).mappings()]


def _seal_row(cipher: WordsCipher, table: Table, columns: list[Column[bytes]], row: dict[str, Any]) -> dict[str, bytes]:
    changed = {}
    for column in columns:
        sealed = row[column.name]
        if sealed is None or bytes(sealed)[1:5] == cipher.key_id:
            continue
        place = {"table": table.name, "column": column.name, "row_id": row["id"]}
        changed[column.name] = cipher.seal(cipher.open(bytes(sealed), **place), **place)
    return changed
