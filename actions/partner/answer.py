"""The partner's answer to one reply while it is being made: parts taken from the scene's lines, and the state they change."""

from __future__ import annotations

from collections.abc import Sequence

from actions.partner.choose_line import Option, fill_slots, find_best, take_from_group, take_line
from actions.partner.meaning import load_meaning
from actions.partner.partner_state import State
from actions.partner.read_reply import Reading
from data.scenarios import Scene

FAR = 0.3  # nearness to what a scene is about, under which a step or limit is about something else
MOST_WORDS = 55  # of both parts together


class Answer:
    """Builds the partner's answer to one reply, part by part, taking lines from the scene and writing to `state`."""

    def __init__(self, scene: Scene, state: State, reading: Reading) -> None:
        self.scene = scene
        self.state = state
        self.reading = reading
        self.parts: list[str] = []
        self.spoken_of: set[str] = set()  # topics of the parts

    def say(self, group: str, **more: str) -> bool:
        """Add a line of a group (or of its neighbours)."""
        return self.add(take_from_group(self.scene, self.state, group, {**self.reading.slots, **more}, self.reading.text))

    def say_only(self, pool: str) -> bool:
        """Add a line of exactly this pool, if one is left."""
        return self.add(take_line(self.scene, self.state, pool, self.reading.slots, self.reading.text))

    def say_best(self, options: Sequence[Option], to: str, least: float = 0.0) -> bool:
        """Add the line of several pools that answers `to` best, if it reaches `least` points."""
        best = find_best(self.scene, self.state, options, self.reading.slots, to)
        if best is None or best[0] < least:
            return False
        line = best[1]
        self.state["used"].append(line.number)
        if line.pool.startswith("layers."):
            self.state["told"] += 1
        elif line.pool.startswith("topics."):
            self.note_topic(self.scene.topics[int(line.pool.split(".")[1])].id)
        return self.add(fill_slots(line.text, self.reading.slots))

    def best_points(self, options: Sequence[Option], to: str) -> float:
        """How many points the best line of several pools would have; nothing is said."""
        best = find_best(self.scene, self.state, options, self.reading.slots, to)
        return best[0] if best else 0.0

    def how_near(self, text: str, others: Sequence[str]) -> float:
        """How near `text` comes to the nearest of `others`; 0 when there are none."""
        return max(load_meaning().nearness(text, others), default=0.0)

    def is_far(self, words: str) -> bool:
        """Whether a proposal or limit is about something that this scene is not about."""
        if self.reading.topics:
            return False
        scene = self.scene
        about = [scene.title, scene.summary, scene.client_goal, *scene.asks_for, *(hint.example for hint in scene.hints)]
        about += [text for amendment in scene.amends for text in (amendment.step, amendment.says)]
        about += [text for topic in scene.topics for text in (*topic.agree, *(line for _, line in topic.asked.said()))]
        return self.how_near(words, about) < FAR

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
        self.note_topic(topic_id)
        return True

    def note_topic(self, topic_id: str) -> None:
        self.spoken_of.add(topic_id)
        if topic_id not in self.state["topics"]:
            self.state["topics"].append(topic_id)

    def topic_options(self, part: str, cued: Sequence[str], liked: float, otherwise: float | None) -> list[Option]:
        """A part (`asked`, `told`) of every topic: those that were cued are liked, the first most; the others by meaning alone, or not."""
        came_up, options = set(self.state["topics"]), []
        for number, topic in enumerate(self.scene.topics):
            if topic.id in self.spoken_of:
                continue
            if topic.id in cued:
                options.append(Option(f"topics.{number}.{part}", liked - 0.05 * cued.index(topic.id)))
            elif otherwise is not None and (topic.after is None or topic.after in came_up):
                options.append(Option(f"topics.{number}.{part}", otherwise))
        return options
