"""The OpenAPI description is true: every route stands in it, and real answers fit it."""

from __future__ import annotations

import re

import jsonschema_rs
import pytest

from tests.web.browser import new_id


@pytest.fixture
def description(guest) -> dict:
    return guest.call("GET", "/openapi.json").json


def find_path(description: dict, path: str) -> str:
    for known in description["paths"]:
        if re.fullmatch(re.sub(r"\{\w+\}", "[0-9a-z]+", known), path):
            return known
    raise AssertionError(f"{path} is not described")


def check_answer(description: dict, method: str, path: str, response) -> None:
    """Hold one answer against what is described for its route and status."""
    described = description["paths"][find_path(description, path)][method.lower()]["responses"]
    assert str(response.status_code) in described, (method, path, response.status_code, response.get_data(as_text=True))
    content = described[str(response.status_code)].get("content")
    if content is None:
        assert response.get_data() == b""
        return
    schema = {"components": description["components"], **content["application/json"]["schema"]}
    jsonschema_rs.validator_for(schema).validate(response.json)


def test_every_route_is_described_and_nothing_else(app, description):
    """Routes and description name the same addresses and methods."""
    routes = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api"))
            routes |= {(path, method.lower()) for method in rule.methods - {"HEAD", "OPTIONS"}}
    described = {(path, method) for path, methods in description["paths"].items() for method in methods if method != "parameters"}
    assert routes == described


def test_it_is_openapi(description):
    """It says its version, and every reference in it leads somewhere."""
    assert description["openapi"] == "3.1.0"
    for reference in re.findall(r"#/components/schemas/(\w+)", str(description)):
        assert reference in description["components"]["schemas"]


def test_real_answers_fit(guest, channel, description):
    """A rehearsal with its faults: each answer, good and bad, has the shape that is described for it."""
    seen = []

    def call(method: str, path: str, body: object = None):
        response = guest.call(method, path, body)
        check_answer(description, method, path, response)
        seen.append(response.status_code)
        return response.json

    call("GET", "/scenes")
    call("POST", "/lobby", {"message_id": new_id(), "text": "an evening"})
    call("POST", "/lobby", {"message_id": new_id(), "text": "red-canary"})
    attempt = f"/attempts/{call('POST', '/attempts', {'message_id': new_id(), 'scene': 'S17'})['id']}"
    call("GET", "/attempts")
    call("GET", "/drills")
    call("POST", "/drills", {"message_id": new_id(), "skill": "paraphrase"})
    call("POST", f"{attempt}/commands", {"message_id": new_id(), "command": "begin"})
    turn = call("POST", f"{attempt}/replies", {"message_id": new_id(), "text": "I feel torn."})["turn"]["id"]
    call("POST", f"{attempt}/replies", {"message_id": new_id(), "text": " "})
    call("POST", f"{attempt}/replies", {"wrong": 1})
    call("POST", f"{attempt}/replies", {"message_id": new_id(), "text": "red-canary"})
    call("POST", f"{attempt}/help", {"answer": "resume"})
    call("POST", f"{attempt}/help", {"answer": "not_meant"})
    call("GET", f"{attempt}/turns/{turn}")
    call("GET", f"{attempt}/turns/{turn}/versions")
    channel.fail_with = 503
    stuck = call("POST", f"{attempt}/replies", {"message_id": new_id(), "text": "one"})["turn"]["id"]
    call("POST", f"{attempt}/turns/{stuck}/resend")
    call("DELETE", f"{attempt}/turns/{stuck}")
    channel.fail_with = None
    call("POST", f"{attempt}/commands", {"message_id": new_id(), "command": "try_again", "turn": turn})
    call("POST", f"{attempt}/commands", {"message_id": new_id(), "command": "time_out", "minutes": 20})
    for command in ("resume", "stop", "guess", "reveal", "debrief"):
        call("POST", f"{attempt}/commands", {"message_id": new_id(), "command": command})
    call("PUT", f"{attempt}/note", {"text": "a note"})
    call("PUT", f"{attempt}/self-check", {"leaning": "want"})
    call("PUT", f"{attempt}/agreement", {"limits": "not on Thursdays", "review_on": "2030-01-31"})
    call("PUT", f"{attempt}/agreement", {"limits": " "})
    call("PUT", f"{attempt}/agreement", {"review_on": "soon"})
    call("GET", "/carried-over")
    call("GET", attempt)
    call("DELETE", f"{attempt}/agreement")
    call("GET", attempt)
    call("DELETE", attempt)
    call("GET", attempt)
    assert set(seen) == {200, 201, 202, 204, 400, 404, 409, 422}


def test_without_a_session_the_answer_fits_too(description, new_browser):
    """The refusal for nobody is described like the rest."""
    response = new_browser().call("GET", "/attempts")
    assert response.status_code == 401
    check_answer(description, "GET", "/attempts", response)
