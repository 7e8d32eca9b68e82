"""The database full, locked or away: an honest sentence, nothing half stored, and the same message gets through afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tests.web.browser import new_id
from web.access.gate import cookie_name
from web.access.visitors import let_in_person
from web.database.tables import Person


@pytest.fixture
def fill_up(app):
    """Lets the database file grow no further, as on a full disk; gives the way to make room again."""
    engine = app.extensions["house"].database.engine

    def refuse_more_pages(connection, record) -> None:
        connection.execute("PRAGMA max_page_count=1")  # SQLite makes of it: as many as there are

    def fill():
        engine.dispose()
        event.listen(engine, "connect", refuse_more_pages)

    def make_room():
        event.remove(engine, "connect", refuse_more_pages)
        engine.dispose()

    fill.make_room = make_room  # type: ignore[attr-defined]
    yield fill
    if event.contains(engine, "connect", refuse_more_pages):
        make_room()


LONG = "I would like that. " + "🌱" * 1900  # more bytes than a page of the database holds


def test_a_full_disk_is_said_and_the_same_message_gets_through_later(guest, talk, fill_up):
    """Full: 503 with a sentence, nothing of the message is there, pages open; with room again the same message is answered once."""
    before = guest.look(talk)
    fill_up()
    message_id = new_id()
    for _ in range(3):
        refused = guest.say(talk, LONG, message_id)
        assert refused.status_code == 503
        assert refused.json["code"] == "cannot_store" and "still in the box" in refused.json["error"]
    assert guest.look(talk)["turns"] == before["turns"]
    assert guest.open(f"/practice/{talk}").status_code == 200
    fill_up.make_room()
    assert guest.say(talk, LONG, message_id).status_code == 200
    assert [turn["status"] for turn in guest.look(talk)["turns"] if turn["kind"] == "speech"] == ["answered"]


def test_full_when_the_answer_comes(guest, talk, app, channel, clock, fill_up):
    """The reply was stored, then the disk is full when its answer is to be written: the reply stays, and is answered by the next send."""
    house = app.extensions["house"]
    real = house.dialogue.send

    def fill_then_answer(message):
        answer = real(message)
        fill_up()
        return answer

    object.__setattr__(house.dialogue, "send", fill_then_answer)
    message_id = new_id()
    # the answer takes more room than is left in the file: the reply itself took what there was
    assert guest.say(talk, LONG, message_id).status_code in (200, 503)
    object.__setattr__(house.dialogue, "send", real)
    fill_up.make_room()
    clock.go_on(seconds=60)
    assert guest.say(talk, LONG, message_id).status_code == 200
    shown = guest.look(talk)
    assert [turn["status"] for turn in shown["turns"]] == ["answered"] * len(shown["turns"])
    assert shown["waiting_turn_id"] is None


@pytest.mark.parametrize(
    "fault", [OperationalError("s", {}, Exception("planted")), InterfaceError("s", {}, Exception("planted")), PoolTimeout()]
)
def test_whatever_way_it_is_away(app, guest, talk, monkeypatch, fault, capsys):
    """API and pages answer 503 with the same sentence, as JSON and as a page; what the driver said goes nowhere."""

    def be_away(*given, **more):
        raise fault

    monkeypatch.setattr(type(app.extensions["house"].database), "reading", be_away)
    monkeypatch.setattr(type(app.extensions["house"].database), "writing", be_away)
    shown = guest.say(talk, "hello")
    assert shown.status_code == 503 and shown.json["code"] == "cannot_store"
    page = guest.open(f"/practice/{talk}")
    assert page.status_code == 503 and "cannot get at its memory" in page.get_data(as_text=True)
    assert "planted" not in page.get_data(as_text=True) + shown.get_data(as_text=True) + "".join(capsys.readouterr())


@pytest.mark.parametrize("role", ["guest", "client", "clinician", "admin"])
def test_away_in_the_middle_of_a_page(app, settings, clock, new_browser, monkeypatch, role):
    """Who somebody is was still to be read, then the database went away: each role gets the page that says so, not a bare line."""
    database = app.extensions["house"].database
    with database.writing() as session:
        session.add(Person(id="a" * 32, role=role, created_at=clock(), locale="en"))
    browser = new_browser()
    browser.client.set_cookie(cookie_name(settings), let_in_person(database, "a" * 32, now=clock(), life=timedelta(hours=1)))

    def be_away(*given, **more):
        raise OperationalError("s", {}, Exception("planted"))

    monkeypatch.setattr(type(database), "reading", be_away)
    shown = {path: browser.open(path) for path in ("/scenes" if role in ("guest", "client") else "/account", "/no-such-page")}
    assert {path: 'class="card error-page"' in page.get_data(as_text=True) for path, page in shown.items()} == dict.fromkeys(shown, True)
    assert [page.status_code for page in shown.values()] in ([503, 503], [503, 404])
