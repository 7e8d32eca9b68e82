"""The rules are asked once for each phase, step and intent, and what is remembered is what they say."""

import itertools

import pytest

from rasa_project.incoming_message import COMMANDS, PHASES

pytestmark = pytest.mark.slow

STEPS = (None, "offered", "drill_paraphrase", "one_nobody_foresaw")


@pytest.fixture
def asked(agent, monkeypatch):
    """What RulePolicy was asked since the test began, by a processor that remembers nothing."""
    from rasa.core.policies.rule_policy import RulePolicy  # not before the agent: it would bring TensorFlow in

    agent.processor.__dict__.pop("_known_decisions", None)
    asked = []
    predict = RulePolicy._predict
    monkeypatch.setattr(RulePolicy, "_predict", lambda *given, **named: asked.append(1) or predict(*given, **named))
    return asked


def test_a_second_reply_asks_no_rule(channel, asked, speak):
    """Two replies in a scene, in different words and states, are answered by the same action, and the rules are asked once."""
    first = channel(speak("I feel tired.", "scene", turn=3))
    second = channel(speak("Could we talk on Sunday?", "scene", turn=4))
    assert [answer["ran"] for _, answer in (first, second)] == ["action_answer_reply"] * 2
    assert len(asked) == 1


def test_another_step_phase_or_intent_is_asked_about(channel, asked, speak, press):
    """What was decided for one situation is not taken for another."""
    ran = [
        channel(speak("Hm.", phase, step=step))[1].get("ran")
        for phase, step in (("scene", None), ("paused", None), ("drill", "drill_paraphrase"))
    ]
    ran.append(channel(press("pause", "scene"))[1]["ran"])
    assert ran == ["action_answer_reply", "action_answer_paused", "action_check_paraphrase", "action_pause_scene"]
    assert len(asked) == 4


def test_what_is_remembered_is_what_the_rules_say(channel, agent, asked, speak, press):
    """Every command and speech in every phase and several steps: the second answer, from memory, is the first one, refusals too."""
    bodies = [speak("Hm.", phase, step=step) for phase, step in itertools.product(PHASES, STEPS) if phase != "lobby"]
    argument = {"skill": "paraphrase", "scene": "S17"}
    bodies += [press(command, phase, argument, step=step) for command, phase, step in itertools.product(COMMANDS, PHASES, STEPS)]
    first = channel.all(bodies)
    many = len(asked)
    assert channel.all(bodies) == first and len(asked) == many
    assert {status for status, _ in first} >= {200, 409}


def test_memory_is_bounded(channel, agent, asked, speak, monkeypatch):
    """Steps that nobody foresaw do not fill it."""
    monkeypatch.setattr("rasa_project.known_decisions.MOST", 5)
    for number in range(12):
        channel(speak("Hm.", "scene", step="step_" + "x" * number))
        assert len(agent.processor._known_decisions) <= 5
