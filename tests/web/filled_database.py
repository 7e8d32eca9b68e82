"""Rows in every table of a database as it stands, whatever its version: each sealed column holds words that can be read back."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, DateTime, Integer, MetaData, String, Table, func, select

from web.database.cipher import WordsCipher

Place = tuple[str, str, str]
"""table, column, row id"""


def fill_every_table(connection: Connection, cipher: WordsCipher, rows: int = 3) -> dict[Place, bytes]:
    """Put `rows` rows into every table but the key check and the version; gives what was sealed where."""
    sealed: dict[Place, bytes] = {}
    ids: dict[str, list[str]] = {}
    for table in reflect(connection).sorted_tables:
        if table.name in ("alembic_version", "key_check"):
            continue
        there = connection.execute(select(func.count()).select_from(table)).scalar() or 0
        for number in range(1, rows + 1):
            row = make_row(table, there + number, ids, cipher, sealed)
            connection.execute(table.insert().values(row))
            if "id" in row:
                ids.setdefault(table.name, []).append(row["id"])
    connection.commit()
    return sealed


def read_every_sealed_value(connection: Connection, cipher: WordsCipher) -> dict[Place, bytes]:
    """Every sealed value of the database, opened. Raises CipherFault."""
    found: dict[Place, bytes] = {}
    for table in reflect(connection).sorted_tables:
        for column in table.columns:
            if not column.name.endswith("_sealed"):
                continue
            for row_id, value in connection.execute(select(table.c.id, column).where(column.is_not(None))):
                found[table.name, column.name, row_id] = cipher.open(bytes(value), table=table.name, column=column.name, row_id=row_id)
    connection.rollback()
    return found


def reflect(connection: Connection) -> MetaData:
    metadata = MetaData()
    metadata.reflect(connection)
    return metadata


def make_row(table: Table, number: int, ids: dict[str, list[str]], cipher: WordsCipher, sealed: dict[Place, bytes]) -> dict[str, Any]:
    row_id = secrets.token_hex(16)
    row: dict[str, Any] = {"id": row_id} if "id" in table.columns else {}
    for column in table.columns:
        if column.name.endswith("_sealed"):
            words = b'{"words": "%s, number %d"}' % (column.name.encode(), number)
            row[column.name] = cipher.seal(words, table=table.name, column=column.name, row_id=row_id)
            sealed[table.name, column.name, row_id] = words
        elif column.name != "id":
            row[column.name] = make_value(column, table.name, number, ids)
    return row


def make_value(column: Column[Any], table: str, number: int, ids: dict[str, list[str]]) -> Any:
    for key in column.foreign_keys:
        return None if key.column.table.name == table else ids[key.column.table.name][(number - 1) % len(ids[key.column.table.name])]
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, DateTime):
        return datetime(2099, 11, 22, 8, number // 60, number % 60)  # noqa: DTZ001 - as the tables keep them: UTC without a zone
    assert isinstance(column.type, String), f"{table}.{column.name}: what goes into {column.type}?"
    return secrets.token_hex(16)[: min(column.type.length or 32, 32)]
