"""The web room on a database of its own, with a practice channel on loopback that speaks docs/INTERFACES.md."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.web.browser import Browser
from tests.web.practice_channel import PracticeChannel
from web.app import build_app
from web.database.opening import open_database
from web.rehearsal.catalogue import Afterwards, DrillCard, ExampleLine, PartnerCard, SceneCard
from web.settings import Settings, read_settings


@dataclass(frozen=True)
class Finding:
    kind: str
    tier: int


class WordDoor:
    """Speaks on two planted words, so that these tests do not hang on the rules of `web.safety`."""

    def look_at(self, text: str) -> Finding | None:
        if "red-canary" in text:
            return Finding("self_harm", 1)
        return Finding("being_hurt", 2) if "amber-canary" in text else None


class TwoScenes:
    """A small catalogue, so that these tests do not hang on the wording of the scenes."""

    def __init__(self) -> None:
        partner = PartnerCard("Billie", 32, "she/her", "your partner")
        card = {"version": 1, "summary": "Ask for time alone.", "setting": "A hallway.", "goal": "Say what you need.", "partner": partner}
        card |= {"content_notes": ("loneliness",), "power": "equal", "aims": ("i_statement", "request"), "listening": False}
        card |= {"levels": ("friendly", "guarded", "upset")}
        self._cards = {key: SceneCard(id=key, title=f"Scene {key}", **card) for key in ("S17", "S01")}

    def list_cards(self) -> list[SceneCard]:
        return list(self._cards.values())

    def find(self, scene_id: str) -> SceneCard | None:
        return self._cards.get(scene_id)

    def list_drills(self) -> list[DrillCard]:
        return [DrillCard("paraphrase", "Giving back", "Single lines to give back.")]

    def tell_afterwards(self, scene_id: str) -> Afterwards:
        return Afterwards(
            (ExampleLine("you", "I feel worn out.", "a feeling"), ExampleLine("partner", "Oh.", None)), ("What would you keep?",), ""
        )


class Clock:
    def __init__(self) -> None:
        self.moment = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def go_on(self, **span: float) -> None:
        self.moment += timedelta(**span)


def close(app: Flask) -> None:
    """Let go of an app's connections: warnings are errors, and a socket left open is one."""
    app.extensions["house"].dialogue.close()
    app.extensions["house"].database.engine.dispose()
    app.extensions["house_counting"].engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def channel() -> Iterator[PracticeChannel]:
    channel = PracticeChannel()
    channel.start()
    yield channel
    channel.stop()


@functools.cache
def make_once() -> Path:
    """A folder of this test process with `home`, whose database has just been made, and `templates`, as compiled when first shown.

    Tests begin with a copy of that home: making one anew takes all the migrations.
    """
    folder = Path(tempfile.mkdtemp(prefix="sayable-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_database(read_settings({"SAYABLE_HOME": str(folder / "home")})).engine.dispose()
    (folder / "templates").mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path, channel: PracticeChannel, request: pytest.FixtureRequest) -> Settings:
    if request.node.get_closest_marker("empty_home") is None:
        shutil.copytree(make_once() / "home", tmp_path / "home")
    environment = {"SAYABLE_HOME": str(tmp_path / "home"), "SAYABLE_RASA_URL": channel.url, "SAYABLE_CHANNEL_SECRET": channel.secret}
    return read_settings(environment)


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    app = build_app(settings, door=WordDoor(), catalogue=TwoScenes(), now=clock, rate_limits=False)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(make_once() / "templates"))
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    close(app)


@pytest.fixture
def new_browser(app: Flask):
    return lambda: Browser(app.test_client())


@pytest.fixture
def guest(new_browser) -> Browser:
    return new_browser().be_guest()


@pytest.fixture
def talk(guest: Browser) -> str:
    """An attempt of `guest` in which the partner has spoken first."""
    attempt_id = guest.start()
    assert guest.order(attempt_id, "begin").status_code == 200
    return attempt_id
