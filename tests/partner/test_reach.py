"""What data/scenarios/reach.py reckons with is what the partner does: no talk gets further than the best one reckoned."""

import pytest

from actions.partner.answer import Answer
from actions.partner.endings import conditions_of
from actions.partner.partner_state import new_state
from actions.partner.read_reply import Reading
from actions.partner.weigh import HARMS, points_for
from data.scenarios import load_scene
from data.scenarios.groups import LEVELS
from data.scenarios.reach import AGREES_FROM, MOST_LAYERS, MOST_POINTS, OPEN_FROM, PER_STEP, reckon_course

EVERYTHING = frozenset(
    [
        *("paraphrase", "emotion_label", "validation", "need", "feeling", "observation", "i_statement", "request", "open_question"),
        *("consent_check", "revocable", "reassures", "softens", "thanks", "sorry", "repair", "accepts_no", "disclosure"),
    ]
)


def read_everything():
    """A reply that did every good thing at once."""
    return Reading(
        deeds=EVERYTHING,
        words=40,
        asked=None,
        asked_topics=(),
        topics=(),
        guess=("lonely", "right"),
        names_need=True,
        slots={},
        step_words=None,
        limit_words=None,
        review_words=None,
        mark="",
    )


@pytest.mark.parametrize("level", LEVELS)
def test_no_reply_earns_more_trust_than_is_reckoned_with(level):
    """A reply that does everything good earns exactly the points that the reckoning gives to each reply."""
    state = new_state(load_scene("S17"), 1, level)
    assert not EVERYTHING & set(HARMS)
    best = max(points_for(state, read_everything(), main)[0] for main in ("repair", "accepts_no", "paraphrase", "request", "share"))
    assert best == MOST_POINTS[level]


def test_the_talk_counts_as_open_from_the_openness_reckoned_with():
    """The condition `open` holds from OPEN_FROM on, and a step of openness has PER_STEP points of trust."""
    scene = load_scene("S17")
    for trust in range(5 * PER_STEP):
        state = {**new_state(scene, 1, "friendly"), "trust": trust}
        assert ("open" in conditions_of(scene, state)) == (trust // PER_STEP >= OPEN_FROM)


def test_a_step_is_agreed_from_the_openness_reckoned_with(play):
    """With everything told, the partner agrees at AGREES_FROM and not one point of trust below it."""
    agreed = []
    reply = "Could I have Thursday evening on my own, once a week?"
    for trust in range(5 * PER_STEP - 2):
        player = play("S17", "friendly")
        player.state.update(trust=trust, told=len(player.scene.layers))
        player.say(reply, "request")
        agreed.append((player.openness, player.state["agreed"] is not None))
    assert [yes for _, yes in agreed] == [openness >= AGREES_FROM for openness, _ in agreed]
    assert {openness for openness, _ in agreed} >= {AGREES_FROM - 1, AGREES_FROM}


def test_an_answer_tells_no_more_layers_than_is_reckoned_with():
    """An answer has room for a second part and never for a third."""
    answer = Answer(load_scene("S17"), new_state(load_scene("S17"), 1, "friendly"), read_everything())
    answer.parts = ["One."]
    assert answer.has_room()
    answer.parts = ["One."] * MOST_LAYERS
    assert not answer.has_room()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scene_id", ["S17", "S26"])
def test_a_talk_of_nothing_but_listening_is_no_faster_than_the_best_reckoned(scene_id, level, play):
    """Played with the best replies there are, openness and layers come no sooner than reckoned, and all of them come."""
    scene = load_scene(scene_id)
    course = reckon_course(scene, level)
    talk = play(scene, level)
    for turn in range(1, scene.min_turns):
        reply = f"I hear that you felt left alone with it, number {turn}. That makes sense to me. I need some rest. Can you tell me more?"
        talk.say(reply, "paraphrase validation need open_question")
        told = talk.state["told"]
        assert told <= sum(soonest is not None and soonest <= turn for soonest in course.tells)
        reached = course.opens[talk.openness]
        assert reached is not None and reached <= turn
    assert talk.state["told"] >= 2
