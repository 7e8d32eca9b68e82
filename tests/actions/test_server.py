"""The action server over HTTP: loopback, bearer secret, nothing repeated, every action of the domain there."""

import asyncio
import json
import logging
import socket

import httpx
import pytest
import yaml
from sanic import Sanic

from actions.action_list import ACTIONS, build_actions
from actions.server import build_app
from actions.settings import ROOT, read_settings


@pytest.fixture
def call(equipment):
    """Serves the app on a free loopback port and sends it one request."""
    Sanic.test_mode = True

    def send(content, *, method="POST", path="/webhook", headers=None):
        async def serve_and_send():
            app = build_app(equipment, "s3cret")
            listening = socket.socket()  # bound here: Sanic takes port 0 for "none given" and goes to 8000, where another worker may be
            listening.bind(("127.0.0.1", 0))
            server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
            await server.startup()
            port = listening.getsockname()[1]
            try:
                async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                    answer = await client.request(method, path, content=content, headers=headers)
                    return answer.status_code, answer.json()
            finally:
                server.close()
                await server.wait_closed()
                Sanic._app_registry.clear()

        return asyncio.run(serve_and_send())

    return send


def action_call(**changes):
    """What Rasa sends."""
    slots = {"incoming": {"message_id": "m1", "text": "secret words"}, "state": None}
    tracker = {"sender_id": "t", "slots": slots, "events": []}
    body = {"next_action": "action_greet", "sender_id": "t", "version": "3.6.21", "tracker": tracker}
    return json.dumps({**body, **changes}).encode()


GOOD = {"Authorization": "Bearer s3cret"}


def test_an_action_call_is_answered(call):
    """One slot event comes back."""
    status, body = call(action_call(), headers=GOOD)
    assert status == 200
    assert [event["name"] for event in body["events"]] == ["answer"]
    assert json.loads(body["events"][0]["value"])["message_id"] == "m1"


@pytest.mark.parametrize("given", [None, "s3cret", "Bearer s3cre", "Bearer s3cret2"])
def test_without_the_secret_there_is_nothing(call, given):
    """401, without a hint of what was asked."""
    headers = None if given is None else {"Authorization": given}
    assert call(action_call(), headers=headers) == (401, {"error": "The shared secret is missing or wrong."})


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"[]", 422),
        (b"{}", 422),
        (action_call(next_action="action_nobody"), 404),
        (action_call(tracker=3), 422),
        (b"x" * 600_000, 413),
    ],
)
def test_broken_calls_are_refused_without_echo(call, caplog, content, status):
    """Nothing of the request comes back or is logged."""
    with caplog.at_level(logging.DEBUG, logger="sayable"):
        answer = call(content, headers=GOOD)
    assert answer[0] == status and set(answer[1]) == {"error"}
    assert "secret words" not in str(answer) + caplog.text


def test_a_tracker_without_a_message_is_an_answer_not_a_crash(call):
    """The action's base catches it: 200 for Rasa, and the channel makes a 502 of it."""
    status, body = call(action_call(tracker={"sender_id": "t", "slots": {}, "events": []}), headers=GOOD)
    assert status == 200 and json.loads(body["events"][0]["value"])["refused"]["status"] == 502


def test_there_is_no_list_of_actions_and_health_needs_no_secret(call):
    """rasa-sdk's own server would list them to everybody."""
    assert call(None, method="GET", path="/actions")[0] == 404
    assert call(None, method="GET", path="/health") == (200, {"status": "ok"})


def test_domain_and_action_list_agree(equipment):
    """Every action that the rules can name is registered once, and none besides."""
    named = yaml.safe_load((ROOT / "rasa_project" / "domain" / "actions.yml").read_text())["actions"]
    built = [action.name() for action in build_actions(equipment)]
    assert sorted(built) == sorted(named) and len(set(built)) == len(ACTIONS)


def test_settings_default_to_loopback(tmp_path):
    """127.0.0.1:5055 with a secret of its own, mode 0600."""
    settings = read_settings({"SAYABLE_HOME": str(tmp_path)})
    assert (settings.host, settings.port, len(settings.secret)) == ("127.0.0.1", 5055, 64)
    assert (tmp_path / "secrets" / "actions.secret").stat().st_mode & 0o777 == 0o600
    assert read_settings({"SAYABLE_HOME": str(tmp_path)}).secret == settings.secret


@pytest.mark.parametrize("port", ["0", "70000", "x"])
def test_a_wrong_port_names_its_setting(tmp_path, port):
    """One sentence with the setting's name."""
    with pytest.raises(ValueError, match="SAYABLE_ACTIONS_PORT"):
        read_settings({"SAYABLE_HOME": str(tmp_path), "SAYABLE_ACTIONS_PORT": port})
