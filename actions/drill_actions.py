"""Three drills, each a flow of its own in data/dialogue/rules_drills.yml: single lines, immediate feedback.

A round has a handful of lines, chosen by the seed; a line that was missed comes back once at the end of the round.
The state carries which lines are to come and which are done, so a round goes on wherever it is taken up.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from actions.judge_reply import FEEDBACK_MODES, write_feedback
from actions.practice_action import PracticeAction
from actions.scene_state import choose, read_seed
from actions.turn import Refused, Turn, guide, make_answer
from data.criteria import FAULTS
from data.drills import Drill, DrillLine

NEAR = 0.35
"""A score from here to the scorer's threshold means: perhaps."""


class OpenDrill(PracticeAction):
    """Begins a round. Abstract: one class per skill, because each drill is a flow of its own."""

    skill: str

    def answer(self, turn: Turn) -> dict[str, Any]:
        drill = self.equipment.drills[self.skill]
        seed = read_seed(turn.argument)
        lines = choose_lines(drill, seed, read_due(drill, turn.argument))
        progress = {"skill": self.skill, "seed": seed, "left": lines, "done": [], "missed": [], "again": [], "lines": len(lines)}
        state = {
            "phase": "drill",
            "step": f"drill_{self.skill}",
            "feedback": choose(turn.argument, "feedback", FEEDBACK_MODES, "full"),
            "drill": progress,
        }
        opened = self.equipment.answers.say("drill_opened", lines=len(lines))
        said = [guide(drill.intro, "setting"), guide(opened, "note"), *pose(drill.line(lines[0]))]
        return make_answer(turn, state, said, drill=report(progress, lines[0], None))


class CheckDrillLine(PracticeAction):
    """One answer to one line: is the skill in it, and nothing that closes the talk? Abstract, one class per skill."""

    skill: str

    def answer(self, turn: Turn) -> dict[str, Any]:
        drill, progress = self.equipment.drills[self.skill], progress_of(turn.state, self.skill)
        line = find_line(drill, progress["left"][0])
        scorer = self.equipment.scorer
        context = line.says or line.situation
        verdicts = scorer.judge(turn.text, context)
        if verdicts["crisis"].present:
            return make_answer(turn, {**turn.state, "phase": "paused"}, crisis=True)
        mode = turn.state.get("feedback", "full")
        listening = self.skill != "i_statement"
        feedback = write_feedback(scorer, turn.text, context, verdicts, mode=mode, aims=(self.skill,), listening=listening)
        closing = any(verdicts[key].present for key in FAULTS)
        is_near = not verdicts[self.skill].present and verdicts[self.skill].score >= NEAR
        has_skill = verdicts[self.skill].present or is_near
        met = has_skill and not closing
        after = move_on(progress, line.id, met)
        said = []
        if mode != "none":
            text = drill.near if met and is_near else tell_result(drill, has_skill, met, len(progress["done"]))
            said.append(guide(text, "note"))
            if not met or is_near:
                said.append(guide(f"For example: {line.example}", "hint"))
        told = report(after, line.id, met)
        if not after["left"]:
            return self.finish(turn, after, said, feedback, told)
        state = {**turn.state, "phase": "drill", "drill": after}
        return make_answer(turn, state, [*said, *pose(drill.line(after["left"][0]))], feedback=feedback, drill=told)

    def finish(self, turn: Turn, after: dict[str, Any], said: list, feedback: Any, told: dict[str, Any]) -> dict[str, Any]:
        """The end of the round, with what will come back another day."""
        met = after["lines"] - len(after["missed"])
        text = self.equipment.answers.say("drill_finished", met=met, lines=after["lines"])
        ending = {"id": "drill_done", "title": self.equipment.drills[self.skill].title, "text": text}
        state = {**turn.state, "phase": "over", "step": None, "drill": after}
        return make_answer(turn, state, [*said, guide(text, "closing")], feedback=feedback, ending=ending, drill=told)


class HintDrill(PracticeAction):
    """The hint for the present line; asked again, an example."""

    called = "action_hint_drill"

    def answer(self, turn: Turn) -> dict[str, Any]:
        _, progress, line = find_present(self.equipment.drills, turn.state)
        first = progress.get("hinted") != line.id
        text = line.hint if first else f"For example: {line.example}"
        state = {**turn.state, "drill": {**progress, "hinted": line.id}}
        return make_answer(turn, state, [guide(text, "hint")], drill=report(progress, line.id, None))


class RepeatDrillLine(PracticeAction):
    """The same line again, from the state before the answer that is redone."""

    called = "action_repeat_drill_line"

    def answer(self, turn: Turn) -> dict[str, Any]:
        _, progress, line = find_present(self.equipment.drills, turn.state)
        return make_answer(turn, turn.state, pose(line), drill=report(progress, line.id, None))


class PauseDrill(PracticeAction):
    """A drill may be paused like anything else."""

    called = "action_pause_drill"

    def answer(self, turn: Turn) -> dict[str, Any]:
        find_present(self.equipment.drills, turn.state)
        return make_answer(turn, {**turn.state, "phase": "paused"}, [guide(self.equipment.answers.say("drill_paused"), "note")])


class ResumeDrill(PracticeAction):
    """Back to the line that was waiting."""

    called = "action_resume_drill"

    def answer(self, turn: Turn) -> dict[str, Any]:
        _, progress, line = find_present(self.equipment.drills, turn.state)
        said = [guide(self.equipment.answers.say("drill_resumed"), "note"), *pose(line)]
        return make_answer(turn, {**turn.state, "phase": "drill"}, said, drill=report(progress, line.id, None))


class StopDrill(PracticeAction):
    """Enough for now."""

    called = "action_stop_drill"

    def answer(self, turn: Turn) -> dict[str, Any]:
        state = {**turn.state, "phase": "over", "step": None}
        return make_answer(turn, state, [guide(self.equipment.answers.say("drill_stopped"), "closing")])


class OpenIStatementDrill(OpenDrill):
    called, skill = "action_open_drill_i_statement", "i_statement"


class OpenParaphraseDrill(OpenDrill):
    called, skill = "action_open_drill_paraphrase", "paraphrase"


class OpenEmotionLabelDrill(OpenDrill):
    called, skill = "action_open_drill_emotion_label", "emotion_label"


class CheckIStatement(CheckDrillLine):
    called, skill = "action_check_i_statement", "i_statement"


class CheckParaphrase(CheckDrillLine):
    called, skill = "action_check_paraphrase", "paraphrase"


class CheckEmotionLabel(CheckDrillLine):
    called, skill = "action_check_emotion_label", "emotion_label"


def choose_lines(drill: Drill, seed: int, due: list[str]) -> list[str]:
    """The ids of one round: those that are due first, then others in an order that the seed fixes."""
    others = [line.id for line in drill.lines if line.id not in due]
    random.Random(f"{drill.skill}:{seed}").shuffle(others)  # noqa: S311 - a reproducible order, no secret
    return [*due, *others][: max(drill.rounds, min(len(due), 2 * drill.rounds))]


def read_due(drill: Drill, argument: Mapping[str, Any]) -> list[str]:
    """Lines that come back from an earlier round (`argument.due`), without those the drill no longer has. Raises Refused 422."""
    due = argument.get("due", [])
    if not isinstance(due, list) or not all(isinstance(line_id, str) for line_id in due):
        raise Refused(422, "due must be a list of line ids.")
    known = {line.id for line in drill.lines}
    return [line_id for line_id in dict.fromkeys(due) if line_id in known]


def progress_of(state: Mapping[str, Any], skill: str) -> dict[str, Any]:
    """The round in a state. Raises Refused 400 when there is none for this skill."""
    progress = state.get("drill")
    if not isinstance(progress, dict) or progress.get("skill") != skill or not progress.get("left"):
        raise Refused(400, "The state holds no drill for this skill.")
    return progress


def find_present(drills: Mapping[str, Drill], state: Mapping[str, Any]) -> tuple[Drill, dict[str, Any], DrillLine]:
    """Drill, round and the line that waits to be answered. Raises Refused 400."""
    skill = str(state.get("step") or "").removeprefix("drill_")
    if skill not in drills:
        raise Refused(400, "The state holds no drill.")
    progress = progress_of(state, skill)
    return drills[skill], progress, find_line(drills[skill], progress["left"][0])


def find_line(drill: Drill, line_id: Any) -> DrillLine:
    """The line, or Refused 409 when it has been taken out of the drill since."""
    try:
        return drill.line(line_id)
    except KeyError:
        raise Refused(409, "This drill has been changed since it was begun; begin it again.") from None


def move_on(progress: Mapping[str, Any], line_id: str, met: bool) -> dict[str, Any]:
    """The round after one answer: a first miss comes back once at the end, a second one is left for another day."""
    after = {**progress, "left": list(progress["left"][1:]), "done": [*progress["done"], line_id]}
    if not met and line_id not in progress["again"]:
        after["again"] = [*progress["again"], line_id]
        after["missed"] = [*progress["missed"], line_id]
        after["left"].append(line_id)
    after.pop("hinted", None)
    return after


def tell_result(drill: Drill, has_skill: bool, met: bool, turn: int) -> str:
    """What the wording did, in the drill's own words."""
    if met:
        return drill.met[turn % len(drill.met)]
    return drill.fault if has_skill else drill.missed


def pose(line: DrillLine) -> list[dict[str, str]]:
    """A line of a drill as lines of the talk."""
    posed = [] if line.situation is None else [guide(line.situation, "setting")]
    if line.says is not None:
        posed.append({"who": "partner", "text": line.says, "kind": "say"})
    return posed


def report(progress: Mapping[str, Any], line_id: str, met: bool | None) -> dict[str, Any]:
    """The answer's `drill` part: for spaced return and for showing how far the round is."""
    return {
        "skill": progress["skill"],
        "line": line_id,
        "met": met,
        "left": len(progress["left"]),
        "lines": progress["lines"],
        "missed": list(progress["missed"]),
    }
