"""Why homework was skipped: the client's words, theirs to erase alone, whatever became of the homework."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.web.clinic.homework_forms import give
from tests.web.clinic.logins import find_events
from tests.web.test_pages import text_of
from web.database.clinic_tables import Assignment

REASON = "planted-heron-reason"


@pytest.fixture
def skipped(noor, mika):
    """Homework that Mika skipped, with a reason Noor was told."""
    given = give(noor, mika)
    mika.browser.open("/homework")
    assert mika.browser.post_form(f"/homework/{given}/skip", reason=REASON, share="yes").status_code == 303
    return given


def withdraw(noor, mika, given: str) -> None:
    noor.browser.open("/caseload")
    assert noor.browser.post_form(f"/clients/{mika.id}/homework/{given}/withdraw").status_code == 303


def erase(someone, given: str):
    someone.browser.open("/who-looked")
    return someone.browser.post_form(f"/my-data/homework/{given}/reason/erase")


def test_the_reason_stays_erasable_after_the_homework_was_withdrawn(skipped, noor, mika, database):
    """My data shows it with who gave the homework, and that only the client reads it now; erased, it is gone and a receipt says so."""
    withdraw(noor, mika, skipped)
    assert REASON not in text_of(mika.browser.open("/homework"))
    page = text_of(mika.browser.open("/my-data"))
    assert REASON in page and "Homework from Noor" in page and "withdrawn" in page and "only you can read it" in page
    answer = erase(mika, skipped)
    assert answer.status_code == 303 and "/receipts/" in answer.location
    receipt = text_of(mika.browser.open(answer.location))
    assert "The reason for skipping is erased." in receipt and REASON not in receipt
    assert REASON not in text_of(mika.browser.open("/my-data"))
    with database.reading() as session:
        row = session.get_one(Assignment, skipped)
        assert row.skip_reason_sealed is None and not row.skip_reason_shared and row.skipped_at is not None
    assert [event.subject_id for event in find_events(database, "skip_reason_erased")] == [mika.id]


def test_it_can_be_erased_while_the_homework_is_there_and_the_clinician_reads_it_no_more(skipped, noor, mika):
    """Until then My data says that Noor can read it; afterwards her page has no word of it, and the homework is still skipped."""
    assert REASON in text_of(noor.browser.open(f"/clients/{mika.id}"))
    assert "Noor can read it." in text_of(mika.browser.open("/my-data"))
    assert erase(mika, skipped).status_code == 303
    assert REASON not in text_of(noor.browser.open(f"/clients/{mika.id}"))
    assert "Skipped" in text_of(mika.browser.open("/homework"))


def test_nobody_else_and_nothing_twice(skipped, mika, other_client, noor, database):
    """Another client and the clinician cannot; what is gone is not there a second time."""
    assert erase(other_client, skipped).status_code == 404
    assert erase(noor, skipped).status_code == 403
    with database.reading() as session:
        assert session.scalar(select(Assignment.skip_reason_sealed).where(Assignment.id == skipped)) is not None
    assert erase(mika, skipped).status_code == 303
    assert erase(mika, skipped).status_code == 404
