"""The clinic's wording: ours beside its own, changed one text at a time, each back to ours with one click."""

from __future__ import annotations

import json
import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.clinic.clinic_wording import KINDS, LONGEST_MESSAGE, Kind, change_wording, list_entries, reset_wording
from web.clinic.scene_refusals import BadWording
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

Page = str | tuple[str, int] | AnyResponse
LINE_FIELDS = ("name", "kind", "phone", "text", "url", "hours", "source", "checked_on")


def make_clinic_words_pages(house: House) -> Blueprint:
    pages = Blueprint("clinic_words", __name__)

    @pages.get("/authoring/wording")
    def show() -> AnyResponse:
        return redirect(url_for("clinic_words.show_kind", kind="feedback"), 303)

    @pages.get("/authoring/wording/<kind>")
    def show_kind(kind: str) -> str:
        return draw(read_kind(kind))

    @pages.post("/authoring/wording/<kind>")
    def change(kind: str) -> Page:
        known = read_kind(kind)
        key = request.form.get("key", "") or f"line.{secrets.token_hex(4)}"
        text = read_line() if known == "help" else request.form.get("words", "")
        try:
            with house.database.writing() as session:
                change_wording(
                    session,
                    house.audit,
                    house.own.wording,
                    known,
                    key,
                    text,
                    locale=house.own.find_locale(known),
                    by_id=visitor_here().person_id,
                    now=house.now(),
                )
        except BadWording as fault:
            return draw(known, at=key, typed=text, why=fault.why), fault.status
        house.own.refresh()
        return redirect(url_for("clinic_words.show_kind", kind=known, done=key, _anchor=f"w-{key}"), 303)

    @pages.post("/authoring/wording/<kind>/reset")
    def reset(kind: str) -> Page:
        known, key = read_kind(kind), request.form.get("key", "")
        with house.database.writing() as session:
            reset_wording(
                session, house.audit, known, key, locale=house.own.find_locale(known), by_id=visitor_here().person_id, now=house.now()
            )
        house.own.refresh()
        return redirect(url_for("clinic_words.show_kind", kind=known, done=key, _anchor=f"w-{key}"), 303)

    def read_kind(kind: str) -> Kind:
        for known in KINDS:
            if known == kind:
                return known
        raise NotFound

    def read_line() -> str:
        """The form of a help line as the JSON that the reader of help files takes."""
        line: dict[str, object] = {name: request.form.get(name, "").strip() for name in LINE_FIELDS}
        languages = request.form.get("languages", "").split(",")
        return json.dumps(line | {"languages": [one.strip() for one in languages if one.strip()]})

    def draw(kind: Kind, *, at: str = "", typed: str = "", why: str = "") -> str:
        with house.database.reading() as session:
            entries = list_entries(session, house.own.wording, kind, house.own.find_locale(kind))
        return render_template(
            "clinic/authoring_words.html",
            title=_("Wording of the clinic"),
            kind=kind,
            kinds=KINDS,
            entries=entries,
            lines={entry.key: json.loads(entry.own or "{}") for entry in entries} if kind == "help" else {},
            typed_line=json.loads(typed) if kind == "help" and typed else {},
            operator_lines=house.own.help_book.resources,
            at=at,
            typed=typed,
            why=why,
            done=request.args.get("done"),
            longest=LONGEST_MESSAGE,
        )

    return pages
