"""The pictures that the documents show, taken from the running house."""

import os
from pathlib import Path

import pytest

from tests.whole_house.person import Person

PICTURES = os.environ.get("SAYABLE_PICTURES")


@pytest.mark.skipif(PICTURES is None, reason="takes the pictures for the documents; SAYABLE_PICTURES names their folder")
@pytest.mark.parametrize("person", [(1200, 1010)], indirect=True, ids=["window"])
def test_pictures_for_the_documents(person: Person):
    """The first screen, the scenes, a talk with its notes and a debrief can be photographed from the running house."""
    assert PICTURES is not None
    folder = Path(PICTURES)
    person.open("/")
    person.photograph(folder, "welcome")
    person.come_in()
    person.photograph(folder, "scenes")
    person.take_scene("S01")
    person.press("begin")
    person.say("I feel anxious when you initiate intimacy without a prior check-in; I need a moment to assess")
    person.photograph(folder, "talk")
    person.say("Would you be willing to ask me first, just with a word, before you start?")
    person.press("stop")
    person.find("input[name='feeling']").send_keys("embarrassed")
    person.press("guess")
    person.wait_for(lambda: person.find_all("form[data-command='reveal'] button") or person.find_all(".debrief"), "the other side")
    if person.find_all("form[data-command='reveal'] button"):
        person.press("reveal")
    person.find(".debrief")
    person.photograph(folder, "debrief")
