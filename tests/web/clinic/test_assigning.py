"""Giving homework by the pages: what was chosen arrives once, can be changed and withdrawn, and nothing that runs is touched."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.web.browser import new_id
from tests.web.clinic.homework_forms import begin, fill_form, find_items, give, post, practise
from web.clinic.assigning import assign, withdraw
from web.clinic.homework_plan import Plan, PlannedItem, as_template, from_template
from web.clinic.local_days import find_day
from web.database.clinic_tables import Assignment, AssignmentItem, AuditEvent, Consent
from web.database.tables import Attempt, make_id

S17 = {"scene": "S17"}
ONE = Plan((PlannedItem("scene", "S17", None, "full", None, 1, None, None),))


def count(database, row) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def read(answer) -> str:
    return answer.get_data(as_text=True)


def share_counts(database, clinician, client, clock) -> None:
    with database.writing() as session:
        consent = Consent(id=make_id(), person_id=client.id, clinician_id=clinician.id, what="skill_counts", given_at=clock())
        consent.wording_version = 1
        session.add(consent)


def test_everything_in_the_form_arrives(noor, mika, database, clock):
    """Two scenes and a drill: days, rhythm, targets, level, feedback, check and note stand in the database as chosen."""
    today = find_day(clock(), "Europe/Lisbon")
    due, opens = (today + timedelta(days=9)).isoformat(), (today + timedelta(days=1)).isoformat()
    given = give(
        noor,
        mika,
        {"scene": "S17", "level": "guarded", "feedback": "line", "attempts": "3"},
        {"scene": "S01", "check": "before", "feedback": "full"},
        {"drill": "paraphrase", "feedback": "full", "attempts": "2"},
        due_on=due,
        opens_on=opens,
        every_days="3",
        note="Take your time.\r\nOne is enough.",
    )
    with database.reading() as session:
        row = session.get_one(Assignment, given)
        assert (row.due_on, row.opens_on, row.every_days, row.note) == (due, opens, 3, "Take your time.\nOne is enough.")
        items = list(session.scalars(select(AssignmentItem).where(AssignmentItem.assignment_id == given).order_by(AssignmentItem.place)))
        assert [(i.kind, i.scene_id, i.level, i.feedback_mode, i.check_kind, i.target_attempts) for i in items] == [
            ("scene", "S17", "guarded", "line", None, 3),
            ("scene", "S01", None, "none", "before", 1),
            ("drill", "paraphrase", None, "full", None, 2),
        ]
        event = session.scalars(select(AuditEvent).where(AuditEvent.what == "assigned")).one()
        assert (event.actor_id, event.subject_id, event.object_id) == (noor.id, mika.id, given)


def test_a_form_sent_twice_gives_the_homework_once(noor, mika, database):
    """A double click, or a page sent again after going back, is one piece of homework and one audit event."""
    form = fill_form(S17)
    for _ in range(3):
        assert post(noor, f"/clients/{mika.id}/homework/new", form).status_code == 303
    assert count(database, Assignment) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.what == "assigned")) == 1


def test_the_same_form_from_two_windows_at_once_gives_it_once(noor, mika, app, database):
    """Two threads with the same form id, released together."""
    house, ready, faults = app.extensions["house"], threading.Barrier(2), []
    form_id = new_id()

    def send() -> None:
        try:
            ready.wait(5)
            assign(house, clinician_id=noor.id, client_ids=[mika.id], plan=ONE, form_id=form_id)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [] and count(database, Assignment) == 1


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"due_on": "2020-01-01"}, "already over"),
        ({"due_on": "soon"}, "could not be read"),
        ({"due_on": "2099-01-01"}, "more than two years"),
        ({"due_on": "2099-01-01", "opens_on": "2099-01-02"}, "before the first"),
        ({"every_days": "0"}, "How often"),
        ({"every_days": "½"}, "How often"),
        ({"attempts-1": "21"}, "target"),
        ({"attempts-1": "-1"}, "target"),
        ({"feedback-1": "shout"}, "cannot be used"),
        ({"level-1": "furious"}, "cannot be used"),
        ({"scene-1": "S99"}, "not offered any more"),
        ({"kind-1": "dance"}, "not offered any more"),
        ({"skill-1": "i_statement", "count-1": "2"}, "needs skill counts"),
        ({"form_id": "../../etc"}, "cannot be used"),
        ({"note": "x" * 2001}, "longer than 2000"),
        ({"item": []}, "at least one"),
        ({"out-1": "yes"}, "at least one"),
    ],
)
def test_what_cannot_be_used_is_told_and_stays_in_the_form(noor, mika, database, fields, told):
    """Each wrong field: 422 or 409 with its sentence, nothing kept, the note still in the box."""
    form = fill_form(S17, **{"note": "keep-this-note", **fields})
    answer = post(noor, f"/clients/{mika.id}/homework/new", form)
    assert answer.status_code in (409, 422) and told in read(answer)
    assert (form["note"] if len(str(form["note"])) < 100 else "xxx") in read(answer)
    assert count(database, Assignment) == 0


def test_a_goal_for_a_skill_is_offered_only_while_counts_are_shared(noor, mika, database, clock):
    """Without the consent the field is not there and a forged one is refused; with it both work; withdrawn, it is gone again."""
    page = f"/clients/{mika.id}/homework/new"
    begun = {"act": "begin", "scene": "S17"}
    assert "Goal in one attempt" not in read(post(noor, page, begun))
    assert "while Mika shares skill counts" in read(post(noor, page, begun))
    share_counts(database, noor, mika, clock)
    assert "Goal in one attempt" in read(post(noor, page, begun))
    given = give(noor, mika, {"scene": "S17", "skill": "i_statement", "count": "2"})
    with database.writing() as session:
        item = session.scalars(select(AssignmentItem)).one()
        assert (item.target_skill, item.target_count) == ("i_statement", 2)
        session.scalars(select(Consent)).one().withdrawn_at = clock()
    shown = read(noor.browser.open(f"/clients/{mika.id}/homework/{given}/change"))
    assert "Goal in one attempt" not in shown and "was left out" in shown


def test_a_change_keeps_what_was_practised_and_what_runs(noor, mika, database):
    """Another level and one scene more: the running attempt keeps its own level, and what was practised still counts."""
    given = give(noor, mika, {"scene": "S17", "level": "friendly", "attempts": "2"})
    item = find_items(database, given)[0]
    attempt = practise(mika, item)
    form = fill_form({"scene": "S17", "level": "upset", "attempts": "1", "id": item}, S17 | {"scene": "S01"}, note="changed")
    assert post(noor, f"/clients/{mika.id}/homework/{given}/change", form).status_code == 303
    with database.reading() as session:
        assert session.get_one(Attempt, attempt).level == "friendly"
        assert session.get_one(AssignmentItem, item).level == "upset"
        assert session.scalar(select(AuditEvent.object_id).where(AuditEvent.what == "assignment_changed")) == given
    assert mika.browser.say(attempt, "And one more.").status_code == 200
    page = read(mika.browser.open("/homework"))
    assert "changed" in page and "Scene S01" in page and "Done." in page


def test_withdrawn_homework_is_gone_for_the_client_and_takes_no_attempt_with_it(noor, mika, database):
    """Off the list and not to be begun any more; the talk that runs goes on."""
    given = give(noor, mika)
    item = find_items(database, given)[0]
    attempt = practise(mika, item, replies=1)
    for _ in range(2):
        assert noor.browser.post_form(f"/clients/{mika.id}/homework/{given}/withdraw").status_code == 303
    assert "Scene S17" not in read(mika.browser.open("/homework"))
    assert mika.browser.post_form(f"/homework/items/{item}/start", message_id=new_id()).status_code == 404
    assert mika.browser.say(attempt, "I go on.").status_code == 200
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(AuditEvent.what == "assignment_withdrawn")) == 1


def test_an_item_taken_out_leaves_its_rehearsals(noor, mika, database):
    """The scene is no longer asked for; the attempt at it is still the client's."""
    given = give(noor, mika, S17, {"scene": "S01"})
    first, second = find_items(database, given)
    attempt = practise(mika, second, replies=1)
    form = fill_form({"scene": "S17", "id": first}, {"scene": "S01", "id": second, "out": "yes"})
    assert post(noor, f"/clients/{mika.id}/homework/{given}/change", form).status_code == 303
    assert find_items(database, given) == [first]
    assert mika.browser.look(attempt)["phase"] == "scene"


def test_scenes_are_found_by_title_skill_and_level_and_ticks_stay(noor, mika):
    """Searching narrows the list, says how many, and keeps what was ticked before on it; no address has a word of it."""
    choose = f"/clients/{mika.id}/homework/choose"
    everything = read(noor.browser.open(choose))
    assert everything.count('type="checkbox"') == 3
    assert f'<form method="post" action="{choose}">' in everything

    def search(**fields):
        return read(post(noor, choose, fields))

    assert search(q="scene s01").count('type="checkbox"') == 1
    assert search(skill="paraphrase").count('type="checkbox"') == 1
    assert search(level="upset").count('type="checkbox"') == 2
    kept = search(q="giving", scene="S17")
    assert 'value="S17" checked' in kept and "Giving back" in kept and "S01" not in kept
    assert search(q="al").count('type="checkbox"') == 0
    assert search(q="alo").count('type="checkbox"') == 2
    assert "Nothing fits" in search(q="zebra")
    assert read(noor.browser.open(choose, q="zebra")).count('type="checkbox"') == 3


def test_what_is_ticked_begins_the_form_and_gives_nothing(noor, mika, database):
    """The button under the list posts the ticks; they stand in the form, in no address, and nothing is given yet."""
    path = f"/clients/{mika.id}/homework/new"
    form = read(post(noor, path, {"act": "begin", "scene": "S17", "drill": "paraphrase", "q": "giving"}))
    assert 'value="S17"' in form and "Giving back" in form
    assert "Nothing is chosen yet." in read(noor.browser.open(path, scene="S17"))
    assert count(database, Assignment) == 0


def test_one_more_scene_is_added_without_losing_what_was_typed(noor, mika, database):
    """The button "add it" draws the form again with the note, and gives nothing."""
    form = fill_form(S17, note="still here", act="add", add="drill:paraphrase")
    answer = post(noor, f"/clients/{mika.id}/homework/new", form)
    assert answer.status_code == 200 and "still here" in read(answer) and "Giving back" in read(answer)
    assert count(database, Assignment) == 0


def test_a_template_is_kept_and_used(noor, mika, database, clock):
    """Without a name it is refused; kept, the form opens filled with it; keeping gives no homework."""
    today = find_day(clock(), "Europe/Lisbon")
    due = (today + timedelta(days=7)).isoformat()
    form = fill_form({"scene": "S17", "attempts": "3"}, due_on=due, note="as ever")
    path = f"/clients/{mika.id}/homework/new"
    assert post(noor, path, form | {"act": "template", "template_name": " "}).status_code == 422
    answer = post(noor, path, form | {"act": "template", "template_name": "First three"})
    assert answer.status_code == 303 and count(database, Assignment) == 0
    shown = read(noor.browser.client.get(answer.location))
    assert "as ever" in shown and f'value="{due}"' in shown and 'name="attempts-1" value="3"' in shown
    assert "First three" in read(noor.browser.open(f"/clients/{mika.id}/homework"))


def test_a_template_counts_its_days_from_the_day_it_is_used():
    """Kept with a week to go, it has a week to go whenever it is used."""
    kept = replace(ONE, opens_on=date(2026, 3, 2), due_on=date(2026, 3, 8), every_days=2)
    used = from_template(as_template(kept, date(2026, 3, 1)), date(2027, 1, 30))
    assert (used.opens_on, used.due_on, used.every_days) == (date(2027, 1, 31), date(2027, 2, 6), 2)
    assert used.items == kept.items


def test_a_template_of_another_clinician_does_not_open(noor, mika, other_clinician, other_client):
    """Neither by its address nor in the list, nor can it be erased."""
    form = fill_form(S17, note="mine alone", act="template", template_name="Mine")
    where = post(noor, f"/clients/{mika.id}/homework/new", form).location
    template_id = where.split("template=")[1].split("&")[0]
    stranger = other_clinician.browser
    assert stranger.open(f"/clients/{other_client.id}/homework/new", template=template_id).status_code == 404
    assert "Mine" not in read(stranger.open("/homework-templates"))
    assert stranger.post_form(f"/homework-templates/{template_id}/erase").status_code == 404
    assert "Mine" in read(noor.browser.open("/homework-templates"))
    assert noor.browser.post_form(f"/homework-templates/{template_id}/erase").status_code == 303
    assert "Mine" not in read(noor.browser.open("/homework-templates"))


def test_a_note_is_nowhere_in_the_files_in_plain(noor, mika, settings):
    """What a clinician types is sealed like what a client types."""
    give(noor, mika, note="planted-note")
    post(noor, f"/clients/{mika.id}/homework/new", fill_form(S17, note="planted-tpl", act="template", template_name="planted-name"))
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert b"planted-" not in kept


def test_homework_cannot_be_given_where_care_has_ended(noor, mika, app, database, clock):
    """Withdrawing and giving ask for living care at the moment of the act, not at that of the page."""
    from web.clinic.care import end_care
    from web.database.clinic_tables import Care
    from web.rehearsal.faults import NotFound

    given = give(noor, mika)
    house = app.extensions["house"]
    with database.writing() as session:
        end_care(session, house.audit, session.scalars(select(Care).where(Care.client_id == mika.id)).one(), by_id=noor.id, now=clock())
    with pytest.raises(NotFound):
        assign(house, clinician_id=noor.id, client_ids=[mika.id], plan=ONE, form_id=new_id())
    with pytest.raises(NotFound):
        withdraw(house, clinician_id=noor.id, assignment_ids=[given])
    assert begin(mika, find_items(database, given)[0])


def test_hostile_notes_are_shown_as_text(noor, mika):
    """Markup in a note and in a template's name is text on every page that shows it."""
    evil = "<script>alert(1)</script>{{7*7}}"
    give(noor, mika, note=evil)
    post(noor, f"/clients/{mika.id}/homework/new", fill_form(S17, act="template", template_name=evil))
    for someone, path in ((mika, "/homework"), (noor, f"/clients/{mika.id}/homework"), (noor, "/homework-templates")):
        page = read(someone.browser.open(path))
        assert "<script>alert" not in page and "&lt;script&gt;" in page and "{{7*7}}" in page
