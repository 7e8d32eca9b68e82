"""Which command is possible in which phase: the rules in data/dialogue decide, everything else is 409."""

import pytest

pytestmark = pytest.mark.slow

DRILLS = ("i_statement", "paraphrase", "emotion_label")
POSSIBLE = {
    "lobby": {"start": "action_open_scene", "stop": "action_leave", "lobby": "action_greet", "drill": "action_open_drill_paraphrase"},
    "briefing": {
        "start": "action_open_scene",
        "begin": "action_begin_scene",
        "stop": "action_leave",
        "lobby": "action_greet",
        "drill": "action_open_drill_paraphrase",
    },
    "scene": {
        "hint": "action_give_hint",
        "try_again": "action_try_again",
        "pause": "action_pause_scene",
        "time_out": "action_time_out_scene",
        "stop": "action_stop_scene",
    },
    "paused": {
        "pause": "action_pause_scene",
        "time_out": "action_time_out_scene",
        "resume": "action_resume_scene",
        "stop": "action_stop_scene",
    },
    "timed_out": {"resume": "action_resume_scene", "stop": "action_stop_scene"},
    "guess": {"guess": "action_take_guess", "stop": "action_leave"},
    "reveal": {"reveal": "action_reveal_partner", "stop": "action_leave"},
    "debrief": {
        "debrief": "action_close_debrief",
        "start": "action_open_scene",
        "stop": "action_leave",
        "lobby": "action_greet",
        "drill": "action_open_drill_paraphrase",
    },
    "over": {"start": "action_open_scene", "stop": "action_leave", "lobby": "action_greet", "drill": "action_open_drill_paraphrase"},
    "drill": {},
}


@pytest.mark.parametrize("phase", sorted(POSSIBLE))
def test_a_phase_knows_its_commands_and_refuses_all_others(channel, action_server, press, phase):
    """A command with a rule runs its one action; one without is 409, and no action is called."""
    from rasa_project.incoming_message import COMMANDS

    for command in COMMANDS:
        action_server.calls.clear()
        status, answer = channel(press(command, phase, {"skill": "paraphrase"} if command == "drill" else None))
        if command in POSSIBLE[phase]:
            assert (status, answer.get("ran")) == (200, POSSIBLE[phase][command]), command
            assert len(action_server.calls) == 1
        else:
            assert status == 409 and "phase" in answer["error"], command
            assert action_server.calls == []


@pytest.mark.parametrize("skill", DRILLS)
def test_each_drill_is_a_flow_of_its_own(channel, press, speak, skill):
    """The step names the drill, also while it is paused."""
    step = f"drill_{skill}"
    assert channel(press("drill", argument={"skill": skill}))[1]["ran"] == f"action_open_drill_{skill}"
    assert channel(speak("So you wonder?", "drill", step=step))[1]["ran"] == f"action_check_{skill}"
    for command, action in {
        "hint": "action_hint_drill",
        "try_again": "action_repeat_drill_line",
        "pause": "action_pause_drill",
        "stop": "action_stop_drill",
    }.items():
        assert channel(press(command, "drill", step=step))[1]["ran"] == action
    assert channel(press("resume", "paused", step=step))[1]["ran"] == "action_resume_drill"
    assert channel(press("stop", "paused", step=step))[1]["ran"] == "action_stop_drill"
    assert channel(press("begin", "drill", step=step))[0] == 409


@pytest.mark.parametrize("phase", ["paused", "timed_out"])
def test_typing_in_a_pause_may_ask_to_go_on(channel, speak, phase):
    """Typed words in a pause reach the partner's side, which knows asking to go on from everything else."""
    assert channel(speak("shall we go on?", phase))[1]["ran"] == "action_answer_paused"


@pytest.mark.parametrize("phase", ["briefing", "guess", "reveal", "debrief", "over"])
def test_typing_while_no_partner_listens_is_answered_by_the_guide(channel, speak, phase):
    """Typed words outside scene, drill and lobby are never a reply to the partner."""
    assert channel(speak("hello?", phase))[1]["ran"] == "action_say_where_we_are"


def test_what_is_on_the_table_decides_what_yes_and_no_mean(channel, speak):
    """The step of the last answer branches the rules: after an offer a yes picks, without one it asks."""
    assert channel(speak("yes please", "lobby", step="offered"))[1]["ran"] == "action_pick_offer"
    assert channel(speak("yes please", "lobby"))[1]["ran"] == "action_offer_first_scenes"
    assert channel(speak("the second one", "lobby", step="offered"))[1]["ran"] == "action_pick_offer"
    assert channel(speak("none of them", "lobby", step="offered"))[1]["ran"] == "action_offer_other_scenes"


def test_an_unknown_step_is_refused_not_guessed(channel, speak):
    """A step that no action reports matches no drill rule."""
    assert channel(speak("hello", "drill", step="drill_singing"))[0] == 409
