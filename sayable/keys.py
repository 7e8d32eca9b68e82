"""The command `rotate-keys`: a new key for words at rest, or new secrets between the parts of the house."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from sayable.up.command import settings_or_message
from sayable.up.home import HomeError, make_home
from sayable.up.one_at_a_time import AlreadyRunning, hold_home
from sayable.up.settings import HouseSettings
from web.access.rehash_names import rehash_names
from web.database.alone import InUse, look_for_others, open_alone
from web.database.cipher import CipherFault, WordsCipher
from web.database.opening import fetch_check_word, make_cipher
from web.database.rekey import count_left, find_missing_keys, forget_old_values, reseal
from web.database.sealed_columns import UnknownSealedColumn
from web.secrets_store import SecretFault, read_words_keys, write_secret, write_words_keys
from web.settings import Settings

SECRETS = {
    "session.secret": "SAYABLE_SESSION_SECRET",
    "channel.secret": "SAYABLE_CHANNEL_SECRET",
    "actions.secret": "SAYABLE_ACTIONS_SECRET",
}
SIGN_IN_SECRET = "sign-in.secret"  # noqa: S105 - the name of a file
EXPECTED = (HomeError, AlreadyRunning, InUse, SecretFault, CipherFault, UnknownSealedColumn)


@click.command("rotate-keys")
@click.option("--secrets", "only_secrets", is_flag=True, help="New secrets for sessions, sign-in and between the parts instead.")
@click.option(
    "--old-key-to", type=click.Path(path_type=Path, dir_okay=False), help="Keep the old key in this new file: earlier backups need it."
)
def rotate_keys(only_secrets: bool, old_key_to: Path | None) -> None:
    """Make a new key for words at rest and seal everything with it anew.

    The house must not be running. A run that was killed is finished by the next one; until then both keys stand in the key file,
    and the house works with them. Backups made before open only with the old key.
    """
    settings = settings_or_message()
    try:
        with be_alone(settings) as connection:
            if only_secrets:
                renew_secrets(settings.web, connection)
            else:
                renew_words_key(settings.web, connection, old_key_to)
    except EXPECTED as fault:
        raise click.ClickException(str(fault)) from None
    except SQLAlchemyError as fault:
        why = type(fault).__name__  # its text may quote what was bound
        raise click.ClickException(f"The database cannot be used ({why}). What was sealed anew stays; run this again.") from None


@contextmanager
def be_alone(settings: HouseSettings) -> Iterator[Connection]:
    """A connection to the database of a house that does not run, on which no other command works."""
    database = settings.web.sqlite_path
    if database is not None and not database.exists():
        raise click.ClickException(f"There is no database at {database}: nothing is sealed yet.")
    make_home(settings.home)
    with hold_home(settings.home, "`sayable rotate-keys`"), open_alone(settings.web) as connection:
        yield connection


def renew_words_key(settings: Settings, connection: Connection, old_key_to: Path | None) -> None:
    """New key, everything sealed with it, old key gone; goes on where a run that was broken off stopped."""
    sealed_word = fetch_check_word(connection)
    if sealed_word is None:
        raise click.ClickException("The database holds nothing yet: start the house once.")
    cipher = make_cipher(settings, sealed_word)  # a missing or wrong key is told here
    missing = find_missing_keys(connection, cipher)
    if missing:
        raise SecretFault(f"Some words are sealed with a key that is not in the key file (id {', '.join(missing)}). Nothing was written.")
    keys = choose_keys(settings)
    if old_key_to is not None:
        keep_old_keys(old_key_to, keys[1:])
    connection.rollback()
    if not settings.words_key:
        write_words_keys(settings, keys)  # from here on both stand in the file, whatever happens
    look_for_others(connection)  # a process that started before the file was written would not know the new key
    cipher = WordsCipher(keys)
    done = reseal(connection, cipher, lambda number: click.echo(f"  {number} sealed anew", err=True))
    if count_left(connection, cipher):
        raise SecretFault("Something was sealed with the old key meanwhile; stop whatever writes to the database, and run this again.")
    forget_old_values(connection)
    if settings.words_key:
        click.echo(f"{done} values sealed anew. Now leave only the first key in SAYABLE_WORDS_KEY.")
        return
    write_words_keys(settings, keys[:1])
    click.echo(f"{done} values sealed anew; the key file holds the new key alone. Copy it to where you keep copies of the key.")
    click.echo("Backups made before this open only with the old key: make a new one now (`sayable backup`).")


def choose_keys(settings: Settings) -> list[bytes]:
    """The keys for this run, the one to seal with first: a new one, unless a change was begun before."""
    keys = read_words_keys(settings, may_make=False)
    if len(keys) > 1:
        if not settings.words_key:
            click.echo("A change of keys was begun before: going on with it.")
        return keys
    if settings.words_key:
        raise click.ClickException(
            "SAYABLE_WORDS_KEY holds one key. Put a new one before it, with a comma between them, and run this again; "
            "`openssl rand -base64 32` makes one."
        )
    return [secrets.token_bytes(32), *keys]


def keep_old_keys(path: Path, keys: list[bytes]) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"The old key cannot be written to {path} ({error.strerror}). Nothing was changed.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(base64.b64encode(key).decode() + "\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())


def renew_secrets(settings: Settings, connection: Connection) -> None:
    """New secrets in the place of those that are files; those that come from the environment are named."""
    cipher = make_cipher(settings, fetch_check_word(connection))
    connection.rollback()
    for name, setting in SECRETS.items():
        if os.environ.get(setting):
            click.echo(f"{name}: comes from {setting}; change it there.")
            continue
        write_secret(settings.secrets_folder / name, secrets.token_hex(32))
        click.echo(f"{name}: new")
    fresh = secrets.token_hex(32)
    write_secret(settings.secrets_folder / SIGN_IN_SECRET, fresh)  # killed after this line: running this again puts the names right
    rehash_names(connection, cipher, fresh)
    click.echo(f"{SIGN_IN_SECRET}: new, and every sign-in name hashed with it")
    click.echo("Pages that are open must be loaded again; who is signed in stays so.")
