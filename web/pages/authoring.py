"""The clinic's own scenes: the list, one scene with its versions, beginning, taking in, handing out. Every clinician may do all of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter import Limiter
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.refusals import Refused
from web.api.routes import START_LIMIT
from web.clinic.authoring import ImportRefused, begin_scene, draw_text, find_source, import_scene, list_sources
from web.clinic.scene_checks import Told, count_by_section
from web.clinic.scene_sections import list_sections
from web.clinic.scene_text import read_head, read_value
from web.clinic.scene_versions import (
    archive,
    begin_draft,
    discard_draft,
    find_version,
    list_clinic_scenes,
    list_versions,
    offer_again,
    publish,
)
from web.pages.authoring_draft import add_draft_pages
from web.pages.authoring_preview import add_preview_pages
from web.pages.whole_numbers import read_number
from web.rehearsal.house import House

Page = str | tuple[str, int] | AnyResponse


def make_authoring_pages(house: House, limiter: Limiter) -> Blueprint:
    pages = Blueprint("authoring", __name__)

    @pages.get("/authoring")
    def show() -> str:
        return draw_all()

    @pages.post("/authoring/new")
    @limiter.limit(START_LIMIT)
    def make() -> Page:
        version = request.form.get("version", "")
        text = find_source(house, request.form.get("source", ""), read_number(version) if version else None)
        scene_id = begin_scene(house, text, by_id=visitor_here().person_id)
        return redirect(url_for("authoring.show_scene", scene_id=scene_id, done="begun"), 303)

    @pages.post("/authoring/import")
    @limiter.limit(START_LIMIT)
    def take_in() -> Page:
        upload = request.files.get("file")
        pasted = request.form.get("text", "")
        content = upload.read() if upload is not None and upload.filename else pasted.encode("utf-8", "replace")
        try:
            scene_id = import_scene(house, content, by_id=visitor_here().person_id)
        except Refused as fault:
            told = fault.told if isinstance(fault, ImportRefused) else []
            return draw_all(sentence=str(fault.sentence), told=told, pasted=pasted), fault.status
        return redirect(url_for("authoring.show_scene", scene_id=scene_id, done="imported"), 303)

    @pages.get("/authoring/<scene_id>")
    def show_scene(scene_id: str) -> str:
        return draw_scene(scene_id)

    @pages.post("/authoring/<scene_id>/draft")
    def draft(scene_id: str) -> Page:
        def act() -> str:
            with house.database.writing() as session:
                version, me = read_number(request.form.get("version", "")), visitor_here().person_id
                begin_draft(session, house.audit, scene_id, version, by_id=me, now=house.now())
            return "begun"

        return do(scene_id, act)

    @pages.post("/authoring/<scene_id>/publish")
    def publish_draft(scene_id: str) -> Page:
        def act() -> str:
            with house.database.writing() as session:
                revision, me = read_number(request.form.get("revision", "")), visitor_here().person_id
                publish(session, house.audit, house.own.folder, scene_id, revision=revision, by_id=me, now=house.now())
            return "published"

        return do(scene_id, act)

    @pages.post("/authoring/<scene_id>/archive")
    def take_out(scene_id: str) -> Page:
        def act() -> str:
            with house.database.writing() as session:
                archive(session, house.audit, scene_id, by_id=visitor_here().person_id, now=house.now())
            return "archived"

        return do(scene_id, act)

    @pages.post("/authoring/<scene_id>/versions/<int:version>/offer")
    def offer(scene_id: str, version: int) -> Page:
        def act() -> str:
            with house.database.writing() as session:
                offer_again(session, house.audit, house.own.folder, scene_id, version, by_id=visitor_here().person_id, now=house.now())
            return "published"

        return do(scene_id, act)

    @pages.post("/authoring/<scene_id>/discard")
    def discard(scene_id: str) -> Page:
        try:
            with house.database.writing() as session:
                revision, me = read_number(request.form.get("revision", "")), visitor_here().person_id
                discard_draft(session, house.audit, scene_id, revision=revision, by_id=me, now=house.now())
        except Refused as fault:
            return draw_scene(scene_id, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("authoring.show", done="discarded"), 303)

    @pages.get("/authoring/<scene_id>/versions/<int:version>/scene.yml")
    def hand_out(scene_id: str, version: int) -> Response:
        """The YAML as `data/scenarios` has it; the file's name tells the id, nothing else."""
        with house.database.reading() as session:
            row = find_version(session, scene_id, version)
            text, locale = row.content or "", row.locale
        name = f"{scene_id}.yml" if locale == "en" or not locale.replace("-", "").isalnum() else f"{scene_id}.{locale}.yml"
        response = Response(text, mimetype="application/yaml")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def do(scene_id: str, act: Callable[[], str]) -> Page:
        try:
            done = act()
        except Refused as fault:
            return draw_scene(scene_id, sentence=str(fault.sentence)), fault.status
        house.own.refresh()
        house.own.keep_files_right()
        return redirect(url_for("authoring.show_scene", scene_id=scene_id, done=done), 303)

    def draw_all(*, sentence: str = "", told: list[Told] | None = None, pasted: str = "") -> str:
        with house.database.reading() as session:
            scenes = list_clinic_scenes(session)
        return render_template(
            "clinic/authoring_list.html",
            title=_("Write scenes"),
            scenes=scenes,
            sources=list_sources(house),
            sentence=sentence,
            told=told or [],
            pasted=pasted,
            done=request.args.get("done"),
        )

    def draw_scene(scene_id: str, *, sentence: str = "") -> str:
        with house.database.reading() as session:
            versions = list_versions(session, scene_id)
            title = read_head(find_version(session, scene_id, versions[0].version).content or "", "title")
        is_draft = versions[0].status == "draft"
        text = draw_text(house, scene_id) if is_draft else None
        value = None if text is None else read_value(text.text)
        return render_template(
            "clinic/authoring_scene.html",
            scene_id=scene_id,
            scene_title=title,
            versions=versions,
            text=text,
            sections=() if value is None else list_sections(value),
            is_talk=value is not None and value.get("kind") != "reflection",
            is_yaml=value is not None,
            counts={} if text is None else count_by_section(text.told),
            sentence=sentence,
            done=request.args.get("done"),
        )

    add_draft_pages(pages, house, limiter)
    add_preview_pages(pages, house, limiter)
    return pages
