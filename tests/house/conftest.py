"""A home of its own on either database, for tests of commands that work on what a house keeps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.postgres import make_postgres_database
from web.settings import Settings, read_settings


@pytest.fixture(params=["sqlite", "postgresql"])
def given(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of a home of its own, on SQLite and (when a server is there) on PostgreSQL."""
    for name in [name for name in os.environ if name.startswith("SAYABLE_")]:
        monkeypatch.delenv(name)
    environment = {"SAYABLE_HOME": str(tmp_path / "home")}
    if request.param == "sqlite":
        yield environment
        return
    with make_postgres_database() as address:
        yield environment | {"SAYABLE_DATABASE_URL": address}


@pytest.fixture
def settings(given: dict[str, str]) -> Settings:
    return read_settings(given)
