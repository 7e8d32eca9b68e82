"""Answer one reply: read it, weigh it, move the state, choose the lines, see whether the talk has come to an end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.partner.choose_line import is_running_out, take_from_group, take_line
from actions.partner.endings import find_ending, find_good_ending, reach
from actions.partner.guide import because, guide_line
from actions.partner.meaning import forget_after
from actions.partner.partner_state import LONGEST_KEPT, State, copy_state, move_trust, openness_of
from actions.partner.read_reply import Reading, read_reply
from actions.partner.reflect import answer_reflection
from actions.partner.respond import respond
from actions.partner.talk import Line, Moved, Reached, Talk
from actions.partner.weigh import EMPTY, HALTS, HARM_POINTS, points_for, weigh
from data.scenarios import Reflection, Scene

MOST_PUSHES = {"friendly": 3, "guarded": 3, "upset": 2}
MOST_HARMS = {"friendly": 5, "guarded": 4, "upset": 4}
MOST_IDLE = 10  # points for replies in a row that carry nothing (2) or little (1) before the partner leaves it for today
THIN = ("assent", "refusal", "uncertain", "thanks", "plain", "sorry")
GOOD_NIGHT = re.compile(r"\b(?:night|sleep|bed|rest|bye|goodbye|call it)\b")
OFFER_LASTS = 2  # replies for which a counter-proposal waits
PHASES = {"stop": "paused", "pause": "paused", "time_out": "timed_out"}


def answer_reply(scene: Scene | Reflection, state: State, reply: str, verdicts: Mapping[str, Any]) -> Talk:
    """The partner's answer to `reply` (any text) with its `verdicts`. `state` is not changed; the new one is in the Talk."""
    if isinstance(scene, Reflection):
        return answer_reflection(scene, state, reply)
    with forget_after():
        return answer_in_talk(scene, state, reply, verdicts)


def answer_in_talk(scene: Scene, state: State, reply: str, verdicts: Mapping[str, Any]) -> Talk:
    """Read, weigh, move, answer, and see whether the talk has come to an end."""
    state = copy_state(state)
    if state["ended"]:
        return Talk(state, (guide_line(scene, "talk_is_over"),), phase="guess")
    reading = read_reply(scene, state, reply, verdicts)
    state["turn"] += 1
    last = state["turn"] >= scene.max_turns
    if reading.pressed:
        state.update(agreed=None, offer=None, wary=True)
    if state["halted"]:
        state["pushes"] = max(state["pushes"], int(reading.pressed))
        return answer_while_halted(scene, state, reading, last=last)
    if state["offer"] is not None and state["turn"] - state["offered"] > OFFER_LASTS:
        state["offer"] = None  # nobody answered it; it is no longer on the table
    main = weigh(scene, state, reading)
    if main == "pressure":
        state["pushes"] += 1
    elif reading.pressed:
        state["pushes"] = max(state["pushes"], 1)  # answered softly: it counts towards no leaving, and nothing is agreed after it
    state["said"].append(reading.mark)
    state["idle"] = state["idle"] + 2 if main in EMPTY else state["idle"] + 1 if main in THIN else 0
    if main in HALTS:
        return close_on_stop(scene, state) if last else halt(scene, state, main, reading.slots)
    if main == "meta" and not last:
        return end_turn(scene, state, 0, "nothing", (guide_line(scene, "meta"),))

    points, deed = points_for(state, reading, main)
    shift = move_trust(scene, state, points)
    if points > 0 and state["harms"] and main not in HARM_POINTS:
        state["harms"] -= 1
    told_before = state["told"]
    remember_words(state, reading)
    if reading.did("request"):
        state["asked_for"] += 1
    unanswered = copy_state(state)
    parts = respond(scene, state, reading, main)
    withdrawn = withdraw_if_pushed(scene, state, main)
    if withdrawn:
        return withdrawn_talk(scene, state, shift, deed, withdrawn)
    if main == "later":
        return close(scene, state, shift, deed, parts, "next_talk")
    if main == "leaving":
        good = find_good_ending(scene, state, reading, main, told_before)
        owed = [] if good or GOOD_NIGHT.search(reading.text.lower()) else parts  # "tell me when you're back" is for who goes out
        return close(scene, state, shift, deed, owed, good.id if good else "stopped")
    if main not in HARM_POINTS:
        ending = find_good_ending(scene, state, reading, main, told_before)
        if ending is not None:
            return close(scene, state, shift, deed, parts[:1], ending.id)
    if not parts or state["idle"] >= MOST_IDLE or last or is_running_out(scene, state):
        line = take_line(scene, unanswered, "lines.closing")
        if line:  # what would have been answered is not said, so nothing of it counts
            return close(scene, unanswered, shift, deed, [line], "next_talk")
        return close(scene, state, shift, deed, parts[:1], "next_talk")
    return end_turn(scene, state, shift, deed, (Line("partner", " ".join(parts)),))


def remember_words(state: State, reading: Reading) -> None:
    """Keep the client's own feeling and need, to bring them back later, and the pause signal they named."""
    if reading.signal_words:
        state["signal_words"] = reading.signal_words[:LONGEST_KEPT]
    for slot in ("feeling", "need"):
        if reading.slots.get(slot):
            state["words"][slot] = [reading.slots[slot], state["turn"]]


def halt(scene: Scene, state: State, main: str, slots: dict[str, str]) -> Talk:
    """A typed stop, pause or time-out: honoured at once, nothing asked, nothing lost."""
    state["halted"] = main
    group = {"stop": "stopped", "pause": "paused", "time_out": "timed_out"}[main]
    line = take_from_group(scene, state, group, slots)
    note = (
        guide_line(scene, "timed_out", minutes=slots.get("minutes", "as long as you need"))
        if main == "time_out"
        else guide_line(scene, "halted" if main == "stop" else "paused")
    )
    lines = (Line("partner", line), note) if line else (note,)
    return end_turn(scene, state, 0, main, lines, phase=PHASES[main])


def close_on_stop(scene: Scene, state: State) -> Talk:
    """A stop in the last turn a scene has: honoured, and the talk is over."""
    line = take_line(scene, state, "lines.stopped")
    return close(scene, state, 0, "stop", [line] if line else [], "stopped")


def answer_while_halted(scene: Scene, state: State, reading: Reading, *, last: bool) -> Talk:
    """Typed while the talk stands still: asking to go on is put to the partner; a second stop or a goodbye ends it; all else waits."""
    if last:
        return close(scene, state, 0, "stop", [], "stopped")
    if reading.did("resume"):
        return go_on(scene, state)
    if reading.did("stop", "leaving", "later"):
        return close(scene, state, 0, "stop", [], "stopped")
    note = guide_line(scene, "halted" if state["halted"] == "stop" else "paused")
    return end_turn(scene, state, 0, "nothing", (note,), phase=PHASES[state["halted"]])


def go_on(scene: Scene, state: State) -> Talk:
    """The partner is asked whether to go on, and answers; a partner who was hurt and is closed may leave it for today."""
    state["halted"] = None
    state["idle"] = 0
    if openness_of(state) == 0 and state["harms"] + state["pushes"] >= 2:
        line = take_line(scene, state, "lines.not_yet")
        if line:
            return close(scene, state, 0, "nothing", [line], "stopped")
    line = take_from_group(scene, state, "resumed")
    if line is None:
        return close(scene, state, 0, "nothing", [], "next_talk")
    return end_turn(scene, state, 0, "nothing", (Line("partner", line),))


def withdraw_if_pushed(scene: Scene, state: State, main: str) -> str | None:
    """The line with which the partner leaves, if it has come to that."""
    if main not in HARM_POINTS:
        return None
    if state["pushes"] < MOST_PUSHES[state["level"]] and state["harms"] < MOST_HARMS[state["level"]]:
        return None
    return take_from_group(scene, state, "withdraws") or ""


def withdrawn_talk(scene: Scene, state: State, shift: int, deed: str, line: str) -> Talk:
    """The partner has left; a retry is offered."""
    return close(scene, state, shift, deed, [line] if line else [], "pressed", guide_line(scene, "retry", kind="closing"))


def close(scene: Scene, state: State, shift: int, deed: str, parts: list[str], which: str, *more: Line) -> Talk:
    """End the talk: what is still owed, the ending's own words, and its title and text. `which` is a kind or an ending's id."""
    ending = next((each for each in scene.endings if each.id == which), None) or find_ending(scene, which)
    number = scene.endings.index(ending)
    agreed = state["agreed"] or {}
    slots = {"step": agreed.get("step", ""), "limit": state["limits"][-1] if state["limits"] else ""}
    last = take_line(scene, state, f"endings.{number}", slots)
    lines = [Line("partner", part) for part in parts]
    if last:
        lines.append(Line("partner", last, "closing"))
    if "step_agreed" in ending.when:
        lines.append(guide_line(scene, "can_change"))
    reached = reach(scene, state, ending)
    return end_turn(scene, state, shift, deed, (*lines, *more), phase="guess", ending=reached)


def end_turn(
    scene: Scene, state: State, shift: int, deed: str, lines: tuple[Line, ...], *, phase: str = "scene", ending: Reached | None = None
) -> Talk:
    """Write down how the reply moved the partner, and the line that the next reply answers."""
    openness = openness_of(state)
    state["moves"].append([state["turn"], openness, shift, deed])
    said = " ".join(line.text for line in lines if line.who == "partner")
    if said:
        state["last_line"] = said
    return Talk(state, lines, ending, Moved(openness, shift, because(scene, deed)), phase)
