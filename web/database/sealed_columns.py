"""Which columns hold sealed values, as the mapped tables say, and which keys the values in a database were sealed with."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, ColumnElement, Connection, LargeBinary, Table, func, inspect, literal, select, type_coerce
from sqlalchemy.engine.reflection import Inspector

from web.database import clinic_tables  # noqa: F401 - so that its tables are known
from web.database.sealed import SealedText
from web.database.tables import Base


class UnknownSealedColumn(Exception):
    """The database has a sealed column that no mapped table names; `str()` is one sentence."""


def list_sealed_columns() -> dict[Table, list[Column[bytes]]]:
    """The sealed columns of every mapped table, found by the attributes that seal and open them."""
    found: dict[Table, list[Column[bytes]]] = {}
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        assert isinstance(table, Table)
        names = {value.column for owner in mapper.class_.__mro__ for value in vars(owner).values() if isinstance(value, SealedText)}
        if names:
            found[table] = [table.columns[name] for name in sorted(names)]
    return dict(sorted(found.items(), key=lambda item: item[0].name))


def list_present_columns(connection: Connection) -> dict[Table, list[Column[bytes]]]:
    """As `list_sealed_columns`, but only what this database has: one of an earlier version has less.

    Raises UnknownSealedColumn when it has more: whoever changes keys must not pass a column over.
    """
    inspector: Inspector = inspect(connection)
    known = list_sealed_columns()
    present = {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}
    mapped = {(table.name, column.name) for table, columns in known.items() for column in columns}
    for name, columns in sorted(present.items()):
        for column in sorted(columns):
            if column.endswith("_sealed") and (name, column) not in mapped:
                raise UnknownSealedColumn(f"The database has a sealed column {name}.{column} that this program does not know.")
    chosen = {table: [column for column in columns if column.name in present.get(table.name, ())] for table, columns in known.items()}
    return {table: columns for table, columns in chosen.items() if columns}


def count_by_key(connection: Connection) -> dict[bytes, int]:
    """How many sealed values the database holds under each key id (the four bytes after the version byte)."""
    counts: dict[bytes, int] = {}
    for column, key_id in _each_column(connection):
        for found, number in connection.execute(select(key_id, func.count()).where(column.is_not(None)).group_by(key_id)):
            counts[bytes(found)] = counts.get(bytes(found), 0) + number
    return counts


def has_other_key(column: Column[bytes], key_id: bytes) -> ColumnElement[bool]:
    """The condition that a value stands in `column` and was not sealed with the key of `key_id`."""
    return column.is_not(None) & (cut_key_id(column) != literal(key_id, LargeBinary))


def cut_key_id(column: Column[bytes]) -> ColumnElement[bytes]:
    """The key id of a sealed value (see `web.database.cipher`)."""
    return type_coerce(func.substr(column, 2, 4), LargeBinary)


def _each_column(connection: Connection) -> Iterator[tuple[Column[bytes], ColumnElement[bytes]]]:
    for columns in list_present_columns(connection).values():
        for column in columns:
            yield column, cut_key_id(column)
