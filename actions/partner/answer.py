"""The partner's answer to one reply while it is being made: parts taken from the scene's lines, and the state they change."""

from __future__ import annotations

from actions.partner.choose_line import take_from_group, take_line
from actions.partner.partner_state import State
from actions.partner.read_reply import Reading
from data.scenarios import Scene

MOST_WORDS = 55  # of both parts together


class Answer:
    """Builds the partner's answer to one reply, part by part, taking lines from the scene and writing to `state`."""

    def __init__(self, scene: Scene, state: State, reading: Reading) -> None:
        self.scene = scene
        self.state = state
        self.reading = reading
        self.parts: list[str] = []

    def say(self, group: str, **more: str) -> bool:
        """Add a line of a group (or of its neighbours)."""
        return self.add(take_from_group(self.scene, self.state, group, {**self.reading.slots, **more}))

    def say_only(self, pool: str) -> bool:
        """Add a line of exactly this pool, if one is left."""
        return self.add(take_line(self.scene, self.state, pool, self.reading.slots))

    def add(self, line: str | None) -> bool:
        if line is None:
            return False
        self.parts.append(line)
        return True

    def has_room(self) -> bool:
        """Whether a second part still makes a breath's length."""
        return len(self.parts) < 2 and sum(len(part.split()) for part in self.parts) <= MOST_WORDS // 2

    def say_topic(self, topic_id: str, part: str) -> bool:
        """A line of a topic's part, if one is left."""
        number = next(number for number, topic in enumerate(self.scene.topics) if topic.id == topic_id)
        if not self.say_only(f"topics.{number}.{part}"):
            return False
        if topic_id not in self.state["topics"]:
            self.state["topics"].append(topic_id)
        return True
