"""On PostgreSQL, two connections at one turn: whoever waited for the lock sees the turn as it is by then, not as it was before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.web.postgres import make_postgres_database
from web.database.tables import Attempt, Turn
from web.rehearsal.completing import complete_turn, drop_turn
from web.rehearsal.faults import NotFound
from web.rehearsal.sending import send_message
from web.rehearsal.storing import Incoming, claim_waiting, find_attempt_and_place, find_attempt_and_turn, store_message

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def settings(settings):
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def stored(guest, talk, channel, house):
    """A reply that is stored and claimed for sending: the ids of person, attempt and turn, and its message."""
    channel.fail_with = 503
    turn_id = guest.say(talk, "I feel worn out.").get_json()["turn"]["id"]
    channel.fail_with = None
    with house.database.writing() as session:
        attempt, turn = session.get_one(Attempt, talk), session.get_one(Turn, turn_id)
        return attempt.person_id, talk, turn_id, claim_waiting(house, session, attempt, turn).message


class Second:
    """`act` on a thread of its own, with connections of its own; `join` gives what came of it, or raises what it raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act
        self.came: object = None
        self.fault: BaseException | None = None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        try:
            self.came = self.act()
        except BaseException as fault:
            self.fault = fault

    def join(self) -> object:
        self.thread.join(60)
        assert not self.thread.is_alive()
        if self.fault is not None:
            raise self.fault
        return self.came


def wait_until_it_waits(database) -> None:
    """Until PostgreSQL itself says that a connection stands before a lock."""
    give_up = time.monotonic() + 60
    while True:
        with database.reading_rows() as connection:
            if connection.execute(text(WAITING)).scalar():
                return
        assert time.monotonic() < give_up, "nobody waits for the lock"
        time.sleep(0.02)


def test_who_waited_sees_the_turn_as_it_is_now(house, stored):
    """The second finds the attempt locked while the first answers the turn: let in, it sees an answered turn and the attempt that fits."""
    person_id, attempt_id, turn_id, message = stored

    def look() -> tuple[str, str | None]:
        with house.database.writing() as session:
            attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)
            return turn.status, attempt.current_turn_id

    answer = house.dialogue.send(message)
    with house.database.writing() as session:
        attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)
        complete_turn(house, session, attempt, turn, answer)
        session.flush()
        second = Second(look)
        wait_until_it_waits(house.database)
    assert second.join() == ("answered", turn_id)


def test_a_turn_sent_twice_is_answered_once(house, stored, clock):
    """Two senders of one turn have their answers at once: the first is written, and the second changes nothing, whatever came since."""
    person_id, attempt_id, turn_id, message = stored
    answer = house.dialogue.send(message)
    with house.database.writing() as session:
        attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)
        complete_turn(house, session, attempt, turn, answer)
        # the client was told and has said the next thing already, before the second gets its turn at the lock
        following = store_message(house, session, attempt, Incoming("f" * 32, "speech", text="Would Tuesdays do?"))
        session.flush()
        first_at, revision = turn.answered_at, attempt.revision
        clock.go_on(seconds=5)
        second = Second(lambda: send_message(house, person_id, attempt_id, turn_id, message))
        wait_until_it_waits(house.database)
    assert second.join().status == "answered"
    with house.database.reading() as session:
        attempt, turn = session.get_one(Attempt, attempt_id), session.get_one(Turn, turn_id)
        assert (turn.status, turn.answered_at) == ("answered", first_at)
        assert (attempt.revision, attempt.current_turn_id, attempt.waiting_turn_id) == (revision, turn_id, following.turn_id)


def test_a_turn_taken_away_meanwhile_is_gone(house, stored):
    """The first takes the turn away: the second finds the attempt without it."""
    person_id, attempt_id, turn_id, _message = stored

    def look() -> object:
        with house.database.writing() as session:
            return find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)[1]

    with house.database.writing() as session:
        attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)
        drop_turn(session, attempt, turn)
        session.flush()
        second = Second(look)
        wait_until_it_waits(house.database)
    assert second.join() is None


def test_the_next_message_never_goes_out_with_an_old_place(house, stored):
    """Who waited to store a message sees the attempt where it stands now, and no turn beside it that is not that place."""
    person_id, attempt_id, turn_id, message = stored

    def look() -> tuple[str | None, str | None]:
        with house.database.writing() as session:
            attempt, place = find_attempt_and_place(session, person_id, attempt_id)
            return attempt.current_turn_id, place and place.id

    answer = house.dialogue.send(message)
    with house.database.writing() as session:
        attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, turn_id, lock=True)
        complete_turn(house, session, attempt, turn, answer)
        session.flush()
        second = Second(look)
        wait_until_it_waits(house.database)
    current, place = second.join()
    assert current == turn_id and place in (turn_id, None)


def test_another_persons_attempt_and_no_turn_look_as_without_lock(house, stored):
    """With the lock as without: another's attempt is none, and an attempt without such a turn comes alone."""
    person_id, attempt_id, turn_id, _message = stored
    for lock in (True, False):
        with house.database.writing() as session:
            attempt, turn = find_attempt_and_turn(session, person_id, attempt_id, "0" * 32, lock=lock)
            assert (attempt.id, turn) == (attempt_id, None)
            with pytest.raises(NotFound):
                find_attempt_and_turn(session, "0" * 32, attempt_id, turn_id, lock=lock)
