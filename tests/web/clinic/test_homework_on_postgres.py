"""What hangs on locks and on the dialect, once more on PostgreSQL: the same form and the same reminder from several processes at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.web.browser import new_id
from tests.web.clinic.homework_forms import find_items, give, practise
from tests.web.postgres import make_postgres_database
from web.clinic.assigning import assign
from web.clinic.homework_plan import Plan, PlannedItem
from web.clinic.homework_states import list_own_states, list_states
from web.clinic.local_days import find_day
from web.clinic.reminder_wish import switch_on
from web.clinic.reminders import claim
from web.database.clinic_tables import Assignment, Reminder

ONE = Plan((PlannedItem("scene", "S17", None, "full", None, 1, None, None),))


@pytest.fixture
def settings(settings):
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


def do_at_once(act: Callable[[], object], times: int = 5) -> list[object]:
    """What came of `act` in so many threads released together; a fault is what came of it too."""
    ready, came = threading.Barrier(times), []

    def run() -> None:
        ready.wait(10)
        try:
            came.append(act())
        except Exception as error:
            came.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_the_same_form_at_once_gives_it_once(noor, mika, app, database):
    """Five processes with one form: one piece of homework, and all of them are told the same id."""
    form_id, house = new_id(), app.extensions["house"]
    came = do_at_once(lambda: tuple(assign(house, clinician_id=noor.id, client_ids=[mika.id], plan=ONE, form_id=form_id)))
    assert len(set(came)) == 1 and not isinstance(came[0], Exception)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1


def test_a_reminder_is_claimed_by_one_of_many(noor, mika, app, database, clock):
    """Five processes at the hour: one claims the mail, the others find nothing to send."""
    house = app.extensions["house"]
    switch_on(house, mika.id, address="mika@mail.example", subject="note", hour=0)
    give(noor, mika, due_on=find_day(clock(), "Europe/Lisbon").isoformat())
    came = do_at_once(lambda: claim(house, mika.id))
    assert [one for one in came if isinstance(one, Exception)] == []
    assert sum(1 for one in came if one is not None) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reminder)) == 1


def test_states_are_the_same_here(noor, mika, database, clock):
    """Practised is done for both sides, as on SQLite."""
    given = give(noor, mika, due_on=(find_day(clock(), "Europe/Lisbon") + timedelta(days=2)).isoformat())
    practise(mika, find_items(database, given)[0])
    with database.reading() as session:
        assert [state.state for state in list_own_states(session, mika.id, clock())] == ["done"]
        assert [state.state for state in list_states(session, noor.id, clock())] == ["done"]
