"""The command `add-clinician`, and the one-time setup link that `sayable up` shows while there is no clinician."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from sayable.up.command import settings_or_message
from sayable.up.home import HomeError, make_home
from sayable.up.settings import HouseSettings
from web.access.names import check_free, check_name, make_person
from web.access.passphrases import ADVISED, check_passphrase, hash_passphrase
from web.access.refusals import Refused
from web.clinic.audit import AuditTrail
from web.clinic.care import count_can_sign_in
from web.clinic.invitations import SETUP_HOURS, Role, make_setup_link
from web.database.engine import Database
from web.database.opening import DatabaseFault, open_database
from web.secrets_store import SecretFault, read_audit_secret, read_sign_in_secret


@click.command("add-clinician")
@click.option("--admin", is_flag=True, help="An administrator instead: manages people, sees no words.")
@click.option("--link", is_flag=True, help="Ask nothing; print a one-time link at which the person chooses name and passphrase.")
@click.option("--name", default=None, help="The name to sign in with; asked for when left out.")
def add_clinician(admin: bool, link: bool, name: str | None) -> None:
    """Make a login for a clinician, or for an administrator.

    Asks for a name and a passphrase, which is not shown. The house may be running meanwhile.
    """
    settings = settings_or_message()
    role: Role = "admin" if admin else "clinician"
    try:
        make_home(settings.home)
        database = open_database(settings.web)
    except (HomeError, SecretFault, DatabaseFault) as fault:
        raise click.ClickException(str(fault)) from None
    try:
        if link:
            click.echo(f"Open this within {SETUP_HOURS} hours; it works once:\n{make_link(settings, database, role)}")
        else:
            add_asking(settings, database, role, name)
    except SQLAlchemyError as fault:
        raise click.ClickException(f"The database cannot be used ({type(fault).__name__}); nothing was changed.") from None
    finally:
        database.engine.dispose()


def add_asking(settings: HouseSettings, database: Database, role: Role, name: str | None) -> None:
    """Ask until name and passphrase will do, and keep them."""
    secret, now = read_sign_in_secret(settings.web), datetime.now(UTC)
    asked_for = name is None
    while True:
        if name is None:
            name = click.prompt("Name to sign in with")
        try:
            with database.reading() as session:
                check_free(session, secret, check_name(name))
            break
        except Refused as fault:
            if not asked_for:
                raise click.ClickException(str(fault.sentence)) from None
            click.echo(str(fault.sentence))
            name = None
    while True:
        passphrase = click.prompt(f"Passphrase (8 characters at least, {ADVISED} or more are better)", hide_input=True)
        try:
            check_passphrase(passphrase, name=name)
        except Refused as fault:
            click.echo(str(fault.sentence))
            continue
        if click.prompt("Once more", hide_input=True) == passphrase:
            break
        click.echo("These two differ.")
    passphrase_hash = hash_passphrase(passphrase)
    try:
        with database.writing() as session:
            person = make_person(
                session, secret, role=role, name=name, passphrase_hash=passphrase_hash, time_zone=None, locale=settings.web.locale, now=now
            )
            AuditTrail(read_audit_secret(settings.web)).record(
                session, "joined", now=now, actor_id=None, subject_id=person.id, detail=person.role
            )
    except Refused as fault:
        raise click.ClickException(str(fault.sentence)) from None
    what = "an administrator" if role == "admin" else "a clinician"
    click.echo(f"{check_name(name)} is {what} now and signs in at {public_address(settings)}/sign-in")


def make_link(settings: HouseSettings, database: Database, role: Role) -> str:
    """A one-time link for the first of a role, or another; earlier unused ones no longer work."""
    with database.writing() as session:
        audit = AuditTrail(read_audit_secret(settings.web))
        way = make_setup_link(session, audit, read_sign_in_secret(settings.web), role=role, now=datetime.now(UTC))
    return f"{public_address(settings)}/join/{way.token}"


def offer_setup_link(settings: HouseSettings) -> str | None:
    """A fresh setup link while nobody can sign in as a clinician; None when somebody can. Raises what opening the database raises."""
    database = open_database(settings.web)
    try:
        with database.reading() as session:
            if count_can_sign_in(session, "clinician"):
                return None
        return make_link(settings, database, "clinician")
    finally:
        database.engine.dispose()


def public_address(settings: HouseSettings) -> str:
    return settings.web.public_url or settings.loopback
