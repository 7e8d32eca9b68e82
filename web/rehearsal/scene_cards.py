"""Scenes as shapes, with the names of the skills they practise."""

from __future__ import annotations

from dataclasses import asdict

from flask_babel import gettext as _

from data.scenarios.clinic_file import is_clinic_id
from web.database.tables import Attempt
from web.rehearsal.catalogue import SceneCard
from web.rehearsal.house import House
from web.rehearsal.shapes import DrillShape, PartnerShape, SceneShape


def find_card(house: House, attempt: Attempt) -> SceneCard:
    """The card of an attempt's scene; a plain one when the scene's file has been taken away since."""
    if attempt.kind == "drill":
        for drill in house.catalogue.list_drills():
            if drill.skill == attempt.scene_id:
                return _make_plain_card(attempt, drill.title, drill.intro)
    card = house.catalogue.find(attempt.scene_id, attempt.scene_version)
    return card or _make_plain_card(attempt, _("A scene that is no longer offered"), "")


def list_offered(house: House, role: str) -> list[SceneCard]:
    """The scenes offered to somebody: those the clinic wrote are for its own people, not for guests."""
    return [card for card in house.catalogue.list_cards() if role != "guest" or not is_clinic_id(card.id)]


def _make_plain_card(attempt: Attempt, title: str, setting: str) -> SceneCard:
    return SceneCard(
        id=attempt.scene_id,
        version=attempt.scene_version,
        title=title,
        summary="",
        setting=setting,
        goal="",
        partner=None,
        content_notes=(),
        power="equal",
        aims=(),
        listening=False,
        levels=(),
    )


def draw_scene(house: House, card: SceneCard) -> SceneShape:
    return SceneShape(
        id=card.id,
        version=card.version,
        title=card.title,
        summary=card.summary,
        setting=card.setting,
        goal=card.goal,
        partner=None if card.partner is None else PartnerShape(**asdict(card.partner)),
        content_notes=card.content_notes,
        power=card.power,
        skills=tuple(house.wording.criteria[key].name for key in card.aims),
        listening=card.listening,
        levels=card.levels,
        locale=card.locale,
    )


def draw_drills(house: House) -> tuple[DrillShape, ...]:
    return tuple(DrillShape(skill=card.skill, title=card.title, intro=card.intro) for card in house.catalogue.list_drills())
