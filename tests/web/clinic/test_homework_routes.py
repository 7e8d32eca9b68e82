"""Every route of homework, drawn from the routes themselves, tried as everybody who must not use it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.web.browser import Browser, new_id
from tests.web.clinic.homework_forms import fill_form, find_items, give, post
from web.clinic.care import end_care
from web.database.clinic_tables import Assignment, AuditEvent, Care, ClientGroup

OF_CLIENTS, OF_CLINICIANS = ("homework",), ("assigning", "groups")


@pytest.fixture
def ids(noor, mika, database) -> dict[str, str]:
    """Real ids of Mika's homework, of a group she is in with homework of its own, and of a template of Noor's."""
    assignment = give(noor, mika)
    group = new_id()
    noor.browser.post_form("/groups", form_id=group, name="Evening")
    noor.browser.post_form(f"/groups/{group}/members", client=mika.id)
    form = fill_form({"scene": "S01"})
    assert post(noor, f"/groups/{group}/homework/new", form).status_code == 303
    template = fill_form({"scene": "S17"}, act="template", template_name="Mine")
    post(noor, f"/clients/{mika.id}/homework/new", template)
    return {
        "client_id": mika.id,
        "assignment_id": assignment,
        "item_id": find_items(database, assignment)[0],
        "group_id": group,
        "batch_id": str(form["form_id"]),
        "template_id": str(template["form_id"]),
    }


def list_routes(app, ids: dict[str, str], blueprints: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    """Method, address with real ids, and whether there is an id in it."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in blueprints:
            continue
        path = rule.rule
        for name in rule.arguments - set(rule.defaults or {}):
            path = path.replace(f"<{name}>", ids[name])
        found += [(method, path, "<" in rule.rule) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    assert len(found) > 5
    return found


def knock(browser: Browser, method: str, path: str) -> int:
    """The status of this route for this browser, with its own CSRF token and fields that would do."""
    data = {"csrf_token": browser.token, **fill_form({"scene": "S17"}), "name": "X", "client": "", "reason": "", "hour": "7"}
    answer = browser.client.open(path, method=method, data=data if method == "POST" else None)
    answer.close()
    return answer.status_code


def count_everything(database) -> tuple[object, ...]:
    """What a route could have changed."""
    with database.reading() as session:
        given = [
            (row.id, row.withdrawn_at, row.paused_at, row.skipped_at, row.stopped_at, row.changed_at)
            for row in session.scalars(select(Assignment).order_by(Assignment.id))
        ]
        groups = [(row.id, row.name) for row in session.scalars(select(ClientGroup))]
        changes = list(session.scalars(select(AuditEvent.what).where(AuditEvent.what != "signed_in")))
    return given, groups, changes


def test_nobody_guests_and_administrators_get_nowhere(app, ids, new_browser, guest, admin, database):
    """Without a session one is led away, a guest and an administrator are refused, on every route, and nothing changes."""
    before = count_everything(database)
    for method, path, _ in list_routes(app, ids, OF_CLIENTS + OF_CLINICIANS):
        nobody = new_browser()
        nobody.open("/")
        assert knock(nobody, method, path) == 303, (method, path)
        assert knock(guest, method, path) == 403, (method, path)
        assert knock(admin.browser, method, path) == 403, (method, path)
    assert count_everything(database) == before


def test_another_client_finds_nothing_of_mikas(app, ids, other_client, database):
    """With an id of hers in it a client's route is 404, a clinician's 403; nothing changes."""
    before = count_everything(database)
    for method, path, has_id in list_routes(app, ids, OF_CLIENTS):
        if has_id:
            assert knock(other_client.browser, method, path) == 404, (method, path)
    for method, path, _ in list_routes(app, ids, OF_CLINICIANS):
        assert knock(other_client.browser, method, path) == 403, (method, path)
    assert count_everything(database) == before


def test_another_clinician_finds_nothing_of_noors(app, ids, other_clinician, database):
    """With an id of hers in it a clinician's route is 404, a client's 403; nothing changes."""
    before = count_everything(database)
    for method, path, has_id in list_routes(app, ids, OF_CLINICIANS):
        if has_id:
            assert knock(other_clinician.browser, method, path) == 404, (method, path)
    for method, path, _ in list_routes(app, ids, OF_CLIENTS):
        assert knock(other_clinician.browser, method, path) == 403, (method, path)
    assert count_everything(database) == before


def test_ids_of_one_client_do_not_open_by_the_address_of_another(noor, mika, ids, make_person, take_into_care, database):
    """Luca's address with Mika's homework in it is 404, though both are in Noor's care: never the wrong person's data."""
    luca = make_person("client", "Luca")
    take_into_care(noor, luca)
    before = count_everything(database)
    for method, act in (("GET", "change"), ("POST", "change"), ("POST", "withdraw")):
        assert knock(noor.browser, method, f"/clients/{luca.id}/homework/{ids['assignment_id']}/{act}") == 404
    assert count_everything(database) == before


def test_once_care_has_ended_the_clinician_finds_nothing(app, ids, noor, mika, database, clock):
    """Every address with the client in it is 404 for Noor, the group's homework too; Mika keeps her page."""
    with database.writing() as session:
        care = session.scalars(select(Care).where(Care.client_id == mika.id)).one()
        end_care(session, app.extensions["house"].audit, care, by_id=noor.id, now=clock())
    before = count_everything(database)
    for method, path, _ in list_routes(app, ids, OF_CLINICIANS):
        if ids["client_id"] in path or ids["batch_id"] in path:
            assert knock(noor.browser, method, path) == 404, (method, path)
    assert count_everything(database) == before
    assert "Mika" not in noor.browser.open(f"/groups/{ids['group_id']}").get_data(as_text=True)
    page = mika.browser.open("/homework").get_data(as_text=True)
    assert "From Noor" in page and "may read this reason" not in page
    shared = mika.browser.post_form(f"/homework/{ids['assignment_id']}/skip", reason="x", share="yes")
    assert shared.status_code == 400  # there is nobody to share it with any more


def test_every_change_needs_its_token(app, ids, noor, mika, database):
    """Without the CSRF token each changing route is 400 for the right person too, and changes nothing."""
    before = count_everything(database)
    for someone, blueprints in ((mika, OF_CLIENTS), (noor, OF_CLINICIANS)):
        for method, path, _ in list_routes(app, ids, blueprints):
            if method == "POST":
                assert someone.browser.client.post(path, data=fill_form({"scene": "S17"})).status_code == 400, path
    assert count_everything(database) == before


def test_looking_changes_nothing(app, ids, noor, mika, database):
    """Every page opened by the right person is 200 and leaves everything as it was, but for the trail of who looked."""
    given, groups, _ = count_everything(database)
    for someone, blueprints in ((mika, OF_CLIENTS), (noor, OF_CLINICIANS)):
        for method, path, _has_id in list_routes(app, ids, blueprints):
            if method == "GET":
                assert someone.browser.open(path).status_code == 200, path
    after = count_everything(database)
    assert (after[0], after[1]) == (given, groups) and after[2].count("client_page_read") == 1
