"""A guided reflection (S12): the guide asks, the client writes for themselves; nothing is judged, scored or agreed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from actions.partner.guide import load_guide
from actions.partner.partner_state import State, copy_state
from actions.partner.talk import Line, Reached, Talk
from data.rubric.observables import load_observables
from data.scenarios import Reflection


def open_reflection(scene: Reflection, *, seed: int, level: str) -> Talk:
    """The first prompt. `level` changes nothing here and is kept for the attempt."""
    state: State = {
        "scene": scene.id,
        "version": scene.version,
        "level": level,
        "seed": seed,
        "kind": "reflection",
        "turn": 0,
        "prompt": 0,
        "helped": False,
        "used": [],
        "halted": None,
        "last_line": "",
        "moves": [],
        "ended": None,
    }
    return speak(scene, state, [ask(scene, state)])


def answer_reflection(scene: Reflection, state: State, reply: str) -> Talk:
    """Receive what was written, and ask the next thing. A stop or pause is honoured; "I don't know" gets help once."""
    state = copy_state(state)
    if state["ended"]:
        return Talk(state, (), phase="guess")
    detectors = load_observables().detectors
    folded = reply.lower().replace("’", "'").strip()
    if detectors["stop"].finds(reply):
        return close_reflection(scene, state)
    if state["halted"]:
        state["halted"] = None
        return speak(scene, state, [ask(scene, state)])
    if detectors["pause"].finds(reply) or detectors["time_out"].finds(reply):
        state["halted"] = "pause"
        return Talk(state, (Line("guide", load_guide(scene.locale)["says"]["reflection_paused"], "note"),), phase="paused")
    state["turn"] += 1
    if detectors["uncertain"].finds(reply) and len(folded.split()) <= 8 and not state["helped"]:
        state["helped"] = True
        return speak(scene, state, [choose(scene, state, "helps", scene.prompts[state["prompt"]].helps)])
    if detectors["hard_on_oneself"].finds(reply):
        first = choose(scene, state, "self_blame", scene.self_blame)
    elif not re.search(r"[^\W_]", reply) or detectors["skip"].finds(reply) or detectors["uncertain"].finds(reply):
        first = choose(scene, state, "skips", scene.skips)
    else:
        first = choose(scene, state, "receives", scene.receives)
    state["prompt"] += 1
    state["helped"] = False
    if state["prompt"] >= len(scene.prompts):
        return close_reflection(scene, state, first)
    return speak(scene, state, [first, ask(scene, state)])


def help_along(scene: Reflection, state: State) -> Talk:
    """The hint button: another way into the same prompt."""
    state = copy_state(state)
    helps = scene.prompts[min(state["prompt"], len(scene.prompts) - 1)].helps
    return Talk(state, (Line("guide", choose(scene, state, "helps", helps), "hint"),))


def close_reflection(scene: Reflection, state: State, first: str = "") -> Talk:
    """The end, whenever it comes: nothing is left undone."""
    state["ended"] = "closed"
    text = choose(scene, state, "closing", scene.closing)
    lines = [Line("guide", line, kind) for line, kind in ((first, "say"), (text, "closing")) if line]
    return Talk(state, tuple(lines), Reached("closed", scene.title, text, "stopped", {}), phase="guess")


def ask(scene: Reflection, state: State) -> str:
    return choose(scene, state, "asks", scene.prompts[state["prompt"]].asks)


def choose(scene: Reflection, state: State, part: str, lines: Sequence[str]) -> str:
    """A line not said yet, if one is left; the same for the same seed."""
    left = [line for line in lines if mark(line) not in state["used"]] or list(lines)
    line = random.Random(f"{state['seed']}:{state['turn']}:{part}").choice(left)  # noqa: S311 - repeatable on purpose
    state["used"].append(mark(line))
    return line


def mark(line: str) -> str:
    """Enough of a line to know it again."""
    return line[:24]


def speak(scene: Reflection, state: State, texts: list[str]) -> Talk:
    """The guide's lines."""
    state["last_line"] = texts[-1]
    return Talk(state, tuple(Line("guide", text, "say") for text in texts))
