"""The clinician's pages of groups: who is in them, and the homework they were given. A client never sees any of this."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.refusals import Refused
from web.clinic.assigning import check_form_id
from web.clinic.care import list_cared_for
from web.clinic.groups import add_member, erase_group, list_groups, make_group, remove_member, rename_group, show_group
from web.clinic.homework_states import AssignmentState, list_states
from web.clinic.scene_search import name_item
from web.rehearsal.house import House

Page = str | tuple[str, int] | AnyResponse


def make_group_pages(house: House) -> Blueprint:
    pages = Blueprint("groups", __name__)

    @pages.get("/groups")
    def show() -> str:
        return draw_all()

    @pages.post("/groups")
    def make() -> Page:
        try:
            with house.database.writing() as session:
                form_id = check_form_id(request.form.get("form_id", ""))
                name = request.form.get("name", "")
                me = visitor_here().person_id
                group_id = make_group(session, house.audit, clinician_id=me, name=name, form_id=form_id, now=house.now())
        except Refused as fault:
            return draw_all(sentence=str(fault.sentence)), fault.status
        return redirect(url_for("groups.show_one", group_id=group_id), 303)

    @pages.get("/groups/<group_id>")
    def show_one(group_id: str) -> str:
        return draw_one(group_id)

    @pages.post("/groups/<group_id>/rename")
    def rename(group_id: str) -> Page:
        return do(group_id, "renamed", rename_group, name=request.form.get("name", ""))

    @pages.post("/groups/<group_id>/members")
    def add(group_id: str) -> Page:
        return do(group_id, "added", add_member, client_id=request.form.get("client", ""))

    @pages.post("/groups/<group_id>/members/<client_id>/remove")
    def remove(group_id: str, client_id: str) -> Page:
        return do(group_id, "removed", remove_member, client_id=client_id)

    @pages.post("/groups/<group_id>/erase")
    def erase(group_id: str) -> AnyResponse:
        with house.database.writing() as session:
            erase_group(session, house.audit, clinician_id=visitor_here().person_id, group_id=group_id, now=house.now())
        house.database.forget_freed_pages()
        return redirect(url_for("groups.show", done="erased"), 303)

    def do(group_id: str, done: str, act: Callable[..., None], **what: str) -> Page:
        try:
            with house.database.writing() as session:
                act(session, house.audit, clinician_id=visitor_here().person_id, group_id=group_id, now=house.now(), **what)
        except Refused as fault:
            return draw_one(group_id, sentence=str(fault.sentence)), fault.status
        return redirect(url_for("groups.show_one", group_id=group_id, done=done), 303)

    def draw_all(*, sentence: str = "") -> str:
        with house.database.reading() as session:
            groups = list_groups(session, visitor_here().person_id)
        return render_template(
            "clinic/groups.html",
            groups=groups,
            form_id=request.form.get("form_id") or secrets.token_hex(16),
            name=request.form.get("name", ""),
            sentence=sentence,
            done=request.args.get("done", ""),
        )

    def draw_one(group_id: str, *, sentence: str = "") -> str:
        me = visitor_here().person_id
        with house.database.reading() as session:
            group = show_group(session, me, group_id)
            cared_for = list_cared_for(session, me)
            batches = list_batches(session, me, group_id)
        inside = {member.client_id for member in group.members}
        return render_template(
            "clinic/group.html",
            group=group,
            others=[one for one in cared_for if one.client_id not in inside],
            labels={one.client_id: one.label for one in cared_for},
            batches=batches,
            name_item=lambda kind, scene_id: name_item(house, kind, scene_id),
            sentence=sentence,
            done=request.args.get("done", ""),
        )

    def list_batches(session: Session, clinician_id: str, group_id: str) -> list[list[AssignmentState]]:
        """What was given to the group and not withdrawn, form by form, the newest first."""
        batches: dict[str, list[AssignmentState]] = {}
        for state in list_states(session, clinician_id, house.now()):
            if state.group_id == group_id:
                batches.setdefault(state.batch_id, []).append(state)
        return list(batches.values())

    return pages
