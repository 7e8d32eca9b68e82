"""What one reply costs the database, counted: statements, transactions, and which of them wait for the disk."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import event

from tests.web.browser import Browser
from tests.web.conftest import TwoScenes, WordDoor, close
from tests.web.practice_channel import PracticeChannel
from web.app import build_app
from web.database.tables import Attempt
from web.dialogue.client import Dialogue
from web.dialogue.messages import Answer, Message
from web.rehearsal.sending import Outcome, take_reply
from web.settings import Settings

STATEMENTS = 11
"""Of the whole request, from the session's check to the answer drawn: rate limit 1, visitor 1, clinic's changes 1, storing 5
(attempt with its place, the message's twin, the turn, the attempt), completing 3, drawing 1."""


@dataclass
class Ledger:
    """What went to the database: statements, and for each commit of words how it was synced (1 NORMAL, 2 FULL)."""

    statements: list[str] = field(default_factory=list)
    commits: list[int] = field(default_factory=list)


@contextmanager
def watching(app: Flask) -> Iterator[Ledger]:
    ledger = Ledger()
    engines = (app.extensions["house"].database.engine, app.extensions["house_counting"].engine)

    def note_statement(connection, cursor, statement, *_) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            ledger.statements.append(statement)

    def note_commit(connection) -> None:
        if connection.get_execution_options().get("sayable_begin") == "BEGIN IMMEDIATE":
            ledger.commits.append(connection.connection.dbapi_connection.execute("PRAGMA synchronous").fetchone()[0])

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note_statement)
    event.listen(engines[0], "commit", note_commit)
    try:
        yield ledger
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note_statement)
        event.remove(engines[0], "commit", note_commit)


@pytest.fixture
def limited(settings: Settings) -> Iterator[Flask]:
    """An app with its rate limits, as in a running house."""
    app = build_app(settings, door=WordDoor(), catalogue=TwoScenes())
    app.config["TESTING"] = True
    yield app
    close(app)


def test_a_reply_costs_as_many_statements_late_as_early(limited: Flask) -> None:
    """The tenth reply of a talk takes the few statements that the second takes."""
    guest = Browser(limited.test_client()).be_guest()
    talk = guest.start()
    guest.order(talk, "begin")
    counted = []
    for number in range(10):
        with watching(limited) as ledger:
            assert guest.say(talk, f"I feel tired, {number}.").status_code == 200
        counted.append(len(ledger.statements))
    assert counted[1:] == [counted[1]] * 9
    assert counted[-1] <= STATEMENTS, "\n".join(ledger.statements)


def test_a_reply_waits_for_the_disk_once(app: Flask, guest: Browser, talk: str) -> None:
    """Storing it does not wait for the disk by itself; completing it does, and takes along what was stored."""
    with watching(app) as ledger:
        assert guest.say(talk, "I feel tired.").status_code == 200
    assert ledger.commits == [1, 2]


def test_a_reply_that_is_kept_unanswered_is_on_the_disk_before_the_client_hears_of_it(
    app: Flask, guest: Browser, talk: str, channel: PracticeChannel
) -> None:
    """Rasa is away: what the client is told is kept was committed with full sync last."""
    channel.fail_with = 503
    with watching(app) as ledger:
        assert guest.say(talk, "I feel tired.").status_code == 202
    assert ledger.commits == [1, 2]


class TwinDialogue:
    """Before it sends, it has the same reply taken a second time, as by another request, and keeps what became of that."""

    def __init__(self, inner: Dialogue) -> None:
        self.inner = inner
        self.take_again: Callable[[], Outcome] | None = None
        self.twin: Outcome | None = None

    def send(self, message: Message) -> Answer:
        assert self.take_again is not None
        self.twin = self.take_again()
        return self.inner.send(message)

    def is_there(self) -> bool:
        return self.inner.is_there()


def test_who_asks_for_a_reply_under_way_is_told_only_what_is_on_the_disk(app: Flask, talk: str) -> None:
    """The same reply comes twice at once: the second request, told that it is kept, has itself waited for the disk."""
    house = app.extensions["house"]
    dialogue = TwinDialogue(house.dialogue)
    house = dataclasses.replace(house, dialogue=dialogue, wait_for_twin_seconds=0.1)
    with house.database.reading() as session:
        person_id = session.get_one(Attempt, talk).person_id
    commits_when_told: list[int] = []
    with watching(app) as ledger:

        def take() -> Outcome:
            outcome = take_reply(house, person_id, talk, "twin-1", "I feel tired.")
            commits_when_told.append(ledger.commits[-1])
            return outcome

        dialogue.take_again = take
        first = take()
    assert dialogue.twin is not None and (dialogue.twin.status, first.status) == ("sent", "answered")
    assert commits_when_told == [2, 2] and ledger.commits[0] == 1


def test_every_other_change_waits_for_the_disk(app: Flask, guest: Browser, talk: str) -> None:
    """After a reply, on the same connections: a note and an erasure are committed with full sync."""
    guest.say(talk, "I feel tired.")
    with watching(app) as ledger:
        assert guest.call("PUT", f"/attempts/{talk}/note", {"text": "Keep this."}).status_code == 200
        assert guest.call("DELETE", f"/attempts/{talk}").status_code == 204
    assert len(ledger.commits) >= 2 and set(ledger.commits) == {2}
