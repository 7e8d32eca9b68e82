"""G2 and G7 with the real scorer: phrases of our own for stopping and for pressing, and near misses of both, played in a scene."""

from pathlib import Path

import pytest

from actions import partner
from actions.feedback import Scorer
from data.read_yaml import read_yaml
from data.scenarios import load_scene

pytestmark = pytest.mark.slow
PHRASES = read_yaml(Path(__file__).with_name("said_to_stop_or_press.yml")).value
LISTENING = ("So you thought I don't want you, is that it?", "I can see why that would sting.", "So when I close the door, you miss me?")


@pytest.fixture(scope="module")
def say():
    """Says one reply to a partner, with the verdicts of the real scorer."""
    scorer = Scorer.load()

    def answer(scene, state, reply):
        return partner.answer_reply(scene, state, reply, scorer.judge(reply, state["last_line"] or None))

    return answer


@pytest.fixture(scope="module")
def heard(say):
    """The partner of S17, friendly, who has been listened to and would say yes."""
    scene = load_scene("S17")
    talk = partner.open_talk(scene, seed=1, level="friendly")
    for reply in LISTENING:
        talk = say(scene, talk.state, reply)
    assert say(scene, talk.state, "Could I have Thursday evenings to myself?").state["agreed"]
    return scene, talk.state


@pytest.mark.parametrize("phrase", PHRASES["stops"])
def test_g2_a_stop_in_any_words_halts_and_costs_nothing(phrase, say):
    """In a scene whose partner tests limits: no test, no question, no shift, the talk stands still at once."""
    scene = load_scene("S07")
    opened = partner.open_talk(scene, seed=1, level="guarded")
    talk = say(scene, opened.state, phrase)
    assert talk.phase == "paused" or talk.ending
    assert talk.state["trust"] == opened.state["trust"]
    assert talk.state["tests"] == 0
    assert "?" not in " ".join(line.text for line in talk.lines if line.who == "partner")


@pytest.mark.parametrize("phrase", PHRASES["pauses"])
def test_g2_a_pause_in_any_words_is_kept_at_once(phrase, say):
    """The talk stands still, nothing is asked, and a length of time that was named is said back."""
    scene = load_scene("S17")
    opened = partner.open_talk(scene, seed=1, level="guarded")
    talk = say(scene, opened.state, phrase)
    assert talk.phase in ("paused", "timed_out")
    assert talk.state["trust"] == opened.state["trust"]
    assert ("20" in phrase or "twenty" in phrase) == any("20 min" in line.text or "twenty min" in line.text for line in talk.lines)


@pytest.mark.parametrize(("phrase", "goes_on"), [("let's continue", True), ("ok im back", True), ("go on", True), ("are you ok?", False)])
def test_only_asking_to_go_on_resumes(phrase, goes_on, say):
    """After a pause the partner is asked whether to go on when the client wants to; a question about anything else waits."""
    scene = load_scene("S17")
    paused = say(scene, partner.open_talk(scene, seed=1, level="friendly").state, "pause")
    assert (say(scene, paused.state, phrase).phase == "scene") is goes_on


def test_who_will_not_take_a_no_has_set_no_limit(say, heard):
    """A refusal to accept a no is pressure: it is not kept as the client's limit, nor promised, nor brought back."""
    scene, state = heard
    talk = say(scene, state, "I won't accept a no.")
    assert not talk.state["limit_words"]
    assert not talk.state["kept_limit"]


@pytest.mark.parametrize("phrase", PHRASES["no_stops"])
def test_g2_words_that_only_look_like_a_stop_let_the_talk_go_on(phrase, say):
    """The word "stop" alone halts nothing."""
    scene = load_scene("S07")
    assert say(scene, partner.open_talk(scene, seed=1, level="guarded").state, phrase).phase == "scene"


@pytest.mark.parametrize("phrase", PHRASES["presses"])
def test_g7_nothing_is_agreed_after_pressure_in_any_words(phrase, say, heard):
    """Whatever kind or unsure words stand beside it: openness does not rise, and no proposal is agreed to afterwards."""
    scene, state = heard
    pushed = say(scene, state, phrase)
    assert pushed.state["pushes"] and pushed.state["wary"]
    assert pushed.state["trust"] <= state["trust"]
    state = pushed.state
    for reply in ("I hear that this is hard for you.", "Could I have Thursday evenings to myself?", "Thank you."):
        talk = say(scene, state, reply)
        state = talk.state
        assert state["agreed"] is None
        assert not (talk.ending and "step_agreed" in talk.ending.kind)


@pytest.mark.parametrize("phrase", PHRASES["no_pressure"])
def test_g7_kind_and_unsure_words_are_not_taken_for_pressure(phrase, say, heard):
    """Nothing is counted as a push, and trust does not fall."""
    scene, state = heard
    talk = say(scene, state, phrase)
    assert talk.state["pushes"] == 0
    assert talk.state["trust"] >= state["trust"]
