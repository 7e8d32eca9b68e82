"""Practise over HTTP as a guest, the way the page does it: for whole-house tests, load and benchmarks."""

import re
import secrets
import time
from types import TracebackType
from typing import Any

import httpx

CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class PracticeClient:
    """One browser session of one guest at `base_url` (no slash at its end). Answers are the JSON API's own objects."""

    def __init__(self, base_url: str, seconds: float = 30) -> None:
        self.http = httpx.Client(base_url=base_url, timeout=seconds, trust_env=False)

    def __enter__(self) -> "PracticeClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.http.close()

    def enter(self) -> None:
        """Come in as a guest and take the page's CSRF token along. Raises httpx.HTTPStatusError."""
        answer = self.post_patiently("/begin", data={"csrf_token": self.read_token("/")})
        if answer.status_code != 303:  # to the scenes; everything else, redirects included, is no way in
            answer.raise_for_status()
        self.http.headers["X-CSRFToken"] = self.read_token("/scenes")

    def read_token(self, path: str) -> str:
        page = self.http.get(path)
        page.raise_for_status()
        found = CSRF.search(page.text)
        if found is None:
            raise ValueError(f"the page {path} holds no CSRF token")
        return found[1]

    def start(self, scene: str, level: str = "friendly", feedback: str = "full") -> dict[str, Any]:
        """Choose a scene; gives the attempt, in its briefing."""
        body = {"message_id": make_message_id(), "scene": scene, "level": level, "feedback": feedback}
        return take(self.post_patiently("/api/attempts", json=body))

    def post_patiently(self, path: str, **given: Any) -> httpx.Response:
        """Post, and when that was too often in a short time, wait as long as the answer says and post again."""
        while True:
            answer = self.http.post(path, **given)
            if answer.status_code != 429:
                return answer
            time.sleep(int(answer.headers.get("Retry-After", "1")) + 0.1)

    def send(self, attempt_id: str, text: str, message_id: str | None = None) -> httpx.Response:
        """Say something; gives the raw answer, for whoever wants to look at the status."""
        body = {"message_id": message_id or make_message_id(), "text": text}
        return self.http.post(f"/api/attempts/{attempt_id}/replies", json=body)

    def say(self, attempt_id: str, text: str) -> dict[str, Any]:
        """Say something; gives the outcome. Raises httpx.HTTPStatusError."""
        return take(self.send(attempt_id, text))

    def press(self, attempt_id: str, command: str, **argument: Any) -> dict[str, Any]:
        """Press a button ("begin", "hint", "pause", …); gives the outcome. Raises httpx.HTTPStatusError."""
        body = {"message_id": make_message_id(), "command": command, **argument}
        return take(self.http.post(f"/api/attempts/{attempt_id}/commands", json=body))

    def resend(self, attempt_id: str, turn_id: str) -> dict[str, Any]:
        """Send a stored reply that has no answer yet once more."""
        return take(self.http.post(f"/api/attempts/{attempt_id}/turns/{turn_id}/resend"))

    def show(self, attempt_id: str) -> dict[str, Any]:
        """The attempt as a reload would draw it."""
        return take(self.http.get(f"/api/attempts/{attempt_id}"))


def take(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; httpx.HTTPStatusError when it is a fault."""
    answer.raise_for_status()
    return answer.json()


def make_message_id() -> str:
    return secrets.token_hex(16)
