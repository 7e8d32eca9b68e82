"""The command `restore`: a backup in the place of what is there, checked before anything is written."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from sayable.up.command import settings_or_message
from sayable.up.home import HomeError, make_home
from sayable.up.one_at_a_time import AlreadyRunning, hold_home
from web.access.rehash_names import rehash_names
from web.database.alone import InUse
from web.database.backup_file import BackupFault
from web.database.cipher import CipherFault, WordsCipher
from web.database.engine import open_engine
from web.database.postgres_tools import ToolFault
from web.database.restore import look_at_backup, restore_backup
from web.secrets_store import WORDS_KEY_FILE, SecretFault, parse_keys, read_sign_in_secret, read_words_keys, write_words_keys
from web.settings import Settings

EXPECTED = (HomeError, AlreadyRunning, InUse, SecretFault, BackupFault, ToolFault, CipherFault)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the key of that time, if it is not the one here.",
)
def restore(file: Path, key_file: Path | None) -> None:
    """Put the backup FILE in the place of the database and content files that are there.

    The house must not be running. The whole backup is checked first, with the key: when anything is wrong, nothing is written.
    What was there is kept aside, as a backup where that can be. An older backup is brought up to date when the house starts next.
    """
    settings = settings_or_message()
    try:
        present, keys = gather_keys(settings.web, key_file)
        manifest = look_at_backup(settings.web, file, keys)
        make_home(settings.home)
        with hold_home(settings.home, "`sayable restore`"):
            if len(keys) > len(present) and not settings.web.words_key:
                write_words_keys(settings.web, keys)  # before the database that needs it; what is there opens with it too
            aside = restore_backup(settings.web, file, keys, now=datetime.now(UTC))
            put_names_right(settings.web, WordsCipher(keys))
    except EXPECTED as fault:
        raise click.ClickException(str(fault)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or file}: {error.strerror or error}.") from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise click.ClickException(f"The database there cannot be used ({type(error).__name__}).") from None
    click.echo(f"Restored: as it was on {manifest.made_at:%Y-%m-%d %H:%M} UTC (migration {manifest.migration}).")
    click.echo(f"What was there before is in {aside}.")
    if len(keys) > len(present):
        tell_about_keys(settings.web, len(present))


def gather_keys(settings: Settings, key_file: Path | None) -> tuple[list[bytes], list[bytes]]:
    """The keys of this house, and those with the ones of `key_file` behind them."""
    there = bool(settings.words_key) or (settings.secrets_folder / WORDS_KEY_FILE).exists()
    present = read_words_keys(settings, may_make=False) if there or key_file is None else []
    given = [] if key_file is None else parse_keys(key_file.read_text(encoding="ascii", errors="replace"), str(key_file))
    return present, present + [key for key in given if key not in present]


def put_names_right(settings: Settings, cipher: WordsCipher) -> None:
    """People find their name at sign-in, whatever the sign-in secret was on the machine that the backup comes from."""
    engine = open_engine(settings)
    try:
        with engine.connect() as connection:
            rehash_names(connection, cipher, read_sign_in_secret(settings))
    finally:
        engine.dispose()


def tell_about_keys(settings: Settings, present: int) -> None:
    if settings.words_key:
        click.echo(
            "Add the key of that time to SAYABLE_WORDS_KEY, after a comma; then `sayable rotate-keys` seals everything with the first."
        )
    elif present:
        click.echo("The key of that time now stands behind yours in the key file; `sayable rotate-keys` seals everything with yours alone.")
