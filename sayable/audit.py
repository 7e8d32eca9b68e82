"""The command `audit`: whether the trail of who saw and did what is as it was written."""

from __future__ import annotations

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from sayable.up.command import settings_or_message
from web.clinic.audit import AuditTrail
from web.database.clinic_tables import AuditEvent
from web.database.engine import Database, open_engine
from web.database.opening import DatabaseFault, read_cipher
from web.secrets_store import SecretFault, read_audit_secret
from web.settings import Settings


@click.command("audit")
@click.option("--noted", help="A number and hash printed earlier, as NUMBER:HASH; says whether that row is still there.")
def audit(noted: str | None) -> None:
    """Check the audit trail row by row, and print its last number and hash.

    Each row is chained to the one before under a secret outside the database, so a changed, removed or inserted row is found:
    its number is printed and the exit code is 1. Rows cut off at the end are found by --noted, with what was printed before.
    Reads alone; the house may be running.
    """
    wanted = None if noted is None else read_noted(noted)
    settings = settings_or_message().web
    try:
        database = open_trail(settings)
        trail = AuditTrail(read_audit_secret(settings))
    except (SecretFault, DatabaseFault) as fault:
        raise click.ClickException(str(fault)) from None
    try:
        with database.reading() as session:
            broken = trail.find_break(session)
            rows = select(AuditEvent.number, AuditEvent.hash)
            last = session.execute(rows.order_by(AuditEvent.number.desc()).limit(1)).first()
            found = None if wanted is None else session.execute(rows.where(AuditEvent.number == wanted[0])).first()
    except SQLAlchemyError as fault:
        why = type(fault).__name__
        raise click.ClickException(f"The audit trail cannot be read ({why}). Was the house ever started with this version?") from None
    finally:
        database.engine.dispose()
    if broken is not None:
        click.echo(f"Broken at row {broken}: it does not follow from the row before.")
        raise SystemExit(1)
    if wanted is not None and (found is None or found.hash != wanted[1]):
        click.echo(f"Row {wanted[0]} is not there as it was noted: rows were cut off or written anew.")
        raise SystemExit(1)
    if last is None:
        click.echo("The audit trail is empty.")
        return
    click.echo(f"{last.number} rows, unbroken.")
    click.echo(f"Last: {last.number}:{last.hash}")


def open_trail(settings: Settings) -> Database:
    """The database as it stands: nothing is made and nothing is migrated. Raises DatabaseFault or SecretFault."""
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        raise DatabaseFault(f"There is no database at {settings.sqlite_path} yet; nothing was written.")
    secret_path = settings.secrets_folder / "audit.secret"
    if not secret_path.exists():
        raise SecretFault(f"There is no {secret_path}; restore it from its copy. Without it nothing can be checked.")
    return Database(open_engine(settings), read_cipher(settings))


def read_noted(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not number.isdecimal() or len(digest) != 64:
        raise click.UsageError("Give what `sayable audit` printed after “Last:”, such as 12:3f…")
    return int(number), digest
