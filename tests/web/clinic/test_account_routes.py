"""Each route of accounts, invitations, people and settings is open to exactly the roles it should be."""

from __future__ import annotations

import pytest

from web.access.route_rules import OPEN_ROUTES

ID = "0" * 32
EVERYBODY = frozenset({"nobody", "guest", "client", "clinician", "admin"})
OPEN_TO = {
    "sign_in": EVERYBODY,
    "joining": EVERYBODY,
    "account": {"client", "clinician", "admin"},
    "inviting": {"clinician"},
    "inviting.show_card": {"clinician", "admin"},
    "inviting.withdraw_one": {"clinician", "admin"},
    "people": {"admin"},
    "clinic_settings.show": {"clinician", "admin"},
    "clinic_settings.change": {"admin"},
}
"""Written here a second time on purpose: whoever changes the rules changes this with open eyes."""


def find_expected(endpoint: str) -> frozenset[str] | set[str] | None:
    return OPEN_TO.get(endpoint, OPEN_TO.get(endpoint.split(".")[0]))


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_every_route_is_closed_exactly_where_it_should_be(app, role, make_person, new_browser, guest):
    """As nobody, guest, client, clinician and administrator; a closed page is 403, or for nobody the way to the first screen."""
    tried = 0
    for rule in app.url_map.iter_rules():
        expected = find_expected(rule.endpoint)
        if expected is None:
            continue
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<{argument}>", ID)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            browser = new_browser() if role == "nobody" else guest if role == "guest" else make_person(role, f"{role} {tried}").browser
            browser.open("/")
            response = browser.client.open(path, method=method, data={"csrf_token": browser.token} if method == "POST" else None)
            tried += 1
            if role in expected:
                assert response.status_code in (200, 204, 303, 404, 409, 422), (rule.endpoint, method, response.status_code)
                assert not (response.location or "").startswith("/?ended"), rule.endpoint
            elif role == "nobody":
                assert (response.status_code, response.location) == (303, "/?ended=1"), (rule.endpoint, method)
            else:
                assert response.status_code == 403, (rule.endpoint, method, role)
    assert tried >= 35


def test_the_open_list_agrees(app):
    """What this test calls open to everybody is on the gate's open list, and nothing else of these areas is."""
    ours = {rule.endpoint for rule in app.url_map.iter_rules() if find_expected(rule.endpoint) is not None}
    assert {endpoint for endpoint in ours if find_expected(endpoint) == EVERYBODY} == ours & OPEN_ROUTES
