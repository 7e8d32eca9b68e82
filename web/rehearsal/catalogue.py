"""The scenes a client may choose from, as far as a client may know them: what a partner feels and needs stays behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import structlog

from data.drills import Drill, read_drills
from data.faults import ContentError
from data.scenarios import Scene, list_scene_files, read_scene
from data.scenarios.scene import Partner, Reflection

log = structlog.get_logger(__name__)

LEVELS = ("friendly", "guarded", "upset")


@dataclass(frozen=True)
class PartnerCard:
    name: str
    age: int
    pronouns: str
    relationship: str


@dataclass(frozen=True)
class SceneCard:
    """What stands on a scene's card and on its briefing. `aims` are criterion keys, `levels` how the partner may start."""

    id: str
    version: int
    title: str
    summary: str
    setting: str
    goal: str
    partner: PartnerCard | None
    content_notes: tuple[str, ...]
    power: str
    aims: tuple[str, ...]
    listening: bool
    levels: tuple[str, ...]
    locale: str = "en"
    """the language of the scene itself"""


@dataclass(frozen=True)
class DrillCard:
    """A one-minute drill for one skill, a criterion key."""

    skill: str
    title: str
    intro: str


@dataclass(frozen=True)
class ExampleLine:
    who: Literal["you", "partner"]
    text: str
    why: str | None


@dataclass(frozen=True)
class Afterwards:
    """What a client may read once the talk is over."""

    worked_example: tuple[ExampleLine, ...]
    questions: tuple[str, ...]
    sound_wording: str


class Catalogue(Protocol):
    def list_cards(self) -> list[SceneCard]: ...

    def find(self, scene_id: str, version: int | None = None) -> SceneCard | None: ...

    def tell_afterwards(self, scene_id: str, version: int | None = None) -> Afterwards | None: ...

    def list_drills(self) -> list[DrillCard]: ...


class SceneCatalogue:
    """The scenes of `data/scenarios` in one language, read and checked once."""

    def __init__(self, scenes: Sequence[Scene | Reflection], drills: dict[str, Drill]) -> None:
        self._cards = {scene.id: make_card(scene) for scene in scenes}
        self._afterwards = {scene.id: make_afterwards(scene) for scene in scenes}
        self._drills = [DrillCard(drill.skill, drill.title, drill.intro) for drill in drills.values()]

    @classmethod
    def load(cls, locale: str) -> SceneCatalogue:
        """A scene with a fault is left out, and the log names file, line and key; the others are offered all the same."""
        scenes = []
        for path in list_scene_files():
            try:
                scenes.append(read_scene(path))
            except ContentError as fault:
                log.error("scene_left_out", fault=str(fault))
        in_locale = [scene for scene in scenes if scene.locale == locale]
        return cls(in_locale or [scene for scene in scenes if scene.locale == "en"], read_drills())

    def list_cards(self) -> list[SceneCard]:
        return list(self._cards.values())

    def find(self, scene_id: str, version: int | None = None) -> SceneCard | None:
        """The card of a scene; of ours there is one version, whichever is asked for."""
        return self._cards.get(scene_id)

    def tell_afterwards(self, scene_id: str, version: int | None = None) -> Afterwards | None:
        return self._afterwards.get(scene_id)

    def list_drills(self) -> list[DrillCard]:
        return self._drills


def make_card(scene: Scene | Reflection) -> SceneCard:
    """What a client may know of a scene before and during the talk."""
    talk = scene if isinstance(scene, Scene) else None
    return SceneCard(
        id=scene.id,
        version=scene.version,
        title=scene.title,
        summary=scene.summary,
        setting=scene.setting,
        goal=scene.client_goal,
        partner=None if talk is None else _make_partner_card(talk.partner),
        content_notes=scene.content_notes,
        power=scene.power,
        aims=scene.aims,
        listening=scene.listening,
        levels=LEVELS[:1] if talk is None else tuple(level for level in LEVELS if level in talk.opening),
        locale=scene.locale,
    )


def _make_partner_card(partner: Partner) -> PartnerCard:
    return PartnerCard(partner.name, partner.age, partner.pronouns, partner.relationship)


def make_afterwards(scene: Scene | Reflection) -> Afterwards:
    """What a client may read of a scene once the talk is over."""
    exchanges = scene.worked_example if isinstance(scene, Scene) else ()
    lines = tuple(ExampleLine(exchange.who, exchange.says, exchange.why) for exchange in exchanges)
    return Afterwards(lines, scene.debrief.questions, scene.debrief.sound_wording)
