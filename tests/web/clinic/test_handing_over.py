"""Care ends or moves only with the client told, and takes nothing shared along."""

from __future__ import annotations

import re

from sqlalchemy import select

from tests.web.clinic.conftest import Someone
from tests.web.clinic.logins import add_login, find_events, sign_in
from web.access.permissions import find_given_assignment, find_shared_attempt, shares_skill_counts
from web.clinic.care import begin_care, end_care
from web.database.clinic_tables import Assignment, Care, ClientGroup, Consent, GroupMember, Share
from web.database.tables import Attempt, Person, make_id


def fill(database, clock, noor, mika) -> dict[str, str]:
    """An attempt that is shared, a consent, homework and a group; gives their ids."""
    ids = {name: make_id() for name in ("attempt", "share", "assignment", "group")}
    with database.writing() as session:
        attempt = {"start_id": "s", "kind": "scene", "scene_id": "S17", "scene_version": 1, "level": "friendly", "seed": 1}
        attempt |= {"feedback_mode": "full", "phase": "over", "created_at": clock(), "last_used_at": clock()}
        session.add(Attempt(id=ids["attempt"], person_id=mika.id, **attempt))
        group = ClientGroup(id=ids["group"], clinician_id=noor.id, made_at=clock())
        session.add(group)
        session.flush()
        session.add(
            Share(id=ids["share"], attempt_id=ids["attempt"], clinician_id=noor.id, talk=True, last_turn_number=9, shared_at=clock())
        )
        session.add(
            Consent(id=make_id(), person_id=mika.id, clinician_id=noor.id, what="skill_counts", wording_version=1, given_at=clock())
        )
        session.add(GroupMember(id=make_id(), group_id=ids["group"], client_id=mika.id, joined_at=clock()))
        homework = {"made_at": clock(), "changed_at": clock(), "batch_id": make_id(), "group_id": ids["group"]}
        session.add(Assignment(id=ids["assignment"], clinician_id=noor.id, client_id=mika.id, **homework))
    return ids


def what_noor_sees(database, noor, mika, ids) -> list[bool]:
    with database.reading() as session:
        return [
            find_shared_attempt(session, clinician_id=noor.id, share_id=ids["share"]) is not None,
            shares_skill_counts(session, clinician_id=noor.id, client_id=mika.id),
            find_given_assignment(session, clinician_id=noor.id, assignment_id=ids["assignment"]) is not None,
        ]


def test_ending_care_closes_everything(noor, mika, database, clock):
    """Shares, consents and homework are closed to the clinician, the client leaves the groups and is told who did it."""
    ids = fill(database, clock, noor, mika)
    assert what_noor_sees(database, noor, mika, ids) == [True, True, True]
    noor.browser.open(f"/clients/{mika.id}/care")
    assert noor.browser.post_form(f"/clients/{mika.id}/care/end").status_code == 303
    assert what_noor_sees(database, noor, mika, ids) == [False, False, False]
    assert noor.browser.open(f"/clients/{mika.id}/care").status_code == 404
    with database.reading() as session:
        assert session.scalar(select(GroupMember.id)) is None
    page = mika.browser.open("/account").get_data(as_text=True)
    assert "The care of Noor ended" in page and 'class="news-mark"' in page


def test_care_that_begins_again_opens_nothing_old(noor, mika, app, database, clock):
    """What was shared in an earlier care stays closed when the same clinician cares again."""
    ids = fill(database, clock, noor, mika)
    noor.browser.open("/invitations")
    noor.browser.post_form(f"/clients/{mika.id}/care/end")
    with database.writing() as session:
        begin_care(session, app.extensions["house"].audit, clinician_id=noor.id, client_id=mika.id, label="M.", by_id=noor.id, now=clock())
    assert what_noor_sees(database, noor, mika, ids) == [False, False, True]


def test_handing_over_takes_homework_along_and_nothing_shared(noor, mika, other_clinician, database, clock):
    """The next clinician sees the homework, no share and no counts; the one before sees nothing; the client is told both."""
    ids = fill(database, clock, noor, mika)
    noor.browser.open(f"/clients/{mika.id}/care")
    assert noor.browser.post_form(f"/clients/{mika.id}/care/hand-over", to=other_clinician.id).status_code == 303
    assert what_noor_sees(database, noor, mika, ids) == [False, False, False]
    assert what_noor_sees(database, other_clinician, mika, ids) == [False, False, True]
    with database.reading() as session:
        assert session.get(Assignment, ids["assignment"]).group_id is None
        care = session.scalar(select(Care).where(Care.clinician_id == other_clinician.id, Care.client_id == mika.id))
        assert care.label == "Mika"  # what the one before called them does not go along
    page = mika.browser.open("/account").get_data(as_text=True)
    assert "The care of Noor ended" in page and "You came into the care of Ines" in page and "(done by Noor)" in page


def test_handing_over_needs_a_clinician_who_can_sign_in(noor, mika, other_client, admin, other_clinician, database, clock):
    """Not a client, not an administrator, not oneself, not nobody, not someone blocked: then the care stays as it is."""
    with database.writing() as session:
        session.get(Person, other_clinician.id).blocked_at = clock()
    noor.browser.open(f"/clients/{mika.id}/care")
    for to in (other_client.id, admin.id, noor.id, "", "0" * 32, other_clinician.id):
        assert noor.browser.post_form(f"/clients/{mika.id}/care/hand-over", to=to).status_code == 422
    assert noor.browser.open(f"/clients/{mika.id}/care").status_code == 200
    assert find_events(database, "care_ended") == []


def test_another_clinicians_client_is_not_there(noor, mika, other_client, database):
    """Every act on a client who is not in one's care is answered like one on nobody, and does nothing."""
    noor.browser.open("/invitations")
    for client_id in (other_client.id, "0" * 32, noor.id):
        assert noor.browser.open(f"/clients/{client_id}/care").status_code == 404
        for act in ("renew", "hand-over", "end"):
            assert noor.browser.post_form(f"/clients/{client_id}/care/{act}", to=noor.id).status_code == 404
    assert find_events(database, "care_ended") == [] and find_events(database, "invited") == []


def test_an_administrator_hands_over_everyone_unseen(admin, noor, mika, other_clinician, make_person, take_into_care, database, clock):
    """All of Noor's clients move and are told by whom; no page shows the administrator who or how many."""
    second = make_person("client", "Sasha")
    take_into_care(noor, second)
    admin.browser.open("/people")
    assert admin.browser.post_form(f"/people/{noor.id}/hand-over", to=other_clinician.id).status_code == 303
    with database.reading() as session:
        living = set(session.execute(select(Care.clinician_id, Care.client_id).where(Care.ended_at.is_(None))).tuples())
    assert living == {(other_clinician.id, mika.id), (other_clinician.id, second.id)}
    for client in (mika, second):
        assert "(done by Ola)" in client.browser.open("/account").get_data(as_text=True)
    shown = admin.browser.open(f"/people/{noor.id}", done="handed").get_data(as_text=True)
    seen = re.sub(r"<[^>]*>", "", "<main" + shown.split("<main")[1].split("</main>")[0])
    assert "handed over, and told" in seen and not re.search(r"Mika|Sasha|\d", seen)


def test_news_is_shown_at_the_next_sign_in(app, settings, new_browser, noor, take_into_care, clock):
    """After somebody changed one's care, signing in leads to the account page once, and then home again."""
    client = Someone(add_login(app, settings, "client", "Mika"), "Mika", new_browser())
    take_into_care(noor, client)
    sign_in(client.browser, "Mika")
    clock.go_on(days=30)
    with app.extensions["house"].database.writing() as session:
        care = session.scalar(select(Care))
        end_care(session, app.extensions["house"].audit, care, by_id=noor.id, now=clock())
    clock.go_on(hours=1)
    for expected in (True, False):
        browser = new_browser()
        sign_in(browser, "Mika")
        assert ("/account" in browser.open("/account/arrive").location) is expected
        clock.go_on(hours=1)
