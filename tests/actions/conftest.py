"""Small stand-ins for the scorer and the partner, with real wording, drills and a scene of their own."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from actions.equipment import Equipment
from actions.feedback import Advice, Verdict
from data.criteria import KEYS
from data.dialogue.answers import read_answers
from data.drills import read_drills
from data.rubric.wording import read_wording


@dataclass
class FakeScorer:
    """Finds a criterion where its name stands in the reply in capitals; remembers what it was asked."""

    judged: list[tuple[str, str | None]] = field(default_factory=list)
    moments: list[Any] = field(default_factory=list)
    wording: Any = None

    def judge(self, reply: str, context: str | None = None) -> dict[str, Verdict]:
        self.judged.append((reply, context))
        scores = {key: 0.9 if key.upper() in reply else 0.4 if f"MAYBE_{key}" in reply else 0.1 for key in KEYS}
        return {key: Verdict(key, score > 0.5, score) for key, score in scores.items()}

    def advise(self, reply, context, verdicts, moment) -> Advice:
        self.moments.append(moment)
        return Advice(None, None, None)


def talk(state, text, *, kind="say", ending=None, phase="scene", reveal=None):
    """A Talk like actions/partner gives."""
    moved = SimpleNamespace(openness=2, shift=1, because="HEARD")
    line = SimpleNamespace(who="partner", text=text, kind=kind)
    return SimpleNamespace(state=state, lines=(line,), ending=ending, moved=moved, phase=phase, reveal=reveal)


class FakePartner:
    """Counts turns and says which function answered."""

    def open_talk(self, scene, *, seed, level):
        return talk({"turn": 0, "last_line": f"opening {level} {seed}"}, f"opening {level} {seed}")

    def read_ahead(self, reply):
        return nullcontext()

    def answer_reply(self, scene, state, reply, verdicts):
        turn = state["turn"] + 1
        card = {"limits": ["not on Thursdays"], "signal": "", "next_step": "a walk", "agreed": True, "review": "", "can_change": True}
        ending = SimpleNamespace(id="kind", title="A kind end", text="It ended.", kind="heard", card=card) if reply == "END" else None
        return talk({"turn": turn, "last_line": f"line {turn}"}, f"line {turn}", ending=ending, phase="guess" if ending else "scene")

    def give_hint(self, scene, state):
        return talk(state, "a hint", kind="hint")

    def repeat_line(self, scene, state):
        return talk(state, state["last_line"])

    def pause(self, scene, state):
        return talk({**state, "halted": "pause"}, "Of course.", phase="paused")

    def time_out(self, scene, state, minutes):
        return talk({**state, "halted": "time_out"}, f"See you in {minutes}.", phase="timed_out")

    def resume(self, scene, state):
        return talk({**state, "halted": None}, "Yes, let us go on.")

    def stop(self, scene, state):
        return talk({**state, "halted": "stop"}, "Thank you for telling me.", phase="guess")

    def take_guess(self, scene, state, *, feeling=None, need=None):
        return talk(state, f"{feeling}/{need}", phase="reveal")

    def reveal(self, scene, state):
        return talk(state, "I was afraid.", phase="debrief", reveal={"feeling": "afraid", "need": "safety", "text": "I was afraid."})


def make_scene(scene_id, **other):
    """A scene with what the actions read of one."""
    scene = {
        "id": scene_id,
        "version": 1,
        "kind": "talk",
        "title": "A test",
        "summary": "A summary of the test.",
        "setting": "A kitchen.",
        "client_goal": "Say it.",
        "aims": ("i_statement", "request"),
        "listening": False,
        "asks_for": ("say no to a visit", "limits with relatives"),
        "focus": ("limits",),
    }
    return SimpleNamespace(**{**scene, **other})


@pytest.fixture
def scenes():
    """Four scenes, the first of them one for a first time."""
    return (
        make_scene("S17", title="An evening of my own", asks_for=("time alone", "an evening without him", "more space for myself")),
        make_scene("S08", title="A green feeling", asks_for=("my partner is jealous", "jealousy about a friend")),
        make_scene("S05", title="The date in the calendar", asks_for=("change an agreement", "review our rules", "renegotiate")),
        make_scene("X9", title="Pets", asks_for=("the dog sleeps in our bed", "a cat on the sofa", "pets")),
    )


@pytest.fixture
def equipment(scenes):
    """Everything an action needs."""
    known = {scene.id: scene for scene in scenes}
    scorer = FakeScorer(wording=read_wording())
    return Equipment(scorer, FakePartner(), known.__getitem__, scenes, read_answers(), read_drills())
