"""One kept connection that posts and gets JSON with as little work of its own as Python allows: both ways are measured through it."""

import http.client
import json
import time
from typing import Any


class Wire:
    """A keep-alive HTTP connection to one server, used by one thread."""

    def __init__(self, host: str, port: int, headers: dict[str, str] | None = None, seconds: float = 120) -> None:
        self.headers = {"Content-Type": "application/json", **(headers or {})}
        self._connection = http.client.HTTPConnection(host, port, timeout=seconds)

    def post(self, path: str, body: Any) -> tuple[int, Any, float]:
        """Status, answer (None when it is not JSON) and milliseconds from the first byte sent to the last received."""
        return self._ask("POST", path, json.dumps(body).encode())

    def get(self, path: str) -> tuple[int, bytes, float]:
        """Status, body and milliseconds."""
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=self.headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - begun) * 1000

    def _ask(self, method: str, path: str, body: bytes) -> tuple[int, Any, float]:
        begun = time.perf_counter()
        self._connection.request(method, path, body, self.headers)
        answer = self._connection.getresponse()
        read = answer.read()
        took = (time.perf_counter() - begun) * 1000
        try:
            return answer.status, json.loads(read), took
        except ValueError:
            return answer.status, None, took

    def close(self) -> None:
        self._connection.close()
