"""Rasa is asked once for each message, and no rule of ours would have gone on."""

import pytest
import yaml

from rasa_project.recipe import ROOT

pytestmark = pytest.mark.slow


def test_rasa_is_asked_once_for_a_message(channel, agent, speak, monkeypatch):
    """A reply in a scene costs one prediction, and its answer is there."""
    asked = []
    predict = agent.processor._predict_next_with_tracker
    monkeypatch.setattr(agent.processor, "_predict_next_with_tracker", lambda tracker: asked.append(1) or predict(tracker))
    status, answer = channel(speak("I feel tired.", "scene"))
    assert (status, answer["ran"], len(asked)) == (200, "action_answer_reply", 1)


def test_each_rule_has_one_action_and_ends_with_it():
    """Nothing is lost by stopping after the first action: every rule has one action and ends with it."""
    paths = sorted((ROOT / "data" / "dialogue").glob("rules_*.yml"))
    rules = [rule for path in paths for rule in yaml.safe_load(path.read_text())["rules"]]
    assert len(rules) > 50
    for rule in rules:
        assert sum("action" in step for step in rule["steps"]) == 1 and "action" in rule["steps"][-1], rule["rule"]
