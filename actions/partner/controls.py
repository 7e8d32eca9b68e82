"""Everything around a reply: opening, hints, the line again, pause, time-out, resume, stop, the guess and the reveal."""

from __future__ import annotations

from actions.partner.answer_reply import close, go_on
from actions.partner.choose_line import take_from_group, take_line
from actions.partner.guide import guide_line, load_guide
from actions.partner.partner_state import State, copy_state, new_state, openness_of
from actions.partner.reflect import answer_reflection, close_reflection, help_along, open_reflection
from actions.partner.talk import Line, Talk
from actions.partner.weigh import HARM_POINTS
from data.lexicons.families import Families, load_feelings, load_needs
from data.scenarios import Reflection, Scene
from data.scenarios.groups import LEVELS
from data.scenarios.scene import Hint


def open_talk(scene: Scene | Reflection, *, seed: int, level: str) -> Talk:
    """The partner's first line. Raises ValueError for a level there is not."""
    if level not in LEVELS:
        raise ValueError(f"level must be one of {', '.join(LEVELS)}")
    if isinstance(scene, Reflection):
        return open_reflection(scene, seed=seed, level=level)
    state = new_state(scene, seed, level)
    line = take_line(scene, state, f"opening.{level}") or ""
    state["last_line"] = line
    return Talk(state, (Line("partner", line),))


def find_stage(scene: Scene, state: State) -> str:
    """Where the talk stands, for the hints."""
    if state["testing"]:
        return "limit"
    if (state["moves"] and state["moves"][-1][2] < 0) or (state["harms"] and not state["repaired"]):
        return "mend"
    if state["agreed"]:
        return "close"
    if state["turn"] == 0:
        return "start"
    if scene.listening or state["told"] < scene.agrees_after:
        return "hear" if state["shared"] or scene.listening or state["turn"] > 1 else "start"
    return "ask" if state["shared"] else "share"


def give_hint(scene: Scene | Reflection, state: State) -> Talk:
    """The next step (nudge, cue, example) of the ladder for this moment."""
    if isinstance(scene, Reflection):
        return help_along(scene, state)
    state = copy_state(state)
    ladders: dict[str, Hint] = {hint.stage: hint for hint in scene.hints}
    stage = find_stage(scene, state)
    for other in (stage, "ask", "hear", "start"):
        if other in ladders:
            stage = other
            break
    given = state["hints"].get(stage, 0)
    ladder = ladders[stage]
    if given >= 3:
        return Talk(state, (guide_line(scene, "no_more_hints"),))
    state["hints"][stage] = given + 1
    return Talk(state, (Line("guide", (ladder.nudge, ladder.cue, ladder.example)[given], "hint"),))


def repeat_line(scene: Scene | Reflection, state: State) -> Talk:
    """The line once more, for a reply that is tried again from this state."""
    return Talk(copy_state(state), (Line("guide" if isinstance(scene, Reflection) else "partner", state["last_line"]),))


def pause(scene: Scene | Reflection, state: State) -> Talk:
    """The pause button: honoured at once."""
    return halt_by_button(scene, state, "pause", {})


def time_out(scene: Scene | Reflection, state: State, minutes: int) -> Talk:
    """The time-out button, with a time to come back."""
    return halt_by_button(scene, state, "time_out", {"minutes": f"{minutes} minute{'s' if minutes != 1 else ''}"})


def halt_by_button(scene: Scene | Reflection, state: State, kind: str, slots: dict[str, str]) -> Talk:
    """Stand still until resumed."""
    state = copy_state(state)
    if isinstance(scene, Reflection):
        state["halted"] = "pause"
        note = Line("guide", load_guide(scene.locale)["says"]["reflection_paused"], "note")
        return Talk(state, (note,), phase="paused" if kind == "pause" else "timed_out")
    state["halted"] = kind
    context = state["last_line"]
    line = take_from_group(scene, state, "paused" if kind == "pause" else "timed_out", slots)
    note = guide_line(scene, "paused") if kind == "pause" else guide_line(scene, "timed_out", **slots)
    state["last_line"] = context
    lines = (Line("partner", line), note) if line else (note,)
    return Talk(state, lines, phase="paused" if kind == "pause" else "timed_out")


def resume(scene: Scene | Reflection, state: State) -> Talk:
    """The partner is asked whether to go on, and answers. The Talk may carry an ending: the partner may rather leave it for today."""
    if isinstance(scene, Reflection):
        return answer_reflection(scene, {**state, "halted": "pause"}, "")
    return go_on(scene, copy_state(state))


def stop(scene: Scene | Reflection, state: State) -> Talk:
    """The stop button: the partner honours it at once and the talk closes kindly."""
    state = copy_state(state)
    if isinstance(scene, Reflection):
        return close_reflection(scene, state)
    line = take_line(scene, state, "lines.stopped")
    return close(scene, state, 0, "stop", [line] if line else [], "stopped")


def take_guess(scene: Scene | Reflection, state: State, *, feeling: str | None = None, need: str | None = None) -> Talk:
    """What the client thinks the partner felt and needed; either may be None."""
    state = copy_state(state)
    if isinstance(scene, Reflection):
        return Talk(state, (), phase="reveal")  # nobody to guess
    if not feeling and not need:
        return Talk(state, (guide_line(scene, "guess_skipped"),), phase="reveal")
    hidden = scene.partner.hidden
    felt = is_close(load_feelings(), feeling or "", hidden.families)
    needed = is_close(load_needs(), need or "", hidden.need_families)
    key = "guess_both" if felt and needed else "guess_feeling" if felt else "guess_need" if needed else "guess_neither"
    if (felt and not need) or (needed and not feeling):
        key = "guess_both"
    return Talk(state, (guide_line(scene, key),), phase="reveal")


def is_close(families: Families, text: str, wanted: tuple[str, ...]) -> bool:
    """Whether a guess in free words lies in or beside one of the families."""
    if text.strip().lower() in families.words:
        return families.are_near(text.strip().lower(), wanted)
    return any(families.are_near(family, wanted) for _, of in families.find(text) for family in of)


def reveal(scene: Scene | Reflection, state: State) -> Talk:
    """What the partner felt and needed underneath, in the partner's own words; where it fits, that the wording was sound."""
    state = copy_state(state)
    if isinstance(scene, Reflection):
        return Talk(state, (), phase="debrief")
    hidden = scene.partner.hidden
    lines = [Line("partner", hidden.told, "reveal")]
    harmed = any(deed in HARM_POINTS for _, _, _, deed in state["moves"])
    if openness_of(state) <= 1 and not state["pushes"] and not harmed and (state["listened"] or state["shared"]):
        lines.append(Line("guide", scene.debrief.sound_wording, "note"))
    return Talk(state, tuple(lines), phase="debrief", reveal={"feeling": hidden.feeling, "need": hidden.need, "text": hidden.told})
