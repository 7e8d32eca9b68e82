"""The summary before a meeting: one page, only what is shared, no word a client typed, in the browser and as a PDF."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from tests.web.clinic.steps import ALL_PARTS, finish_talk, give_homework, link_homework, share
from tests.web.test_pages import text_of
from web.clinic.summary import Section, Sheet
from web.clinic.summary_pdf import write_pdf
from web.database.clinic_tables import AuditEvent, Care


@pytest.fixture
def with_much(mika, noor, database, clock):
    item_id = give_homework(database, noor, mika, now=clock())
    attempt_id = finish_talk(mika.browser, "said-canary", "I feel torn.", "three")
    link_homework(database, attempt_id, item_id)
    mika.browser.post_form(f"/practice/{attempt_id}/note", text="note-canary")
    share(mika, attempt_id, noor, **ALL_PARTS)
    return mika


def test_the_page_has_what_is_shared_and_no_words_of_the_client(with_much, noor):
    """Homework, shares by title and part, what to talk about; neither the talk nor the note."""
    page = text_of(noor.browser.open(f"/clients/{with_much.id}/summary"))
    for words in ("Mika", "Scene S17", "To talk about", "Homework", "Shared", "the note"):
        assert words in page, words
    assert "canary" not in page and "“I” statement" not in page


def test_counts_stand_there_with_consent_alone(with_much, noor):
    """With the consent the counts come, by number."""
    with_much.browser.open("/sharing")
    with_much.browser.post_form(f"/sharing/consents/{noor.id}", agree="yes")
    assert re.search(r"“I” statement: 1", text_of(noor.browser.open(f"/clients/{with_much.id}/summary")))


def test_the_pdf_is_one_page_with_a_neutral_name(with_much, noor):
    """A PDF of one page that a browser saves as summary.pdf, without the client's name in its name or in its title."""
    answer = noor.browser.client.get(f"/clients/{with_much.id}/summary.pdf")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="summary.pdf"'
    assert answer.data.startswith(b"%PDF-") and count_pages(answer.data) == 1
    assert b"Mika" not in answer.data and "Mika" in read_pdf(answer.data) and "canary" not in read_pdf(answer.data)


def test_it_stays_one_page_however_much_there_is():
    """Sections full of the longest lines that the sheet allows are cut, not continued on a second page."""
    sections = tuple(Section(f"Section {number}", tuple(["word " * 60] * 8)) for number in range(3))
    counts = Section("Counts", tuple([f"Skill {number}: " + ", ".join(["10"] * 10) for number in range(13)]))
    assert count_pages(write_pdf(Sheet("A name", "made", (*sections, counts), "foot"))) == 1


@pytest.mark.parametrize(
    "name", ["José Ångström", "Мика Ђорђевић", "Μίκα Παπαδάκη", "Nguyễn Thị Hằng", "Միքա", "მიკა", "<b>& co", "[ ] me"]
)
def test_names_of_many_scripts_stand_as_they_are(name):
    """Latin, Cyrillic, Greek, Vietnamese, Armenian and Georgian letters are drawn, in the title and in a line; none is told as lacking."""
    text = read_pdf(write_pdf(Sheet(name, "made", (Section("S", (f"given to {name}",)),), "foot")))
    assert text.count(name) == 2 and "lacks some letters" not in text


def test_a_name_typed_in_parts_is_drawn_whole():
    """Letters that came as a base and its marks are put together first: the font has them only so."""
    text = read_pdf(write_pdf(Sheet(unicodedata.normalize("NFD", "Nguyễn Hằng"), "made", (), "foot")))
    assert "Nguyễn Hằng" in text and "[ ]" not in text


@pytest.mark.parametrize(("name", "drawn"), [("美香", "[ ][ ]"), ("مريم", "[ ][ ][ ][ ]"), ("[ ] 美", "[ ] [ ]")])
def test_letters_that_the_font_lacks_are_told(name, drawn):
    """Of other scripts the sheet says that letters are lacking and where they can be seen, in a title and in a line alike."""
    for sheet in (Sheet(name, "made", (), "foot"), Sheet("A name", "made", (Section("S", (name,)),), "foot")):
        text = read_pdf(write_pdf(sheet))
        assert drawn in text and "lacks some letters" in text


def test_reading_and_printing_are_in_the_trail(with_much, noor, database):
    """Each leaves its event for the client to read."""
    noor.browser.open(f"/clients/{with_much.id}/summary")
    noor.browser.client.get(f"/clients/{with_much.id}/summary.pdf")
    with database.reading() as session:
        events = list(session.scalars(select(AuditEvent.what).where(AuditEvent.actor_id == noor.id)))
    assert events == ["summary_read", "summary_read"]


def test_it_is_closed_when_the_care_has_ended(mika, noor, other_clinician, database, clock):
    """Another clinician, and this one after the end of care, find nothing there."""
    paths = (f"/clients/{mika.id}/summary", f"/clients/{mika.id}/summary.pdf")
    assert {other_clinician.browser.client.get(path).status_code for path in paths} == {404}
    with database.writing() as session:
        session.scalar(select(Care).where(Care.client_id == mika.id)).ended_at = clock()
    assert {noor.browser.client.get(path).status_code for path in paths} == {404}


def read_pdf(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def count_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
