"""The audit trail notices every kind of tampering, and takes part in the transaction of the act."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from web.clinic.audit import AuditTrail
from web.database.clinic_tables import AuditEvent


@pytest.fixture
def trail() -> AuditTrail:
    return AuditTrail("a secret")


@pytest.fixture
def five_events(trail, database, clock):
    with database.writing() as session:
        for what in ("invited", "joined", "assigned", "shared", "share_read"):
            trail.record(session, what, now=clock(), actor_id="a" * 32, subject_id="b" * 32, object_id="c" * 32)


def test_a_trail_that_nobody_touched_holds(trail, five_events, database):
    """Five events, numbered one to five, each following from the one before."""
    with database.reading() as session:
        assert trail.find_break(session) is None
        assert list(session.scalars(select(AuditEvent.number).order_by(AuditEvent.number))) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("change", [{"actor_id": "d" * 32}, {"what": "exported"}, {"detail": "csv"}, {"subject_id": None}])
def test_a_changed_row_is_found(trail, five_events, database, change):
    """Another actor, act, subject or detail breaks the chain at that row."""
    with database.writing() as session:
        session.execute(update(AuditEvent).where(AuditEvent.number == 3).values(**change))
    with database.reading() as session:
        assert trail.find_break(session) == 3


def test_a_removed_row_is_found(trail, five_events, database):
    """A gap breaks the chain where the row was."""
    with database.writing() as session:
        session.execute(delete(AuditEvent).where(AuditEvent.number == 2))
    with database.reading() as session:
        assert trail.find_break(session) == 2


def test_a_row_written_under_another_secret_is_found(trail, five_events, database, clock):
    """Whoever can write to the database but does not have the secret cannot add to the trail."""
    with database.writing() as session:
        AuditTrail("another").record(session, "exported", now=clock(), actor_id=None, subject_id=None)
    with database.reading() as session:
        assert trail.find_break(session) == 6


def test_an_act_that_fails_leaves_no_event(trail, database, clock):
    """The event is in the same transaction as what it tells of."""

    def act() -> None:
        with database.writing() as session:
            trail.record(session, "invited", now=clock(), actor_id=None, subject_id=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_an_unknown_event_is_refused(trail, database, clock):
    """Only what stands on the list can be written, so no typed word slips in as an event."""
    with database.reading() as session, pytest.raises(ValueError):
        trail.record(session, "said something", now=clock(), actor_id=None, subject_id=None)
