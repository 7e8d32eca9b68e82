"""A scene through the actions, from its opening to the end, on small stand-ins for scorer and partner."""

import json
import logging

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.action_list import build_actions
from actions.equipment import read_sound_scenes
from data.faults import ContentError
from data.scenarios import list_scene_files


@pytest.fixture
def run(equipment):
    """Runs one action as rasa-sdk does and returns the answer slot."""
    actions = {action.name(): action for action in build_actions(equipment)}

    def run_action(name, state=None, *, text="", command=None, argument=None, intent="speech"):
        incoming = {"message_id": "m1", "kind": "speech" if text else "command", "command": command, "argument": argument, "text": text}
        slots = {"incoming": incoming, "state": json.dumps(state or {})}
        tracker = Tracker("t", slots, {"intent": {"name": intent}}, [], False, None, {}, "action_listen")
        events = actions[name].run(CollectingDispatcher(), tracker, {})
        assert [event["name"] for event in events] == ["answer"]
        return json.loads(events[0]["value"])

    return run_action


START = {"scene": "S17", "version": 1, "level": "guarded", "seed": 7, "feedback": "full"}


@pytest.fixture
def in_scene(run):
    """The state after the partner's first line."""
    state = run("action_open_scene", command="start", argument=START)["state"]
    return run("action_begin_scene", state, command="begin")["state"]


def test_a_scene_runs_from_briefing_to_over(run):
    """Every step hands its state to the next and names the phase that Rasa's rules read."""
    answer = run("action_open_scene", command="start", argument=START)
    assert (answer["phase"], answer["lines"][0]["kind"]) == ("briefing", "setting")
    answer = run("action_begin_scene", answer["state"])
    assert (answer["phase"], answer["lines"][0]["text"]) == ("scene", "opening guarded 7")
    answer = run("action_answer_reply", answer["state"], text="I_STATEMENT here")
    assert (answer["phase"], answer["lines"][0]["text"]) == ("scene", "line 1")
    assert answer["feedback"]["criteria"]["i_statement"]["present"]
    assert answer["moved"] == {"openness": 2, "shift": 1, "because": "HEARD"}
    answer = run("action_answer_reply", answer["state"], text="END")
    assert (answer["phase"], answer["ending"]["id"]) == ("guess", "kind")
    assert answer["agreement"] == {"limits": ["not on Thursdays"], "signal": "", "next_step": "a walk", "agreed": True, "review": ""}
    answer = run("action_take_guess", answer["state"], argument={"feeling": "sad"})
    assert (answer["phase"], answer["lines"][0]["text"]) == ("reveal", "sad/None")
    answer = run("action_reveal_partner", answer["state"])
    assert (answer["phase"], answer["reveal"]["feeling"]) == ("debrief", "afraid")
    assert run("action_close_debrief", answer["state"])["phase"] == "over"


def test_the_reply_is_judged_against_the_line_it_answers(run, in_scene, equipment):
    """The context of judging is the partner's last line, not an earlier one."""
    state = run("action_answer_reply", in_scene, text="one")["state"]
    run("action_answer_reply", state, text="two")
    assert equipment.scorer.judged == [("one", "opening guarded 7"), ("two", "line 1")]


def test_a_state_is_never_changed_in_place(run, in_scene):
    """The same state can be answered twice, as trying again needs."""
    first = run("action_answer_reply", in_scene, text="one")
    second = run("action_answer_reply", in_scene, text="one")
    assert first == second


@pytest.mark.parametrize(("mode", "low_load"), [("full", False), ("line", True)])
def test_the_feedback_mode_reaches_the_advice(run, in_scene, equipment, mode, low_load):
    """One line of feedback is asked for as low load."""
    answer = run("action_answer_reply", {**in_scene, "feedback": mode}, text="hello")
    assert answer["feedback"] is not None
    assert equipment.scorer.moments[-1].low_load is low_load
    assert equipment.scorer.moments[-1].aims == frozenset({"i_statement", "request"})


def test_a_check_scene_gives_no_feedback(run, in_scene):
    """In mode none the answer holds no feedback and no criterion's key outside the partner's own state."""
    answer = run("action_answer_reply", {**in_scene, "feedback": "none"}, text="I_STATEMENT BLAME")
    assert answer["feedback"] is None
    assert "blame" not in str({**answer, "state": None})
    assert answer["counted"] == ["i_statement"]  # kept for the counts after the talk


def test_a_guided_reflection_is_not_scored(run, in_scene, equipment):
    """Nothing of it is judged or shown as feedback; only danger is still heard."""
    equipment.load_scene("S17").kind = "reflection"
    answer = run("action_answer_reply", in_scene, text="I_STATEMENT BLAME")
    assert answer["feedback"] is None and answer["lines"]
    assert run("action_answer_reply", in_scene, text="CRISIS")["crisis"]


def test_a_crisis_pauses_and_shows_nothing_else(run, in_scene):
    """Nothing of such a reply is scored or answered, and the talk stands where it stood."""
    answer = run("action_answer_reply", in_scene, text="CRISIS and I_STATEMENT")
    assert answer["crisis"] and answer["phase"] == "paused"
    assert (answer["lines"], answer["feedback"], answer["moved"]) == ([], None, None)
    assert answer["state"]["talk"]["turn"] == in_scene["talk"]["turn"]
    assert run("action_resume_scene", answer["state"])["phase"] == "scene"


def test_pause_time_out_resume_and_stop(run, in_scene):
    """Each is honoured at once; a second press on pause changes nothing."""
    paused = run("action_pause_scene", in_scene)
    assert paused["phase"] == "paused"
    assert run("action_pause_scene", paused["state"])["state"] == paused["state"]
    away = run("action_time_out_scene", in_scene, argument={"minutes": 15})
    assert (away["phase"], away["lines"][0]["text"]) == ("timed_out", "See you in 15.")
    assert run("action_resume_scene", away["state"])["phase"] == "scene"
    assert run("action_stop_scene", away["state"])["phase"] == "guess"


def test_hint_and_try_again_stay_in_the_scene(run, in_scene):
    """A hint is a hint, and trying again repeats the line that is being answered."""
    assert run("action_give_hint", in_scene)["lines"][0]["kind"] == "hint"
    assert run("action_try_again", in_scene)["lines"][0]["text"] == "opening guarded 7"


@pytest.mark.parametrize("phase", ["paused", "timed_out"])
def test_typing_in_a_pause_reaches_the_partner_and_is_not_scored(run, in_scene, equipment, phase):
    """What is typed in a pause goes to the partner, who knows asking to go on; no feedback, no count."""
    state = {**in_scene, "phase": phase}
    answer = run("action_answer_paused", state, text="Shall we go on? I_STATEMENT")
    assert (answer["lines"][0]["who"], answer["feedback"], answer["counted"]) == ("partner", None, [])
    in_danger = run("action_answer_paused", state, text="CRISIS")
    assert in_danger["crisis"] and in_danger["state"] == state and in_danger["lines"] == []


def test_typing_in_a_paused_drill_is_answered_by_the_guide(run):
    """Nobody is there to be asked, so the guide says where we are and the state stays."""
    drill = {"phase": "paused", "step": "drill_paraphrase"}
    in_danger = run("action_answer_paused", drill, text="CRISIS")
    assert in_danger["crisis"] and in_danger["state"] == drill
    answer = run("action_answer_paused", drill, text="Shall we go on?")
    assert answer["state"] == drill and answer["lines"][0]["who"] == "guide"


@pytest.mark.parametrize(("words", "phase"), [("I am back", "scene"), ("stop", "guess")])
def test_typing_in_a_paused_reflection_goes_on_and_a_stop_ends_it(words, phase):
    """A real reflection, paused: whatever is written goes on with it, and a typed stop is honoured at once."""
    from actions.partner import answer_reply, open_talk, pause
    from data.scenarios import load_scene

    scene = load_scene("S12")
    paused = pause(scene, open_talk(scene, seed=7, level="friendly").state)
    assert answer_reply(scene, paused.state, words, {}).phase == phase


@pytest.mark.parametrize("phase", ["briefing", "paused", "timed_out", "guess", "reveal", "debrief", "over"])
def test_typing_while_nobody_listens_is_not_scored_and_a_crisis_is_heard(run, in_scene, phase):
    """The guide says where we are; the state stays, no feedback, no count. The scorer is asked for a crisis alone."""
    state = {**in_scene, "phase": phase}
    in_danger = run("action_say_where_we_are", state, text="CRISIS")
    assert in_danger["crisis"] and in_danger["state"] == state and in_danger["lines"] == []
    answer = run("action_say_where_we_are", state, text="hello?")
    assert answer["state"] == state and answer["lines"][0]["kind"] == "note"
    assert (answer["crisis"], answer["feedback"], answer["counted"]) == (False, None, [])


@pytest.mark.parametrize(
    ("argument", "status"),
    [
        ({"scene": "S99"}, 422),
        ({"scene": ["S17"]}, 422),
        ({}, 422),
        ({"scene": "S17", "version": 9}, 409),
        ({"scene": "S17", "level": "cosy"}, 422),
        ({"scene": "S17", "seed": -1}, 422),
        ({"scene": "S17", "seed": True}, 422),
        ({"scene": "S17", "seed": 2**40}, 422),
        ({"scene": "S17", "feedback": "loud"}, 422),
        ({"scene": "S17", "level": ["friendly"]}, 422),
    ],
)
def test_a_wrong_start_is_refused(run, argument, status):
    """Each wrong choice is refused with its status and a sentence, and nothing begins."""
    refused = run("action_open_scene", command="start", argument=argument)["refused"]
    assert refused["status"] == status and refused["error"].endswith(".")


def test_a_scene_whose_file_has_a_fault_is_refused(run, equipment, monkeypatch):
    """409 with a sentence; the place of the fault is told in the log at the start, not to the client."""

    def fail(_scene_id):
        raise ContentError("S99.yml", 3, "title", "missing")

    object.__setattr__(equipment, "load_scene", fail)
    assert run("action_open_scene", command="start", argument={"scene": "S99"})["refused"]["status"] == 409


def test_a_faulty_scene_does_not_stop_the_others(tmp_path, monkeypatch, caplog):
    """It is left out, and the log says file and line."""
    source = next(iter(list_scene_files()))
    good, bad = tmp_path / source.name, tmp_path / "S99.yml"
    good.write_bytes(source.read_bytes())
    bad.write_text("id: S99\ntitle: 5\n")
    monkeypatch.setattr("data.scenarios.list_scene_files", lambda: [good, bad])
    assert [scene.id for scene in read_sound_scenes()] == [source.stem]
    assert "S99.yml:" in caplog.text


@pytest.mark.parametrize("minutes", [0, -5, 1441, "ten", True, 2.5])
def test_a_wrong_time_out_is_refused(run, in_scene, minutes):
    """Minutes are a whole number within a day."""
    assert run("action_time_out_scene", in_scene, argument={"minutes": minutes})["refused"]["status"] == 422


@pytest.mark.parametrize("guess", [{"feeling": 3}, {"need": "x" * 201}, {"feeling": {"a": 1}}])
def test_a_wrong_guess_is_refused(run, in_scene, guess):
    """A guess is a short text or nothing."""
    assert run("action_take_guess", in_scene, argument=guess)["refused"]["status"] == 422


@pytest.mark.parametrize("state", [{"phase": "scene"}, {"phase": "scene", "scene": "S17"}, {"phase": "scene", "scene": "S17", "talk": 3}])
def test_a_state_without_a_talk_is_refused(run, state):
    """A state that cannot have come from here gets 400, not a crash."""
    assert run("action_answer_reply", state, text="hello")["refused"]["status"] == 400


def test_a_failing_part_becomes_an_answer_without_words(run, in_scene, equipment, caplog):
    """An action never raises; its log names type, file and line and not one word that was typed."""

    def fail(*_):
        raise RuntimeError("my secret words")

    equipment.scorer.judge = fail
    with caplog.at_level(logging.DEBUG):
        answer = run("action_answer_reply", in_scene, text="my secret words")
    assert answer["refused"]["status"] == 502
    assert "RuntimeError at tests/actions/test_scene_actions.py" in caplog.text
    assert "secret" not in caplog.text and "secret" not in str(answer)
