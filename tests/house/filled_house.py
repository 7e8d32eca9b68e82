"""A house's database with words in every sealed column, and ways to look at it from outside."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy import text

from sayable.cli import main
from tests.web.filled_database import Place, fill_every_table, read_every_sealed_value
from web.database.engine import open_engine
from web.database.opening import open_database
from web.database.sealed_columns import count_by_key
from web.settings import Settings

ROOT = Path(__file__).resolve().parents[2]

OPEN_IT = """
import os, sys, time
from web.database.opening import open_database
from web.settings import read_settings
connection = open_database(read_settings(os.environ)).engine.connect()
connection.exec_driver_sql("SELECT 1")
connection.rollback()
print("open", flush=True)
time.sleep(60)
"""


def run(given: dict[str, str], *command: object) -> Result:
    """`sayable` with this environment."""
    return CliRunner().invoke(main, [str(word) for word in command], env=given)


def fill(settings: Settings, rows: int = 3) -> dict[Place, bytes]:
    """Open the database of `settings` and put words into every sealed column; gives them."""
    database = open_database(settings)
    with database.engine.connect() as connection:
        words = fill_every_table(connection, database.cipher, rows)
    database.engine.dispose()
    return words


def read_back(settings: Settings) -> dict[Place, bytes]:
    """Open the database as the house does, and every word in it with the keys of the key file."""
    database = open_database(settings)
    with database.engine.connect() as connection:
        found = read_every_sealed_value(connection, database.cipher)
    database.engine.dispose()
    return {place: words for place, words in found.items() if place[0] != "key_check"}


def count_keys(settings: Settings) -> dict[bytes, int]:
    """How many values stand under each key id."""
    engine = open_engine(settings)
    with engine.connect() as connection:
        counts = count_by_key(connection)
    engine.dispose()
    return counts


def change(settings: Settings, statement: str, **values: object) -> None:
    """Change the database behind the house's back."""
    engine = open_engine(settings)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


@contextmanager
def opened_elsewhere(given: dict[str, str], code: str = OPEN_IT) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the database open while the body runs; `code` prints a line when it has."""
    other = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None and other.stdout.readline() == "open\n"
        yield other
    finally:
        other.kill()
        other.communicate()
