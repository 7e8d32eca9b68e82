"""The clinician's pages of homework: what a client was given, choosing scenes, the form, changing and withdrawing; templates."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from web.access.gate import visitor_here
from web.access.permissions import find_given_assignment
from web.access.refusals import Refused
from web.clinic.assigning import assign, change, check_form_id, find_first_day, list_batch, may_set_goals, read_plan, withdraw
from web.clinic.care import find_cared_for
from web.clinic.groups import show_group
from web.clinic.homework_plan import Draft, Offered, add_chosen, check_draft, draft_from, find_offered
from web.clinic.homework_states import list_client_states
from web.clinic.scene_search import find_scenes, list_levels, list_skills, name_item
from web.clinic.templates_of_homework import erase_template, find_template, keep_template, list_templates
from web.database.clinic_tables import Assignment
from web.pages.homework_forms import read_added, read_draft
from web.rehearsal.faults import NotFound
from web.rehearsal.house import House

Page = str | tuple[str, int] | AnyResponse


@dataclass(frozen=True)
class Recipient:
    """Who gets homework: one client, or everyone in a group now."""

    kind: str
    id: str
    label: str
    client_ids: tuple[str, ...]

    @property
    def where(self) -> dict[str, Any]:
        """The part of the address that names them."""
        return {f"{self.kind}_id": self.id}


def make_assigning_pages(house: House) -> Blueprint:
    pages = Blueprint("assigning", __name__)

    def list_offered() -> Offered:
        return find_offered(house.catalogue, house.wording)

    @pages.get("/clients/<client_id>/homework")
    def show(client_id: str) -> str:
        me = visitor_here().person_id
        with house.database.writing() as session:
            client = find_client(session, client_id)
            house.audit.record(
                session, "client_page_read", now=house.now(), actor_id=me, subject_id=client_id, object_id=None, detail="homework"
            )
            states = list_client_states(session, me, client_id, house.now())
            templates = list_templates(session, me, find_first_day(house, session, [client_id]))
        return render_template(
            "clinic/given.html",
            client=client,
            states=states,
            templates=templates,
            name_item=tell_title,
            skill_name=tell_skill,
            done=request.args.get("done", ""),
        )

    @pages.get("/clients/<client_id>/homework/choose", defaults={"group_id": None})
    @pages.get("/groups/<group_id>/homework/choose", defaults={"client_id": None})
    @pages.post("/clients/<client_id>/homework/choose", defaults={"group_id": None})
    @pages.post("/groups/<group_id>/homework/choose", defaults={"client_id": None})
    def choose(client_id: str | None, group_id: str | None) -> str:
        """What is searched and ticked comes by POST: an address with it would tell history and logs what a client is to practise."""
        asked = request.form
        ticked = set(asked.getlist("scene")) | set(asked.getlist("drill"))
        with house.database.reading() as session:
            to = find_recipient(session, client_id, group_id)
        found = find_scenes(house, words=asked.get("q", ""), skill=asked.get("skill", ""), level=asked.get("level", ""))
        kept = [one for one in find_scenes(house) if one.id in ticked]
        shown = kept + [one for one in found if one.id not in ticked]
        return render_template(
            "clinic/choose_scenes.html",
            to=to,
            shown=shown,
            ticked=ticked,
            found=len(found),
            asked=asked,
            skills=list_skills(house),
            levels=list_levels(house),
        )

    @pages.get("/clients/<client_id>/homework/new", defaults={"group_id": None})
    @pages.get("/groups/<group_id>/homework/new", defaults={"client_id": None})
    def compose(client_id: str | None, group_id: str | None) -> str:
        with house.database.reading() as session:
            to = find_recipient(session, client_id, group_id)
            draft = Draft()
            if "template" in request.args:
                today = find_first_day(house, session, list(to.client_ids))
                template = find_template(session, visitor_here().person_id, request.args["template"], today)
                draft = draft_from(template.plan)
            return draw_form(session, to, draft, told="template" if "kept" in request.args else "")

    @pages.post("/clients/<client_id>/homework/new", defaults={"group_id": None})
    @pages.post("/groups/<group_id>/homework/new", defaults={"client_id": None})
    def give(client_id: str | None, group_id: str | None) -> Page:
        me = visitor_here().person_id
        draft = read_draft(request.form)
        with house.database.reading() as session:
            to = find_recipient(session, client_id, group_id)
            if request.form.get("act") == "begin":
                return draw_form(session, to, add_chosen(Draft(), request.form.getlist("scene"), request.form.getlist("drill")))
            if request.form.get("act") == "add":
                return draw_form(session, to, add_chosen(draft, *read_added(request.form)))
        try:
            form_id = check_form_id(request.form.get("form_id", ""))
            plan = check_draft(draft, list_offered())
            if request.form.get("act") == "template":
                return keep_as_template(to, draft, form_id)
            assign(house, clinician_id=me, client_ids=list(to.client_ids), plan=plan, form_id=form_id, group_id=group_id)
        except Refused as fault:
            with house.database.reading() as session:
                return draw_form(session, to, draft, sentence=str(fault.sentence)), fault.status
        return redirect(go_to(to, done="given"), 303)

    @pages.get("/clients/<client_id>/homework/<assignment_id>/change")
    def show_change(client_id: str, assignment_id: str) -> str:
        with house.database.reading() as session:
            to = find_recipient(session, client_id, None)
            assignment = find_given(session, client_id, assignment_id)
            return draw_form(session, to, draft_from(read_plan(session, assignment)), changing=assignment_id)

    @pages.post("/clients/<client_id>/homework/<assignment_id>/change")
    def keep_change(client_id: str, assignment_id: str) -> Page:
        with house.database.reading() as session:
            to = find_recipient(session, client_id, None)
            find_given(session, client_id, assignment_id)
        return change_by_form(to, [assignment_id], assignment_id)

    @pages.post("/clients/<client_id>/homework/<assignment_id>/withdraw")
    def take_back(client_id: str, assignment_id: str) -> AnyResponse:
        with house.database.reading() as session:
            find_client(session, client_id)
            find_given(session, client_id, assignment_id, withdrawn_too=True)
        withdraw(house, clinician_id=visitor_here().person_id, assignment_ids=[assignment_id])
        return redirect(url_for("assigning.show", client_id=client_id, done="withdrawn"), 303)

    @pages.get("/groups/<group_id>/homework/<batch_id>/change")
    def show_group_change(group_id: str, batch_id: str) -> str:
        with house.database.reading() as session:
            to, batch = find_batch(session, group_id, batch_id)
            return draw_form(session, to, draft_from(read_plan(session, batch[0])), changing=batch_id)

    @pages.post("/groups/<group_id>/homework/<batch_id>/change")
    def keep_group_change(group_id: str, batch_id: str) -> Page:
        with house.database.reading() as session:
            to, batch = find_batch(session, group_id, batch_id)
        return change_by_form(to, [assignment.id for assignment in batch], batch_id)

    @pages.post("/groups/<group_id>/homework/<batch_id>/withdraw")
    def take_back_from_group(group_id: str, batch_id: str) -> AnyResponse:
        with house.database.reading() as session:
            to, batch = find_batch(session, group_id, batch_id)
        withdraw(house, clinician_id=visitor_here().person_id, assignment_ids=[assignment.id for assignment in batch])
        return redirect(go_to(to, done="withdrawn"), 303)

    @pages.get("/homework-templates")
    def show_templates() -> str:
        me = visitor_here().person_id
        with house.database.reading() as session:
            templates = list_templates(session, me, find_first_day(house, session, []))
        return render_template(
            "clinic/homework_templates.html", templates=templates, name_item=tell_title, done=request.args.get("done", "")
        )

    @pages.post("/homework-templates/<template_id>/erase")
    def erase_one_template(template_id: str) -> AnyResponse:
        with house.database.writing() as session:
            erase_template(session, clinician_id=visitor_here().person_id, template_id=template_id)
        house.database.forget_freed_pages()
        return redirect(url_for("assigning.show_templates", done="erased"), 303)

    def change_by_form(to: Recipient, assignment_ids: list[str], changing: str) -> Page:
        draft = read_draft(request.form)
        try:
            if request.form.get("act") == "add":
                with house.database.reading() as session:
                    return draw_form(session, to, add_chosen(draft, *read_added(request.form)), changing=changing)
            if request.form.get("act") == "template":
                return keep_as_template(to, draft, check_form_id(request.form.get("form_id", "")))
            plan = check_draft(draft, list_offered())
            change(house, clinician_id=visitor_here().person_id, assignment_ids=assignment_ids, plan=plan)
        except Refused as fault:
            with house.database.reading() as session:
                return draw_form(session, to, draft, sentence=str(fault.sentence), changing=changing), fault.status
        return redirect(go_to(to, done="changed"), 303)

    def keep_as_template(to: Recipient, draft: Draft, form_id: str) -> AnyResponse:
        me = visitor_here().person_id
        with house.database.writing() as session:
            today = find_first_day(house, session, list(to.client_ids))
            plan, name = check_draft(draft, list_offered()), request.form.get("template_name", "")
            template_id = keep_template(session, clinician_id=me, form_id=form_id, name=name, plan=plan, today=today, now=house.now())
        return redirect(url_for("assigning.compose", template=template_id, kept=1, **to.where), 303)

    def draw_form(session: Session, to: Recipient, draft: Draft, *, sentence: str = "", changing: str = "", told: str = "") -> str:
        may_goal = may_set_goals(session, visitor_here().person_id, list(to.client_ids))
        goal_left_out = not may_goal and not sentence and any(item.skill for item in draft.items)
        if not may_goal:
            draft = replace(draft, items=tuple(replace(item, skill="") for item in draft.items))
        return render_template(
            "clinic/homework_form.html",
            to=to,
            draft=draft,
            cards={item.scene_id: house.catalogue.find(item.scene_id) for item in draft.items},
            name_item=tell_title,
            choices=find_scenes(house),
            skills=list_offered().list_skills(),
            may_goal=may_goal,
            goal_left_out=goal_left_out,
            templates=list_templates(session, visitor_here().person_id, find_first_day(house, session, list(to.client_ids))),
            form_id=request.form.get("form_id") or secrets.token_hex(16),
            template_name=request.form.get("template_name", ""),
            sentence=sentence,
            changing=changing,
            told=told,
        )

    def go_to(to: Recipient, *, done: str) -> str:
        endpoint = "assigning.show" if to.kind == "client" else "groups.show_one"
        return url_for(endpoint, **to.where, done=done)

    def find_client(session: Session, client_id: str) -> Recipient:
        found = find_cared_for(session, clinician_id=visitor_here().person_id, client_id=client_id)
        if found is None:
            raise NotFound
        return Recipient("client", client_id, found.label, (client_id,))

    def find_recipient(session: Session, client_id: str | None, group_id: str | None) -> Recipient:
        if client_id is not None:
            return find_client(session, client_id)
        group = show_group(session, visitor_here().person_id, group_id or "")
        return Recipient("group", group.id, group.name, tuple(member.client_id for member in group.members))

    def find_given(session: Session, client_id: str, assignment_id: str, *, withdrawn_too: bool = False) -> Assignment:
        assignment = find_given_assignment(session, clinician_id=visitor_here().person_id, assignment_id=assignment_id)
        if assignment is None or assignment.client_id != client_id or (assignment.withdrawn_at is not None and not withdrawn_too):
            raise NotFound
        return assignment

    def find_batch(session: Session, group_id: str, batch_id: str) -> tuple[Recipient, list[Assignment]]:
        to = find_recipient(session, None, group_id)
        batch = list_batch(session, clinician_id=visitor_here().person_id, group_id=group_id, batch_id=batch_id)
        if not batch:
            raise NotFound
        return to, batch

    def tell_skill(key: str) -> str:
        return dict(list_offered().list_skills()).get(key, key)

    def tell_title(kind: str, scene_id: str) -> str:
        return name_item(house, kind, scene_id)

    return pages
