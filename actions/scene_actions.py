"""Actions around the talk itself: opening, hints, trying again, pausing, stopping, and the way back out."""

from __future__ import annotations

from typing import Any

from actions.practice_action import PracticeAction
from actions.scene_state import move, open_state, scene_of, talk_of
from actions.talk_lines import tell_talk
from actions.turn import Refused, Turn, guide, make_answer

LONGEST_TIME_OUT = 24 * 60


class OpenScene(PracticeAction):
    """`start`: sets the scene and says what the client would like to reach; the partner is not there yet."""

    called = "action_open_scene"

    def answer(self, turn: Turn) -> dict[str, Any]:
        state = open_state(self.equipment, turn)
        scene = scene_of(self.equipment, state)
        return make_answer(turn, state, [guide(scene.setting, "setting"), guide(scene.client_goal, "note")])


class BeginScene(PracticeAction):
    """`begin`: the partner speaks first."""

    called = "action_begin_scene"

    def answer(self, turn: Turn) -> dict[str, Any]:
        scene = scene_of(self.equipment, turn.state)
        talk = self.equipment.partner.open_talk(scene, seed=turn.state["seed"], level=turn.state["level"])
        return tell_talk(turn, talk)


class GiveHint(PracticeAction):
    """`hint`: the next step of the ladder, nudge, cue, example."""

    called = "action_give_hint"

    def answer(self, turn: Turn) -> dict[str, Any]:
        talk = self.equipment.partner.give_hint(scene_of(self.equipment, turn.state), talk_of(turn.state))
        return tell_talk(turn, talk)


class TryAgain(PracticeAction):
    """`try_again`: the line to be answered anew, from the state before the reply that is redone."""

    called = "action_try_again"

    def answer(self, turn: Turn) -> dict[str, Any]:
        talk = self.equipment.partner.repeat_line(scene_of(self.equipment, turn.state), talk_of(turn.state))
        return tell_talk(turn, talk)


class PauseScene(PracticeAction):
    """`pause`: honoured at once, never scored; a second press changes nothing."""

    called = "action_pause_scene"

    def answer(self, turn: Turn) -> dict[str, Any]:
        if turn.state.get("phase") == "paused":
            return make_answer(turn, turn.state, [guide(self.equipment.answers.say("already_paused"), "note")])
        talk = self.equipment.partner.pause(scene_of(self.equipment, turn.state), talk_of(turn.state))
        return tell_talk(turn, talk)


class TimeOutScene(PracticeAction):
    """`time_out`: a pause with a time to come back, which is a skill of its own."""

    called = "action_time_out_scene"

    def answer(self, turn: Turn) -> dict[str, Any]:
        minutes = turn.argument.get("minutes", 20)
        if isinstance(minutes, bool) or not isinstance(minutes, int) or not 1 <= minutes <= LONGEST_TIME_OUT:
            raise Refused(422, "minutes must be a whole number from 1 to 1440.")
        talk = self.equipment.partner.time_out(scene_of(self.equipment, turn.state), talk_of(turn.state), minutes)
        return tell_talk(turn, talk)


class ResumeScene(PracticeAction):
    """`resume`: the partner is asked and answers; only then does the talk go on."""

    called = "action_resume_scene"

    def answer(self, turn: Turn) -> dict[str, Any]:
        talk = self.equipment.partner.resume(scene_of(self.equipment, turn.state), talk_of(turn.state))
        return tell_talk(turn, talk)


class StopScene(PracticeAction):
    """`stop`: the partner honours it at once, and the closing is kind."""

    called = "action_stop_scene"

    def answer(self, turn: Turn) -> dict[str, Any]:
        talk = self.equipment.partner.stop(scene_of(self.equipment, turn.state), talk_of(turn.state))
        return tell_talk(turn, talk)


class TakeGuess(PracticeAction):
    """`guess`: what the client thinks the partner felt and needed; may be skipped."""

    called = "action_take_guess"

    def answer(self, turn: Turn) -> dict[str, Any]:
        scene, talk = scene_of(self.equipment, turn.state), talk_of(turn.state)
        feeling, need = (read_guess(turn, key) for key in ("feeling", "need"))
        talk = self.equipment.partner.take_guess(scene, talk, feeling=feeling, need=need)
        return tell_talk(turn, talk)


class RevealPartner(PracticeAction):
    """`reveal`: what the partner felt and needed underneath."""

    called = "action_reveal_partner"

    def answer(self, turn: Turn) -> dict[str, Any]:
        talk = self.equipment.partner.reveal(scene_of(self.equipment, turn.state), talk_of(turn.state))
        return tell_talk(turn, talk)


class CloseDebrief(PracticeAction):
    """`debrief`: done; another scene, or enough for today."""

    called = "action_close_debrief"

    def answer(self, turn: Turn) -> dict[str, Any]:
        return make_answer(turn, move(turn.state, "over"), [guide(self.equipment.answers.say("debrief_done"), "closing")])


class Leave(PracticeAction):
    """`stop` outside a talk: whatever is left is skipped, kindly."""

    called = "action_leave"

    def answer(self, turn: Turn) -> dict[str, Any]:
        state = move(turn.state, "over") if turn.state.get("phase", "lobby") != "lobby" else {"phase": "lobby", "step": None}
        return make_answer(turn, state, [guide(self.equipment.answers.say("left"), "closing")])


class SayWhereWeAre(PracticeAction):
    """Something typed while no partner listens: neither scored nor answered by the partner, and the state stays. A crisis is heard."""

    called = "action_say_where_we_are"

    def answer(self, turn: Turn) -> dict[str, Any]:
        if self.equipment.scorer.judge(turn.text, None)["crisis"].present:
            return make_answer(turn, turn.state, crisis=True)
        phase = turn.state["phase"]
        return make_answer(turn, turn.state, [guide(self.equipment.answers.say(f"typed_in_{phase}"), "note")])


def read_guess(turn: Turn, key: str) -> str | None:
    """One half of the guess, None when skipped. Raises Refused 422 for anything but a short text."""
    value = turn.argument.get(key)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str) or len(value) > 200:
        raise Refused(422, f"{key} must be a text of at most 200 characters.")
    return value
