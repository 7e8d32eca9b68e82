"""Something typed while a talk is paused: asking to go on is put to the partner, a goodbye ends it kindly, all else waits."""

from __future__ import annotations

from typing import Any

from actions.practice_action import PracticeAction
from actions.scene_state import scene_of, talk_of
from actions.talk_lines import tell_talk
from actions.turn import Turn, guide, make_answer


class AnswerPaused(PracticeAction):
    """`speech` in a pause or a time-out: never scored. In a drill or a reflection, where nobody could be asked, only the guide answers."""

    called = "action_answer_paused"

    def answer(self, turn: Turn) -> dict[str, Any]:
        scene = scene_of(self.equipment, turn.state) if "scene" in turn.state else None
        if scene is None or scene.kind != "talk":
            phase = turn.state["phase"]
            return make_answer(turn, turn.state, [guide(self.equipment.answers.say(f"typed_in_{phase}"), "note")])
        talk = talk_of(turn.state)
        verdicts = self.equipment.scorer.judge(turn.text, talk.get("last_line") or None)
        if verdicts["crisis"].present:
            return make_answer(turn, turn.state, crisis=True)
        return tell_talk(turn, self.equipment.partner.answer_reply(scene, talk, turn.text, verdicts))
