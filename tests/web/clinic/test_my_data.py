"""The client's own export: all of theirs, nothing of anybody else, nothing the partner still hides, and no file on disk."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from tests.web.clinic.leaving_client import PASSPHRASE, Filled, fill, give_passphrase
from web.clinic.own_export import gather
from web.clinic.own_export_shapes import OwnData
from web.database.clinic_tables import AuditEvent
from web.database.tables import Person

SCHEMA = Path(__file__).parents[3] / "docs" / "own-data.v1.schema.json"


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def filled(house, mika, noor) -> Filled:
    return fill(house, mika, noor, "mika")


def export(client, **fields):
    client.browser.open("/my-data")
    return client.browser.post_form("/my-data/export", **{"passphrase": PASSPHRASE, **fields})


def unzip(response) -> dict[str, str]:
    assert response.status_code == 200, response.get_data(as_text=True)[:2000]
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_everything_of_theirs_is_in_it(filled, mika):
    """Every word they typed, and those written for them, are in data.json and in the readable page."""
    response = export(mika)
    assert re.fullmatch(r'attachment; filename="my-data-\d{4}-\d\d-\d\d\.zip"', response.headers["Content-Disposition"])
    assert int(response.headers["Content-Length"]) == len(response.data)
    files = unzip(response)
    assert sorted(files) == ["data.json", "my-data.html"]
    for word in filled.words:
        assert word in files["data.json"], word
        assert word in files["my-data.html"], word


def test_each_part_is_there_and_fits_the_schema(filled, mika):
    """Account, care, consents, rehearsals with replaced replies, homework with reminders, shares with comments, the trail."""
    data = OwnData.model_validate_json(unzip(export(mika))["data.json"])
    assert (data.account.name, data.account.role, data.account.mail.hour) == ("Mika", "client", 9)
    assert len(data.account.recovery_codes) == len(data.account.invitations) == len(data.care) == len(data.consents) == 1
    assert data.care[0].clinician == data.consents[0].clinician == "Noor"
    talks = {each.id: each for each in data.rehearsals}
    finished = talks[filled.finished]
    said = [turn for turn in finished.turns if turn.words]
    assert [turn.counts_now for turn in said] == [False, True] and said[0].status == "replaced"
    assert said[1].feedback.criteria[0].evidence[0].text == "I feel"
    assert finished.note.words == "private-note-mika" and finished.agreement.card["limits"] == "my-limit-mika"
    assert next(turn.typed for turn in finished.turns if turn.command == "guess")["feeling"] == "guessed-feeling-mika"
    assert data.homework[0].items[0].id == finished.for_homework_item and len(data.homework[0].reminders) == 1
    assert data.shares[0].parts == ("talk", "counts") and data.shares[0].comments[0].by == "Noor"
    told = [(row.what, row.by, row.by_me) for row in data.trail]
    assert ("share_read", "Noor", False) in told and told[-1][0] == "exported" and told[-1][2]


def test_the_schema_in_the_docs_is_the_one_in_the_code():
    """docs/own-data.v1.schema.json says what the program writes; a change shows up here."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == OwnData.model_json_schema()


def test_no_row_of_another_client_is_in_it(filled, house, mika, other_client, other_clinician):
    """With a second client who has something of everything, each export holds its own words and none of the other's."""
    others = fill(house, other_client, other_clinician, "rafa")
    mine, theirs = unzip(export(mika)), unzip(export(other_client))
    for files, own, foreign in ((mine, filled, others), (theirs, others, filled)):
        for text in files.values():
            assert not [word for word in foreign.words if word in text]
            assert foreign.finished not in text and foreign.share not in text
            assert own.words[0] in text
    assert "Rafa" not in mine["data.json"] and "Ines" not in mine["data.json"]


def test_what_the_partner_hides_is_not_in_it(filled, mika, house):
    """The state behind the talk is never in it; what moved the partner is in a talk that is over and not in one that runs."""
    files = unzip(export(mika))
    talks = {each["id"]: each for each in json.loads(files["data.json"])["rehearsals"]}
    assert "hidden-canary" not in files["data.json"] + files["my-data.html"]
    assert "moved-canary" in json.dumps(talks[filled.finished])
    running = talks[filled.running]
    assert not running["revealed"] and "moved-canary" not in json.dumps(running)
    assert all(turn["partner"] is None and turn["skills"] is None for turn in running["turns"])


def test_a_check_scene_that_runs_has_no_feedback(mika, house):
    """A check scene shows no feedback while it runs, and the export does not go round that; afterwards it is in it."""
    give_passphrase(house, mika)
    attempt = mika.browser.start(check="before")
    mika.browser.order(attempt, "begin")
    mika.browser.say(attempt, "I feel torn.")
    data = OwnData.model_validate_json(unzip(export(mika))["data.json"])
    assert [turn.feedback for turn in data.rehearsals[0].turns] == [None, None, None]
    assert all(turn.skills is None for turn in data.rehearsals[0].turns)
    for command in ("stop", "guess", "reveal"):
        mika.browser.order(attempt, command, **({"guess": {"feeling": "", "need": ""}} if command == "guess" else {}))
    data = OwnData.model_validate_json(unzip(export(mika))["data.json"])
    assert ("feeling", "i_statement") in [turn.skills for turn in data.rehearsals[0].turns]


def test_no_secret_is_in_it(filled, mika, house):
    """No hash of the passphrase, of a code or of a session, and no secret of an authenticator app."""
    with house.database.writing() as session:
        person = session.get_one(Person, mika.id)
        person.totp = "JBSWY3DPEHPK3PXP"
        hidden = [person.passphrase_hash, person.sign_in_hash, "JBSWY3DPEHPK3PXP", "f" * 64]
    files = unzip(export(mika))
    assert not [secret for secret in hidden if secret in files["data.json"] + files["my-data.html"]]
    assert json.loads(files["data.json"])["account"]["authenticator_app"] is True


def test_the_page_to_read_needs_nothing_else(filled, mika):
    """No script, nothing loaded from anywhere, markup in what was typed stays text."""
    mika.browser.say(filled.running, "<script>alert(1)</script> & <b>bold</b>")
    page = unzip(export(mika))["my-data.html"]
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.search(r'(src|href)="(?!#)', page) and "url(" not in page and "@import" not in page
    assert "default-src 'none'" in page


def test_it_wants_the_passphrase(filled, mika, house):
    """Without the present passphrase there is no file and no line in the trail; the page says what was wrong."""
    response = export(mika, passphrase="something else")
    assert response.status_code == 422 and "not your present passphrase" in response.get_data(as_text=True)
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.what == "exported")) == 0
    assert mika.browser.open("/my-data/export").status_code == 405


def test_it_stands_in_the_trail(filled, mika, house):
    """That the client exported, and when, is kept; the chain of the trail holds."""
    export(mika)
    with house.database.reading() as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.what == "exported")).one()
        assert (row.actor_id, row.subject_id, row.detail) == (mika.id, mika.id, "own data")
        assert house.audit.find_break(session) is None


def test_three_hundred_turns_cost_no_more_queries(mika, noor, house):
    """As many queries for 300 turns as for 30, and no state of the partner is opened."""
    give_passphrase(house, mika)

    def count_queries() -> int:
        asked = []
        note = lambda *args: asked.append(args[2])  # noqa: E731 - a listener to take away again
        event.listen(house.database.engine, "before_cursor_execute", note)
        with mika.browser.client.application.test_request_context(), house.database.reading() as session:
            gather(house, session, mika.id)
        event.remove(house.database.engine, "before_cursor_execute", note)
        assert not [each for each in asked if "state_after_sealed" in each]
        return len(asked)

    attempts = [mika.browser.start() for _ in range(3)]
    for attempt in attempts:
        mika.browser.order(attempt, "begin")
    for number in range(8):
        for attempt in attempts:
            mika.browser.say(attempt, f"I feel like number {number}.")
    few = count_queries()
    for number in range(90):
        for attempt in attempts:
            mika.browser.say(attempt, f"I feel like number {number} of the long talk.")
    files = unzip(export(mika))
    assert sum(len(each["turns"]) for each in json.loads(files["data.json"])["rehearsals"]) == 3 * 100
    assert count_queries() == few


def test_nothing_touches_the_disk(filled, mika, monkeypatch):
    """No temporary file is made on the way from the database to the answer."""

    def refuse(*args, **kwargs):
        raise AssertionError("a temporary file was asked for")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert unzip(export(mika))


def test_only_clients_have_this_page(mika, noor, admin, guest, new_browser):
    """Nobody is sent to the first page; guests, clinicians and administrators have no such page."""
    assert mika.browser.open("/my-data").status_code == 200
    assert new_browser().open("/my-data").status_code == 303
    for browser in (guest, noor.browser, admin.browser):
        assert browser.open("/my-data").status_code == 403
        assert browser.post_form("/my-data/export", passphrase=PASSPHRASE).status_code == 403
