"""Numbers and ids as nobody's page would send them, in addresses and forms: told as not there, never as broken; on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.web.clinic.authoring_desk import begin_copy
from tests.web.clinic.one_of_everything import fill_address
from tests.web.clinic.test_route_matrix import FIELDS, ask, list_routes
from tests.web.postgres import make_postgres_database
from web.access.route_rules import OPEN_ROUTES, find_rule

ODD = (str(10**30), "9" * 5000, str(2**31), str(2**63), "-1", "+1", "1.5", "1e3", "abc", "٣", "%00", " ", "0x10")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, settings):
    """Once on each database."""
    if request.param == "sqlite":
        yield settings
        return
    with make_postgres_database() as address:
        yield replace(settings, database_url=address)


def test_no_page_of_who_looked_breaks(mika):
    """`?before=` takes a number of the trail and nothing else; the last page is there at 1."""
    assert mika.browser.open("/who-looked", before="1").status_code == 200
    for odd in (*ODD, ""):
        assert mika.browser.open("/who-looked", before=odd).status_code == 404, odd


def test_versions_and_revisions_of_a_scene(noor):
    """In the address and in the form; what was typed into a draft comes back, as somebody else's change would have it."""
    scene_id = begin_copy(noor)
    browser = noor.browser
    browser.open(f"/authoring/{scene_id}")
    for odd in ODD:
        typed = odd.replace("%00", "\0")
        got = {
            "file": browser.client.get(f"/authoring/{scene_id}/versions/{odd}/scene.yml").status_code,
            "offer": browser.post_form(f"/authoring/{scene_id}/versions/{odd}/offer").status_code,
            "draft": browser.post_form(f"/authoring/{scene_id}/draft", version=typed).status_code,
            "publish": browser.post_form(f"/authoring/{scene_id}/publish", revision=typed).status_code,
            "discard": browser.post_form(f"/authoring/{scene_id}/discard", revision=typed).status_code,
            "new": browser.post_form("/authoring/new", source=scene_id, version=typed).status_code,
        }
        assert set(got.values()) == {404}, (odd[:40], got)
        kept = browser.post_form(f"/authoring/{scene_id}/text", text="id: C01 # my words", revision=typed)
        assert kept.status_code == 409 and "my words" in kept.get_data(as_text=True), odd[:40]


def test_no_address_breaks_whatever_stands_in_it(app, noor, mika, admin):
    """Every route with something to name, asked by whom it is for, with each odd value there: not there or not understood."""
    people = {"clinician": noor.browser, "client": mika.browser, "admin": admin.browser}
    for browser in people.values():
        browser.open("/who-looked")
    names = {part for _, _, pattern in list_routes(app) for part in pattern.split("/") if part.startswith("<")}
    wrong, tried = [], 0
    for endpoint, method, pattern in list_routes(app):
        if "<" not in pattern or endpoint == "static":
            continue
        roles = sorted(find_rule(endpoint) & set(people)) or (["client"] if endpoint in OPEN_ROUTES else [])
        for odd in (str(10**30), "-1", "%00"):
            path = fill_address(pattern, {name[1:-1].split(":")[-1]: odd for name in names})
            for role in roles:
                answer = ask(people[role], method, path, endpoint if endpoint in FIELDS else "")
                tried += 1
                if answer.status_code >= 500:
                    wrong.append((role, method, endpoint, odd, answer.status_code))
                answer.close()
    assert not wrong, wrong
    assert tried > 150, tried
