"""The action server: rasa-sdk's executor behind two routes of our own.

rasa-sdk's own server binds every interface, asks for no secret, lists its actions to everybody and echoes a failing
request; this one answers on loopback, to a bearer secret, with bodies of bounded size, and never repeats a request.
"""

from __future__ import annotations

import hmac
import logging

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.action_list import build_actions
from actions.equipment import Equipment
from actions.practice_action import tell_place

logger = logging.getLogger("sayable.actions")

BODY_BYTES = 512 * 1024  # a state of 64 KiB stands in a tracker as event and as slot, with the domain beside it

KEEP_ALIVE_SECONDS = 120  # longer than Rasa holds a silent connection (rasa_project/action_connection.py): Rasa is the one to let go


def build_app(equipment: Equipment, secret: str) -> Sanic:
    """The Sanic application: `POST /webhook` for Rasa, `GET /health` for whoever watches over the process."""
    executor = ActionExecutor()
    for action in build_actions(equipment):
        executor.register_action(action)

    app = Sanic("sayable_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = BODY_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
    expected = f"Bearer {secret}".encode()

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return response.json({"error": "The shared secret is missing or wrong."}, status=401)
        call = request.json
        if not isinstance(call, dict) or not isinstance(call.get("tracker"), dict):
            return response.json({"error": "The request is no action call."}, status=422)
        call.setdefault("domain", {})
        try:
            result = await executor.run(call)
        except ActionNotFoundException:
            return response.json({"error": "There is no such action."}, status=404)
        return response.json(result.model_dump() if result else {"events": [], "responses": []})

    @app.exception(Exception)
    async def refuse(_request: Request, error: Exception) -> HTTPResponse:
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            logger.error("request failed: %s at %s", type(error).__name__, tell_place(error))
        return response.json({"error": "The request failed."}, status=status)

    return app
