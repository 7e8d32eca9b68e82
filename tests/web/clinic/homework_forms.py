"""The forms of homework as a browser would send them."""

from __future__ import annotations

import re

from sqlalchemy import select

from tests.web.browser import new_id
from web.database.clinic_tables import Assignment, AssignmentItem


def fill_form(*items: dict[str, str], **fields: str) -> dict[str, object]:
    """The fields of the form; each item needs `scene` or `drill`, the rest has the defaults of the page."""
    form: dict[str, object] = {"form_id": new_id(), "act": "give", "item": [str(place) for place in range(1, len(items) + 1)]}
    for place, item in enumerate(items, start=1):
        form |= {f"kind-{place}": "drill" if "drill" in item else "scene", f"scene-{place}": item.get("drill") or item["scene"]}
        for name in ("level", "feedback", "check", "attempts", "skill", "count", "id", "out"):
            if name in item:
                form[f"{name}-{place}"] = item[name]
    return form | fields


def post(someone, path: str, form: dict[str, object]):
    return someone.browser.client.post(path, data={"csrf_token": someone.browser.token, **form})


def give(clinician, client, *items: dict[str, str], **fields: str) -> str:
    """Give homework by the page; the id of the new assignment."""
    form = fill_form(*(items or ({"scene": "S17"},)), **fields)
    answer = post(clinician, f"/clients/{client.id}/homework/new", form)
    assert answer.status_code == 303, re.findall(r'role="alert">([^<]+)', answer.get_data(as_text=True))
    database = clinician.browser.client.application.extensions["house"].database
    with database.reading() as session:
        return session.scalars(select(Assignment.id).where(Assignment.batch_id == form["form_id"], Assignment.client_id == client.id)).one()


def find_items(database, assignment_id: str) -> list[str]:
    with database.reading() as session:
        query = select(AssignmentItem.id).where(AssignmentItem.assignment_id == assignment_id).order_by(AssignmentItem.place)
        return list(session.scalars(query))


def begin(client, item_id: str, **fields: str) -> str:
    """Begin a rehearsal by the homework page; gives the attempt's id."""
    answer = client.browser.post_form(f"/homework/items/{item_id}/start", message_id=new_id(), **fields)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:400]
    return answer.location.rstrip("/").split("/")[-1]


def practise(client, item_id: str, replies: int = 3) -> str:
    """Begin a scene by the homework page and say `replies` things."""
    attempt_id = begin(client, item_id)
    assert client.browser.order(attempt_id, "begin").status_code == 200
    for number in range(replies):
        assert client.browser.say(attempt_id, f"I feel number {number}.").status_code == 200
    return attempt_id
