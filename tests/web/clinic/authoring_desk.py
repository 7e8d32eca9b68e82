"""What an author does in these tests, in one line each, and a scene to work with."""

from __future__ import annotations

import html
import re

from tests.web.test_pages import text_of
from web.clinic.scene_form import fill_form
from web.clinic.scene_sections import find_section
from web.clinic.scene_text import read_value
from web.clinic.scene_versions import find_draft


def begin_copy(author, source: str = "S17") -> str:
    """Copy one of our scenes; gives the new id."""
    author.browser.open("/authoring")
    response = author.browser.post_form("/authoring/new", source=source)
    assert response.status_code == 303, text_of(response)
    return response.location.split("/")[2].split("?")[0]


def read_draft(database, scene_id: str) -> str:
    with database.reading() as session:
        return find_draft(session, scene_id).content


def publish(author, database, scene_id: str):
    with database.reading() as session:
        revision = find_draft(session, scene_id).revision
    return author.browser.post_form(f"/authoring/{scene_id}/publish", revision=str(revision))


def fill(author, database, scene_id: str, key: str, **changes):
    """The fields of a section as its page has them, with changes (`__` for a dot in a name)."""
    value = read_value(read_draft(database, scene_id))
    fields = fill_form(find_section(value, key), value)
    page = text_of(author.browser.open(f"/authoring/{scene_id}/sections/{key}"))
    mark = html.unescape(re.search(r'name="mark" value="([^"]+)"', page)[1])
    return {**fields, "mark": mark, **{name.replace("__", "."): text for name, text in changes.items()}}


def save(author, scene_id: str, key: str, fields: dict, act: str = "keep"):
    data = {**fields, "act": act, "csrf_token": author.browser.token}
    return author.browser.client.post(f"/authoring/{scene_id}/sections/{key}", data=data)
