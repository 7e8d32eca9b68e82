"""Something typed in a pause: asking to go on is put to the partner, a goodbye ends the talk kindly, all else waits.

In a reflection whatever is written goes on, but for a stop, as its guide says when it is paused.
"""

from __future__ import annotations

from typing import Any

from actions.practice_action import PracticeAction
from actions.scene_state import scene_of, talk_of
from actions.talk_lines import tell_talk
from actions.turn import Turn, guide, make_answer


class AnswerPaused(PracticeAction):
    """`speech` in a pause or a time-out: never scored, but a crisis is heard. In a drill only the guide answers: nobody could be asked."""

    called = "action_answer_paused"

    def answer(self, turn: Turn) -> dict[str, Any]:
        if "scene" not in turn.state:
            if self.equipment.scorer.judge(turn.text, None)["crisis"].present:
                return make_answer(turn, turn.state, crisis=True)
            phase = turn.state["phase"]
            return make_answer(turn, turn.state, [guide(self.equipment.answers.say(f"typed_in_{phase}"), "note")])
        scene, talk = scene_of(self.equipment, turn.state), talk_of(turn.state)
        context = (talk.get("last_line") or None) if scene.kind == "talk" else None
        verdicts = self.equipment.scorer.judge(turn.text, context)
        if verdicts["crisis"].present:
            return make_answer(turn, turn.state, crisis=True)
        return tell_talk(turn, self.equipment.partner.answer_reply(scene, talk, turn.text, verdicts))
