"""What a written client says about this very scene: questions about its topics and about the line just said, steps that belong to it.

The banks of `replies.yml` fit every scene; without these, many of a scene's own lines would never be heard in a simulation.
"""

from __future__ import annotations

import random

from actions.partner.partner_state import State
from data.scenarios import Scene

HOW_OFTEN = 0.5  # of the replies that can speak of the scene, this many do
ABOUT = ("What about {cue}?", "How is it for you, {cue}?", "Can you tell me about {cue}?", "And {cue}, what do you think of that?")
MEANT = ("What do you mean, “{words}”?", "“{words}”? How so?", "Tell me more about “{words}”.")
STEPS = ("Would you be willing to agree on something about {cue}? It's fine if not.", "Could we try something with {cue}, once?")
VERBS = ("come ", "go ", "ask ", "text ", "tell ", "let ", "start ", "try ", "come to ", "hold ", "sit ", "talk ")


def speak_of_scene(scene: Scene, state: State, intent: str, chance: random.Random) -> str | None:
    """A reply of this intent in words of the scene; None when this one is better taken from the bank."""
    if intent not in ("ask_open", "ask_step", "small_step", "avoid") or chance.random() > HOW_OFTEN:
        return None
    if intent == "ask_open":
        line = state["last_line"].lower()
        meant = [words for follow_up in scene.follow_ups for words in follow_up.to if words.lower() in line]
        if meant:
            return chance.choice(MEANT).format(words=chance.choice(meant))
        return chance.choice(ABOUT).format(cue=chance.choice(chance.choice(scene.topics).cues))
    if intent == "avoid":
        return f"I don't know. It's something with {chance.choice(chance.choice(scene.topics).cues)}, I think."
    topics = [topic for topic in scene.topics if topic.agree or topic.hesitate or topic.decline]
    examples = [hint.example.strip("“”") for hint in scene.hints if hint.stage == "ask"]
    if not topics or (examples and chance.random() < HOW_OFTEN / 2):
        return chance.choice(examples) if examples else None
    declined = [topic for topic in topics if topic.decline]
    if declined and chance.random() < HOW_OFTEN:
        topics = declined  # what the partner says no to is proposed as well
    cue = chance.choice(chance.choice(topics).cues)
    return f"Would you {cue}? It's fine if not." if cue.startswith(VERBS) else chance.choice(STEPS).format(cue=cue)
