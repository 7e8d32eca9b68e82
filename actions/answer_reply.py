"""The heart of a scene: one reply, judged first, then answered by the partner, then advised on; in one action call."""

from __future__ import annotations

from typing import Any

from actions.judge_reply import list_counted, write_feedback
from actions.practice_action import PracticeAction
from actions.scene_state import move, scene_of, talk_of
from actions.talk_lines import tell_talk
from actions.turn import Turn, make_answer


class AnswerReply(PracticeAction):
    """`speech` in a scene, whatever it says: a typed "stop" or "/restart" is a reply like any other."""

    called = "action_answer_reply"

    def answer(self, turn: Turn) -> dict[str, Any]:
        scene, before = scene_of(self.equipment, turn.state), talk_of(turn.state)
        scorer, partner = self.equipment.scorer, self.equipment.partner
        is_scored = scene.kind == "talk"
        context = (before.get("last_line") or None) if is_scored else None
        with partner.read_ahead(turn.text):
            verdicts = scorer.judge(turn.text, context)
            if verdicts["crisis"].present:
                # The exercise pauses with the state as it was: nothing of this reply is scored, answered or kept.
                paused = partner.pause(scene, before)
                return make_answer(turn, move(turn.state, "paused", paused.state), crisis=True)
            talk = partner.answer_reply(scene, before, turn.text, verdicts)
        if not is_scored:
            return tell_talk(turn, talk)  # a guided reflection: nothing is judged but whether somebody is in danger
        feedback = write_feedback(
            scorer,
            turn.text,
            context,
            verdicts,
            mode=turn.state.get("feedback", "full"),
            aims=scene.aims,
            listening=scene.listening,
        )
        return tell_talk(turn, talk, feedback=feedback, counted=list_counted(verdicts, scorer.wording))
