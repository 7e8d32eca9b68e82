"""Scenes and drills to choose homework from: found by words of their title, by skill and by how the partner may be at the start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flask_babel import gettext as _

from web.rehearsal.catalogue import SceneCard
from web.rehearsal.house import House


@dataclass(frozen=True)
class Found:
    """One scene or drill to tick."""

    kind: Literal["scene", "drill"]
    id: str
    title: str
    summary: str
    skills: tuple[str, ...]
    levels: tuple[str, ...]
    content_notes: tuple[str, ...]
    reflection: bool = False


def find_scenes(house: House, *, words: str = "", skill: str = "", level: str = "") -> list[Found]:
    """Scenes first, then drills. All of `words` must stand in title, summary, skills or content notes; empty means everything."""
    found = [_draw_scene(house, card) for card in house.catalogue.list_cards() if _fits(card, skill, level)]
    if not level:
        for drill in house.catalogue.list_drills():
            if skill in ("", drill.skill):
                found.append(Found("drill", drill.skill, drill.title, drill.intro, (_name_skill(house, drill.skill),), (), ()))
    wanted = words.casefold().split()
    return [one for one in found if all(_stands_in(word, one) for word in wanted)]


def list_skills(house: House) -> list[tuple[str, str]]:
    """Key and name of every skill that some scene or drill trains."""
    trained = {key for card in house.catalogue.list_cards() for key in card.aims} | {drill.skill for drill in house.catalogue.list_drills()}
    return [(key, entry.name) for key, entry in house.wording.criteria.items() if key in trained]


def list_levels(house: House) -> list[str]:
    levels = [level for card in house.catalogue.list_cards() for level in card.levels]
    return list(dict.fromkeys(levels))


def name_item(house: House, kind: str, scene_id: str) -> str:
    """The title of a scene or a drill; of one that was taken away since, that it was."""
    if kind == "drill":
        for drill in house.catalogue.list_drills():
            if drill.skill == scene_id:
                return drill.title
    card = house.catalogue.find(scene_id)
    return _("A scene that is no longer offered") if card is None else card.title


def _fits(card: SceneCard, skill: str, level: str) -> bool:
    return (not skill or skill in card.aims) and (not level or level in card.levels)


def _draw_scene(house: House, card: SceneCard) -> Found:
    skills = tuple(_name_skill(house, key) for key in card.aims)
    return Found("scene", card.id, card.title, card.summary, skills, card.levels, card.content_notes, reflection=card.partner is None)


def _name_skill(house: House, key: str) -> str:
    entry = house.wording.criteria.get(key)
    return key if entry is None else entry.name


def _stands_in(word: str, one: Found) -> bool:
    """Whether a word of the scene begins with `word`; of two or fewer letters it must be the whole word, else "no" finds every "not"."""
    text = " ".join((one.title, one.summary, *one.skills, *one.content_notes)).casefold()
    there = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)
    return word in there if len(word) <= 2 else any(each.startswith(word) for each in there)
