"""`sayable rotate-keys`: all is sealed anew, nothing is lost when it is killed, a wrong key is told before anything is written."""

from __future__ import annotations

import base64
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.house.filled_house import ROOT, change, count_keys, fill, opened_elsewhere, read_back, run
from web.access.sign_in_names import hash_name
from web.database.cipher import WordsCipher, make_key_id
from web.database.engine import open_engine
from web.database.opening import read_cipher
from web.database.sealed_columns import list_sealed_columns
from web.database.tables import Base
from web.secrets_store import make_words_key, read_sign_in_secret, read_words_keys
from web.settings import Settings


def rotate(given: dict[str, str], *options: str):
    return run(given, "rotate-keys", *options)


def key_file(settings: Settings) -> Path:
    return settings.secrets_folder / "words.key"


def test_every_sealed_column_is_found_in_the_mapping():
    """The columns that are sealed anew are all bytes columns of all tables, each in a table whose rows have an id."""
    columns = {f"{table.name}.{column.name}" for table, columns in list_sealed_columns().items() for column in columns}
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_sealed")
    }
    assert columns == named
    assert all("id" in table.columns for table in list_sealed_columns())


def test_everything_is_sealed_with_a_new_key(given, settings):
    """Every value in every table opens with the new key and none with the old one, which is in the key file no more."""
    words = fill(settings)
    old = read_words_keys(settings, may_make=False)
    shown = rotate(given)
    assert shown.exit_code == 0, shown.output
    new = read_words_keys(settings, may_make=False)
    assert len(new) == 1 and new != old
    assert read_back(settings) == words
    assert set(count_keys(settings)) == {make_key_id(new[0])}
    assert key_file(settings).stat().st_mode & 0o777 == 0o600
    if settings.sqlite_path is not None:
        left = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
        assert make_key_id(old[0]) not in left  # what the old key had sealed is not in the file's free pages, nor in its log


def test_the_old_key_can_be_kept(given, settings, tmp_path):
    """With --old-key-to the old key stands in a private file of its own; a file that is there is not written over."""
    fill(settings, rows=1)
    old = read_words_keys(settings, may_make=False)
    kept = tmp_path / "old.key"
    assert rotate(given, "--old-key-to", str(kept)).exit_code == 0
    assert kept.read_text().split() == [base64.b64encode(old[0]).decode()]
    assert kept.stat().st_mode & 0o777 == 0o600
    before = key_file(settings).read_text()
    again = rotate(given, "--old-key-to", str(kept))
    assert again.exit_code == 1 and "Nothing was changed" in again.output
    assert key_file(settings).read_text() == before


@pytest.mark.parametrize("after", [1, 4])
def test_killed_in_the_middle_it_goes_on(given, settings, after):
    """Killed with SIGKILL between two batches: the house starts with both keys and reads everything; the next run finishes."""
    words = fill(settings, rows=40)
    old = read_words_keys(settings, may_make=False)
    code = f"""
import os, signal, sys
import sayable.keys, web.database.rekey as rekey
real, seen = rekey.reseal, []
def reseal(connection, cipher, report):
    def count(number):
        seen.append(number)
        if len(seen) == {after}:
            os.kill(os.getpid(), signal.SIGKILL)
    return real(connection, cipher, count, batch_rows=7)
sayable.keys.reseal = reseal
sys.argv = ["sayable", "rotate-keys"]
from sayable.cli import main
main()
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    keys = read_words_keys(settings, may_make=False)
    assert len(keys) == 2 and keys[1:] == old
    assert key_file(settings).stat().st_mode & 0o777 == 0o600
    counts = count_keys(settings)
    assert counts[make_key_id(keys[0])] >= 7 * after and counts[make_key_id(old[0])] > 0
    assert read_back(settings) == words
    shown = rotate(given)
    assert shown.exit_code == 0 and "going on" in shown.output
    assert read_words_keys(settings, may_make=False) == keys[:1]
    assert set(count_keys(settings)) == {make_key_id(keys[0])}
    assert read_back(settings) == words


@pytest.mark.parametrize("moment", ["before the first value", "before the old key is taken away"])
def test_killed_at_either_end_it_goes_on(given, settings, moment):
    """Killed just after the key file was written, or just before the old key is taken out of it: the next run finishes."""
    words = fill(settings, rows=2)
    old = read_words_keys(settings, may_make=False)
    place = "reseal" if moment.startswith("before the first") else "forget_old_values"
    code = f"""
import os, signal, sys, sayable.keys
sayable.keys.{place} = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["sayable", "rotate-keys"]
from sayable.cli import main
main()
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given).returncode == -signal.SIGKILL
    assert len(read_words_keys(settings, may_make=False)) == 2
    assert read_back(settings) == words
    assert rotate(given).exit_code == 0
    now = read_words_keys(settings, may_make=False)
    assert len(now) == 1 and now != old
    assert read_back(settings) == words


def test_a_wrong_key_is_told_before_anything_is_written(given, settings):
    """With another key in the file, or none, or one of two missing, the command ends with a sentence and changes nothing."""
    words = fill(settings)
    right = key_file(settings).read_text()
    before = count_keys(settings)
    for text_there in (make_words_key(), "no key", ""):
        key_file(settings).write_text(text_there)
        shown = rotate(given)
        assert shown.exit_code == 1 and "key" in shown.output and "Traceback" not in shown.output
        assert key_file(settings).read_text() == text_there
    key_file(settings).unlink()
    shown = rotate(given)
    assert shown.exit_code == 1 and "missing" in shown.output
    assert not key_file(settings).exists()
    key_file(settings).write_text(right)
    assert count_keys(settings) == before
    assert read_back(settings) == words


def test_a_value_under_an_unknown_key_is_told_before_anything_is_written(given, settings):
    """One value sealed with a key that is not in the file: the command names the key's id and writes nothing."""
    words = fill(settings)
    stranger = WordsCipher([b"x" * 32])
    row_id = next(row_id for table, column, row_id in words if (table, column) == ("note", "words_sealed"))
    sealed = stranger.seal(b"words", table="note", column="words_sealed", row_id=row_id)
    change(settings, "UPDATE note SET words_sealed = :sealed WHERE id = :id", sealed=sealed, id=row_id)
    before = key_file(settings).read_text()
    shown = rotate(given)
    assert shown.exit_code == 1 and stranger.key_id.hex() in shown.output
    assert key_file(settings).read_text() == before


def test_a_damaged_value_stops_it_and_both_keys_stay(given, settings):
    """A value that does not open is named by its place; what was sealed anew stays readable, since both keys stay in the file."""
    words = fill(settings)
    place = max(place for place in words if place[:2] == ("turn", "words_sealed"))
    change(
        settings,
        "UPDATE turn SET words_sealed = :sealed WHERE id = :id",
        sealed=b"\x01" + count_keys(settings).popitem()[0] + b"x" * 40,
        id=place[2],
    )
    shown = rotate(given)
    assert shown.exit_code == 1 and "turn.words_sealed" in shown.output
    assert len(read_words_keys(settings, may_make=False)) == 2
    change(settings, "UPDATE turn SET words_sealed = NULL WHERE id = :id", id=place[2])
    assert rotate(given).exit_code == 0
    del words[place]
    assert read_back(settings) == words


def test_it_refuses_while_the_database_is_in_use(given, settings):
    """While another process has the database open nothing is changed, and the sentence says what to do."""
    words = fill(settings)
    before = key_file(settings).read_text()
    with opened_elsewhere(given):
        shown = rotate(given)
        assert shown.exit_code == 1 and "in use" in shown.output and "sayable down" in shown.output
        assert key_file(settings).read_text() == before
    time.sleep(0.5)
    assert rotate(given).exit_code == 0
    assert read_back(settings) == words


def test_a_key_from_the_environment(given, settings):
    """With SAYABLE_WORDS_KEY nothing is written to a file: one key asks for a second before it, two are worked with."""
    old, new = make_words_key(), make_words_key()
    from dataclasses import replace

    words = fill(replace(settings, words_key=old))
    shown = rotate(given | {"SAYABLE_WORDS_KEY": old})
    assert shown.exit_code == 1 and "comma" in shown.output
    assert rotate(given | {"SAYABLE_WORDS_KEY": f"{new},{old}"}).exit_code == 0
    assert not key_file(settings).exists()
    assert read_back(replace(settings, words_key=new)) == words
    with pytest.raises(Exception, match="not the one"):
        read_back(replace(settings, words_key=old))


def test_an_unknown_sealed_column_is_not_passed_over(given, settings):
    """A sealed column in the database that the program does not know stops the command before anything is written."""
    fill(settings)
    change(settings, "CREATE TABLE extra (id VARCHAR(32) PRIMARY KEY, more_sealed VARCHAR(10))")
    before = key_file(settings).read_text()
    shown = rotate(given)
    assert shown.exit_code == 1 and "extra.more_sealed" in shown.output
    assert key_file(settings).read_text() == before


def test_new_secrets_between_the_parts(given, settings):
    """--secrets makes new ones in private files, leaves the words' key, and people still find their name at sign-in."""
    words = fill(settings)
    person = next(row_id for table, _, row_id in words if table == "person")
    sealed = read_cipher(settings).seal(b"Robin", table="person", column="name_sealed", row_id=person)
    given_hash = hash_name("Robin", read_sign_in_secret(settings))
    change(
        settings, "UPDATE person SET name_sealed = :sealed, sign_in_hash = :hash WHERE id = :id", sealed=sealed, hash=given_hash, id=person
    )
    names = ("session.secret", "channel.secret", "actions.secret", "sign-in.secret")
    before = {name: (settings.secrets_folder / name).read_text() for name in names if (settings.secrets_folder / name).exists()}
    key = key_file(settings).read_text()
    shown = rotate(given, "--secrets")
    assert shown.exit_code == 0, shown.output
    for name in names:
        path = settings.secrets_folder / name
        assert path.stat().st_mode & 0o777 == 0o600 and len(path.read_text().strip()) == 64
        assert path.read_text() != before.get(name)
    assert key_file(settings).read_text() == key
    engine = open_engine(settings)
    with engine.connect() as connection:
        query = text("SELECT id FROM person WHERE sign_in_hash = :hash")
        assert connection.execute(query, {"hash": hash_name(" robin", read_sign_in_secret(settings))}).scalar() == person
    engine.dispose()
    given_one = rotate(given | {"SAYABLE_CHANNEL_SECRET": "of the environment"}, "--secrets")
    assert "SAYABLE_CHANNEL_SECRET; change it there" in given_one.output


def test_without_a_database_it_says_so(tmp_path):
    """In an empty home there is nothing to seal anew; no key is made."""
    shown = rotate({"SAYABLE_HOME": str(tmp_path / "empty")})
    assert shown.exit_code == 1 and "no database" in shown.output
    assert not (tmp_path / "empty" / "secrets").exists()
