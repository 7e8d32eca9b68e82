"""The state of a scene as it travels: what Rasa reads (phase), what the client chose, and the partner's own state under `talk`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.equipment import Equipment
from actions.judge_reply import FEEDBACK_MODES
from actions.turn import Refused, Turn
from data.faults import ContentError

LEVELS = ("friendly", "guarded", "upset")
LARGEST_SEED = 2**31 - 1


def open_state(equipment: Equipment, turn: Turn) -> dict[str, Any]:
    """The briefing's state from the argument of `start`. Raises Refused 422 for a scene or choice there is not, 409 for an old version."""
    argument = turn.argument
    scene = find_scene(equipment, argument.get("scene"))
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
    }


def find_scene(equipment: Equipment, scene_id: Any) -> Any:
    """The scene, or Refused 422."""
    try:
        if not isinstance(scene_id, str):
            raise KeyError(scene_id)
        return equipment.load_scene(scene_id)
    except KeyError:
        raise Refused(422, "There is no such scene.") from None
    except ContentError:
        raise Refused(409, "This scene cannot be used at present: its file has a fault.") from None


def scene_of(equipment: Equipment, state: Mapping[str, Any]) -> Any:
    """The scene that a state belongs to. Raises Refused 400 for a state that belongs to none."""
    if "scene" not in state:
        raise Refused(400, "The state belongs to no scene.")
    return find_scene(equipment, state["scene"])


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
