"""Scenes as shapes, with the names of the skills they practise."""

from __future__ import annotations

from flask_babel import gettext as _

from web.database.tables import Attempt
from web.rehearsal.catalogue import PartnerCard, SceneCard
from web.rehearsal.house import House
from web.rehearsal.shapes import PartnerShape, SceneShape


def find_card(house: House, attempt: Attempt) -> SceneCard:
    """The card of an attempt's scene; a plain one when the scene's file has been taken away since."""
    card = house.catalogue.find(attempt.scene_id)
    if card is not None:
        return card
    return SceneCard(
        id=attempt.scene_id,
        version=attempt.scene_version,
        title=_("A scene that is no longer offered"),
        summary="",
        setting="",
        goal="",
        partner=PartnerCard(_("Your partner"), 18, "they/them", ""),
        content_notes=(),
        power="equal",
        aims=(),
        listening=False,
        levels=(),
    )


def draw_scene(house: House, card: SceneCard) -> SceneShape:
    partner = card.partner
    return SceneShape(
        id=card.id,
        version=card.version,
        title=card.title,
        summary=card.summary,
        setting=card.setting,
        goal=card.goal,
        partner=PartnerShape(name=partner.name, age=partner.age, pronouns=partner.pronouns, relationship=partner.relationship),
        content_notes=card.content_notes,
        power=card.power,
        skills=tuple(house.wording.criteria[key].name for key in card.aims),
        listening=card.listening,
        levels=card.levels,
    )
