"""The practice page in a frame: only for the origins that the clinic allows, with cookies of its own, and guests only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.web.browser import Browser, new_id
from tests.web.clinic.logins import PASSPHRASE, add_login
from tests.web.conftest import TwoScenes, WordDoor, close
from web.access.visitors import let_in_person
from web.app import build_app
from web.clinic.clinic_settings import ClinicSettings, change_clinic_settings

ORIGIN = "https://clinic.example"
FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def tls_app(settings, clock) -> Iterator[Flask]:
    app = build_app(
        replace(settings, public_url="https://practice.example"), door=WordDoor(), catalogue=TwoScenes(), now=clock, rate_limits=False
    )
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    close(app)


@pytest.fixture
def allow(tls_app) -> Callable[..., None]:
    """`allow("https://…")`: the administrator sets these origins."""

    def set_origins(*origins: str) -> None:
        house = tls_app.extensions["house"]
        with house.database.writing() as session:
            change_clinic_settings(session, house.audit, ClinicSettings(embed_origins=origins), by_id="0" * 32, now=house.now())

    return set_origins


@pytest.fixture
def frame(tls_app) -> Browser:
    """A browser that shows our page in a frame."""
    browser = Browser(tls_app.test_client())
    browser.client.environ_base["wsgi.url_scheme"] = "https"
    return browser


def begin(frame: Browser):
    frame.token = ""
    opened = frame.client.get("/embed", headers=FRAME)
    frame._note_token(opened)
    return opened, frame.post_form("/embed")


def test_without_an_origin_there_is_no_frame(frame, allow):
    """Nothing allowed: nothing at the entry, and every page refuses frames; the same again once the origins are taken away."""
    assert frame.client.get("/embed").status_code == 404
    page = frame.client.get("/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"] and page.headers["X-Frame-Options"] == "DENY"
    allow(ORIGIN)
    begin(frame)
    assert frame.client.get("/scenes").status_code == 200
    allow()
    closed = frame.client.get("/scenes")
    assert "frame-ancestors 'none'" in closed.headers["Content-Security-Policy"] and closed.headers["X-Frame-Options"] == "DENY"


def test_exactly_the_allowed_origins_may_frame_it(frame, allow):
    """The policy names them and no other, in the frame alone; the ordinary pages of the same house still refuse every frame."""
    allow(ORIGIN, "https://other.example:8443")
    opened, begun = begin(frame)
    assert begun.status_code == 303
    for answer in (opened, begun, frame.client.get("/scenes")):
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://clinic.example https://other.example:8443" in policy.split("; ")[-1]
        assert "script-src 'self'" in policy and "default-src 'none'" in policy and "unsafe" not in policy
        assert "X-Frame-Options" not in answer.headers
    ordinary = Browser(frame.client.application.test_client()).open("/")
    assert "frame-ancestors 'none'" in ordinary.headers["Content-Security-Policy"] and ordinary.headers["X-Frame-Options"] == "DENY"


def test_its_cookies_are_partitioned_and_its_own(frame, allow):
    """Both cookies: __Host-, Secure, HttpOnly, SameSite=None, Partitioned; no ordinary cookie is set in a frame, and leaving drops it."""
    allow(ORIGIN)
    opened, begun = begin(frame)
    cookies = [*opened.headers.getlist("Set-Cookie"), *begun.headers.getlist("Set-Cookie")]
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-practice-frame", "__Host-practice-frame-form"}
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= parts and "Domain" not in cookie
    frame.open("/scenes")
    left = frame.post_form("/leave", quick="1")
    assert left.location == "/embed/left"
    dropped = next(cookie for cookie in left.headers.getlist("Set-Cookie") if cookie.startswith("__Host-practice-frame="))
    assert "Max-Age=0" in dropped and "Partitioned" in dropped


def test_a_rehearsal_is_played_in_a_frame(frame, allow):
    """From the entry to a reply with its answer, with the frame's cookies alone."""
    allow(ORIGIN)
    begin(frame)
    frame.open("/scenes")
    attempt_id = frame.start()
    assert frame.order(attempt_id, "begin").status_code == 200
    assert frame.say(attempt_id, "I feel torn.").status_code == 200


def test_another_site_changes_nothing(frame, allow):
    """In a frame too: no change without the form token, none that the browser says comes from another site."""
    allow(ORIGIN)
    begin(frame)
    frame.open("/scenes")
    attempt_id = frame.start()
    assert frame.client.delete(f"/api/attempts/{attempt_id}").status_code == 400
    crossed = frame.client.delete(f"/api/attempts/{attempt_id}", headers={"X-CSRFToken": frame.token, "Sec-Fetch-Site": "cross-site"})
    assert crossed.status_code == 403
    assert frame.client.post("/embed", data={"csrf_token": frame.token}, headers=FRAME).status_code == 403
    assert frame.client.post("/api/attempts", json={"message_id": new_id(), "scene": "S17"}).status_code == 400
    assert frame.look(attempt_id)["phase"] == "briefing"


def test_no_login_works_in_a_frame(frame, allow, tls_app, settings, clock):
    """Sign-in, invitations and every page of a login are closed there, and a login's token in the frame's cookie is nobody's."""
    allow(ORIGIN)
    begin(frame)
    for path in ("/sign-in", "/join", "/account", "/homework", "/caseload", "/my-data", "/people"):
        assert frame.client.get(path).status_code == 403, path
    assert frame.post_form("/sign-in", name="Mika", passphrase=PASSPHRASE).status_code in (400, 403)
    house = tls_app.extensions["house"]
    token = let_in_person(house.database, add_login(tls_app, settings, "client", "Mika"), now=clock(), life=timedelta(hours=1))
    frame.client.set_cookie("__Host-practice-frame", token, secure=True)
    assert frame.client.get("/scenes").status_code == 303


def test_without_tls_there_is_no_frame(app, new_browser):
    """Partitioned cookies are Secure ones: a house without an https address has no entry for frames."""
    house = app.extensions["house"]
    with house.database.writing() as session:
        change_clinic_settings(session, house.audit, ClinicSettings(embed_origins=(ORIGIN,)), by_id="0" * 32, now=house.now())
    response = new_browser().client.get("/embed")
    assert response.status_code == 404 and response.headers["X-Frame-Options"] == "DENY"
