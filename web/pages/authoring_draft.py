"""The form of a draft, one page for each section, and the whole YAML as text; both checked while somebody types."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.access.refusals import Refused
from web.api.routes import REPLY_LIMIT
from web.clinic.authoring import Drawn, draw_section, draw_text, save_section, save_text, try_section
from web.clinic.scene_checks import as_json, sort_by_field
from web.clinic.scene_fields import BAND_NAMES
from web.clinic.scene_form import Form, NotFormable
from web.clinic.scene_sections import list_sections
from web.pages.whole_numbers import is_number, read_number
from web.rehearsal.house import House

Page = str | tuple[str, int] | AnyResponse


def add_draft_pages(pages: Blueprint, house: House, limiter: Limiter) -> None:
    """Add the pages of a draft to the blueprint of authoring."""

    @pages.get("/authoring/<scene_id>/sections/<key>")
    def show_section(scene_id: str, key: str) -> Page:
        try:
            return draw(scene_id, draw_section(house, scene_id, key))
        except NotFormable:
            return redirect(url_for("authoring.show_text", scene_id=scene_id, only=1), 303)

    @pages.post("/authoring/<scene_id>/sections/<key>")
    @limiter.limit(REPLY_LIMIT)
    def keep_section(scene_id: str, key: str) -> Page:
        try:
            if request.form.get("act") == "check":
                return draw(scene_id, try_section(house, scene_id, key, read_posted()), checked=True)
            unkept = save_section(house, scene_id, key, read_posted())
        except NotFormable:
            return redirect(url_for("authoring.show_text", scene_id=scene_id, only=1), 303)
        except Refused as fault:
            return draw(scene_id, try_section(house, scene_id, key, read_posted()), sentence=str(fault.sentence)), fault.status
        if unkept is not None:
            return draw(scene_id, unkept), 409
        here = url_for("authoring.show_section", scene_id=scene_id, key=key, kept=1)
        further = request.form.get("then", "")
        return redirect(url_for("authoring.show_section", scene_id=scene_id, key=further) if further else here, 303)

    @pages.post("/authoring/<scene_id>/sections/<key>/check")
    @limiter.limit(REPLY_LIMIT)
    def check_section(scene_id: str, key: str) -> Response:
        """Faults of what is typed at this moment, as JSON; nothing is kept."""
        try:
            drawn = try_section(house, scene_id, key, read_posted())
        except NotFormable:
            return jsonify({"fields": {}, "here": 0, "elsewhere": 1})
        return jsonify(as_json(drawn.told, drawn.section, drawn.filled))

    @pages.get("/authoring/<scene_id>/text")
    def show_text(scene_id: str) -> str:
        return draw_whole(scene_id)

    @pages.post("/authoring/<scene_id>/text")
    @limiter.limit(REPLY_LIMIT)
    def keep_text(scene_id: str) -> Page:
        typed = request.form.get("text", "")
        if request.form.get("act") == "check":
            return draw_whole(scene_id, typed=typed)
        revision = request.form.get("revision", "")
        try:
            save_text(house, scene_id, typed, read_number(revision) if is_number(revision) else 0)
        except Refused as fault:
            return draw_whole(scene_id, typed=typed, sentence=str(fault.sentence), conflict=fault.status == 409), fault.status
        return redirect(url_for("authoring.show_text", scene_id=scene_id, kept=1), 303)

    @pages.post("/authoring/<scene_id>/text/check")
    @limiter.limit(REPLY_LIMIT)
    def check_text(scene_id: str) -> Response:
        """Faults of the text as it is typed at this moment, as JSON; nothing is kept."""
        told = draw_text(house, scene_id, request.form.get("text", "")).told
        lines = [{"line": each.line, "key": each.key, "problem": each.problem, "remedy": each.remedy} for each in told]
        return jsonify({"fields": {"": lines}, "here": len(lines), "elsewhere": 0})

    def draw(scene_id: str, drawn: Drawn, *, sentence: str = "", checked: bool = False) -> str:
        sections = list_sections(drawn.value)
        place = [section.key for section in sections].index(drawn.section.key)
        return render_template(
            "clinic/authoring_section.html",
            scene_id=scene_id,
            drawn=drawn,
            section=drawn.section,
            before=sections[place - 1] if place else None,
            after=sections[place + 1] if place + 1 < len(sections) else None,
            faults=sort_by_field(drawn.told, drawn.section, drawn.filled),
            bands=BAND_NAMES,
            skills={key: entry.name for key, entry in house.wording.criteria.items()},
            sentence=sentence,
            checked=checked,
            kept="kept" in request.args,
        )

    def draw_whole(scene_id: str, *, typed: str | None = None, sentence: str = "", conflict: bool = False) -> str:
        return render_template(
            "clinic/authoring_text.html",
            scene_id=scene_id,
            draft=draw_text(house, scene_id, typed),
            theirs=draw_text(house, scene_id).text if conflict else None,
            sentence=sentence,
            only="only" in request.args,
            kept="kept" in request.args,
            checked=typed is not None,
        )


def read_posted() -> Form:
    """The form of this request with every value of every name: boxes that are ticked share one."""
    return Form(request.form.to_dict(flat=False))
