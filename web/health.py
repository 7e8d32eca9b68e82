"""Addresses for whoever keeps the processes running: is it alive, can it work. They tell nothing about people."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from web.rehearsal.house import House


def make_health(house: House) -> Blueprint:
    health = Blueprint("health", __name__, url_prefix="/health")

    @health.get("/live")
    def show_live() -> Response:
        return jsonify({"status": "live"})

    @health.get("/ready")
    def show_ready() -> tuple[Response, int]:
        """Ready when the database answers: with Rasa away, pages, help and stored replies still work."""
        try:
            with house.database.reading() as session:
                session.execute(text("SELECT 1 FROM key_check"))
            database = "ok"
        except SQLAlchemyError:
            database = "away"
        dialogue = "ok" if house.dialogue.is_there() else "away"
        return jsonify({"status": "ready" if database == "ok" else "not ready", "database": database, "dialogue": dialogue}), (
            200 if database == "ok" else 503
        )

    return health
