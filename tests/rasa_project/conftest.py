"""The trained model for the present recipe, a stand-in for the action server, and the channel in a real web server."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rasa_project.recipe import ROOT

SECRET = "channel-secret-for-tests"
ACTIONS_SECRET = "actions-secret-for-tests"


class ActionServer:
    """Answers every action call; tests change what it does through `behave` and read what it was sent in `calls`."""

    def __init__(self):
        self.calls = []
        self.connections = []
        self.behave = self.say_who_ran
        self.released = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # with 1.0 the connection ends after each answer
            disable_nagle_algorithm = True

            def setup(self):
                super().setup()
                owner.connections.append(self.connection)

            def do_POST(self):
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.calls.append({**call, "authorization": self.headers.get("Authorization")})
                status, body = owner.behave(call)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128  # the library's 5 resets connections when forty come at once

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/webhook"

    @staticmethod
    def say_who_ran(call):
        """An answer that says which action ran and hands the state back with a count."""
        slots = call["tracker"]["slots"]
        state = {"phase": "lobby", **json.loads(slots["state"])}
        state["count"] = state.get("count", 0) + 1
        answer = {"message_id": slots["incoming"]["message_id"], "phase": state["phase"], "state": state, "ran": call["next_action"]}
        return 200, {"events": [{"event": "slot", "name": "answer", "value": json.dumps(answer)}], "responses": []}

    def wait(self, _call):
        """Takes longer than the channel waits."""
        self.released.wait(30)
        return 500, {}

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """The path of the model for the present recipe, trained when there is none in SAYABLE_HOME."""
    from rasa_project.recipe import model_path
    from rasa_project.settings import read_home

    # In a process of its own, as `sayable up` does: training has the real TensorFlow, serving has not.
    command = [sys.executable, "-W", "ignore", "-m", "rasa_project.train"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=500, env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"})
    return model_path(read_home(os.environ))


@pytest.fixture(scope="session")
def action_server():
    server = ActionServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def agent(model, action_server, loop):
    """Rasa with our endpoints, in this process."""
    os.environ.update(SAYABLE_ACTIONS_URL=action_server.url, SAYABLE_ACTIONS_SECRET=ACTIONS_SECRET, SAYABLE_CHANNEL_SECRET=SECRET)
    from rasa_project.without_tensorflow import leave_tensorflow_out

    assert leave_tensorflow_out(ROOT / "config.yml"), "something imported TensorFlow before serving began"
    from rasa.core.agent import load_agent
    from rasa.core.utils import AvailableEndpoints

    from rasa_project.action_answers import prove_schema_once
    from rasa_project.action_connection import keep_connection
    from rasa_project.known_decisions import remember_decisions
    from rasa_project.one_action import stop_after_one_action

    prove_schema_once()
    stop_after_one_action()
    remember_decisions()
    endpoints = keep_connection(AvailableEndpoints.read_endpoints(str(ROOT / "rasa_project" / "endpoints.yml")))
    yield loop.run_until_complete(load_agent(model_path=str(model), endpoints=endpoints, loop=loop))
    loop.run_until_complete(endpoints.action.close())


@pytest.fixture(scope="session")
def channel(agent, loop):
    """The channel behind a real web server: `channel(body, …)` returns (status, parsed answer)."""
    import aiohttp
    from rasa.core.run import create_http_input_channels
    from sanic import Sanic

    [practice] = create_http_input_channels(None, str(ROOT / "rasa_project" / "credentials.yml"))
    app = Sanic("channel_under_test", configure_logging=False)
    app.ctx.agent = agent
    app.config.REQUEST_MAX_SIZE = 128 * 1024
    app.blueprint(practice.blueprint(None), url_prefix="/webhooks/practice")
    server = loop.run_until_complete(app.create_server(host="127.0.0.1", port=0, return_asyncio_server=True, access_log=False))
    loop.run_until_complete(server.startup())
    port = server.server.sockets[0].getsockname()[1]
    session = loop.run_until_complete(make_session(aiohttp))

    async def post(body, secret):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if secret is None else {"X-Sayable-Secret": secret}
        async with session.post(f"http://127.0.0.1:{port}/webhooks/practice/turn", data=content, headers=headers) as answer:
            return answer.status, await answer.json(content_type=None)

    async def post_all(bodies):
        return await asyncio.gather(*(post(body, SECRET) for body in bodies))

    async def get(path):
        async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, await answer.text()

    def send(body, secret=SECRET):
        return loop.run_until_complete(post(body, secret))

    send.app = app
    send.practice = practice
    send.get = lambda path: loop.run_until_complete(get(path))
    send.all = lambda bodies: loop.run_until_complete(post_all(bodies))
    yield send
    loop.run_until_complete(session.close())
    server.close()
    for connection in list(server.connections):
        connection.close(timeout=0.1)
    loop.run_until_complete(asyncio.sleep(0.3))


async def make_session(aiohttp):
    return aiohttp.ClientSession()


@pytest.fixture(autouse=True)
def well_behaved(request):
    """Every test begins with an action server that answers."""
    if "action_server" in request.fixturenames or "channel" in request.fixturenames:
        server = request.getfixturevalue("action_server")
        server.behave = server.say_who_ran
        server.calls.clear()


@pytest.fixture
def speak():
    """Builds the body of something typed."""

    def body(text, phase=None, **state):
        whole = None if phase is None else {"phase": phase, **state}
        return {"message_id": "m-1", "kind": "speech", "command": None, "argument": None, "text": text, "state": whole}

    return body


@pytest.fixture
def press():
    """Builds the body of a command."""

    def body(command, phase=None, argument=None, **state):
        whole = None if phase is None else {"phase": phase, **state}
        return {"message_id": "m-1", "kind": "command", "command": command, "argument": argument, "text": None, "state": whole}

    return body
