"""The client's homework page: what they see, how they begin, and every way of leaving it, each a fine one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.web.browser import new_id
from tests.web.clinic.homework_forms import begin, fill_form, find_items, give, post, practise
from web.access.gate import cookie_name
from web.access.visitors import let_in_person
from web.clinic.local_days import find_day
from web.database.clinic_tables import Assignment, AuditEvent
from web.database.tables import Attempt


@pytest.fixture
def come_back(database, settings, clock):
    """`come_back(someone)`: they sign in again, a session lasting twelve hours."""

    def come_back(someone) -> None:
        token = let_in_person(database, someone.id, now=clock(), life=timedelta(hours=12))
        someone.browser.client.set_cookie(cookie_name(settings), token)
        someone.browser.open("/")

    return come_back


def read(answer) -> str:
    return answer.get_data(as_text=True)


def page_of(client) -> str:
    return read(client.browser.open("/homework"))


def list_headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="part-\w+">([^<]+)</h2>', page)


def count_events(database, what: str, client) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(AuditEvent.what == what, AuditEvent.actor_id == client.id)) or 0


def test_it_says_what_is_due_from_whom_and_with_their_note(noor, mika, clock):
    """Today, coming up, any time and opening later each have their heading; the note and the giver's name are there."""
    today = find_day(clock(), "Europe/Lisbon")
    give(noor, mika, due_on=today.isoformat(), note="Just try.")
    give(noor, mika, due_on=(today + timedelta(days=3)).isoformat())
    give(noor, mika)
    give(noor, mika, opens_on=(today + timedelta(days=2)).isoformat())
    page = page_of(mika)
    assert list_headings(page) == ["For today", "Coming up", "Any time", "Opens later"]
    assert "Just try." in page and page.count("From Noor") == 4


def test_nothing_on_the_page_counts_against_anybody(noor, mika, clock, come_back):
    """Late work is told as fine, and no word of streaks, failing or missing stands on the page."""
    give(noor, mika, due_on=find_day(clock(), "Europe/Lisbon").isoformat())
    clock.go_on(hours=25)
    come_back(mika)
    page = page_of(mika)
    assert list_headings(page) == ["Still open"] and "late is fine" in page and "Begin" in page
    assert not re.search(r"streak|fail|missed|overdue|score|in a row|points", page, re.IGNORECASE)


def test_the_first_line_of_the_scenes_says_how_many_things_from_whom(noor, mika, other_client, guest, database):
    """Two things from Noor, then one, then no line; nobody else has it."""
    assert "from Noor" not in read(mika.browser.open("/scenes"))
    given = give(noor, mika, {"scene": "S17"}, {"scene": "S01"})
    page = read(mika.browser.open("/scenes"))
    assert "2 things from Noor" in page and page.index("2 things from Noor") < page.index('class="lobby"')
    practise(mika, find_items(database, given)[0])
    assert "1 thing from Noor" in read(mika.browser.open("/scenes"))
    mika.browser.post_form(f"/homework/{given}/pause")
    assert "from Noor" not in read(mika.browser.open("/scenes"))
    assert "from Noor" not in read(other_client.browser.open("/scenes")) + read(guest.open("/scenes"))


def test_a_rehearsal_begun_here_takes_what_the_homework_says(noor, mika, database, channel):
    """Level, feedback and check are the item's, whatever the form claims; the attempt knows its item."""
    given = give(noor, mika, {"scene": "S17", "level": "upset", "check": "after"}, {"scene": "S01", "feedback": "line"})
    check, free = find_items(database, given)
    attempt = begin(mika, check, level="friendly", feedback="full", check="")
    shape = mika.browser.look(attempt)
    assert (shape["level"], shape["feedback"], shape["check"]) == ("upset", "none", "after")
    assert channel.seen[-1]["argument"]["feedback"] == "none"
    chosen = mika.browser.look(begin(mika, free, level="guarded"))
    assert (chosen["level"], chosen["feedback"], chosen["check"]) == ("guarded", "line", None)
    with database.reading() as session:
        assert session.get_one(Attempt, attempt).assignment_item_id == check


def test_a_drill_is_begun_too(noor, mika, database):
    """The drill of the homework starts as a drill, with the feedback chosen for it."""
    given = give(noor, mika, {"drill": "paraphrase", "feedback": "line"})
    shape = mika.browser.look(begin(mika, find_items(database, given)[0]))
    assert (shape["kind"], shape["feedback"], shape["phase"]) == ("drill", "line", "drill")


def test_beginning_twice_with_one_form_is_one_rehearsal(noor, mika, database):
    """A double click on "Begin" leads to the same attempt; the page then offers to go on with it."""
    item = find_items(database, give(noor, mika))[0]
    form = {"message_id": new_id()}
    places = {mika.browser.post_form(f"/homework/items/{item}/start", **form).location for _ in range(3)}
    assert len(places) == 1
    assert f'href="{places.pop()}"' in page_of(mika)


def test_the_api_begins_it_too(noor, mika, other_client, database):
    """With `assignment_item` the item decides; another scene, another's item or a made-up one are refused."""
    given = give(noor, mika, {"scene": "S17", "level": "guarded", "feedback": "none"}, {"drill": "paraphrase"})
    scene, drill = find_items(database, given)
    body = {"message_id": new_id(), "scene": "S17", "level": "friendly", "feedback": "full", "assignment_item": scene}
    answer = mika.browser.call("POST", "/attempts", body)
    assert (answer.status_code, answer.json["level"], answer.json["feedback"]) == (201, "guarded", "none")
    answer = mika.browser.call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase", "assignment_item": drill})
    assert answer.status_code == 201 and answer.json["kind"] == "drill"
    assert mika.browser.call("POST", "/attempts", body | {"message_id": new_id(), "scene": "S01"}).status_code == 422
    assert mika.browser.call("POST", "/attempts", body | {"message_id": new_id(), "assignment_item": "0" * 32}).status_code == 404
    assert mika.browser.call("POST", "/attempts", body | {"message_id": new_id(), "assignment_item": "x"}).status_code == 400
    assert other_client.browser.call("POST", "/attempts", body | {"message_id": new_id()}).status_code == 404
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Attempt.assignment_item_id.is_not(None))) == 2


def test_an_item_of_the_other_kind_is_refused(noor, mika, database):
    """A drill's item cannot be begun as a scene of that name, nor the other way round."""
    scene, drill = find_items(database, give(noor, mika, {"scene": "S17"}, {"drill": "paraphrase"}))
    body = {"message_id": new_id(), "scene": "paraphrase", "assignment_item": drill}
    answer = mika.browser.call("POST", "/attempts", body)
    assert answer.status_code == 201 and answer.json["kind"] == "drill"  # the item decides what is begun
    assert mika.browser.call("POST", "/drills", {"message_id": new_id(), "skill": "s_x", "assignment_item": scene}).status_code == 422


def test_it_opens_on_its_day_and_not_before(noor, mika, database, clock):
    """With a first day set by the clinician, beginning earlier is refused kindly; without one it is always open."""
    tomorrow = find_day(clock(), "Europe/Lisbon") + timedelta(days=1)
    item = find_items(database, give(noor, mika, opens_on=tomorrow.isoformat()))[0]
    answer = mika.browser.post_form(f"/homework/items/{item}/start", message_id=new_id())
    assert answer.status_code == 409 and "opens later" in read(answer)
    assert find_items(database, give(noor, mika, due_on=(tomorrow + timedelta(days=300)).isoformat())) != []
    assert "Begin" in page_of(mika)


@pytest.mark.parametrize(
    ("act", "heading", "seen", "event"),
    [
        ("pause", "Paused", "paused", "assignment_paused"),
        ("stop", "Done", "chose to stop there", "assignment_stopped"),
        ("skip", "Skipped", "skipped", "assignment_skipped"),
    ],
)
def test_every_way_of_leaving_is_kept_and_can_be_taken_back(noor, mika, database, act, heading, seen, event):
    """Pause, stop and skip each move it to their part, the clinician sees the state, and "take it up again" brings it back."""
    given = give(noor, mika)
    assert mika.browser.post_form(f"/homework/{given}/{act}").status_code == 303
    assert list_headings(page_of(mika)) == [heading]
    assert seen in read(noor.browser.open(f"/clients/{mika.id}/homework"))
    assert count_events(database, event, mika) == 1
    assert mika.browser.post_form(f"/homework/{given}/resume").status_code == 303
    assert list_headings(page_of(mika)) == ["Any time"]
    assert count_events(database, "assignment_resumed", mika) == 1


def test_a_reason_is_sealed_and_shown_only_when_ticked(noor, mika, settings):
    """Unticked it is the client's alone; ticked the clinician reads it; taken up again it is gone."""
    given = give(noor, mika)
    where = f"/clients/{mika.id}/homework"
    mika.browser.post_form(f"/homework/{given}/skip", reason="planted-reason")
    assert "planted-reason" in page_of(mika) and "only you can read it" in page_of(mika)
    assert "planted-reason" not in read(noor.browser.open(where))
    mika.browser.post_form(f"/homework/{given}/skip", reason="planted-reason", share="yes")
    assert "planted-reason" in read(noor.browser.open(where))
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"planted-reason" not in kept
    mika.browser.post_form(f"/homework/{given}/resume")
    mika.browser.post_form(f"/homework/{given}/skip")
    assert "planted-reason" not in page_of(mika) + read(noor.browser.open(where))


def test_a_reason_passes_the_door_of_safety_first(noor, mika, database):
    """Words of crisis show help; they are not kept, and nothing is skipped. A doubt is pointed to, and skips."""
    given = give(noor, mika)
    answer = mika.browser.post_form(f"/homework/{given}/skip", reason="red-canary", share="yes")
    assert answer.status_code == 200 and "help-panel" in read(answer) and "red-canary" not in read(answer)
    with database.reading() as session:
        row = session.get_one(Assignment, given)
        assert row.skipped_at is None and row.skip_reason is None
    assert "doubt=1" in mika.browser.post_form(f"/homework/{given}/skip", reason="amber-canary").location


def test_a_reason_that_is_too_long_stays_in_the_box(noor, mika):
    """422 with its sentence, the words still there, nothing skipped."""
    given = give(noor, mika)
    answer = mika.browser.post_form(f"/homework/{given}/skip", reason="w" * 501)
    assert answer.status_code == 422 and "w" * 501 in read(answer)
    assert list_headings(page_of(mika)) == ["Any time"]


def test_a_running_talk_is_not_ended_by_the_day_being_over(noor, mika, database, clock, come_back):
    """Typing on past midnight of the last day and past the opening of nothing: every reply is taken, and it is done."""
    today = find_day(clock(), "Europe/Lisbon").isoformat()
    given = give(noor, mika, due_on=today)
    attempt = practise(mika, find_items(database, given)[0], replies=2)
    for _ in range(3):
        clock.go_on(hours=13)
        come_back(mika)
        assert mika.browser.say(attempt, "I feel slow today.").status_code == 200
    assert list_headings(page_of(mika)) == ["Done"]


def test_the_clinician_sees_practised_days_and_no_words(noor, mika, database):
    """Not practised yet; then the day; never what was said."""
    where = f"/clients/{mika.id}/homework"
    given = give(noor, mika)
    practise(mika, find_items(database, given)[0], replies=2)
    assert "not practised yet" in read(noor.browser.open(where))
    practise(mika, find_items(database, given)[0])
    page = read(noor.browser.open(where))
    assert "Practised on" in page and "I feel number" not in page
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.what == "client_page_read", AuditEvent.subject_id == mika.id)) == 2


def test_after_a_handover_an_earlier_shared_reason_is_not_handed_on(noor, mika, other_clinician, app, database, clock):
    """A reason shared with Noor is not shown to whoever takes over; the homework is."""
    from web.clinic.care import hand_over
    from web.database.clinic_tables import Care

    given = give(noor, mika)
    mika.browser.post_form(f"/homework/{given}/skip", reason="for-noor-alone", share="yes")
    with database.writing() as session:
        care = session.scalars(select(Care).where(Care.client_id == mika.id)).one()
        hand_over(session, app.extensions["house"].audit, care, to_id=other_clinician.id, by_id=noor.id, now=clock())
    page = read(other_clinician.browser.open(f"/clients/{mika.id}/homework"))
    assert "skipped" in page and "for-noor-alone" not in page
    assert noor.browser.open(f"/clients/{mika.id}/homework").status_code == 404


def test_a_scene_that_is_gone_can_still_be_left_out(noor, mika, app, monkeypatch):
    """When a scene's file is taken away, the page says so and offers to leave it, without an error."""
    give(noor, mika)
    monkeypatch.setattr(type(app.extensions["house"].catalogue), "find", lambda self, scene_id: None)
    page = page_of(mika)
    assert "no longer offered" in page and "Begin" not in page and "Skip it" in page


def test_a_deleted_rehearsal_no_longer_counts(noor, mika, database):
    """Deleting is deleting: it is open again, and the clinician sees no day; "I choose to stop here" is done all the same."""
    given = give(noor, mika)
    attempt = practise(mika, find_items(database, given)[0])
    assert list_headings(page_of(mika)) == ["Done"]
    assert mika.browser.call("DELETE", f"/attempts/{attempt}").status_code == 204
    assert list_headings(page_of(mika)) == ["Any time"]
    assert "Practised on" not in read(noor.browser.open(f"/clients/{mika.id}/homework"))
    mika.browser.post_form(f"/homework/{given}/stop")
    assert list_headings(page_of(mika)) == ["Done"]


def test_giving_to_a_client_shows_up_for_nobody_else(noor, mika, other_client):
    """Another client's page stays empty."""
    post(noor, f"/clients/{mika.id}/homework/new", fill_form({"scene": "S17"}, note="for Mika"))
    assert "for Mika" in page_of(mika) and "for Mika" not in page_of(other_client)
    assert "There is nothing here" in page_of(other_client)
