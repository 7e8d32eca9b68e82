"""What a reviewer who had not seen the code found by playing seventeen scenes, through the real scorer."""

import pytest

from actions import partner
from actions.feedback import Scorer
from data.scenarios import load_scene

SCENES = ("S03", "S04", "S07", "S13", "S20", "S24", "S29", "S30")
LEVELS = ("friendly", "guarded", "upset")


@pytest.fixture(scope="module")
def scorer():
    return Scorer.load()


@pytest.fixture(scope="module")
def first_reply(scorer):
    """A reply to the opening of a scene, judged by the scorer."""

    def say(scene_id, reply, level="friendly", **state):
        scene = load_scene(scene_id)
        talk = partner.open_talk(scene, seed=3, level=level)
        talk.state.update(state)
        return partner.answer_reply(scene, talk.state, reply, scorer.judge(reply, talk.state["last_line"]))

    return say


def deed_of(talk):
    return talk.state["moves"][-1][3]


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(
    "reply",
    [
        "it's fine if you don't want to",
        "If you don't want to talk about it that's ok",
        "I know you don't mean it like that",
        "I'm worried you don't want me anymore",
        "I feel like a failure",
        "I feel like I let you down",
        "it's not that you're a bad person",
        "do you still love me?",
        "My mother always said you don't talk about these things",
    ],
)
def test_kindness_fear_and_self_blame_are_no_harm(first_reply, scene, reply):
    """Room for a no, a kind guess, a fear, hard words about oneself and one's own home cost no trust anywhere."""
    talk = first_reply(scene, reply, LEVELS[SCENES.index(scene) % 3])
    assert talk.state["moves"][-1][2] >= 0
    assert deed_of(talk) not in ("blame", "faux_feeling", "roadblock", "absolutes", "pressure")


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize(
    ("reply", "phase"),
    [
        ("Can we stop for a sec? I'm getting overwhelmed", "paused"),
        ("I can't do this right now, give me a minute", "paused"),
        ("I need some air", "paused"),
        ("Let's drop it", "paused"),
        ("please leave it", "paused"),
        ("forget it, I'm done talking", "paused"),
        ("good night love", "guess"),
        ("I need to sleep now. Good night", "guess"),
        ("let's call it a night", "guess"),
    ],
)
def test_a_stop_and_a_good_night_are_taken_in_any_words(first_reply, scene, reply, phase):
    """Nothing is asked, bargained or filed: the talk stands still, or it is over."""
    assert first_reply(scene, reply, LEVELS[SCENES.index(scene) % 3]).phase == phase


@pytest.mark.parametrize("scene", SCENES)
def test_a_changed_mind_is_never_tested(first_reply, scene):
    """ "I changed my mind" is taken at once, also where the scene tests limits."""
    for level in LEVELS:
        assert not first_reply(scene, "I changed my mind, I don't want to", level).state["testing"]


def test_a_time_out_that_is_proposed_is_a_step(first_reply):
    """S30 practises naming it; saying how it could go next time does not begin it."""
    for reply in (
        "I'd like to say \"I need ten minutes, I'm coming back\" instead of going off. could we try it?",
        "What if I say when I need twenty minutes and when I come back?",
    ):
        assert first_reply("S30", reply).phase == "scene"
    assert first_reply("S30", "I need ten minutes, then I'll be back").phase == "timed_out"


def test_an_offer_of_two_ways_and_a_day_for_a_talk_end_nothing(first_reply):
    """Neither asking which of two things the partner wants nor an hour on Saturday is leaving."""
    for scene, reply in (
        ("S03", "Do you want to talk about before, or just leave it for tonight?"),
        ("S29", "Would you be willing to talk for an hour on Saturday, and keep the question out of the bedroom?"),
    ):
        assert first_reply(scene, reply).ending is None


def test_a_promise_to_change_is_no_limit_of_ones_own(first_reply):
    """In the scene that practises repair, "I won't do it again" is owned and not kept for the client."""
    talk = first_reply("S22", "I won't do it again. When I see the two fingers I'll stop.")
    assert not talk.state["limit_words"]
    assert deed_of(talk) == "repair"


def test_ones_own_door_is_a_limit(first_reply):
    """A kind wish that somebody knocks is kept at once and stands on the card as typed."""
    talk = first_reply("S13", "I'd like you to knock and wait until I answer")
    assert talk.state["kept_limit"]
    assert talk.state["limit_words"] == ["I'd like you to knock and wait until I answer"]


def test_who_pays_presses(first_reply):
    """Money put on the scales is pressure, in other words than "I pay, so I decide" too."""
    talk = first_reply("S14", "I'm the one paying, so I think I get to say about the lake")
    assert talk.state["pushes"] == 1


def test_nobody_has_said_no_before_anything_was_asked(scorer):
    """A line of the pressed that says "I've said …" waits until there was something to refuse."""
    for scene_id in ("S27", "S05", "S29", "S30", "S03", "S15", "S24"):
        scene = load_scene(scene_id)
        talk = partner.open_talk(scene, seed=2, level="upset")
        reply = "Just say yes or I'm leaving."
        said = partner.answer_reply(scene, talk.state, reply, scorer.judge(reply, talk.state["last_line"])).lines[0].text
        assert not any(words in said for words in ("I've said", "I said no", "I said not"))


def test_no_good_ending_right_after_a_hard_word(play):
    """After blame at least one reply passes, and the reveal does not call the wording sound."""
    player = play("S03", "upset")
    player.state.update(turn=8, kept_limit=True, harms=0, moves=[[8, 0, -4, "blame"]])
    player.say("ok that came out wrong. I'm shaky")
    assert player.talk.ending is None
    revealed = partner.reveal(player.scene, {**player.state, "listened": 2})
    assert all(line.kind != "note" for line in revealed.lines)
