"""Sends one message to Rasa's practice channel and gives back the checked answer, or says which kind of failure it was."""

from __future__ import annotations

from typing import Protocol

import httpx
from pydantic import ValidationError

from web.dialogue.messages import Answer, Message


class DialogueAway(Exception):
    """No usable answer came: the message may be sent again. `str()` says why in a word or two, never what was typed."""


class DialogueRefused(Exception):
    """The channel will never take this message. `status` is its HTTP status: 409 not possible now, 413 and 422 not acceptable."""

    def __init__(self, status: int) -> None:
        super().__init__(f"refused with {status}")
        self.status = status


class Dialogue(Protocol):
    """Whoever answers messages: Rasa in the house, a stand-in in tests of other parts."""

    def send(self, message: Message) -> Answer: ...

    def is_there(self) -> bool: ...


class RasaDialogue:
    """The practice channel over HTTP. One instance serves all threads of a process; connections are kept open."""

    def __init__(self, url: str, secret: str, *, timeout_seconds: float) -> None:
        self._url = url
        self._client = httpx.Client(
            headers={"X-Sayable-Secret": secret},
            timeout=httpx.Timeout(timeout_seconds, connect=2.0),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64, keepalive_expiry=30),
            trust_env=False,  # a proxy of the environment must never see what was typed
        )

    def send(self, message: Message) -> Answer:
        """Raises DialogueAway (worth sending again) or DialogueRefused (not)."""
        try:
            response = self._post(message)
        except httpx.HTTPError as error:
            raise DialogueAway(type(error).__name__) from None
        if response.status_code in (409, 413, 422):
            raise DialogueRefused(response.status_code)
        if response.status_code != 200:
            raise DialogueAway(f"HTTP {response.status_code}")
        try:
            answer = Answer.model_validate_json(response.content)
        except ValidationError:
            raise DialogueAway("answer not understood") from None
        if answer.message_id != message.message_id:
            raise DialogueAway("answer to another message")
        return answer

    def _post(self, message: Message) -> httpx.Response:
        url = f"{self._url}/webhooks/practice/turn"
        content = message.model_dump_json().encode()
        headers = {"Content-Type": "application/json"}
        try:
            return self._client.post(url, content=content, headers=headers)
        except httpx.RemoteProtocolError:
            return self._client.post(url, content=content, headers=headers)  # a kept connection that Rasa had closed; sending twice is safe

    def is_there(self) -> bool:
        """Whether Rasa answers within a second and has its model loaded."""
        try:
            return self._client.get(f"{self._url}/webhooks/practice/health", timeout=1.0).status_code == 200
        except httpx.HTTPError:
            return False

    def close(self) -> None:
        self._client.close()
