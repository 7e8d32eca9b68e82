"""The state of a scene as it travels: what Rasa reads (phase), what the client chose, and the partner's own state under `talk`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from actions.equipment import Equipment
from actions.judge_reply import FEEDBACK_MODES
from actions.turn import Refused, Turn
from data.faults import ContentError
from data.scenarios.clinic_file import SceneAway, is_clinic_id

logger = logging.getLogger("sayable.actions")
LEVELS = ("friendly", "guarded", "upset")
LARGEST_SEED = 2**31 - 1


def open_state(equipment: Equipment, turn: Turn) -> dict[str, Any]:
    """The briefing's state from the argument of `start`. Raises Refused 422 for a scene or choice there is not, 409 for an old version.

    A scene of the clinic is found by its id and version; `draft`, the digest of its content, asks for a draft that is being tried.
    """
    argument = turn.argument
    draft = argument.get("draft")
    scene = find_scene(equipment, argument.get("scene"), argument.get("version"), draft)
    version = argument.get("version", scene.version)
    if version != scene.version:
        raise Refused(409, "This scene has been changed since it was chosen; choose it again.")
    return {
        "phase": "briefing",
        "step": None,
        "scene": scene.id,
        "version": scene.version,
        "level": choose(argument, "level", LEVELS),
        "seed": read_seed(argument),
        "feedback": choose(argument, "feedback", FEEDBACK_MODES, "full"),
        **({"draft": draft} if draft and is_clinic_id(scene.id) else {}),
    }


def find_scene(equipment: Equipment, scene_id: Any, version: Any = None, draft: Any = None) -> Any:
    """The scene, or Refused: 422 for none, 409 for a faulty one, 502 for a clinic's scene whose file is not on this machine (yet)."""
    try:
        if not isinstance(scene_id, str):
            raise KeyError(scene_id)
        if is_clinic_id(scene_id) and equipment.clinic_scenes is not None:
            if isinstance(version, bool) or not isinstance(version, int) or not isinstance(draft, str | None):
                raise KeyError(scene_id)
            return equipment.clinic_scenes.load(scene_id, version, draft or "")
        return equipment.load_scene(scene_id)
    except SceneAway as away:
        logger.error("a scene of the clinic is missing: %s; SAYABLE_HOME/scenes must be shared by all machines (docs/SCENES.md)", away)
        raise Refused(502, "The file of this scene is not on this machine; the message can be sent again once it is.") from None
    except KeyError:
        raise Refused(422, "There is no such scene.") from None
    except ContentError:
        raise Refused(409, "This scene cannot be used at present: its file has a fault.") from None


def scene_of(equipment: Equipment, state: Mapping[str, Any]) -> Any:
    """The scene that a state belongs to. Raises Refused 400 for a state that belongs to none."""
    if "scene" not in state:
        raise Refused(400, "The state belongs to no scene.")
    return find_scene(equipment, state["scene"], state.get("version"), state.get("draft"))


def talk_of(state: Mapping[str, Any]) -> dict[str, Any]:
    """The partner's own state. Raises Refused 400 when the talk has not begun."""
    talk = state.get("talk")
    if not isinstance(talk, dict):
        raise Refused(400, "The state holds no talk.")
    return talk


def move(state: Mapping[str, Any], phase: str, talk: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A copy of the state in another phase, with the partner's new state if there is one."""
    moved = {**state, "phase": phase, "step": None}
    if talk is not None:
        moved["talk"] = dict(talk)
    return moved


def choose(argument: Mapping[str, Any], key: str, choices: tuple[str, ...], default: str | None = None) -> str:
    """One of the choices, the default (or the first) when none is given. Raises Refused 422."""
    value = argument.get(key)
    if value is None:
        return default or choices[0]
    if value not in choices:
        raise Refused(422, f"{key} must be one of: {', '.join(choices)}.")
    return value


def read_seed(argument: Mapping[str, Any]) -> int:
    """The attempt's seed, 0 when none is given. Raises Refused 422."""
    seed = argument.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= LARGEST_SEED:
        raise Refused(422, "seed must be a whole number from 0 to 2147483647.")
    return seed
