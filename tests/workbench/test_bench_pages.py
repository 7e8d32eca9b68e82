"""Pages on databases of two sizes: no page asks a larger one more often."""

import dataclasses

import pytest
from sqlalchemy import func, select

from sayable.bench.pages import bring_clinic, count_statements, list_pages
from sayable.bench.sized_clinic import Size
from web.access.permissions import select_assigned_attempts
from web.app import build_app
from web.database.opening import open_database
from web.database.tables import Attempt, Person, Turn

SMALL, LARGER = Size(1, 1), Size(6, 60)


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinics")
    return {size: bring_clinic(folder, size, lambda _: None) for size in (SMALL, LARGER)}


def test_the_database_has_the_size_it_says(clinics):
    """As many clients, rehearsals and turns as asked for (the measured client has two more), and what was typed opens with the key."""
    settings, known = clinics[LARGER]
    database = open_database(settings)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person).where(Person.role == "client")) == 6
        assert session.scalar(select(func.count()).select_from(Attempt)) == 62
        assert session.scalar(select(func.count()).select_from(Turn)) >= LARGER.turns
        turn = session.get(Turn, known.turn_id)
        assert turn.words and turn.answer["lines"] and turn.state_after["phase"]
    database.engine.dispose()


def test_no_page_sends_a_query_per_row(clinics):
    """Ten times the rehearsals and six times the clients: every page sends exactly as many SQL statements as before."""
    counted = {size: count_statements(*clinics[size]) for size in (SMALL, LARGER)}
    assert len(counted[SMALL]) > 20
    assert counted[LARGER] == counted[SMALL]


def test_every_page_is_measured_or_named(clinics):
    """A new route cannot slip by: each GET route is in the list of pages or among those that are named as not measured."""
    settings, known = clinics[SMALL]
    app = build_app(settings)
    pages, missed = list_pages(app, known)
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods} - {
        "static",
        "health.show_live",
        "health.show_ready",
    }
    assert {page.name.split(" ")[0] for page in pages} | missed.keys() == routes
    assert not {name for name in dataclasses.asdict(known).values() if not name}
    app.extensions["house"].database.engine.dispose()
    app.extensions["house_counting"].engine.dispose()


def test_a_large_database_is_entered_by_the_short_way(clinics, tmp_path):
    """From a thousand turns on SQLite learns how its tables are filled, and goes from homework to its rehearsals."""
    small, large = open_database(clinics[SMALL][0]), open_database(bring_clinic(tmp_path, Size(2, 70), lambda _: None)[0])
    assert (small.learn_sizes(), large.learn_sizes()) == (False, True)
    clinician_id = next(iter(find_clinicians(large)))
    with large.reading() as session:
        query = select_assigned_attempts(clinician_id).compile(dialect=large.engine.dialect, compile_kwargs={"literal_binds": True})
        plan = " ".join(row[3] for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
    assert "ix_attempt_assignment_item_id" in plan
    for database in (small, large):
        database.engine.dispose()


def find_clinicians(database):
    with database.reading() as session:
        return list(session.scalars(select(Person.id).where(Person.role == "clinician")))
