"""The clinician's export: what is shared at this moment and nothing else, in three forms, each with its line in the client's trail."""

from __future__ import annotations

import csv
import io
import socket
import tempfile
import threading
import zipfile

import pytest
import waitress
import waitress.buffers
from sqlalchemy import select, update

from tests.web.clinic.leaving_client import Filled, fill
from web.__main__ import KEPT_IN_MEMORY
from web.clinic.csv_tables import disarm, write_csv
from web.clinic.pdf_letters import Letters, load_fonts
from web.database.clinic_tables import Assignment, AuditEvent, Care, Comment, Consent, Share
from web.database.tables import Agreement, Attempt, Note
from web.pages.leaving import send_file

FORMS = ("pdf", "csv", "fhir-r5", "fhir-r4b")


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def filled(house, mika, noor) -> Filled:
    return fill(house, mika, noor, "mika")


def export(clinician, client, form: str):
    clinician.browser.open(f"/clients/{client.id}/export")
    return clinician.browser.post_form(f"/clients/{client.id}/export", form=form)


def read_tables(response) -> dict[str, list[dict[str, str]]]:
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts.items()}


def read_pdf(content: bytes) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def list_trail(house, client) -> list[tuple[str, str | None]]:
    with house.database.reading() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == client.id).order_by(AuditEvent.number))
        return [(row.what, row.detail) for row in rows]


def change(house, table, **values) -> None:
    with house.database.writing() as session:
        session.execute(update(table).values(**values))


def test_the_tables_hold_what_is_shared(filled, house, noor, mika):
    """Homework with the clinician's note, counts with consent, the shared talk with its comment; no note, no card, no running talk."""
    tables = read_tables(export(noor, mika, "csv"))
    assert sorted(tables) == ["counts.csv", "homework.csv", "shared.csv"]
    assert [(row["scene"], row["note"], row["due"]) for row in tables["homework.csv"]] == [
        ("Scene S17", "note-of-homework-mika", "2099-03-04")
    ]
    assert {(row["skill"], row["times"], row["replies"]) for row in tables["counts.csv"]} == {
        ("feeling", "1", "1"),
        ("i_statement", "1", "1"),
    }
    said = [(row["who"], row["words"]) for row in tables["shared.csv"] if row["what"] == "talk"]
    assert ("client", "I feel torn, second-try-mika.") in said
    assert [row["words"] for row in tables["shared.csv"] if row["what"] == "comment"] == ["a-comment-mika"]
    kept = "".join(str(row) for rows in tables.values() for row in rows)
    unshared = ("first-try", "private-note", "my-limit", "running-reply", "why-skipped", "label", "a@mail.example")
    assert not [word for word in unshared if word in kept]


def test_the_pdf_holds_the_same(filled, house, noor, mika):
    """The words of the shared talk stand in the PDF, the unshared ones do not."""
    response = export(noor, mika, "pdf")
    assert response.mimetype == "application/pdf" and response.data.startswith(b"%PDF")
    text = read_pdf(response.data)
    for word in ("second-try-mika", "note-of-homework-mika", "a-comment-mika", "Scene S17", "Mika"):
        assert word in text, word
    assert not [word for word in ("first-try", "private-note", "my-limit", "running-reply", "why-skipped") if word in text]


def test_a_comment_on_a_reply_that_was_tried_again_is_not_lost(filled, house, noor, mika):
    """A comment whose reply is no longer part of what is shared stands after the talk."""
    change(house, Comment, turn_id="0" * 32)
    assert "a-comment-mika" in read_pdf(export(noor, mika, "pdf").data)
    assert "a-comment-mika" in str(read_tables(export(noor, mika, "csv")))


def test_note_and_card_only_where_they_are_shared(filled, house, noor, mika):
    """Shared too, the note and the card are in both; what was told as a reason for skipping is as well."""
    with house.database.writing() as session:
        session.execute(update(Share).values(note=True, card=True, help_pauses=True))
        for table in (Note, Agreement):
            session.execute(update(table).values(changed_at=session.scalar(select(Share.shared_at))))
        session.execute(update(Assignment).values(skip_reason_shared=True))
    tables = read_tables(export(noor, mika, "csv"))
    assert {"note", "card: limits"} <= {row["what"] for row in tables["shared.csv"]}
    text = read_pdf(export(noor, mika, "pdf").data)
    for word in ("private-note-mika", "my-limit-mika", "why-skipped-mika"):
        assert word in text and word in str(tables), word


@pytest.mark.parametrize("form", FORMS)
def test_each_export_stands_in_the_trail(filled, house, noor, mika, form):
    """Who exported, and in which form; with it the shares count as read where their words are in it."""
    assert export(noor, mika, form).status_code == 200
    trail = list_trail(house, mika)
    assert ("exported", form.replace("-", " ")) in trail and ("counts_read", None) in trail
    with house.database.reading() as session:
        read_at = session.scalar(select(Share.first_read_at))
        assert house.audit.find_break(session) is None
    assert (read_at is not None) == (form in ("pdf", "csv"))


def test_what_is_taken_back_is_not_in_it(filled, house, noor, mika):
    """After the client took the share back and withdrew the consent, the next export has neither words nor counts."""
    mika.browser.open("/sharing")
    assert mika.browser.post_form(f"/sharing/{filled.share}/revoke").status_code == 303
    assert mika.browser.post_form(f"/sharing/consents/{noor.id}/withdraw").status_code == 303
    tables = read_tables(export(noor, mika, "csv"))
    assert tables["shared.csv"] == tables["counts.csv"] == []
    text = read_pdf(export(noor, mika, "pdf").data)
    assert "second-try" not in text and "a-comment" not in text and "Counts of skills" not in text


def test_scenes_chosen_alone_are_not_counted(filled, house, noor, mika):
    """Counts come from homework alone: once the rehearsal is none, it is in no table, although counts are agreed to."""
    change(house, Attempt, assignment_item_id=None)
    assert read_tables(export(noor, mika, "csv"))["counts.csv"] == []


@pytest.mark.parametrize("form", FORMS)
def test_ended_care_closes_it(filled, house, noor, mika, clock, form):
    """When the care has ended there is neither page nor file, and nothing is written to the trail."""
    noor.browser.open(f"/clients/{mika.id}/export")
    change(house, Care, ended_at=clock())
    before = len(list_trail(house, mika))
    assert noor.browser.open(f"/clients/{mika.id}/export").status_code == 404
    assert noor.browser.post_form(f"/clients/{mika.id}/export", form=form).status_code == 404
    assert len(list_trail(house, mika)) == before


def test_nobody_else_gets_it(filled, house, mika, other_clinician, other_client, admin, guest, new_browser):
    """Another clinician is told there is nothing; everybody else has no such page; a made-up client is the same as another's."""
    path = f"/clients/{mika.id}/export"
    assert other_clinician.browser.open(path).status_code == 404
    assert other_clinician.browser.post_form(path, form="csv").status_code == 404
    assert other_clinician.browser.open(f"/clients/{'0' * 32}/export").status_code == 404
    for browser in (mika.browser, other_client.browser, admin.browser, guest):
        browser.open("/")
        assert (browser.open(path).status_code, browser.post_form(path, form="csv").status_code) == (403, 403)
    nobody = new_browser()
    nobody.open("/")
    assert (nobody.open(path).status_code, nobody.post_form(path, form="csv").status_code) == (303, 303)
    assert not [what for what, _ in list_trail(house, mika) if what == "exported"]


def test_an_unknown_form_takes_nothing(filled, house, noor, mika):
    """A form that is not on the list is refused before anything is noted or read."""
    before = list_trail(house, mika)
    assert export(noor, mika, "xlsx").status_code == 400
    assert list_trail(house, mika) == before


def test_file_names_name_nobody(filled, noor, mika):
    """What lies in a download folder does not say whose it is."""
    for form in FORMS:
        disposition = export(noor, mika, form).headers["Content-Disposition"]
        assert "Mika" not in disposition and mika.id not in disposition and disposition.startswith("attachment; ")


@pytest.mark.parametrize(
    "cell", ["=1+2", "+41 79", "-2", "@SUM(A1)", "\t=1", "\r=1", " =cmd|' /C calc'!A0", "\n=1", "＝1", "＠x", '=HYPERLINK("http://x")']
)
def test_formulas_are_disarmed(cell):
    """Whatever a spreadsheet would calculate is written as text, and every letter of it is still there."""
    assert disarm(cell) == "'" + cell
    table = write_csv(("a", "b"), [(cell, "fine")])
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert rows == [["a", "b"], ["'" + cell, "fine"]]


def test_other_cells_stay_as_they_are():
    """Quotes, separators, line breaks and other languages come back as typed; numbers and nothing too."""
    cells = ['She said "no", twice; and', "two\r\nlines", "ħëłło 你好 🙂", "a=b", "1-2"]
    rows = list(csv.reader(io.StringIO(write_csv(("h",) * 7, [(*cells, 3, None)]).decode("utf-8-sig"), newline="")))
    assert rows[1] == [*cells, "3", ""]


def test_a_typed_formula_is_harmless_in_the_file(house, noor, mika):
    """From the client's keyboard to the spreadsheet: the reply is there, and no cell of any table begins like a formula."""
    filled = fill(house, mika, noor, "=2+5")
    del filled
    with house.database.writing() as session:
        assignment = session.scalars(select(Assignment)).one()
        assignment.note = '=HYPERLINK("http://evil.example","open")'
    tables = read_tables(export(noor, mika, "csv"))
    cells = [cell for rows in tables.values() for row in rows for cell in row.values()]
    assert '\'=HYPERLINK("http://evil.example","open")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_byte_order_mark_opens_every_table(filled, noor, mika):
    """So that Excel reads the letters as they are."""
    with zipfile.ZipFile(io.BytesIO(export(noor, mika, "csv").data)) as archive:
        assert all(archive.read(name).startswith(b"\xef\xbb\xbf") for name in archive.namelist())


def test_letters_that_the_font_lacks_are_told():
    """Greek, Cyrillic and Polish are drawn; Chinese and scripts from right to left become [ ], and that is noted; markup stays text."""
    load_fonts()
    letters = Letters()
    assert letters.fit("Łódź Αθήνα Москва") == "Łódź Αθήνα Москва" and not letters.lacking
    assert letters.fit("<b>你</b> & שלום\nnext") == "&lt;b&gt;[ ]&lt;/b&gt; &amp; [ ][ ][ ][ ]<br/>next" and letters.lacking


def test_the_pdf_takes_any_words(filled, house, noor, mika):
    """Markup, very long words and signs of other scripts neither break the file nor are obeyed."""
    with house.database.writing() as session:
        session.scalars(select(Assignment)).one().note = "<font size=99>&nbsp;</para> " + "x" * 3000 + " 你好"
    text = read_pdf(export(noor, mika, "pdf").data)
    assert "<font size=99>" in text and "[ ]" in text and "The font of this file lacks some letters" in text


def test_nothing_touches_the_disk(filled, noor, mika, monkeypatch):
    """No form makes a temporary file."""

    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was asked for")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    for form in FORMS:
        assert export(noor, mika, form).status_code == 200


def test_nothing_shared_makes_a_file_all_the_same(house, noor, mika):
    """A client of whom there is nothing yet: empty tables, one page, a bundle with the patient alone."""
    assert read_tables(export(noor, mika, "csv")) == {"counts.csv": [], "homework.csv": [], "shared.csv": []}
    assert "None." in read_pdf(export(noor, mika, "pdf").data)
    assert [entry["resource"]["resourceType"] for entry in export(noor, mika, "fhir-r5").json["entry"]] == ["Patient"]


def test_consent_is_asked_at_the_moment(filled, house, noor, mika, clock):
    """A consent withdrawn a moment ago is withdrawn for the export as well."""
    assert read_tables(export(noor, mika, "csv"))["counts.csv"]
    change(house, Consent, withdrawn_at=clock())
    assert read_tables(export(noor, mika, "csv"))["counts.csv"] == []


def test_a_long_talk_fits_on_pages(filled, house, noor, mika):
    """Two hundred replies become a PDF of many pages, with the last reply in it."""
    for number in range(200):
        mika.browser.say(filled.running, f"I feel like number {number} of a long talk about the same thing once more.")
    with house.database.writing() as session:
        attempt = session.get_one(Attempt, filled.running)
        session.execute(update(Share).values(attempt_id=attempt.id, last_turn_number=attempt.turn_count))
    assert "number 199" in read_pdf(export(noor, mika, "pdf").data)


def test_a_slow_reader_puts_no_words_into_a_file(app, monkeypatch):
    """Served as the house serves it, twelve megabytes for a reader who waits stay in memory; with waitress's own setting they would not."""
    assert count_spilled({}, monkeypatch) > 0
    assert count_spilled(KEPT_IN_MEMORY, monkeypatch) == 0


def count_spilled(adjustments: dict[str, int], monkeypatch) -> int:
    """How often waitress took a temporary file for an answer of twelve megabytes that nobody reads at once."""
    spilled = []

    class Watched(waitress.buffers.TempfileBasedBuffer):
        def __init__(self, from_buffer=None):
            spilled.append(1)
            super().__init__(from_buffer)

    monkeypatch.setattr(waitress.buffers, "TempfileBasedBuffer", Watched)
    sent = threading.Event()

    def answer(environ, start_response):
        response = send_file(b"x" * 12_000_000, "export.pdf", "application/pdf")
        try:
            yield from response(environ, start_response)
        finally:
            sent.set()

    server = waitress.create_server(answer, host="127.0.0.1", port=0, threads=1, **adjustments)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        with socket.socket() as reader:
            reader.settimeout(20)
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 256 * 1024)
            reader.connect(("127.0.0.1", int(server.effective_port)))
            reader.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            assert sent.wait(20)
            received = 0
            while piece := reader.recv(1 << 20):
                received += len(piece)
        assert received > 12_000_000
    finally:
        server.close()
        loop.join(5)
    return len(spilled)
