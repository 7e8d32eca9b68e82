"""S12 is a guided reflection: nobody answers as a partner, nothing is scored, everything may be skipped."""

import pytest

from actions import partner
from data.scenarios import Reflection, list_reflections, list_scenes, load_scene


@pytest.fixture
def talk():
    return partner.open_talk(load_scene("S12"), seed=1, level="friendly")


def test_s12_is_a_reflection_and_no_talk():
    """It is listed apart, so that nobody looks for a partner in it."""
    assert [scene.id for scene in list_reflections()] == ["S12"]
    assert "S12" not in [scene.id for scene in list_scenes()]
    assert isinstance(load_scene("S12"), Reflection)
    assert load_scene("S12").aims == ()


def test_every_prompt_comes_once_and_then_it_closes_kindly(talk):
    """Ten answers, ten prompts, no line twice."""
    scene, said = load_scene("S12"), [line.text for line in talk.lines]
    for number in range(len(scene.prompts)):
        assert talk.ending is None
        talk = partner.answer_reply(scene, talk.state, f"Something I notice, number {number}.", {})
        said.extend(line.text for line in talk.lines)
        assert talk.moved is None
        assert all(line.who == "guide" for line in talk.lines)
    assert talk.ending is not None
    assert len(said) == len(set(said))


def test_not_knowing_gets_help_once_and_is_then_an_answer(talk):
    """ "I don't know" is a full answer."""
    scene = load_scene("S12")
    talk = partner.answer_reply(scene, talk.state, "I don't know", {})
    assert talk.state["prompt"] == 0
    assert talk.lines[0].text in scene.prompts[0].helps
    talk = partner.answer_reply(scene, talk.state, "I don't know", {})
    assert talk.state["prompt"] == 1
    assert talk.lines[0].text in scene.skips


def test_hard_words_about_oneself_meet_a_kinder_voice(talk):
    """T28: offered, not argued."""
    talk = partner.answer_reply(load_scene("S12"), talk.state, "I'm such a failure at this", {})
    assert talk.lines[0].text in load_scene("S12").self_blame


def test_stop_and_pause_are_honoured(talk):
    """Typed or by button."""
    scene = load_scene("S12")
    assert partner.answer_reply(scene, talk.state, "Stop.", {}).ending
    paused = partner.answer_reply(scene, talk.state, "Pause please", {})
    assert paused.phase == "paused"
    assert partner.resume(scene, paused.state).lines[0].text in scene.prompts[0].asks
    assert partner.pause(scene, talk.state).phase == "paused"
    assert partner.stop(scene, talk.state).ending
    assert partner.give_hint(scene, talk.state).lines[0].kind == "hint"
    assert partner.repeat_line(scene, talk.state).lines[0].text == talk.lines[0].text
    assert partner.take_guess(scene, talk.state).lines == ()
    assert partner.reveal(scene, talk.state).reveal is None
