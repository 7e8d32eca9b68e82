"""The drills: single lines, immediate feedback, and a missed line that comes back."""

import json

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.action_list import build_actions
from data.drills import SKILLS


@pytest.fixture
def run(equipment):
    """Runs one action and returns the answer slot."""
    actions = {action.name(): action for action in build_actions(equipment)}

    def run_action(name, state=None, *, text="", argument=None):
        incoming = {"message_id": "m1", "kind": "speech", "command": None, "argument": argument, "text": text}
        tracker = Tracker("t", {"incoming": incoming, "state": json.dumps(state or {})}, {}, [], False, None, {}, "action_listen")
        return json.loads(actions[name].run(CollectingDispatcher(), tracker, {})[0]["value"])

    return run_action


@pytest.mark.parametrize("skill", SKILLS)
def test_a_round_from_first_to_last_line(run, skill):
    """Five good answers end the round, with nothing missed."""
    answer = run(f"action_open_drill_{skill}", argument={"skill": skill, "seed": 7})
    assert (answer["phase"], answer["state"]["step"], answer["drill"]["left"]) == ("drill", f"drill_{skill}", 5)
    posed = []
    for left in (4, 3, 2, 1, 0):
        posed.append(answer["state"]["drill"]["left"][0])
        answer = run(f"action_check_{skill}", answer["state"], text=f"{skill.upper()} it is")
        assert answer["drill"]["met"] and answer["drill"]["left"] == left
        assert answer["lines"][0]["kind"] == "note" and answer["feedback"]["criteria"][skill]["present"]
    assert (answer["phase"], answer["ending"]["id"], answer["drill"]["missed"]) == ("over", "drill_done", [])
    assert len(set(posed)) == 5


def test_a_missed_line_comes_back_once(run):
    """First miss: an example, and the line returns at the end; a second miss is left for another day."""
    answer = run("action_open_drill_paraphrase", argument={"seed": 1})
    first = answer["state"]["drill"]["left"][0]
    answer = run("action_check_paraphrase", answer["state"], text="no idea")
    assert answer["drill"]["met"] is False and answer["drill"]["left"] == 5
    assert [line["kind"] for line in answer["lines"][:2]] == ["note", "hint"]
    for _ in range(4):
        answer = run("action_check_paraphrase", answer["state"], text="PARAPHRASE")
    assert answer["state"]["drill"]["left"] == [first]
    answer = run("action_check_paraphrase", answer["state"], text="still no idea")
    assert answer["phase"] == "over" and answer["drill"]["missed"] == [first]
    assert "4 of 5" in answer["ending"]["text"]


def test_a_skill_next_to_a_reproach_is_not_met_yet(run):
    """The words say that there is something of the skill in it."""
    answer = run("action_open_drill_i_statement", argument={"seed": 1})
    answer = run("action_check_i_statement", answer["state"], text="I_STATEMENT but BLAME")
    assert answer["drill"]["met"] is False and "something of your own" in answer["lines"][0]["text"]


def test_the_seed_fixes_the_lines_and_due_lines_come_first(run):
    """Spaced return: web hands in what was missed before."""
    first = run("action_open_drill_emotion_label", argument={"seed": 3})["state"]["drill"]["left"]
    assert first == run("action_open_drill_emotion_label", argument={"seed": 3})["state"]["drill"]["left"]
    assert first != run("action_open_drill_emotion_label", argument={"seed": 4})["state"]["drill"]["left"]
    due = run("action_open_drill_emotion_label", argument={"seed": 3, "due": ["e09", "e02", "e99", "e09"]})["state"]["drill"]["left"]
    assert due[:2] == ["e09", "e02"] and len(due) == 5 and len(set(due)) == 5


def test_hint_repeat_pause_and_resume_keep_the_line(run):
    """The hint first, then an example; nothing of it uses up the line."""
    state = run("action_open_drill_paraphrase", argument={"seed": 1})["state"]
    line = state["drill"]["left"][0]
    once = run("action_hint_drill", state)
    twice = run("action_hint_drill", once["state"])
    assert once["lines"][0]["text"] != twice["lines"][0]["text"] and twice["lines"][0]["text"].startswith("For example")
    assert run("action_repeat_drill_line", state)["state"] == state
    paused = run("action_pause_drill", state)
    assert paused["phase"] == "paused" and paused["state"]["step"] == "drill_paraphrase"
    resumed = run("action_resume_drill", paused["state"])
    assert resumed["phase"] == "drill" and resumed["drill"]["line"] == line
    assert run("action_stop_drill", state)["phase"] == "over"


def test_a_crisis_in_a_drill_pauses_it(run):
    """Nothing of the reply is scored, and the line waits."""
    state = run("action_open_drill_paraphrase", argument={"seed": 1})["state"]
    answer = run("action_check_paraphrase", state, text="CRISIS")
    assert answer["crisis"] and answer["phase"] == "paused" and answer["lines"] == [] and answer["feedback"] is None
    assert answer["state"]["drill"] == state["drill"]


def test_without_feedback_a_drill_says_nothing_about_the_answer(run):
    """Check mode: the next line, and no word on the last."""
    state = run("action_open_drill_paraphrase", argument={"seed": 1, "feedback": "none"})["state"]
    answer = run("action_check_paraphrase", state, text="no idea")
    assert answer["feedback"] is None and answer["lines"][0]["kind"] != "note"


IN_DRILL = {"phase": "drill", "step": "drill_paraphrase"}


@pytest.mark.parametrize("state", [{}, IN_DRILL, {**IN_DRILL, "drill": {"skill": "x"}}])
def test_a_state_without_a_drill_is_refused(run, state):
    """400, no crash."""
    assert run("action_check_paraphrase", state, text="hello")["refused"]["status"] == 400
    assert run("action_hint_drill", state)["refused"]["status"] == 400


@pytest.mark.parametrize("argument", [{"seed": "x"}, {"seed": 1, "due": "p01"}, {"seed": 1, "due": [1]}, {"feedback": "loud"}])
def test_a_wrong_opening_is_refused(run, argument):
    """422 with a sentence."""
    assert run("action_open_drill_paraphrase", argument=argument)["refused"]["status"] == 422


def test_a_line_that_was_taken_out_since_is_told(run):
    """409: begin the drill again."""
    state = {"phase": "drill", "step": "drill_paraphrase", "drill": {"skill": "paraphrase", "left": ["z99"], "lines": 5, "missed": []}}
    assert run("action_check_paraphrase", state, text="hello")["refused"]["status"] == 409


def test_an_unsure_scorer_does_not_say_missed(run):
    """Near the threshold the line counts, with an example to compare and the word that the program is not sure."""
    state = run("action_open_drill_paraphrase", argument={"seed": 1})["state"]
    answer = run("action_check_paraphrase", state, text="MAYBE_paraphrase")
    assert answer["drill"]["met"] and "not sure" in answer["lines"][0]["text"] and answer["lines"][1]["kind"] == "hint"


@pytest.mark.slow
def test_the_real_scorer_takes_most_example_answers():
    """What a drill shows as a good answer is judged as one; those that are not are printed, so that somebody looks."""
    from actions.drill_actions import NEAR
    from actions.feedback import Scorer
    from data.criteria import FAULTS
    from data.drills import read_drills

    scorer = Scorer.load()
    missed = []
    examples = [(drill.skill, line) for drill in read_drills().values() for line in drill.lines]
    for skill, line in examples:
        verdicts = scorer.judge(line.example, line.says or line.situation)
        faults = [key for key in FAULTS if verdicts[key].present]
        if verdicts[skill].score < NEAR or faults:
            missed.append((line.id, round(verdicts[skill].score, 2), faults))
    print("\nexamples not taken:", missed)
    assert len(missed) <= 0.25 * len(examples)
