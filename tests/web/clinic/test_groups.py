"""Groups: the same homework for several clients, none of whom learns of the others."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.web.browser import new_id
from tests.web.clinic.homework_forms import fill_form, post
from web.database.clinic_tables import Assignment, AuditEvent, ClientGroup, Consent, GroupMember
from web.database.tables import make_id


def read(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def luca(make_person, noor, take_into_care):
    """A second client in Noor's care."""
    client = make_person("client", "Luca")
    take_into_care(noor, client)
    return client


@pytest.fixture
def evening(noor, mika, luca) -> str:
    """A group of Mika and Luca."""
    group_id = new_id()
    assert noor.browser.post_form("/groups", form_id=group_id, name="Evening group").status_code == 303
    for client in (mika, luca):
        assert noor.browser.post_form(f"/groups/{group_id}/members", client=client.id).status_code == 303
    return group_id


def give_to_group(noor, group_id: str, *items: dict[str, str], **fields: str):
    return post(noor, f"/groups/{group_id}/homework/new", fill_form(*(items or ({"scene": "S17"},)), **fields))


def list_given(database) -> list[Assignment]:
    with database.reading() as session:
        return list(session.scalars(select(Assignment).order_by(Assignment.client_id)))


def test_a_group_gets_one_piece_of_homework_each(noor, mika, luca, evening, database):
    """Two members, two assignments with one batch; the same form sent twice adds none."""
    form = fill_form({"scene": "S17"})
    for _ in range(2):
        assert post(noor, f"/groups/{evening}/homework/new", form).status_code == 303
    given = list_given(database)
    assert {row.client_id for row in given} == {mika.id, luca.id}
    assert {row.batch_id for row in given} == {form["form_id"]} and {row.group_id for row in given} == {evening}


def test_members_see_nothing_of_each_other_nor_that_there_is_a_group(noor, mika, luca, evening):
    """Neither the group's name nor the other's stands on any page of a client, nor in the trail of their data."""
    give_to_group(noor, evening, note="For you.")
    for client, other in ((mika, "Luca"), (luca, "Mika")):
        for path in ("/homework", "/scenes", "/homework/calendar.ics", "/homework/reminders"):
            page = read(client.browser.open(path))
            assert "Evening" not in page and other not in page and "group" not in page.lower(), path


def test_no_event_of_a_group_has_a_client_as_its_subject(noor, mika, luca, evening, database):
    """Made, changed and erased are told to the clinician alone: clients read the events of which they are the subject."""
    noor.browser.post_form(f"/groups/{evening}/members/{luca.id}/remove")
    noor.browser.post_form(f"/groups/{evening}/rename", name="Late group")
    noor.browser.post_form(f"/groups/{evening}/erase")
    with database.reading() as session:
        events = list(session.scalars(select(AuditEvent).where(AuditEvent.what.like("group_%")).order_by(AuditEvent.number)))
    assert [event.what for event in events] == ["group_made", *["group_changed"] * 4, "group_erased"]
    assert {(event.actor_id, event.subject_id, event.object_id) for event in events} == {(noor.id, None, evening)}


def test_a_client_taken_out_keeps_their_homework_until_it_is_withdrawn(noor, mika, luca, evening, database):
    """Taken out: still on Luca's page, nothing new reaches him; withdrawn from everybody, it is gone for both."""
    give_to_group(noor, evening, note="first thing")
    assert noor.browser.post_form(f"/groups/{evening}/members/{luca.id}/remove").status_code == 303
    give_to_group(noor, evening, note="second thing")
    page = read(luca.browser.open("/homework"))
    assert "first thing" in page and "second thing" not in page
    batch = next(row.batch_id for row in list_given(database) if row.client_id == luca.id)
    assert noor.browser.post_form(f"/groups/{evening}/homework/{batch}/withdraw").status_code == 303
    assert "first thing" not in read(luca.browser.open("/homework")) + read(mika.browser.open("/homework"))
    assert "second thing" in read(mika.browser.open("/homework"))


def test_who_joins_later_gets_what_is_given_from_then_on(noor, mika, luca, evening, make_person, take_into_care):
    """A third member sees the second piece of homework and not the first."""
    give_to_group(noor, evening, note="first thing")
    third = make_person("client", "Tove")
    take_into_care(noor, third)
    noor.browser.post_form(f"/groups/{evening}/members", client=third.id)
    give_to_group(noor, evening, note="second thing")
    page = read(third.browser.open("/homework"))
    assert "second thing" in page and "first thing" not in page


def test_a_change_for_everybody_changes_each(noor, mika, luca, evening, database):
    """One form, both notes."""
    give_to_group(noor, evening, note="before")
    batch = list_given(database)[0].batch_id
    assert "before" in read(noor.browser.open(f"/groups/{evening}/homework/{batch}/change"))
    assert post(noor, f"/groups/{evening}/homework/{batch}/change", fill_form({"scene": "S17"}, note="after")).status_code == 303
    assert all("after" in read(client.browser.open("/homework")) for client in (mika, luca))


def test_a_goal_needs_the_consent_of_every_member(noor, mika, luca, evening, database, clock):
    """One of two agreeing is not enough, and the page says so; when both agree it is offered."""
    page = f"/groups/{evening}/homework/new"
    for number, client in enumerate((mika, luca)):
        shown = read(post(noor, page, {"act": "begin", "scene": "S17"}))
        assert ("Goal in one attempt" in shown) is False and "everybody in the group shares" in shown, number
        assert give_to_group(noor, evening, {"scene": "S17", "skill": "request", "count": "1"}).status_code == 409
        with database.writing() as session:
            consent = Consent(id=make_id(), person_id=client.id, clinician_id=noor.id, what="skill_counts", given_at=clock())
            consent.wording_version = 1
            session.add(consent)
    assert "Goal in one attempt" in read(post(noor, page, {"act": "begin", "scene": "S17"}))
    assert give_to_group(noor, evening, {"scene": "S17", "skill": "request", "count": "1"}).status_code == 303


def test_only_clients_in_ones_care_can_be_put_in(noor, other_client, evening, database):
    """Another clinician's client and a made-up id are refused, and nobody is added twice."""
    for wrong in (other_client.id, "0" * 32, noor.id, ""):
        assert noor.browser.post_form(f"/groups/{evening}/members", client=wrong).status_code == 404
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(GroupMember)) == 2


def test_adding_twice_is_adding_once(noor, mika, evening, database):
    """A double click on "add"."""
    for _ in range(2):
        assert noor.browser.post_form(f"/groups/{evening}/members", client=mika.id).status_code == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(GroupMember.client_id == mika.id)) == 1


def test_names_are_checked_and_sealed(noor, evening, settings, database):
    """An empty, a long and an unprintable name are refused; a name is nowhere in plain."""
    for wrong in ("", " ", "x" * 61, "a\x00b"):
        assert noor.browser.post_form(f"/groups/{evening}/rename", name=wrong).status_code == 422
        assert noor.browser.post_form("/groups", form_id=new_id(), name=wrong).status_code == 422
    assert noor.browser.post_form(f"/groups/{evening}/rename", name="planted-group").status_code == 303
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"planted-group" not in kept


def test_erasing_a_group_leaves_the_homework(noor, mika, evening, database):
    """The group and its members are gone, what was given stays with each client."""
    give_to_group(noor, evening, note="stays")
    assert noor.browser.post_form(f"/groups/{evening}/erase").status_code == 303
    assert "stays" in read(mika.browser.open("/homework"))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ClientGroup)) == 0
        assert session.scalar(select(func.count()).select_from(GroupMember)) == 0


def test_an_empty_group_gets_nothing(noor, database):
    """Without anybody in it the form is refused with its sentence."""
    group_id = new_id()
    noor.browser.post_form("/groups", form_id=group_id, name="Nobody")
    assert give_to_group(noor, group_id).status_code == 409
    assert list_given(database) == []


def test_a_group_of_another_clinician_is_not_there(noor, mika, other_clinician, other_client, evening, database):
    """Every act on it is answered like one on nothing; its id cannot be taken for a group of one's own either."""
    give_to_group(noor, evening)
    batch = list_given(database)[0].batch_id
    stranger = other_clinician.browser
    for path in (f"/groups/{evening}", f"/groups/{evening}/homework/new", f"/groups/{evening}/homework/{batch}/change"):
        assert stranger.open(path).status_code == 404
    for path in ("rename", "erase", "members", f"members/{mika.id}/remove", f"homework/{batch}/withdraw", f"homework/{batch}/change"):
        assert stranger.post_form(f"/groups/{evening}/{path}", name="x", client=other_client.id).status_code == 404
    assert stranger.post_form("/groups", form_id=evening, name="Taken").status_code == 400
    assert "Evening" in read(noor.browser.open("/groups")) and "Evening" not in read(stranger.open("/groups"))
