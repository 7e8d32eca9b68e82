"""Hand-made verdicts and a short way to play."""

from dataclasses import dataclass

import pytest

from actions import partner
from data.criteria import KEYS
from data.scenarios import load_scene


@dataclass(frozen=True)
class Evidence:
    start: int
    end: int
    text: str
    why: str = ""


@dataclass(frozen=True)
class Verdict:
    key: str
    present: bool
    score: float
    evidence: tuple


BARELY = 0.52
"""The score of a verdict that the judge is not sure of: only such a one may be doubted."""


def judge(reply, keys, score=1.0):
    """Verdicts for a reply: `keys` is words separated by spaces, or a dict from key to the words that carried it, each with `score`."""
    found = keys if isinstance(keys, dict) else dict.fromkeys(keys.split(), reply)
    assert set(found) <= set(KEYS)
    verdicts = {}
    for key in KEYS:
        words = found.get(key)
        start = reply.index(words) if words else 0
        evidence = (Evidence(start, start + len(words), words),) if words else ()
        verdicts[key] = Verdict(key, key in found, score if key in found else 0.0, evidence)
    return verdicts


class Player:
    """Plays a scene with hand-made verdicts."""

    def __init__(self, scene_id="S17", level="friendly", seed=1):
        self.scene = load_scene(scene_id) if isinstance(scene_id, str) else scene_id
        self.talk = partner.open_talk(self.scene, seed=seed, level=level)

    def say(self, reply, keys="", score=1.0):
        self.talk = partner.answer_reply(self.scene, self.talk.state, reply, judge(reply, keys, score))
        return self.said

    def press(self, control, *args, **kwargs):
        self.talk = control(self.scene, self.talk.state, *args, **kwargs)
        return self.said

    @property
    def state(self):
        return self.talk.state

    @property
    def said(self):
        """What the partner said, as one text."""
        return " ".join(line.text for line in self.talk.lines if line.who == "partner")

    @property
    def openness(self):
        return self.state["trust"] // 4

    def pools(self):
        """The pools of the lines said so far."""
        names = {line.number: line.pool for lines in self.scene.book.values() for line in lines}
        return [names[number] for number in self.state["used"]]


@pytest.fixture
def play():
    return Player
