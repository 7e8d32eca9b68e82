"""Whole talks to fill a database with: played once with the real actions, so that what is stored is as large as what is stored in use."""

from dataclasses import dataclass
from typing import Any

from sayable.bench.replies import REPLIES, reply_number

SAID = 10
TALKS = 4


@dataclass(frozen=True)
class WrittenTurn:
    """One turn as `web` stores it; `phase` is where the talk stood before it, `counts` what was counted up to and with it."""

    command: str | None
    phase: str
    words: str | None
    argument: dict[str, Any] | None
    answer: dict[str, Any]
    state: dict[str, Any]
    counts: dict[str, Any]


@dataclass(frozen=True)
class WrittenTalk:
    scene: str
    version: int
    turns: tuple[WrittenTurn, ...]


def write_talks() -> list[WrittenTalk]:
    """One talk of 15 turns for each of the first TALKS scenes: start, begin, ten replies, stop, the skipped guess, the reveal."""
    from actions.action_list import build_actions
    from actions.equipment import load_equipment
    from actions.turn import Turn
    from data.rubric.wording import read_wording
    from web.dialogue.messages import Answer
    from web.rehearsal.counting import Counts, count_turn

    class Row:
        """What counting reads of a stored turn."""

        kind, said_in = "speech", "scene"

        def __init__(self, answer: dict[str, Any]) -> None:
            self.answer = answer

    equipment, wording = load_equipment(), read_wording()
    actions = {action.name(): action for action in build_actions(equipment)}
    talks = []
    for place, scene in enumerate([scene for scene in equipment.scenes if scene.kind == "talk"][:TALKS]):
        start = {"scene": scene.id, "version": scene.version, "level": "friendly", "feedback": "full", "seed": 7}
        steps: list[tuple[str, str | None, dict[str, Any]]] = [
            ("action_open_scene", "start", start),
            ("action_begin_scene", "begin", {}),
            *(("action_answer_reply", None, {}) for _ in range(SAID)),
            ("action_stop_scene", "stop", {}),
            ("action_take_guess", "guess", {}),
            ("action_reveal_partner", "reveal", {}),
        ]
        state: dict[str, Any] = {}
        phase, counts, turns = "new", Counts(), []
        for number, (name, command, argument) in enumerate(steps):
            intent = "speech" if command is None else f"command_{command}"
            # a reply that would end the talk is left for another
            for text in [reply_number(place + number + offset) for offset in range(len(REPLIES))] if command is None else [""]:
                turn = Turn(f"written-{number}", command, argument, text, state, intent)
                answer = Answer.model_validate(actions[name].answer(turn))
                if command is not None or answer.phase == "scene":
                    break
            kept = answer.model_dump(mode="json", exclude={"message_id", "state", "phase", "crisis"})
            if command is None:
                counts = count_turn(wording, counts, Row(kept))  # type: ignore[arg-type]
            state = answer.state or {}
            turns.append(WrittenTurn(command, phase, text or None, argument or None, kept, state, counts.as_json()))
            phase = answer.phase
        talks.append(WrittenTalk(scene.id, scene.version, tuple(turns)))
    return talks
