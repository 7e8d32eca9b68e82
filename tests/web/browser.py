"""A browser for tests of the web room: cookies, CSRF token, and the API's calls."""

from __future__ import annotations

import re
import secrets

from flask.testing import FlaskClient


class Browser:
    """A browser with its cookies and the CSRF token of the page it saw last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def open(self, path: str, **query: object):
        response = self.client.get(path, query_string=query)
        self._note_token(response)
        return response

    def post_form(self, path: str, **fields: str):
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def call(self, method: str, path: str, body: object = None):
        return self.client.open(f"/api{path}", method=method, json=body, headers={"X-CSRFToken": self.token})

    def be_guest(self) -> Browser:
        self.open("/")
        assert self.post_form("/begin").status_code == 303
        self.open("/scenes")
        return self

    def start(self, scene: str = "S17", **fields: str) -> str:
        response = self.call("POST", "/attempts", {"message_id": new_id(), "scene": scene, **fields})
        assert response.status_code == 201, response.json
        return response.json["id"]

    def order(self, attempt_id: str, command: str, **fields: object):
        return self.call("POST", f"/attempts/{attempt_id}/commands", {"message_id": new_id(), "command": command, **fields})

    def say(self, attempt_id: str, text: str, message_id: str | None = None):
        return self.call("POST", f"/attempts/{attempt_id}/replies", {"message_id": message_id or new_id(), "text": text})

    def look(self, attempt_id: str):
        return self.call("GET", f"/attempts/{attempt_id}").json

    def _note_token(self, response) -> None:
        found = re.search(r'name="csrf-token" content="([^"]+)"', response.get_data(as_text=True))
        if found:
            self.token = found[1]


def new_id() -> str:
    return secrets.token_hex(16)
