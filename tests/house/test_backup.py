"""`sayable backup` and `sayable restore`: tested by restoring, with faults of every kind in between."""

from __future__ import annotations

import base64
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.house.filled_house import ROOT, change, fill, opened_elsewhere, read_back, run
from web.access.sign_in_names import hash_name
from web.database.backup import prune_backups
from web.database.backup_file import is_fit_name
from web.database.engine import open_engine
from web.database.opening import read_cipher
from web.secrets_store import make_words_key, read_sign_in_secret, read_words_keys
from web.settings import Settings

WRITE_ON = """
import os, sys, time
from datetime import datetime, UTC
from sqlalchemy import select
from web.database.opening import open_database
from web.database.tables import Attempt, Turn, make_id
from web.settings import read_settings
database = open_database(read_settings(os.environ))
with database.reading() as session:
    attempt_id = session.scalar(select(Attempt.id))
number = 0
while True:
    number += 1
    with database.writing() as session:
        for half in ("a", "b"):
            turn = Turn(id=make_id(), attempt_id=attempt_id, number=number, message_id=f"{number}-{half}", kind="speech", status="answered",
                        created_at=datetime.now(UTC))
            session.add(turn)
            turn.words = f"written while copying, {number}{half} " + "and on " * 60
    if number == 20:
        print("open", flush=True)
"""


def back_up(given: dict[str, str], folder: Path, *options: str) -> Path:
    shown = run(given, "backup", "--to", folder, *options)
    assert shown.exit_code == 0, shown.output
    return Path(shown.output.split("  (")[0])


def look(settings: Settings) -> tuple[dict[str, bytes], list]:
    """Every file of the home but lock and log files, and all rows: to see whether anything was written."""
    files = {str(path.relative_to(settings.home)): path.read_bytes() for path in settings.home.rglob("*") if path.is_file()}
    engine = open_engine(settings)
    with engine.connect() as connection:
        rows = [tuple(row) for name in ("turn", "person", "note") for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY id"))]
    engine.dispose()
    return {name: content for name, content in files.items() if not name.startswith("run") and not name.endswith(("-wal", "-shm"))}, rows


def test_a_backup_brings_everything_back(given, settings, tmp_path):
    """After everything changed, a restore brings back every word and the operator's help file; the backup is one private file."""
    words = fill(settings)
    (settings.home / "help.en.yml").write_text("# as the operator wrote it\n")
    path = back_up(given, tmp_path / "kept")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    change(settings, "DELETE FROM person")
    change(settings, "UPDATE clinic_setting SET value_sealed = NULL")
    (settings.home / "help.en.yml").write_text("# spoilt\n")
    shown = run(given, "restore", path)
    assert shown.exit_code == 0, shown.output
    assert read_back(settings) == words
    assert (settings.home / "help.en.yml").read_text() == "# as the operator wrote it\n"
    if settings.sqlite_path is not None:
        assert settings.sqlite_path.stat().st_mode & 0o777 == 0o600
    assert not list(settings.home.rglob(".sayable-*"))


def test_what_is_in_a_backup_and_what_is_not(given, settings, tmp_path):
    """Content files are in it; keys, secrets, models, logs and earlier backups are not, not even a key that somebody copied elsewhere."""
    fill(settings, rows=1)
    for name in ("help.en.yml", "scenes/C01.yml", "logs/web.log", "models/m.tar.gz", "secrets/channel.secret", "backups/old.tar", "tmp/x"):
        (settings.home / name).parent.mkdir(exist_ok=True)
        (settings.home / name).write_text(f"content of {name}\n")
    key = (settings.secrets_folder / "words.key").read_text()
    (settings.home / "my copy.txt").write_text(f"the key: {key}")
    path = back_up(given, tmp_path / "kept")
    with tarfile.open(path) as tar:
        assert sorted(tar.getnames()) == ["database", "home/help.en.yml", "home/scenes/C01.yml", "manifest.json"]
        manifest = json.load(tar.extractfile("manifest.json"))
    assert manifest["migration"] and manifest["version"] and manifest["made_at"] and len(manifest["code"]) == 64
    content = path.read_bytes()
    raw = read_words_keys(settings, may_make=False)[0]
    assert not [form for form in (key.strip().encode(), raw, raw.hex().encode(), base64.urlsafe_b64encode(raw)) if form in content]
    assert b"content of secrets" not in content and b"words_sealed, number" not in content


def test_a_backup_made_while_turns_are_written(given, settings, tmp_path):
    """Copied while another process writes two turns per transaction, the backup holds both or none of each, all readable."""
    fill(settings, rows=1)
    with opened_elsewhere(given, WRITE_ON):
        paths = [back_up(given, tmp_path / str(number)) for number in range(3)]
    numbers = []
    for path in paths:
        shown = run(given, "restore", path)
        assert shown.exit_code == 0, shown.output
        words = [value.decode() for place, value in read_back(settings).items() if value.startswith(b"written while copying")]
        marks = sorted(word.split(", ")[1].split(" ")[0] for word in words)
        assert len(marks) == len(set(marks)) >= 40
        assert {mark[:-1] for mark in marks if mark.endswith("a")} == {mark[:-1] for mark in marks if mark.endswith("b")}
        assert {int(mark[:-1]) for mark in marks} == set(range(1, len(marks) // 2 + 1))
        numbers.append(len(marks))
        time.sleep(1.1)  # the folder of what was there is named by the second
    assert numbers == sorted(numbers) and numbers[0] < numbers[-1]


def test_what_was_there_is_kept_and_can_be_put_back(given, settings, tmp_path):
    """The state that a restore replaces is a backup itself: restoring that brings it back."""
    words = fill(settings)
    path = back_up(given, tmp_path / "kept")
    later = fill(settings)
    assert run(given, "restore", path).exit_code == 0
    assert read_back(settings) == words
    [aside] = (settings.home / "backups").glob("before-restore-*/sayable-backup-*.tar")
    assert aside.stat().st_mode & 0o777 == 0o600
    time.sleep(1.1)
    assert run(given, "restore", aside).exit_code == 0
    assert read_back(settings) == words | later


def test_a_restore_into_an_empty_home(given, settings, tmp_path):
    """On a new machine the key is asked for first; with it, everything is there, and people find their name at sign-in again."""
    words = fill(settings)
    person = next(row_id for table, _, row_id in words if table == "person")
    sealed = read_cipher(settings).seal(b"Robin", table="person", column="name_sealed", row_id=person)
    change(settings, "UPDATE person SET name_sealed = :sealed WHERE id = :id", sealed=sealed, id=person)
    path = back_up(given, tmp_path / "kept")
    new = given | {"SAYABLE_HOME": str(tmp_path / "new machine")}
    change(settings, "DELETE FROM person")
    missing = run(new, "restore", path)
    assert missing.exit_code == 1 and "key for words at rest is missing" in missing.output
    assert not (tmp_path / "new machine").exists()
    (tmp_path / "new machine" / "secrets").mkdir(parents=True, mode=0o700)
    (settings.secrets_folder / "words.key").rename(tmp_path / "new machine" / "secrets" / "words.key")
    shown = run(new, "restore", path)
    assert shown.exit_code == 0, shown.output
    from web.settings import read_settings

    there = read_settings(new)
    words["person", "name_sealed", person] = b"Robin"
    assert read_back(there) == words
    engine = open_engine(there)
    with engine.connect() as connection:
        query = text("SELECT id FROM person WHERE sign_in_hash = :hash")
        assert connection.execute(query, {"hash": hash_name("robin", read_sign_in_secret(there))}).scalar() == person
    engine.dispose()


def spoil(path: Path, member: str, at: int = 100) -> None:
    """Change one byte of one file of the backup."""
    with tarfile.open(path) as tar:
        offset = tar.getmember(member).offset_data
    content = bytearray(path.read_bytes())
    content[offset + at] ^= 1
    path.write_bytes(content)


def rewrite_manifest(path: Path, **changes: object) -> None:
    """The backup with another manifest, sizes and places as a careful forger would leave them."""
    with tarfile.open(path) as tar:
        files = {member.name: tar.extractfile(member).read() for member in tar}
    files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | changes).encode()
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def cut(share: float):
    return lambda path: os.truncate(path, int(path.stat().st_size * share))


FAULTS = {
    "cut short": (cut(0.5), "cut short"),
    "cut very short": (cut(0.02), "damaged|cut short|manifest"),
    "empty": (cut(0), "damaged|cut short"),
    "a byte of the database changed": (lambda path: spoil(path, "database", 5000), "not as it was"),
    "a byte of a content file changed": (lambda path: spoil(path, "home/help.en.yml", 3), "not as it was"),
    "a byte of the manifest changed": (lambda path: spoil(path, "manifest.json", 20), "manifest"),
    "another moment in the manifest": (lambda path: rewrite_manifest(path, made_at="2020-01-01T00:00:00Z"), "was changed"),
    "no tar at all": (lambda path: path.write_bytes(b"hello " * 999), "damaged|no backup"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_backup_is_refused_before_anything_is_written(given, settings, tmp_path, fault):
    """Whatever is wrong with the file is said in a sentence, and every file and row is as before."""
    fill(settings, rows=1)
    (settings.home / "help.en.yml").write_text("# as the operator wrote it\n")
    path = back_up(given, tmp_path / "kept")
    fill(settings, rows=1)
    spoilt, said = FAULTS[fault]
    spoilt(path)
    before = look(settings)
    shown = run(given, "restore", path)
    assert shown.exit_code == 1 and "Traceback" not in shown.output
    import re

    assert re.search(said, shown.output), shown.output
    assert look(settings) == before


@pytest.mark.parametrize("there", ["another", "none", "broken"])
def test_a_wrong_key_is_told_before_anything_is_written(given, settings, tmp_path, there):
    """With another key, none, or a broken one, restore and backup say so and write nothing; no new key is made."""
    fill(settings, rows=1)
    path = back_up(given, tmp_path / "kept")
    key = settings.secrets_folder / "words.key"
    key.unlink() if there == "none" else key.write_text(make_words_key() if there == "another" else "no key")
    before = look(settings)
    for command in (["restore", path], ["backup", "--to", tmp_path / "more"]):
        shown = run(given, *command)
        assert shown.exit_code == 1 and "key" in shown.output and "Traceback" not in shown.output
    assert look(settings) == before
    assert list((tmp_path / "more").iterdir()) == []
    assert key.exists() == (there != "none")


def test_a_newer_backup_is_refused(given, settings, tmp_path):
    """A backup of a newer version than the program is refused by name, with nothing written."""
    fill(settings, rows=1)
    change(settings, "UPDATE alembic_version SET version_num = '9999'")
    path = back_up(given, tmp_path / "kept")
    before = look(settings)
    shown = run(given, "restore", path)
    assert shown.exit_code == 1 and "newer version" in shown.output and "9999" in shown.output
    assert look(settings) == before


def test_a_backup_of_the_other_database_is_refused(given, settings, tmp_path):
    """A backup of SQLite does not go into PostgreSQL, and says so."""
    fill(settings, rows=1)
    path = back_up(given, tmp_path / "kept")
    other = (
        {"SAYABLE_DATABASE_URL": ""}
        if settings.sqlite_path is None
        else {"SAYABLE_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/x"}
    )
    shown = run(given | other, "restore", path)
    assert shown.exit_code == 1 and "SAYABLE_DATABASE_URL" in shown.output


def test_it_refuses_while_the_house_runs(given, settings, tmp_path):
    """While another process has the database open, nothing is replaced."""
    fill(settings, rows=1)
    path = back_up(given, tmp_path / "kept")
    fill(settings, rows=1)
    with opened_elsewhere(given):
        before = look(settings)
        shown = run(given, "restore", path)
        assert shown.exit_code == 1 and "in use" in shown.output and "sayable down" in shown.output
        assert look(settings) == before


def test_a_backup_from_before_a_change_of_keys(given, settings, tmp_path):
    """It is refused with the new key alone; with the old one given it is restored, and the next change of keys leaves one key."""
    words = fill(settings)
    path = back_up(given, tmp_path / "kept")
    assert run(given, "rotate-keys", "--old-key-to", tmp_path / "old.key").exit_code == 0
    new = read_words_keys(settings, may_make=False)
    refused = run(given, "restore", path)
    assert refused.exit_code == 1 and "--key" in refused.output
    shown = run(given, "restore", path, "--key", tmp_path / "old.key")
    assert shown.exit_code == 0, shown.output
    assert len(read_words_keys(settings, may_make=False)) == 2
    assert read_back(settings) == words
    assert run(given, "rotate-keys").exit_code == 0
    assert read_words_keys(settings, may_make=False) == new
    assert read_back(settings) == words


def test_a_damaged_database_can_be_restored_over(given, settings, tmp_path):
    """A database file that is no database any more is kept as it is, and the backup takes its place."""
    if settings.sqlite_path is None:
        pytest.skip("on PostgreSQL the server looks after its files")
    words = fill(settings)
    path = back_up(given, tmp_path / "kept")
    settings.sqlite_path.write_bytes(b"broken" * 5000)
    assert run(given, "backup", "--to", tmp_path / "more").exit_code == 1
    shown = run(given, "restore", path)
    assert shown.exit_code == 0, shown.output
    assert read_back(settings) == words
    [aside] = (settings.home / "backups").glob("before-restore-*")
    assert (aside / settings.sqlite_path.name).read_bytes() == b"broken" * 5000


@pytest.mark.parametrize("place", ["keep_what_is_there", "_place_sqlite", "_place_postgres", "os.replace", "run_script", "put_names_right"])
def test_a_restore_that_is_killed(given, settings, tmp_path, place):
    """Killed at any step: what is there is the old state or the new one, whole and readable, and restoring again works."""
    if place in (("_place_postgres", "run_script") if settings.sqlite_path is not None else ("_place_sqlite", "os.replace")):
        pytest.skip("not a step on this database")
    words = fill(settings)
    path = back_up(given, tmp_path / "kept")
    later = words | fill(settings)
    room = "sayable.restore" if place == "put_names_right" else "web.database.restore"
    code = f"""
import os, signal, sys, sayable.restore, web.database.restore
{room}.{place} = lambda *given, **more: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["sayable", "restore", {str(path)!r}]
from sayable.cli import main
main()
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert read_back(settings) == (words if place == "put_names_right" else later)
    time.sleep(1.1)
    assert run(given, "restore", path).exit_code == 0
    assert read_back(settings) == words


def test_no_room_for_a_backup(given, settings, tmp_path):
    """When a file cannot grow any further, the command says that no backup was made and leaves no half one behind."""
    fill(settings, rows=60)
    code = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
sys.argv = ["sayable", "backup", "--to", {str(tmp_path / "kept")!r}]
from sayable.cli import main
main()
"""
    tried = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=given | {"PYTHONDONTWRITEBYTECODE": "1"}, capture_output=True, text=True
    )
    assert tried.returncode == 1 and "No backup was made" in tried.stderr and "Traceback" not in tried.stderr
    assert list((tmp_path / "kept").iterdir()) == []


def test_old_backups_are_deleted(tmp_path):
    """Backups older than the days to keep go, by the moment in their names; newer ones and other files stay."""
    now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    ages = {age: tmp_path / f"sayable-backup-{now - timedelta(days=age):%Y%m%dT%H%M%SZ}.tar" for age in (0, 13, 15, 400)}
    for path in [*ages.values(), tmp_path / "sayable-backup-mine.tar", tmp_path / "letters.tar"]:
        path.write_text("x")
    gone = prune_backups(tmp_path, keep=timedelta(days=14), now=now)
    assert set(gone) == {ages[15], ages[400]}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["letters.tar", "sayable-backup-mine.tar", ages[0].name, ages[13].name]
    )


def test_keep_goes_with_the_command(given, settings, tmp_path):
    """`sayable backup --keep 1` deletes what is older than a day and says so; what was kept is not touched by a backup that fails."""
    fill(settings, rows=1)
    old = tmp_path / "kept" / "sayable-backup-20200101T000000Z.tar"
    old.parent.mkdir()
    old.write_text("x")
    key = settings.secrets_folder / "words.key"
    right = key.read_text()
    key.write_text(make_words_key())
    assert run(given, "backup", "--to", old.parent, "--keep", "1").exit_code == 1
    assert old.exists()
    key.write_text(right)
    shown = run(given, "backup", "--to", old.parent, "--keep", "1")
    assert shown.exit_code == 0 and f"Deleted, older than 1 days: {old.name}" in shown.output
    assert not old.exists()


@pytest.mark.parametrize(
    "name", ["home/../x", "home", "/etc/passwd", "../database", "home/a/../../b", "secrets/words.key", "database/x", "home/a\0b"]
)
def test_a_name_that_leads_out_is_not_written(name):
    """A file of a backup goes to the database's place or into the home, whatever its name says."""
    assert not is_fit_name(name)
    assert is_fit_name("home/help.en.yml") and is_fit_name("database")
