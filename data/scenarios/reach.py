"""How soon a talk can get where: layers that are never told, endings that nobody can reach.

What is reckoned is the best talk there can be: each reply earns all the trust that a reply can earn, and every answer tells as much
as an answer can hold. A place that even such a talk does not reach is out of everybody's reach; nothing else is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data.scenarios.groups import LEVELS
from data.scenarios.line_book import Place
from data.scenarios.scene import Ending, Scene

Unsound = tuple[Place, str, str]  # where, what, what mends it
ALONE = {"stopped", "pressed", "next_talk"}  # endings of these kinds have no other condition

# How the partner moves at most; tests/partner/test_reach.py holds these to actions/partner, which data may not import.
PER_STEP = 4
"""Points of trust that make one step of openness."""
MOST_POINTS = {"friendly": 7, "guarded": 5, "upset": 4}
"""Points of trust that one reply can earn, by level."""
MOST_LAYERS = 2
"""Layers that one answer of the partner can tell."""
AGREES_FROM = 2
"""Openness from which a step is agreed to."""
OPEN_FROM = 3
"""Openness that the condition `open` asks for."""


@dataclass(frozen=True)
class Course:
    """The best talk at one level. Turns count the client's replies from 1; None is never."""

    opens: tuple[int | None, ...]
    """by openness 0 to 4, the reply after which it is reached"""
    tells: tuple[int | None, ...]
    """by layer, the reply that is answered with it"""


def reckon_course(scene: Scene, level: str) -> Course:
    """How soon the partner opens and tells at best, at `level`."""
    start, ceiling = getattr(scene.partner.start, level), getattr(scene.partner.ceiling, level)
    trust = start * PER_STEP + 1
    opens: list[int | None] = []
    for openness in range(5):
        lacking = openness * PER_STEP - trust
        opens.append(None if openness > ceiling else max(1, -(-lacking // MOST_POINTS[level])))
    tells: list[int | None] = []
    turn, in_turn = 1, 0
    for layer in scene.layers:
        opened = opens[layer.openness]
        if opened is None or (tells and tells[-1] is None):
            tells.append(None)  # layers are told in order: what comes after one that is never told is never told either
            continue
        if opened > turn:
            turn, in_turn = opened, 0
        elif in_turn == MOST_LAYERS:
            turn, in_turn = turn + 1, 0
        tells.append(turn)
        in_turn += 1
    return Course(tuple(opens), tuple(tells))


def reckon_condition(scene: Scene, course: Course, condition: str) -> int | None:
    """The first reply after which a condition can hold and the talk can end with it."""
    if condition == "heard":
        return _after(course.tells[-1])
    if condition in ("step_agreed", "reviewed"):
        told = 1 if scene.agrees_after == 0 else course.tells[min(scene.agrees_after, len(course.tells)) - 1]
        opened = course.opens[AGREES_FROM]
        return None if told is None or opened is None else _after(max(told, opened))
    return course.opens[OPEN_FROM] if condition == "open" else 1


def _after(turn: int | None) -> int | None:
    """What was only just told or agreed waits for one more reply of the client."""
    return None if turn is None else turn + 1


def reckon_ending(scene: Scene, ending: Ending, course: Course) -> int | None:
    """The reply with which a talk can come to this ending at the soonest."""
    turns = [reckon_condition(scene, course, condition) for condition in ending.when]
    return None if None in turns else max(turn for turn in turns if turn is not None)


def check_turns(scene: Scene) -> Iterator[Unsound]:
    if scene.min_turns >= scene.max_turns:
        yield (
            ("min_turns",),
            f"nobody can reach a good ending: it comes after {scene.min_turns} replies, and the talk closes after {scene.max_turns}",
            "lower it, or raise max_turns",
        )


def check_layers(scene: Scene) -> Iterator[Unsound]:
    highest = max(getattr(scene.partner.ceiling, level) for level in LEVELS)
    courses = [reckon_course(scene, level) for level in LEVELS]
    for number, layer in enumerate(scene.layers):
        place: Place = ("layers", number)
        if layer.openness > highest:
            lower = "lower it, or raise partner.ceiling"
            yield (*place, "openness"), f"unreachable: the partner never gets more open than {highest}", lower
        soonest = _soonest([course.tells[number] for course in courses])
        if soonest is None and all(each.openness <= highest for each in scene.layers[: number + 1]):
            yield place, "unreachable: at no level can it and all layers before it be told", "raise partner.ceiling of one level"
        elif soonest is not None and soonest >= scene.max_turns:  # to the last reply, the partner only closes
            told = f"unreachable: it is told after {soonest} replies at the soonest, and the talk closes after {scene.max_turns}"
            yield place, told, f"take out layers, or raise max_turns to {soonest + 1} or more"
            break
    if scene.agrees_after > len(scene.layers):
        yield ("agrees_after",), f"there are only {len(scene.layers)} layers to tell", "lower it or add layers"
    for level in LEVELS:
        if getattr(scene.partner.start, level) > getattr(scene.partner.ceiling, level):
            yield ("partner", "start", level), "starts above its ceiling", "lower the start or raise partner.ceiling"


def check_endings(scene: Scene) -> Iterator[Unsound]:
    courses = [reckon_course(scene, level) for level in LEVELS]
    for number, ending in enumerate(scene.endings):
        place: Place = ("endings", number, "when")
        conditions = set(ending.when)
        for kind in sorted(ALONE & conditions):
            if conditions != {kind}:
                yield place, f"nobody can reach this ending: {kind!r} ends the talk by itself", f"write `when: [{kind}]`"
        yield from _check_reach(scene, ending, courses, place)
        for earlier in scene.endings[:number]:
            if set(earlier.when) <= conditions:
                first = f"nobody can reach this ending: {earlier.id!r} comes first and asks for no more"
                yield place, first, "put the stricter ending first"
    for kind, meaning in (
        ("stopped", "a stop by either side"),
        ("pressed", "the partner withdraws after pressure"),
        ("next_talk", "no agreement yet, and a next talk"),
    ):
        if not any(ending.when == (kind,) for ending in scene.endings):
            yield ("endings",), f"no ending `when: [{kind}]` ({meaning})", "add one: every scene has it"
    if sum("pressed" not in ending.when for ending in scene.endings) < 3:
        yield ("endings",), "fewer than three good endings", "add one, for example `when: [limit_kept]` or `when: [heard]`"


def _check_reach(scene: Scene, ending: Ending, courses: list[Course], place: Place) -> Iterator[Unsound]:
    never = [each for each in sorted(set(ending.when)) if _soonest([reckon_condition(scene, course, each) for course in courses]) is None]
    for condition in never:
        why = NEVER[condition]
        yield place, f"nobody can reach this ending: {condition!r}, but {why}", "change the condition or the scene"
    soonest = _soonest([reckon_ending(scene, ending, course) for course in courses])
    if soonest is None and not never:
        yield place, "nobody can reach this ending: no level allows all of its conditions", "raise partner.ceiling of one level"
    elif soonest is not None and soonest > scene.max_turns:
        needs = f"nobody can reach this ending: it needs {soonest} replies at the least, and the talk closes after {scene.max_turns}"
        yield place, needs, f"ask for less, or raise max_turns to {soonest} or more"


NEVER = {
    "step_agreed": "the partner never gets open enough to agree to a step",
    "reviewed": "the partner never gets open enough to agree to a step",
    "heard": "some layers can never be told",
    "open": "the partner never gets that open",
}
"""Why a condition holds at no level."""


def _soonest(turns: list[int | None]) -> int | None:
    return min((turn for turn in turns if turn is not None), default=None)
