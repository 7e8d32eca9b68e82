"""The web room: pages, JSON API and the only memory of the house.

Importing this package stays free of Flask and SQLAlchemy, so that `web.safety` can be used alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from web.settings import Settings


def create_app(settings: Settings, **parts: object) -> Flask:
    """Build the Flask app; `parts` replaces the safety door, the dialogue or the clock (see `web.app.build_app`)."""
    from web.app import build_app

    return build_app(settings, **parts)  # type: ignore[arg-type]
