"""Two people of a clinic at the same moment, on PostgreSQL, where transactions run side by side. Skipped without a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from tests.web.clinic.homework_forms import give
from tests.web.clinic.logins import add_login
from tests.web.clinic.steps import finish_talk
from tests.web.clinic.test_homework_on_postgres import do_at_once
from tests.web.postgres import make_postgres_database
from web.access.permissions import find_care
from web.access.refusals import LastOfTheirKind
from web.clinic.care import end_care
from web.clinic.consents import give_consent
from web.clinic.erasing import erase_account, erase_own_attempt
from web.clinic.homework import skip_homework
from web.clinic.people import block, check_may_be_erased, find_person
from web.clinic.shared_view import Parts
from web.clinic.sharing import preview_share, share_attempt
from web.database.clinic_tables import Assignment, Consent, Share
from web.database.tables import Attempt, Person
from web.rehearsal.faults import NotFound, NotUnderstood
from web.rehearsal.storing import find_attempt

GIFTS = {"shared": "share", "consent_given": "consent", "assignment_skipped": "reason"}
"""What a client gives, by its line in the trail."""


@pytest.fixture
def settings(settings):
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


@pytest.fixture
def house(app):
    return app.extensions["house"]


@pytest.fixture
def gift(request, house, mika, noor) -> Callable[[], object]:
    """Gives what the parameter names, ready to be called."""
    if request.param == "consent_given":
        return lambda: give_consent(house, mika.id, noor.id)
    if request.param == "assignment_skipped":
        given = give(noor, mika)
        return lambda: skip_homework(house, mika.id, given, reason="my reason", shared=True)
    attempt_id = finish_talk(mika.browser, "I feel torn.")
    seen = preview_share(house, mika.id, attempt_id, Parts(talk=True)).fingerprint
    return lambda: share_attempt(house, mika.id, attempt_id, noor.id, Parts(talk=True), seen)


class Aside:
    """`act` in a thread of its own; `fault` is what it raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.fault: Exception | None = None
        self._act = act
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._act()
        except Exception as fault:
            self.fault = fault

    def waits(self) -> bool:
        """Whether it is still under way after a second."""
        self._thread.join(1)
        return self._thread.is_alive()

    def finish(self) -> None:
        self._thread.join(20)
        assert not self._thread.is_alive()


def count_given(house, noor) -> int:
    """How much is open to Noor, whether her care goes on or not."""
    with house.database.reading() as session:
        living = (Share.revoked_at.is_(None), Consent.withdrawn_at.is_(None), Assignment.skip_reason_shared)
        mine = (Share.clinician_id == noor.id, Consent.clinician_id == noor.id, Assignment.clinician_id == noor.id)
        return sum(session.scalar(select(func.count()).where(*both)) or 0 for both in zip(living, mine, strict=True))


def end(house, noor, mika) -> None:
    with house.database.writing() as session:
        care = find_care(session, clinician_id=noor.id, client_id=mika.id, lock=True)
        end_care(session, house.audit, care, by_id=noor.id, now=house.now())


@pytest.mark.parametrize("gift", GIFTS, indirect=True)
def test_nothing_is_given_into_a_care_that_is_being_ended(gift, house, noor, mika):
    """A share, a consent, a reason that come while the care is being ended wait for its end, and are then refused."""
    with house.database.writing() as session:
        care = find_care(session, clinician_id=noor.id, client_id=mika.id, lock=True)
        end_care(session, house.audit, care, by_id=noor.id, now=house.now())
        other = Aside(gift)
        assert other.waits()
    other.finish()
    assert isinstance(other.fault, (NotFound, NotUnderstood)), other.fault
    assert count_given(house, noor) == 0


@pytest.mark.parametrize(("gift", "what"), [(what, what) for what in GIFTS], indirect=["gift"])
def test_what_was_given_a_moment_before_ends_with_the_care(gift, what, house, noor, mika, monkeypatch):
    """A share, a consent, a reason not yet committed: the end of the care waits for it, and then ends it too."""
    reached, go_on, record = threading.Event(), threading.Event(), house.audit.record

    def record_slowly(session, event, **fields):
        if event == what:
            reached.set()
            assert go_on.wait(20)
        record(session, event, **fields)

    monkeypatch.setattr(house.audit, "record", record_slowly)
    first = Aside(gift)
    assert reached.wait(20)
    second = Aside(lambda: end(house, noor, mika))
    assert second.waits()
    go_on.set()
    first.finish()
    second.finish()
    assert (first.fault, second.fault) == (None, None)
    assert count_given(house, noor) == 0


@pytest.mark.parametrize("how", ["erase", "block"])
def test_of_two_administrators_who_take_each_other_away_one_remains(how, house, app, settings):
    """Both at once: one is erased or blocked, the other is told that they are the last."""
    admins = [add_login(app, settings, "admin", name) for name in ("Ola", "Per")]
    turns = iter([(admins[0], admins[1]), (admins[1], admins[0])])

    def act() -> None:
        target, by = next(turns)
        if how == "erase":
            erase_account(house, target, by_id=by, check=check_may_be_erased)
            return
        with house.database.writing() as session:
            block(session, house.audit, find_person(session, target), by_id=by, now=house.now())

    came = do_at_once(act, times=2)
    assert sorted(type(one).__name__ for one in came) == ["LastOfTheirKind", "NoneType"], came
    with house.database.reading() as session:
        left = select(func.count()).where(Person.role == "admin", Person.blocked_at.is_(None))
        assert session.scalar(left) == 1
        assert house.audit.find_break(session) is None


def test_the_second_counts_after_the_first(house, app, settings):
    """While one administrator is being blocked, the other's blocking waits; it is refused once the first is done."""
    first, second = (add_login(app, settings, "admin", name) for name in ("Ola", "Per"))
    with house.database.writing() as session:
        block(session, house.audit, find_person(session, first), by_id=second, now=house.now())
        other = Aside(lambda: erase_account(house, second, by_id=first, check=check_may_be_erased))
        assert other.waits()
    other.finish()
    assert isinstance(other.fault, LastOfTheirKind), other.fault


def test_erasing_a_rehearsal_that_is_being_used_holds_up_nobody(house, mika):
    """Erasing waits for a reply that is being stored, without the lock of the trail: the reply can write its own line meanwhile."""
    attempt_id = finish_talk(mika.browser, "I feel torn.")
    with house.database.writing() as session:
        find_attempt(session, mika.id, attempt_id, lock=True)
        other = Aside(lambda: erase_own_attempt(house, mika.id, attempt_id))
        assert other.waits()
        house.audit.record(session, "note_erased", now=house.now(), actor_id=mika.id, subject_id=mika.id, object_id=attempt_id)
    other.finish()
    assert other.fault is None
    with house.database.reading() as session:
        assert session.get(Attempt, attempt_id) is None and house.audit.find_break(session) is None
