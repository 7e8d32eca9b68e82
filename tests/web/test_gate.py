"""Closed by default: every route is tried as nobody, and every change without its token."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import close
from web.access.route_rules import BLUEPRINT_RULES, OPEN_ROUTES, ROUTE_RULES, find_rule

ID = "0" * 32


def list_routes(app) -> list[tuple[str, str, str]]:
    routes = []
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<path:filename>", "practice.css")
        path = re.sub(r"<[^>]+>", ID, re.sub(r"<int:[^>]+>", "1", path))
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            routes.append((rule.endpoint, method, path))
    return routes


def test_every_route_is_closed_to_nobody_unless_listed(app, new_browser):
    """The list is drawn from the routes themselves: a new route without a place on the open list is closed."""
    for endpoint, method, path in list_routes(app):
        browser = new_browser()
        browser.open("/")
        headers = {"X-CSRFToken": browser.token}
        response = browser.client.open(path, method=method, headers=headers)
        response.close()
        if endpoint in OPEN_ROUTES:
            # 404: open, with nothing under a made-up number; 422: an open form that came empty is told so on its page
            open_ = (200, 303, 404) if method == "GET" else (200, 303, 422)
            if endpoint == "embedding.let_in":
                open_ = (404,)  # no site may show this house in a frame, so there is no way in by one
            assert response.status_code in open_, (endpoint, response.status_code)
        elif path.startswith("/api/"):
            assert response.status_code == 401, endpoint
        else:
            assert response.status_code == 303 and response.location.startswith("/?"), endpoint


def test_the_open_list_names_only_routes_that_are_there(app):
    """A route that was renamed does not stay open under its old name."""
    assert {endpoint for endpoint, _, _ in list_routes(app)} >= OPEN_ROUTES


def test_every_route_has_a_rule_that_somebody_wrote(app):
    """A route that nobody thought about is closed to everybody; this names it."""
    endpoints = {endpoint for endpoint, _, _ in list_routes(app)}
    assert [endpoint for endpoint in sorted(endpoints - OPEN_ROUTES) if not find_rule(endpoint)] == []
    assert set(ROUTE_RULES) <= endpoints and set(BLUEPRINT_RULES) <= {endpoint.split(".")[0] for endpoint in endpoints}


def test_every_change_needs_its_token(app, guest, talk):
    """Each route that changes something refuses a request without the CSRF token, and changes nothing."""
    for endpoint, method, path in list_routes(app):
        if method == "GET":
            continue
        response = guest.client.open(path.replace(ID, talk, 1), method=method)
        assert response.status_code == 400, endpoint
    assert guest.look(talk)["phase"] == "scene"


def test_no_page_changes_anything_by_being_opened(app, guest, talk):
    """GET on every page leaves the attempt as it was."""
    before = guest.look(talk)
    for _endpoint, method, path in list_routes(app):
        if method == "GET":
            guest.client.get(path.replace(ID, talk, 1)).close()
    assert guest.look(talk) == before


def test_a_change_from_another_site_is_refused(guest, talk):
    """A browser that says the request comes from another site is not believed, token or not."""
    headers = {"X-CSRFToken": guest.token, "Sec-Fetch-Site": "cross-site"}
    assert guest.client.delete(f"/api/attempts/{talk}", headers=headers).status_code == 403


def test_opening_the_first_screen_makes_no_session(app, new_browser):
    """A session begins with an act of the person, not with a look."""
    browser = new_browser()
    response = browser.open("/")
    assert "practice=" not in response.headers.get("Set-Cookie", "")


def test_the_session_cookie_is_kept_from_scripts(new_browser):
    """HttpOnly, SameSite, for the whole site, and not remembered past its life."""
    browser = new_browser()
    browser.open("/")
    cookie = next(value for value in browser.post_form("/begin").headers.getlist("Set-Cookie") if value.startswith("practice="))
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={23 * 3600}"):
        assert part in cookie


def test_the_token_is_not_in_the_database(guest, settings):
    """Whoever reads the database cannot take over a session."""
    token = guest.client.get_cookie("practice").value
    kept = b"".join(path.read_bytes() for path in settings.home.rglob("*") if path.is_file())
    assert token.encode() not in kept


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "\u00e9", "a" * 3000])
def test_a_made_up_token_opens_nothing(app, new_browser, token):
    """Tokens that nobody was given lead to the first screen."""
    browser = new_browser()
    browser.client.set_cookie("practice", token)
    assert browser.open("/scenes").status_code == 303


def test_a_session_nobody_uses_ends(guest, clock):
    """Twelve hours without use end a session; use keeps it, up to its life."""
    clock.go_on(hours=11)
    assert guest.open("/scenes").status_code == 200
    clock.go_on(hours=11, minutes=30)
    assert guest.open("/scenes").status_code == 200
    clock.go_on(hours=1)
    assert guest.open("/scenes").status_code == 303


def test_guests_can_be_switched_off(settings, channel):
    """With SAYABLE_GUESTS=off nobody gets in as a guest, and the first screen says so."""
    from dataclasses import replace

    from tests.web.browser import Browser
    from web.app import build_app

    app = build_app(replace(settings, guests=False), rate_limits=False)
    browser = Browser(app.test_client())
    assert "switched off" in browser.open("/").get_data(as_text=True)
    assert browser.post_form("/begin").status_code == 403
    close(app)


def test_behind_tls_cookies_are_secure(settings):
    """With an https address cookies carry the __Host- prefix and Secure, and the browser is told to stay on TLS."""
    from dataclasses import replace

    from tests.web.browser import Browser
    from web.app import build_app

    app = build_app(replace(settings, public_url="https://practice.example"), rate_limits=False)
    browser = Browser(app.test_client())
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    opened = browser.open("/")
    cookies = [*opened.headers.getlist("Set-Cookie"), *browser.post_form("/begin").headers.getlist("Set-Cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} >= {"__Host-practice", "__Host-practice-form"}
    assert all("Secure" in cookie for cookie in cookies)
    assert opened.headers["Strict-Transport-Security"]
    close(app)
