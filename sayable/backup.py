"""The command `backup`: one file with everything a house keeps, except its keys."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from sayable.up.command import settings_or_message
from web.database.backup import make_backup, prune_backups
from web.database.backup_file import BackupFault
from web.database.erasure import KEEP_COPIES
from web.database.postgres_tools import ToolFault
from web.database.sealed_columns import UnknownSealedColumn
from web.secrets_store import SecretFault


@click.command("backup")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder for the backup (default: backups in SAYABLE_HOME)."
)
@click.option(
    "--keep",
    "days",
    type=click.IntRange(1, 3650),
    default=KEEP_COPIES.days,
    show_default=True,
    metavar="DAYS",
    help="Delete backups in that folder which are older than this.",
)
def backup(folder: Path | None, days: int) -> None:
    """Copy the database and the content files of SAYABLE_HOME into one file, also while the house runs.

    The keys are not in it: keep a copy of the folder `secrets` somewhere else. Trained models and logs are not in it either.
    """
    settings = settings_or_message().web
    target_folder = (folder or settings.home / "backups").absolute()
    now = datetime.now(UTC)
    try:
        path, manifest = make_backup(settings, target_folder, now=now)
        gone = prune_backups(target_folder, keep=timedelta(days=days), now=now)
    except (SecretFault, BackupFault, ToolFault, UnknownSealedColumn) as fault:
        raise click.ClickException(f"No backup was made. {fault}") from None
    except OSError as error:
        raise click.ClickException(f"No backup was made: {error.filename or target_folder}: {error.strerror or error}.") from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise click.ClickException(f"No backup was made: the database cannot be read ({type(error).__name__}).") from None
    content = sorted(name.removeprefix("home/") for name in manifest.files if name != "database")
    click.echo(f"{path}  ({path.stat().st_size / 1e6:.1f} MB, {manifest.database}, migration {manifest.migration})")
    click.echo(
        f"With it: {', '.join(content) if content else 'no content files'}. Not in it: the keys; keep {settings.secrets_folder} elsewhere."
    )
    for old in gone:
        click.echo(f"Deleted, older than {days} days: {old.name}")
