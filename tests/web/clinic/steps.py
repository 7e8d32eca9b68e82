"""What people of the clinic do in these tests, in one line each."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.web.browser import Browser
from tests.web.test_pages import text_of
from web.access.gate import cookie_name
from web.access.visitors import let_in_person
from web.database.clinic_tables import Assignment, AssignmentItem
from web.database.tables import Attempt, make_id

ALL_PARTS = {"talk": "1", "note": "1", "card": "1", "counts": "1", "help_pauses": "1"}


def finish_talk(browser: Browser, *replies: str, scene: str = "S17", **fields: str) -> str:
    """Play a scene to the debrief; gives the attempt's id."""
    attempt_id = browser.start(scene, **fields)
    browser.order(attempt_id, "begin")
    for words in replies:
        assert browser.say(attempt_id, words).status_code == 200
    for command in ("stop", "guess", "reveal"):
        browser.order(attempt_id, command)
    return attempt_id


def give_homework(database, clinician, client, *, now, scene: str = "S17", **fields) -> str:
    """Homework of one scene, straight into the database; gives the id of its item."""
    item_fields = {name: fields.pop(name) for name in ("target_attempts", "target_skill", "target_count", "kind") if name in fields}
    assignment_id, item_id = make_id(), make_id()
    with database.writing() as session:
        given = Assignment(
            id=assignment_id, clinician_id=clinician.id, client_id=client.id, batch_id=make_id(), made_at=now, changed_at=now
        )
        for name, value in fields.items():
            setattr(given, name, value)
        session.add(given)
        session.flush()
        item = AssignmentItem(id=item_id, assignment_id=assignment_id, place=1, scene_id=scene, feedback_mode="full")
        item.kind = item_fields.pop("kind", "scene")
        for name, value in item_fields.items():
            setattr(item, name, value)
        session.add(item)
    return item_id


def link_homework(database, attempt_id: str, item_id: str) -> None:
    """This attempt was played for this homework."""
    with database.writing() as session:
        session.get_one(Attempt, attempt_id).assignment_item_id = item_id


def open_preview(client, attempt_id: str, clinician, **parts: str):
    return client.browser.open(f"/attempts/{attempt_id}/share", to=clinician.id, **parts)


def share(client, attempt_id: str, clinician, **parts: str) -> str:
    """Preview and confirm, as a client does; gives the share's id."""
    page = text_of(open_preview(client, attempt_id, clinician, **parts))
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen, page
    answer = client.browser.post_form(f"/attempts/{attempt_id}/share", to=clinician.id, seen=seen[1], **parts)
    assert answer.status_code == 303, text_of(answer)
    return answer.location.rsplit("share-", 1)[1]


def cut_shared_view(page: str) -> str:
    """The part of a page that shows what is shared, without the comments beside it."""
    view = re.search(r'<section class="shared-view".*?</section>', page, re.S)
    assert view, page
    return re.sub(r"\s+", " ", re.sub(r"<aside class=\"comments\".*?</aside>", "", view[0], flags=re.S))


def comment(clinician, share_id: str, words: str, turn_id: str = "") -> str:
    clinician.browser.open("/caseload")
    answer = clinician.browser.post_form(f"/shared/{share_id}/comments", text=words, turn=turn_id)
    assert answer.status_code == 303, text_of(answer)
    return answer.location.rsplit("comment-", 1)[1]


def sign_in_again(app, settings, clock, *people) -> None:
    """After days have gone by: a fresh session for each."""
    database = app.extensions["house"].database
    for person in people:
        token = let_in_person(database, person.id, now=clock(), life=timedelta(hours=12))
        person.browser.client.set_cookie(cookie_name(settings), token)
        person.browser.open("/who-looked")
