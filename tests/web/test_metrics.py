"""Metrics for operators: served apart, off by default, and silent about people."""

from __future__ import annotations

import socket
from dataclasses import replace

import httpx
import pytest

from tests.web.browser import Browser
from tests.web.conftest import TwoScenes, WordDoor, close
from web.__main__ import believe_proxy
from web.app import build_app
from web.settings import SettingsFault, read_settings


@pytest.fixture
def measured(settings, clock):
    """An app with metrics on a free port, and the address where they are."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = build_app(replace(settings, metrics_port=port), door=WordDoor(), catalogue=TwoScenes(), now=clock, rate_limits=False)
    stop = app.extensions["house_metrics"].serve("127.0.0.1", port)
    yield app, f"http://127.0.0.1:{port}/metrics"
    stop()
    close(app)


def test_routes_and_times_are_counted_and_nothing_is_told_of_people(measured):
    """After a reply the metrics name its route and the time Rasa took; neither the words, nor an id, nor a scene stand in them."""
    app, address = measured
    guest = Browser(app.test_client()).be_guest()
    attempt_id = guest.start()
    guest.order(attempt_id, "begin")
    assert guest.say(attempt_id, "a violet-canary sat on my shoulder").status_code == 200
    told = httpx.get(address, trust_env=False).text
    assert 'sayable_requests_total{method="POST",route="api.' in told and "sayable_dialogue_seconds_count" in told
    for private in ("violet-canary", attempt_id, "S17"):
        assert private not in told


def test_no_page_serves_them(measured):
    """The pages' own port has no address for metrics, so a proxy that carries the pages cannot carry them."""
    app, _ = measured
    assert Browser(app.test_client()).open("/metrics").status_code == 404


def test_they_are_off_unless_asked_for(app):
    """Without the setting nothing is counted and nothing listens."""
    assert "house_metrics" not in app.extensions


def test_only_the_named_proxy_is_believed():
    """Without the setting no proxy is; with it that one address; anything but an address is refused by name."""
    assert believe_proxy(read_settings({})) == {}
    assert believe_proxy(read_settings({"SAYABLE_TRUSTED_PROXY": "127.0.0.1"}))["trusted_proxy"] == "127.0.0.1"
    with pytest.raises(SettingsFault, match="SAYABLE_TRUSTED_PROXY"):
        read_settings({"SAYABLE_TRUSTED_PROXY": "everybody"})
