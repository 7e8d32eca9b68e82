"""On PostgreSQL: the export gathers, leaving erases every row, and retention is carried out, as on SQLite. Skipped without a server."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.web.clinic.leaving_client import PASSPHRASE, fill, list_sealed
from tests.web.postgres import make_postgres_database
from web.clinic.retention import add_months, erase_outlived
from web.database.clinic_tables import Assignment, Care, Comment, Consent, Reminder, Share
from web.database.tables import Agreement, Attempt, Note, Person, Turn


@pytest.fixture
def settings(settings):
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


@pytest.fixture
def house(app):
    return app.extensions["house"]


def count(house, table) -> int:
    with house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_take_along_and_leave(house, mika, noor):
    """Everything is in the file; after leaving no row of the client's is left and nothing sealed but others' and the receipt."""
    filled = fill(house, mika, noor, "mika")
    mika.browser.open("/my-data")
    response = mika.browser.post_form("/my-data/export", passphrase=PASSPHRASE)
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        data = archive.read("data.json").decode()
    assert not [word for word in filled.words if word not in data] and len(json.loads(data)["rehearsals"]) == 2
    assert mika.browser.post_form("/my-data/account/erase", word="erase everything", passphrase=PASSPHRASE).status_code == 303
    tables = (Attempt, Turn, Note, Agreement, Share, Comment, Assignment, Reminder, Care, Consent)
    assert [count(house, table) for table in tables] == [0] * len(tables)
    assert len(list_sealed(house)) == 3
    with house.database.reading() as session:
        assert session.get(Person, mika.id) is None


def test_retention(house, mika, noor, clock):
    """A day too early nothing goes; on the day the practice goes and the login stays."""
    fill(house, mika, noor, "mika")
    began = clock()
    clock.moment = add_months(began, 11)
    assert erase_outlived(house) == 0
    clock.moment = add_months(began, 12)
    assert erase_outlived(house) == 1
    assert (count(house, Attempt), count(house, Care)) == (0, 1)
    assert erase_outlived(house) == 0


def test_exports_of_the_clinician(house, mika, noor):
    """Each form is made."""
    fill(house, mika, noor, "mika")
    noor.browser.open(f"/clients/{mika.id}/export")
    for form in ("pdf", "csv", "fhir-r5", "fhir-r4b"):
        assert noor.browser.post_form(f"/clients/{mika.id}/export", form=form).status_code == 200
