"""`sayable add-clinician`, and the setup link: the first login is made on purpose, never by default."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console
from sqlalchemy import func, select

from sayable.add_clinician import offer_setup_link
from sayable.cli import main
from sayable.up.house import say_setup_link
from sayable.up.settings import read_settings
from web.clinic.audit import AuditTrail
from web.clinic.invitations import find_by_token
from web.clinic.joining import Wish, join
from web.database.opening import open_database
from web.database.tables import Person
from web.secrets_store import read_audit_secret, read_sign_in_secret

GOOD = "lantern wheat copper lake"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def run(home: Path, *arguments: str, typed: str = ""):
    return CliRunner().invoke(main, ["add-clinician", *arguments], input=typed, env={"SAYABLE_HOME": str(home)})


def list_people(home: Path) -> list[tuple[str, str]]:
    database = open_database(read_settings({"SAYABLE_HOME": str(home)}).web)
    with database.reading() as session:
        people = [(person.role, person.name) for person in session.scalars(select(Person))]
    database.engine.dispose()
    return sorted(people)


def test_a_new_house_has_nobody(home: Path) -> None:
    """There is no default login."""
    assert list_people(home) == []


def test_it_asks_until_the_input_will_do(home: Path) -> None:
    """An empty-looking name, a short and a common passphrase and a slip in the repetition are told; then the clinician is there."""
    typed = f"{'x' * 41}\nNoor\nshort\npassword1\n{GOOD}\nlantern\n{GOOD}\n{GOOD}\n"
    done = run(home, typed=typed)
    assert done.exit_code == 0, done.output
    for told in ("one to forty characters", "at least eight characters", "guessed first", "These two differ", "/sign-in"):
        assert told in done.output
    assert GOOD not in done.output
    assert list_people(home) == [("clinician", "Noor")]


def test_an_administrator_and_a_taken_name(home: Path) -> None:
    """`--admin` makes one; a name that is taken is refused, whatever its capitals, and nobody is made."""
    assert run(home, "--admin", "--name", "Ola", typed=f"{GOOD}\n{GOOD}\n").exit_code == 0
    refused = run(home, "--name", "oLA", typed=f"{GOOD}\n{GOOD}\n")
    assert refused.exit_code == 1 and "already uses" in refused.output
    assert list_people(home) == [("admin", "Ola")]


def test_breaking_off_makes_nobody(home: Path) -> None:
    """Ctrl-D at the passphrase leaves the house as it was."""
    assert run(home, typed="Noor\n").exit_code == 1
    assert list_people(home) == []


def test_the_link_works_once_within_a_day(home: Path) -> None:
    """A fresh link replaces the one before; it makes one clinician; after a day it is gone."""
    first = re.search(r"/join/([0-9a-f]{64})", run(home, "--link").output)
    second = re.search(r"/join/([0-9a-f]{64})", run(home, "--link").output)
    assert first and second and first[1] != second[1]
    settings = read_settings({"SAYABLE_HOME": str(home)})
    database = open_database(settings.web)
    now = datetime.now(UTC)
    with database.reading() as session:
        assert find_by_token(session, first[1], now=now) is None
        assert find_by_token(session, second[1], now=now + timedelta(hours=25)) is None
    secret, audit = read_sign_in_secret(settings.web), AuditTrail(read_audit_secret(settings.web))
    join(database, audit, secret, second[1], Wish("Noor", GOOD, "UTC"), now=now, life=timedelta(hours=1))
    with database.reading() as session:
        assert find_by_token(session, second[1], now=now) is None
        assert session.scalar(select(func.count()).select_from(Person)) == 1
    database.engine.dispose()


def test_up_offers_a_link_only_while_there_is_no_clinician(home: Path) -> None:
    """With a clinician who can sign in nothing is offered; an administrator alone does not count."""
    settings = read_settings({"SAYABLE_HOME": str(home), "SAYABLE_PUBLIC_URL": "https://practice.example"})
    run(home, "--admin", "--name", "Ola", typed=f"{GOOD}\n{GOOD}\n")
    offered = offer_setup_link(settings)
    assert offered and offered.startswith("https://practice.example/join/")
    run(home, "--name", "Noor", typed=f"{GOOD}\n{GOOD}\n")
    assert offer_setup_link(settings) is None


def test_up_says_the_link_and_never_fails_over_it(home: Path) -> None:
    """The terminal shows the link with its day; when the key is wrong it says so in a line, and the start goes on."""
    settings = read_settings({"SAYABLE_HOME": str(home)})
    shown = io.StringIO()
    say_setup_link(settings, Console(file=shown, width=200))
    assert re.search(r"within 24 hours.*\n +http://127\.0\.0\.1:8080/join/[0-9a-f]{64}\n", shown.getvalue())
    broken = replace(settings, web=replace(settings.web, words_key="not a key"))
    shown = io.StringIO()
    say_setup_link(broken, Console(file=shown, width=200))
    assert "SecretFault" in shown.getvalue() and "add-clinician" in shown.getvalue()
