"""Actions that put scenes and drills on the table. What was offered stays in the lobby's state, so that "the second one" works."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.equipment import Equipment
from actions.lobby_actions import count_asked, keep_offers, lobby_state
from actions.practice_action import PracticeAction
from actions.scene_ranking import Ranked, SceneRanking
from actions.turn import Turn, guide, make_answer
from data.dialogue.word_families import read_word_families
from data.drills import SKILLS

MOST_OFFERS = 3
CLOSE_ENOUGH = 0.17
"""Below this score a scene has no more in common with a wish than chance gives (measured: tests/actions/test_offer_scenes.py)."""
NEAR_ENOUGH = 0.36
"""The same bar with nearness by meaning in it (rasa_project/scene_nearness.py); measured in tests/rasa_project/test_scene_nearness.py."""
WORDS_COUNT = 0.2
"""What shared words add to nearness by meaning."""
SURE_OF_DANGER = 0.6
"""From this confidence on an `in_danger` of the NLU raises the alarm (measured: rasa_project/README.md)."""
FIRST_SCENES = ("S17", "S01", "S16r", "S23", "S02", "S08")
"""Good ones to begin with, easiest first; those that exist are offered."""

PLACES = {
    "first": 0, "1st": 0, "1": 0, "one": 0, "top": 0,
    "second": 1, "2nd": 1, "2": 1, "two": 1, "middle": 1,
    "third": 2, "3rd": 2, "3": 2, "three": 2,
    "last": -1, "bottom": -1,
}  # fmt: skip


class OfferScenes(PracticeAction):
    """Scenes that come closest to what was described."""

    called = "action_offer_scenes"

    def __init__(self, equipment: Equipment) -> None:
        super().__init__(equipment)
        self._ranking = SceneRanking(equipment.scenes, read_word_families())

    def answer(self, turn: Turn) -> dict[str, Any]:
        if self.equipment.scorer.judge(turn.text, None)["crisis"].present:
            return raise_alarm(self.equipment, turn)
        return self.offer_closest(turn)

    def offer_closest(self, turn: Turn) -> dict[str, Any]:
        """What comes near enough, else scenes for a first time."""
        close = choose_closest(self._ranking.rank(turn.text), turn.nearest)
        if close:
            return offer(self.equipment, turn, "describe_found", close)
        return offer(self.equipment, turn, "describe_not_found", list_first(self.equipment))


class RaiseAlarm(OfferScenes):
    """Somebody may be in danger: help first; web shows it and keeps nothing of what was typed.

    "I get scared when he touches me without asking" is a wish for practice that sounds like danger. So when Rasa is not sure,
    scenes are offered and a line says where help is; web's rules at the door have looked at the words before.
    """

    called = "action_raise_alarm"

    def answer(self, turn: Turn) -> dict[str, Any]:
        if turn.confidence >= SURE_OF_DANGER or self.equipment.scorer.judge(turn.text, None)["crisis"].present:
            return raise_alarm(self.equipment, turn)
        answer = self.offer_closest(turn)
        answer["lines"].append(guide(self.equipment.answers.say("if_not_safe"), "note"))
        return answer


class OfferFirstScenes(PracticeAction):
    """Scenes for a first time, also for somebody who does not know what to choose."""

    called = "action_offer_first_scenes"

    def answer(self, turn: Turn) -> dict[str, Any]:
        return offer(self.equipment, turn, "first_scenes", list_first(self.equipment))


class OfferOtherScenes(PracticeAction):
    """None of those: others, until there are none left."""

    called = "action_offer_other_scenes"

    def answer(self, turn: Turn) -> dict[str, Any]:
        refused = set(turn.state.get("offered") or []) | set(turn.state.get("refused") or [])
        others = [scene for scene in list_first(self.equipment, len(self.equipment.scenes)) if scene.id not in refused][:MOST_OFFERS]
        if not others:
            text = self.equipment.answers.say("no_other_scenes")
            return make_answer(turn, lobby_state(turn), [guide(text, "offer")])
        answer = offer(self.equipment, turn, "other_scenes", others)
        answer["state"]["refused"] = sorted(refused)
        return answer


class PickOffer(PracticeAction):
    """ "The second one", or a yes: the scene to open."""

    called = "action_pick_offer"

    def answer(self, turn: Turn) -> dict[str, Any]:
        known = {scene.id: scene for scene in self.equipment.scenes}
        offered = [known[scene_id] for scene_id in turn.state.get("offered") or [] if scene_id in known]
        if not offered:
            return offer(self.equipment, turn, "first_scenes", list_first(self.equipment))
        place = read_place(turn.text)
        if place is None:
            return offer(self.equipment, turn, "pick_one" if len(offered) == 1 else "pick_several", offered)
        if place >= len(offered):
            return offer(self.equipment, turn, "pick_none", offered)
        return offer(self.equipment, turn, "pick_one", [offered[place]])


class OfferDrills(PracticeAction):
    """The three short drills."""

    called = "action_offer_drills"

    def answer(self, turn: Turn) -> dict[str, Any]:
        lines = [guide(self.equipment.answers.say("drills"), "offer")]
        lines += [guide(f"{self.equipment.drills[skill].title}: {self.equipment.drills[skill].intro}", "offer") for skill in SKILLS]
        return make_answer(turn, lobby_state(turn), lines)


def choose_closest(ranked: Sequence[Ranked], nearest: Mapping[str, float]) -> list[Any]:
    """The scenes to offer: nearest by meaning first, shared words deciding among near ones; by words alone when Rasa gave no meaning."""
    if not nearest:
        return [each.scene for each in ranked[:MOST_OFFERS] if each.score >= CLOSE_ENOUGH]
    fits = sorted(((nearest.get(each.scene.id, 0.0) + WORDS_COUNT * each.score, each.scene) for each in ranked), key=lambda fit: -fit[0])
    return [scene for fit, scene in fits[:MOST_OFFERS] if fit >= NEAR_ENOUGH]


def raise_alarm(equipment: Equipment, turn: Turn) -> dict[str, Any]:
    """Help, and nothing else; the lobby stands as it stood."""
    return make_answer(turn, keep_offers(turn), [guide(equipment.answers.say("in_danger"))], crisis=True)


def offer(equipment: Equipment, turn: Turn, key: str, scenes: Sequence[Any]) -> dict[str, Any]:
    """An answer that puts these scenes on the table."""
    text = equipment.answers.say(key, count_asked(turn.state))
    offers = [{"scene": scene.id, "why": scene.summary} for scene in scenes]
    state = lobby_state(turn, "offered" if offers else None, [scene.id for scene in scenes])
    return make_answer(turn, state, [guide(text, "offer")], offers=offers)


def list_first(equipment: Equipment, most: int = MOST_OFFERS) -> list[Any]:
    """Scenes for a first time in their order, then all others."""
    known = {scene.id: scene for scene in equipment.scenes}
    first = [known[scene_id] for scene_id in FIRST_SCENES if scene_id in known]
    return [*first, *(scene for scene in equipment.scenes if scene.id not in FIRST_SCENES)][:most]


def read_place(text: str) -> int | None:
    """Which of the offers is meant, from 0, -1 for the last; None when no place is named."""
    words = re.findall(r"\w+", text.lower())
    named = [PLACES[word] for word in words if word in PLACES]
    if "one" in words and len(named) > 1:
        named = [place for word, place in ((word, PLACES[word]) for word in words if word in PLACES) if word != "one"]
    return named[0] if named else None
