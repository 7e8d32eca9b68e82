"""A person's own progress: counts over time, with charts drawn here and the same as tables."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _

from web.access.gate import visitor_here
from web.clinic.progress import FEWEST_TOLD, show_own_progress
from web.rehearsal.house import House


def make_progress_pages(house: House) -> Blueprint:
    pages = Blueprint("progress", __name__)

    @pages.get("/progress")
    def show() -> str:
        progress = show_own_progress(house, visitor_here().person_id)
        return render_template("clinic/progress.html", title=_("Progress"), progress=progress, fewest=FEWEST_TOLD)

    return pages
