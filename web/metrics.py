"""Prometheus metrics on a port of their own, off unless SAYABLE_METRICS_PORT is set: routes, times and counts, nothing about people.

They are served apart from the pages, so that a reverse proxy that carries the pages cannot carry them by mistake.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.process_collector import ProcessCollector

from web.dialogue.client import Dialogue, DialogueAway
from web.dialogue.messages import Answer, Message

BUCKETS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 12)
"""Seconds."""


class Metrics:
    """The counters of one web process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "sayable_requests", "Requests answered, by route and status.", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram("sayable_request_seconds", "Time to answer, by route.", ["route"], buckets=BUCKETS, registry=self.registry)
        self.dialogue = Histogram(
            "sayable_dialogue_seconds", "Time that Rasa and the action server took.", buckets=BUCKETS, registry=self.registry
        )
        self.dialogue_away = Counter("sayable_dialogue_away", "Messages that got no usable answer.", registry=self.registry)
        self.busy = Gauge("sayable_requests_in_progress", "Requests being answered now.", registry=self.registry)

    def watch(self, app: Flask) -> None:
        """Count every request of `app` but those for health and for static files."""

        @app.before_request
        def note_start() -> None:
            g.metrics_started = time.perf_counter()
            self.busy.inc()

        @app.teardown_request
        def note_left(error: BaseException | None) -> None:
            if g.pop("metrics_started", None) is not None:
                self.busy.dec()

        @app.after_request
        def note_end(response: Response) -> Response:
            endpoint = request.endpoint or "none"
            if endpoint != "static" and not endpoint.startswith("health.") and "metrics_started" in g:
                self.requests.labels(endpoint, request.method, str(response.status_code)).inc()
                self.seconds.labels(endpoint).observe(time.perf_counter() - g.metrics_started)
            return response

    def serve(self, host: str, port: int) -> Callable[[], None]:
        """Answer `/metrics` at this address in a thread; gives what stops it. Raises OSError when the port is taken."""
        server, thread = start_http_server(port, addr=host, registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


class MeasuredDialogue:
    """A dialogue whose times are noted; it changes nothing."""

    def __init__(self, inner: Dialogue, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    def send(self, message: Message) -> Answer:
        """Raises what the dialogue raises."""
        with self._metrics.dialogue.time():
            try:
                return self._inner.send(message)
            except DialogueAway:
                self._metrics.dialogue_away.inc()
                raise

    def is_there(self) -> bool:
        return self._inner.is_there()

    def close(self) -> None:
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()
