"""The lobby: answers, offers of scenes, picking one, and help first."""

import json

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.action_list import build_actions
from data.dialogue.answers import SKILLS


@pytest.fixture
def run(equipment):
    """Runs one lobby action on something typed and returns the answer slot."""
    actions = {action.name(): action for action in build_actions(equipment)}

    def run_action(name, text="", *, intent="", state=None, confidence=1.0, command=None, nearest=None):
        incoming = {"message_id": "m1", "kind": "speech", "command": command, "argument": None, "text": text}
        incoming["nearest"] = nearest
        slots = {"incoming": incoming, "state": json.dumps(state or {})}
        tracker = Tracker("t", slots, {"intent": {"name": intent, "confidence": confidence}}, [], False, None, {}, "action_listen")
        return json.loads(actions[name].run(CollectingDispatcher(), tracker, {})[0]["value"])

    return run_action


def test_a_wish_is_answered_with_fitting_scenes(run):
    """The closest scene stands first, and the step says that something is on the table."""
    answer = run("action_offer_scenes", "my boyfriend is so jealous of my best friend", intent="describe_wish")
    assert answer["offers"][0] == {"scene": "S08", "why": "A summary of the test."}
    assert answer["state"]["step"] == "offered" and answer["state"]["offered"][0] == "S08"


def test_a_new_scene_is_offered_without_training(run):
    """A scene that nothing was ever trained on is found by its own asks_for."""
    assert run("action_offer_scenes", "our dog always sleeps on my side of the bed")["offers"][0]["scene"] == "X9"


def test_what_fits_nothing_is_said_so_and_first_scenes_are_offered(run):
    """No scene is passed off as fitting."""
    answer = run("action_offer_scenes", "qwertz uiop", intent="nlu_fallback")
    assert answer["lines"][0]["text"] in (
        "I could not connect that with a scene. You could say it in other words, for instance who is involved and what is hard about it, "
        "or begin with one of these.",
        "I am not sure I understood. I know scenes about limits, wishes, jealousy, hearing a no, time alone and more. "
        "Here are some to begin with.",
    )
    assert answer["offers"][0]["scene"] == "S17"


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("the second one", "S08"),
        ("the first", "S17"),
        ("number 3", "S05"),
        ("take the last one", "S05"),
        ("the one at the top", "S17"),
        ("2", "S08"),
    ],
)
def test_picking_what_was_offered(run, text, scene):
    """Ordinals, numbers and places are understood."""
    state = {"phase": "lobby", "step": "offered", "offered": ["S17", "S08", "S05"]}
    assert [offer["scene"] for offer in run("action_pick_offer", text, state=state)["offers"]] == [scene]


def test_picking_what_is_not_there(run):
    """A fourth of three, or a bare yes, shows what there is once more."""
    state = {"phase": "lobby", "step": "offered", "offered": ["S17", "S08"]}
    for text in ("the third", "yes"):
        assert len(run("action_pick_offer", text, state=state)["offers"]) == 2


def test_no_leads_to_other_scenes_until_there_are_none(run):
    """What was refused does not come again."""
    first = run("action_offer_first_scenes", state={})
    seen = [offer["scene"] for offer in first["offers"]]
    second = run("action_offer_other_scenes", state=first["state"])
    assert [offer["scene"] for offer in second["offers"]] and not {offer["scene"] for offer in second["offers"]} & set(seen)
    third = run("action_offer_other_scenes", state=second["state"])
    assert third["offers"] == [] and third["lines"]


@pytest.mark.parametrize("skill", SKILLS)
def test_every_skill_is_explained_with_an_example(run, skill):
    """One explanation and one example."""
    intent = "ask_fault_words" if skill == "fault_words" else f"ask_skill_{skill}"
    lines = run("action_explain_skill", "what is that", intent=intent)["lines"]
    assert len(lines) == 2 and lines[1]["text"].startswith("For example")


def test_a_question_in_between_leaves_the_offers_on_the_table(run):
    """After asking who can read it, "the second one" still works."""
    state = {"phase": "lobby", "step": "offered", "offered": ["S17", "S08"]}
    after = run("action_answer_question", "who can read this", intent="ask_who_can_read", state=state)["state"]
    assert run("action_pick_offer", "the second one", state=after)["offers"][0]["scene"] == "S08"


def test_asking_twice_gets_another_wording(run):
    """Where there are several wordings they are taken in turn."""
    first = run("action_answer_question", intent="out_of_scope")
    second = run("action_answer_question", intent="out_of_scope", state=first["state"])
    assert first["lines"][0]["text"] != second["lines"][0]["text"]


def test_danger_comes_before_everything(run):
    """When Rasa is sure, help stands alone and the answer is marked, so that web keeps nothing of the words."""
    answer = run("action_raise_alarm", "he hits me", intent="in_danger", confidence=0.9)
    assert answer["crisis"] and len(answer["lines"]) == 1 and answer["offers"] == []


def test_an_unsure_danger_offers_scenes_and_says_where_help_is(run):
    """A wish that sounds like danger is not taken away from the client."""
    answer = run("action_raise_alarm", "I get scared when he is jealous", intent="in_danger", confidence=0.3)
    assert not answer["crisis"] and answer["offers"][0]["scene"] == "S08" and "help button" in answer["lines"][-1]["text"]


def test_the_model_may_add_to_the_alarm(run):
    """The scorer's crisis verdict counts in the lobby as well."""
    assert run("action_offer_scenes", "CRISIS", intent="describe_wish")["crisis"]
    assert run("action_raise_alarm", "CRISIS", intent="in_danger", confidence=0.1)["crisis"]


def test_an_odd_lobby_state_is_survived(run):
    """A state from an older version, or with nonsense in it, does not stop the lobby."""
    lobby = {"phase": "lobby"}
    for state in ({"phase": "over", "offered": ["S17"]}, {**lobby, "asked": "many"}, {**lobby, "offered": ["S99"], "step": "offered"}):
        assert run("action_pick_offer", "first", state=state)["offers"]
        assert run("action_greet", "hi", state=state)["lines"]


def test_drills_are_offered_by_name(run):
    """All three."""
    assert len(run("action_offer_drills", "something short")["lines"]) == 4


def test_meaning_decides_when_rasa_gives_it(run):
    """Nearness by meaning outweighs shared words; below the bar nothing is passed off as fitting."""
    near = [{"scene": "S05", "score": 0.6}, {"scene": "S08", "score": 0.2}]
    offers = run("action_offer_scenes", "my partner is jealous", nearest=near)["offers"]
    assert offers[0]["scene"] == "S05"
    far = [{"scene": "S05", "score": 0.2}]
    assert run("action_offer_scenes", "lasagna", nearest=far)["offers"][0]["scene"] == "S17"
