"""A clinic that has one of everything an address can name, and everybody who may come by."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from tests.web.browser import Browser, new_id
from tests.web.clinic.authoring_desk import begin_copy, publish
from tests.web.clinic.conftest import Someone
from tests.web.clinic.homework_forms import fill_form, post
from tests.web.clinic.leaving_client import fill, give_passphrase
from tests.web.clinic.steps import ALL_PARTS, share
from web.database.clinic_tables import Assignment, AssignmentItem, Comment, HomeworkTemplate, Invitation
from web.database.tables import BrowserSession, Turn
from web.rehearsal.house import House

TAG = "tawnyowl"
"""Stands in every word that Mika typed or was written."""


@dataclass
class World:
    """`ids`: what the parameters of addresses stand for, all of it Mika's or, where a client has no such thing, Noor's."""

    ids: dict[str, str] = field(default_factory=dict)
    former_share: str = ""
    """What Mika shared with the clinician whose care has ended."""
    people: dict[str, Browser] = field(default_factory=dict)


def make_world(
    house: House, new_browser, mika: Someone, noor: Someone, admin: Someone, others: dict[str, Someone], former: Someone
) -> World:
    """`former` must have Mika in their care when this begins; the care is ended here, by their own page."""
    world = World()
    made = fill(house, mika, noor, TAG)
    for someone in (noor, admin, former, *others.values()):
        give_passphrase(house, someone)
        someone.browser.open("/account")
    mika.browser.open("/scenes")
    world.former_share = share(mika, made.finished, former, **ALL_PARTS)
    former.browser.open("/caseload")
    assert former.browser.post_form(f"/clients/{mika.id}/care/end").status_code == 303
    group_id, template = new_id(), new_id()
    assert noor.browser.post_form("/groups", form_id=group_id, name=f"group-{TAG}").status_code == 303
    assert noor.browser.post_form(f"/groups/{group_id}/members", client=mika.id).status_code == 303
    given = fill_form({"scene": "S17"}, note=f"group-note-{TAG}")
    assert post(noor, f"/groups/{group_id}/homework/new", given).status_code == 303
    kept = {
        **fill_form({"scene": "S17"}, template_name=f"template-{TAG}", note=f"template-note-{TAG}"),
        "act": "template",
        "form_id": template,
    }
    assert post(noor, f"/clients/{mika.id}/homework/new", kept).status_code in (200, 303)
    scene_id = begin_copy(noor)
    assert publish(noor, house.database, scene_id).status_code == 303
    assert noor.browser.post_form(f"/authoring/{scene_id}/draft", version="1").status_code == 303
    with house.database.reading() as session:
        turns = session.scalars(select(Turn.id).where(Turn.attempt_id == made.finished, Turn.kind == "speech").order_by(Turn.number))
        item = session.scalars(select(AssignmentItem.id).where(AssignmentItem.assignment_id == made.assignment)).one()
        batch = session.scalars(select(Assignment.batch_id).where(Assignment.group_id == group_id)).one()
        template_id = session.scalars(select(HomeworkTemplate.id)).one()
        invitation = session.scalars(select(Invitation.id)).first()
        comment = session.scalars(select(Comment.id).where(Comment.share_id == made.share)).one()
        session_id = session.scalars(select(BrowserSession.id).where(BrowserSession.person_id == mika.id)).first()
        world.ids = {
            "attempt_id": made.finished,
            "turn_id": list(turns)[-1],
            "share_id": made.share,
            "comment_id": comment,
            "assignment_id": made.assignment,
            "item_id": item,
            "client_id": mika.id,
            "clinician_id": noor.id,
            "group_id": group_id,
            "batch_id": batch,
            "template_id": template_id,
            "invitation_id": invitation or "",
            "browser_session_id": session_id or "",
            "person_id": noor.id,
            "scene_id": scene_id,
            "version": "1",
            "key": "about",
            "kind": "feeling",
            "token": "no-such-invitation",
            "receipt_id": new_id(),
            "filename": "practice.css",
        }
    world.people = {
        "nobody": new_browser(),
        "guest": new_browser().be_guest(),
        "mika": mika.browser,
        "noor": noor.browser,
        "admin": admin.browser,
        "former": former.browser,
        **{name: someone.browser for name, someone in others.items()},
    }
    world.people["nobody"].open("/")
    return world


def fill_address(pattern: str, ids: dict[str, str]) -> str:
    """The address of a route's pattern. Raises KeyError for a parameter that nobody made an object for."""
    parts = []
    for part in pattern.split("/"):
        parts.append(ids[part[1:-1].split(":")[-1]] if part.startswith("<") else part)
    return "/".join(parts)
