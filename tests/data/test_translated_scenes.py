"""A translation has all of the English scene and moves as it moves: each difference that is no wording is named with its place."""

import copy

import pytest
import yaml

from data.scenarios import check_scene
from data.scenarios.reader import HERE
from data.scenarios.translations import find_missing_translations

TALK = yaml.safe_load((HERE / "S17.yml").read_text(encoding="utf-8"))
REFLECTION = yaml.safe_load((HERE / "S12.yml").read_text(encoding="utf-8"))


def find_differences(original, change, tmp_path):
    """What is told of a German copy that was changed in this way; its shape is right."""
    raw = copy.deepcopy(original)
    raw["locale"] = "de"
    change(raw)
    path = tmp_path / f"{raw['id']}.de.yml"
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")
    scene, _ = check_scene(path)
    assert scene is not None
    return [str(fault).partition(f"{path}:")[2].partition(": ")[2] for fault in find_missing_translations([(path, scene)])]


def swap_first_two(entries):
    entries[0], entries[1] = entries[1], entries[0]


@pytest.mark.parametrize("original", [TALK, REFLECTION], ids=["talk", "reflection"])
def test_a_translation_that_has_everything_has_no_difference(original, tmp_path):
    """Other words, and lists without an order of their own in another order, are no difference."""

    def translate(raw):
        raw["title"] = "Ein anderer Titel"
        raw["techniques"].reverse()

    assert find_differences(original, translate, tmp_path) == []


IN_A_TALK = {
    "age of the partner": (lambda raw: raw["partner"].update(age=19), "partner.age: is 19, but in the English scene 32"),
    "power": (lambda raw: raw.update(power="client_holds_more"), "power: is client_holds_more, but in the English scene equal"),
    "aims": (lambda raw: raw.update(aims=["need"]), "aims: is [need], but in the English scene ["),
    "start": (lambda raw: raw["partner"].update(start={"friendly": 1}), "partner.start.friendly: is 1, but in the English scene 2"),
    "length": (lambda raw: raw.update(max_turns=9), "max_turns: is 9, but in the English scene 24"),
    "a no that is not there": (
        lambda raw: raw["partner"].update(says_no="Nein."),
        "partner.says_no: is written, but in the English scene not written",
    ),
    "a note on content": (lambda raw: raw["content_notes"].pop(), "content_notes: no translation of 1 of the "),
    "a question afterwards": (lambda raw: raw["debrief"]["questions"].append("Und?"), "debrief.questions: has "),
    "conditions of an ending": (
        lambda raw: raw["endings"][0].update(when=["step_agreed", "open"]),
        "endings[0].when: is [open, step_agreed], but in the English scene [reviewed, step_agreed]",
    ),
    "an ending": (lambda raw: raw["endings"].pop(2), "endings: no translation of 'heard_no_plan'"),
    "order of layers": (lambda raw: swap_first_two(raw["layers"]), "layers: stand in another order than in the English scene"),
    "openness of a layer": (lambda raw: raw["layers"][2].update(openness=2), "layers[2].openness: is 2, but in the English scene 3"),
    "a topic beyond": (
        lambda raw: raw["topics"].append({"id": "more", "cues": ["zebra"], "asked": ["Ein Zebra?"]}),
        "topics[14].id: 'more' is not in the English scene",
    ),
    "a part of a topic": (lambda raw: raw["topics"][2].pop("agree"), "topics[2]: no translation of `agree`; add `agree:`"),
    "a topic that waits": (
        lambda raw: raw["topics"][2].update(after="texting"),
        "topics[2].after: is texting, but in the English scene not written",
    ),
    "a counter-proposal": (lambda raw: raw["amends"].pop(), "amends: no translation of 1 of the "),
    "what a counter-proposal answers": (
        lambda raw: raw["amends"][0].update(fits=["sister"]),
        "amends[0].fits: is [sister], but in the English scene [",
    ),
    "a follow-up out of the middle": (lambda raw: raw["follow_ups"].pop(0), "follow_ups: no translation of 1 of the "),
    "a follow-up": (lambda raw: raw["follow_ups"].pop(), "follow_ups: no translation of 1 of the "),
    "an exchange of the worked example": (lambda raw: raw["worked_example"].pop(), "worked_example: no translation of 1 of the "),
    "hints": (lambda raw: raw["hints"].pop(), "hints: no translation of the hints for 'close'"),
    "a group of lines": (lambda raw: raw["lines"].pop("joked"), "lines: no translation of the group 'joked'"),
}


@pytest.mark.parametrize("what", IN_A_TALK)
def test_a_talk_that_differs_in_more_than_its_words_is_told(what, tmp_path):
    """One change, one fault, at its place."""
    change, words = IN_A_TALK[what]
    told = find_differences(TALK, change, tmp_path)
    assert len(told) == 1 and told[0].startswith(words), told


IN_A_REFLECTION = {
    "a question": (lambda raw: raw["prompts"].pop(3), "prompts: no translation of 'body_no'"),
    "order of the questions": (lambda raw: swap_first_two(raw["prompts"]), "prompts: stand in another order"),
    "techniques": (lambda raw: raw.update(techniques=["T13"]), "techniques: is [T13], but in the English scene [T13, T28, T41]"),
    "version": (lambda raw: raw.update(version=2), "version: translates version 2, but the scene is at 1"),
}


@pytest.mark.parametrize("what", IN_A_REFLECTION)
def test_a_reflection_that_differs_in_more_than_its_words_is_told(what, tmp_path):
    """A guided reflection is held to its English one as a talk is."""
    change, words = IN_A_REFLECTION[what]
    told = find_differences(REFLECTION, change, tmp_path)
    assert len(told) == 1 and told[0].startswith(words), told


def test_a_talk_in_the_place_of_a_reflection_is_told(tmp_path):
    """A talk under the id of a reflection translates nothing."""
    told = find_differences(TALK, lambda raw: raw.update(id="S12"), tmp_path)
    assert told[-1].startswith("kind: is a talk, but the English scene is a reflection")
