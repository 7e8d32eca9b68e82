"""The API under schemathesis: whatever its own description allows, and much that it does not, is answered as described."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests.web.browser import Browser
from tests.web.conftest import Clock, TwoScenes, WordDoor, close
from tests.web.practice_channel import PracticeChannel
from web.app import build_app
from web.settings import read_settings


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    channel = PracticeChannel()
    channel.start()
    environment = {
        "SAYABLE_HOME": str(tmp_path_factory.mktemp("home")),
        "SAYABLE_RASA_URL": channel.url,
        "SAYABLE_CHANNEL_SECRET": channel.secret,
    }
    app = build_app(read_settings(environment), door=WordDoor(), catalogue=TwoScenes(), now=Clock(), rate_limits=False)
    guest = Browser(app.test_client()).be_guest()
    attempt_id = guest.start()
    guest.order(attempt_id, "begin")
    yield app, guest, attempt_id
    close(app)
    channel.stop()


CHECKED = [not_a_server_error, response_schema_conformance, status_code_conformance]


def test_no_request_breaks_the_api(house):
    """Generated requests to every operation, fitting and not, never fail with a 500 and get an answer of the described shape."""
    app, guest, attempt_id = house
    cookies = {name: guest.client.get_cookie(name).value for name in ("practice", "practice-form")}
    tried = 0
    for result in schemathesis.openapi.from_wsgi("/api/openapi.json", app).get_all_operations():
        operation = result.ok()
        tried += 1

        @given(case=st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)))
        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def hold(case) -> None:
            if "attempt_id" in (case.path_parameters or {}) and case.method != "DELETE":
                case.path_parameters["attempt_id"] = attempt_id
            response = case.call(cookies=cookies, headers={"X-CSRFToken": guest.token})
            case.validate_response(response, checks=CHECKED)

        hold()
    described = guest.call("GET", "/openapi.json").json["paths"].values()
    assert tried == sum(len(set(methods) - {"parameters"}) for methods in described) - 1  # schemathesis leaves out the description itself


def test_the_attempt_is_still_whole(house):
    """After all of it the talk that was fuzzed can be opened."""
    _, guest, attempt_id = house
    assert guest.look(attempt_id)["id"] == attempt_id
