"""Actions of the lobby: greeting, answering questions about the exercise, explaining skills, pointing to help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.practice_action import PracticeAction
from actions.turn import Turn, guide, make_answer


def lobby_state(turn: Turn, step: str | None = None, offered: list[str] | None = None) -> dict[str, Any]:
    """The lobby's small state: how many messages so far, and which scenes are on the table."""
    before = turn.state if turn.state.get("phase", "lobby") == "lobby" else {}
    return {"phase": "lobby", "step": step, "asked": count_asked(before) + 1, "offered": offered or []}


def count_asked(state: Mapping[str, Any]) -> int:
    """How many messages the lobby has answered; anything odd counts as none."""
    asked = state.get("asked", 0)
    return asked if isinstance(asked, int) and 0 <= asked < 1_000_000 else 0


def keep_offers(turn: Turn) -> dict[str, Any]:
    """The lobby's next state with the offers of before still standing: a question in between takes nothing off the table."""
    offered = turn.state.get("offered") or []
    return lobby_state(turn, "offered" if offered else None, list(offered))


class Greet(PracticeAction):
    """A hello, by button or typed."""

    called = "action_greet"

    def answer(self, turn: Turn) -> dict[str, Any]:
        asked = count_asked(turn.state)
        key = "greet" if asked == 0 or turn.command == "lobby" else "greet_again"
        return make_answer(turn, lobby_state(turn), [guide(self.equipment.answers.say(key, asked), "say")])


class AnswerQuestion(PracticeAction):
    """Whatever is answered by one wording that is called like the intent."""

    called = "action_answer_question"

    def answer(self, turn: Turn) -> dict[str, Any]:
        text = self.equipment.answers.say(turn.intent, count_asked(turn.state))
        return make_answer(turn, keep_offers(turn), [guide(text)])


class ExplainSkill(PracticeAction):
    """What a skill is, with an example."""

    called = "action_explain_skill"

    def answer(self, turn: Turn) -> dict[str, Any]:
        skill = self.equipment.answers.skills[turn.intent.removeprefix("ask_skill_").removeprefix("ask_")]
        return make_answer(turn, keep_offers(turn), [guide(skill.explained), guide(f"For example: {skill.example}")])


class ShowHelp(PracticeAction):
    """Somebody asks for help: where it is, and that nobody is told."""

    called = "action_show_help"

    def answer(self, turn: Turn) -> dict[str, Any]:
        return make_answer(turn, keep_offers(turn), [guide(self.equipment.answers.say("ask_help"))])
