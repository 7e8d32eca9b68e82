"""The ground rules G1–G8 of the catalogue, in every scene that ships."""

import json
import re

import pytest

from actions import partner
from actions.partner.guide import load_guide
from data.criteria import FAULTS
from data.scenarios import Scene, list_scenes
from data.scenarios.line_book import every_line

TALKS = [scene for scene in list_scenes() if scene.kind == "talk"]
EVERY_SCENE = pytest.mark.parametrize("scene", TALKS, ids=lambda scene: scene.id)
LEVELS = ("friendly", "guarded", "upset")
AGREE_POOLS = ("lines.step_agree", "lines.offer_taken")


def words_to_the_client(scene):
    """Everything the guide says about a scene and in it."""
    yield from (text for ending in scene.endings for text in (ending.title, ending.text))
    yield from (text for hint in scene.hints for text in (hint.nudge, hint.cue, hint.example))
    yield from (each.why for each in scene.worked_example if each.why)
    yield from (scene.debrief.sound_wording, *scene.debrief.questions, scene.setting, scene.client_goal)
    guide = load_guide(scene.locale)
    yield from (*guide["says"].values(), *guide["because"].values())


def listen_until_heard(player):
    """Ten good listening replies, or fewer when the talk ends."""
    for number in range(10):
        if player.talk.ending or (player.state["told"] >= player.scene.agrees_after and player.openness >= 2):
            return
        player.say(f"So that is how it has been for you, number {number}?", "paraphrase")


# G1 ---------------------------------------------------------------------------------------------------------------------


@EVERY_SCENE
def test_g1_a_yes_is_never_the_only_good_ending(scene):
    """A respectful "no agreement yet" is a full success, and at least two good endings need no agreement."""
    without = [ending for ending in scene.endings if not {"step_agreed", "pressed"} & set(ending.when)]
    assert len(without) >= 2


@EVERY_SCENE
def test_g1_the_partners_yes_earns_nothing(scene, play):
    """Openness after a proposal is the same whether the partner agrees or hesitates: only the words move it."""
    shifts = set()
    for heard in (0, scene.agrees_after):
        player = play(scene, "friendly")
        player.state["told"] = heard
        before = player.state["trust"]
        player.say("Could we sit on the bench for a while?", "request")
        shifts.add(player.state["trust"] - before)
    assert len(shifts) == 1


# G2 ---------------------------------------------------------------------------------------------------------------------


HARMLESS = [
    ("No.", ""),
    ("Stop.", "boundary"),
    ("Pause.", ""),
    ("I changed my mind.", ""),
    ("I don't want that.", "boundary"),
    ("...", ""),
    ("I need 20 minutes, then I'll come back", "need"),
]


@EVERY_SCENE
def test_g2_no_stop_pause_and_changing_ones_mind_cost_nothing(scene, play):
    """At any turn, at every level, without a reason, and never scored down."""
    for level in LEVELS:
        for reply, keys in HARMLESS:
            player = play(scene, level)
            before = player.state["trust"]
            player.say(reply, keys)
            assert player.state["trust"] >= before, (level, reply)
            player = play(scene, level)
            player.say("I feel tired and I need rest.", "i_statement feeling need")
            before = player.state["trust"]
            player.say(reply, keys)
            assert player.state["trust"] >= before, (level, reply)


@EVERY_SCENE
def test_g2_an_agreement_can_be_taken_back_at_once(scene, play):
    """What was agreed is no longer agreed, and the partner takes it without reproach."""
    player = play(scene, "friendly")
    listen_until_heard(player)
    player.say("Could we sit on the bench for a while?", "request")
    if player.state["agreed"] is None:
        pytest.skip("this partner amends or hesitates first")
    player.say("I changed my mind.")
    assert player.state["agreed"] is None
    assert "lines.taken_back" in player.pools()


@EVERY_SCENE
@pytest.mark.parametrize("level", LEVELS)
def test_g2_the_partner_leaves_when_pushed(scene, level, play):
    """The withdraw branch is there in every scene at every level."""
    player = play(scene, level)
    for number in range(6):
        if player.talk.ending:
            break
        player.say(f"Come on, just this once, number {number}.", "pressure")
    assert player.talk.ending.kind == "pressed"


@EVERY_SCENE
def test_g2_a_typed_stop_is_honoured_at_once(scene, play):
    """The partner stops, asks nothing, and goes on only after being asked."""
    for typed in ("Stop.", "please stop", "I want to stop now", "Can we stop?", "No. Stop it please.", "STOP"):
        player = play(scene, "upset")
        said = player.say(typed, "boundary")
        assert player.talk.phase == "paused", typed
        assert "?" not in said
        player.say("Well, as I said, Thursdays.")
        assert player.talk.phase == "paused"
        player.say("Shall we go on?", "consent_check")
        assert player.talk.phase == "scene"


@EVERY_SCENE
def test_g2_a_second_stop_or_the_button_ends_it_kindly(scene, play):
    """Nobody is kept in a talk."""
    player = play(scene, "friendly")
    player.say("Stop.", "boundary")
    player.say("Stop.", "boundary")
    assert player.talk.ending.kind == "stopped"
    player = play(scene, "friendly")
    player.press(partner.stop)
    assert player.talk.ending.kind == "stopped"
    assert player.talk.phase == "guess"


# G3, G5 -----------------------------------------------------------------------------------------------------------------


@EVERY_SCENE
def test_g3_nothing_grades_the_client(scene):
    """Words about words: no right or wrong, no marks, no praise or blame of the person."""
    graded = re.compile(
        r"\b(?:wrong answer|correct answer|you failed|failure|score[ds]?|points|grade[ds]?|good job|well done|bad job|perfect|mistakes?)\b"
        r"|\byou are (?:so |too |very )?(?:good|bad|selfish|kind)\b",
        re.IGNORECASE,
    )
    assert [text for text in words_to_the_client(scene) if graded.search(text)] == []


@EVERY_SCENE
def test_g5_nobody_is_diagnosed(scene):
    """No labels of disorders or traits, neither for the client nor for the partner."""
    label = re.compile(
        r"\b(?:narcissis\w*|borderline|bipolar|disorder\w*|patholog\w*|codependen\w*|"
        r"attachment style|anxiously attached|avoidant|frigid|hysteri\w*|diagnos\w*|toxic|abuser)\b",
        re.IGNORECASE,
    )
    texts = [*words_to_the_client(scene), *(text for _, text in every_line(scene)), scene.partner.voice, scene.summary]
    assert [text for text in texts if label.search(text)] == []


def test_g5_a_scene_has_no_field_for_traits():
    """Nothing can be written about what kind of person a client is."""
    names = json.dumps(Scene.model_json_schema()).lower()
    assert not re.search(r"diagnos|risk_type|trait|personality", names)


# G4, G6 -----------------------------------------------------------------------------------------------------------------


@EVERY_SCENE
def test_g4_an_agreement_is_never_final(scene, play):
    """Whenever a talk ends with a step agreed, the guide says that either of the two can change it."""
    for ending in scene.endings:
        if "step_agreed" not in ending.when:
            continue
        player = play(scene, "friendly")
        agreed = {"step": "sit on the bench", "words": "Could we sit on the bench?", "by": "client", "turn": 1}
        needs = set(ending.when)
        player.state.update(agreed=agreed, turn=scene.min_turns, trust=17 if "open" in needs else 8, no_open=False)
        player.state.update(told=len(scene.layers) if "heard" in needs else 0, reviewed="reviewed" in needs)
        player.state.update(repaired="repaired" in needs, kept_limit="limit_kept" in needs, no_accepted="no_accepted" in needs)
        player.say("Thank you.")
        assert "step_agreed" in player.talk.ending.kind
        assert load_guide(scene.locale)["says"]["can_change"] in [line.text for line in player.talk.lines]


@EVERY_SCENE
def test_g6_there_is_no_clock(scene, play):
    """The state holds no time, and hint, pause and the line again are there at any turn."""
    player = play(scene, "guarded")
    assert not re.search(r"time\"|date|clock|deadline|streak", json.dumps(player.state))
    for reply, keys in (("I feel tired.", "feeling i_statement"), ("You're so selfish.", "blame"), ("...", "")):
        for control in (partner.give_hint, partner.repeat_line, partner.pause):
            assert control(player.scene, player.state).lines
        player.say(reply, keys)


# G7 ---------------------------------------------------------------------------------------------------------------------


@EVERY_SCENE
@pytest.mark.parametrize("level", LEVELS)
def test_g7_hesitation_is_no_agreement(scene, level, play):
    """A partner who has not been heard hesitates, and whatever the client makes of that, nothing is agreed."""
    if scene.agrees_after == 0 and level == "friendly":
        pytest.skip("this partner may agree at once")
    player = play(scene, level)
    player.say("Could we sit on the bench for a while?", "request")
    assert player.state["agreed"] is None
    for reply in ("Ok.", "Great, thanks!", "...", "So that's a yes."):
        if player.talk.ending:
            break
        player.say(reply)
        assert player.state["agreed"] is None


@EVERY_SCENE
def test_g7_every_line_of_agreement_is_a_clear_yes(scene):
    """Only these lines agree, and none of them is a "fine, I guess"."""
    vague = re.compile(r"\b(?:i guess|i suppose|maybe|perhaps|whatever|if you must|if i have to|not sure)\b", re.IGNORECASE)
    lines = [line for pool, lines in scene.book.items() if pool in AGREE_POOLS or pool.endswith(".agree") for line in lines]
    assert lines
    assert [line.text for line in lines if vague.search(line.text)] == []


@EVERY_SCENE
@pytest.mark.parametrize("level", LEVELS)
def test_g7_nothing_is_agreed_after_pressure(scene, level, play):
    """Also not when it was repaired and listened to afterwards: another day."""
    player = play(scene, level)
    player.say("Come on, if you loved me you would.", "pressure")
    for number in range(20):
        if player.talk.ending:
            break
        reply, keys = [
            ("I pushed you, that was unfair, I'm sorry.", "repair"),
            (f"So that's how it is for you, {number}?", "paraphrase"),
            (f"Could we sit on the bench number {number}?", "request"),
            ("Yes, deal.", ""),
        ][number % 4]
        player.say(reply, keys)
        assert player.state["agreed"] is None
    if player.talk.ending:
        assert "step_agreed" not in player.talk.ending.kind


# G8 ---------------------------------------------------------------------------------------------------------------------


@EVERY_SCENE
def test_g8_everybody_is_an_adult_and_nothing_is_explicit(scene):
    """Ages are stated, and the talk is about the conversation."""
    explicit = re.compile(
        r"\b(?:sex(?:ual|y|ually)?|naked|nude|orgasm\w*|penis|vagina|breasts?|genital\w*|erection|masturbat\w*|intercourse|fuck\w*|porn\w*|thrust\w*)\b",
        re.IGNORECASE,
    )
    assert scene.partner.age >= 18
    assert [text for _, text in every_line(scene) if explicit.search(text)] == []
    assert [text for text in words_to_the_client(scene) if explicit.search(text)] == []


def test_a_reply_of_any_fault_lowers_or_keeps_openness_and_never_raises_it(play):
    """No fault is rewarded, whatever stands beside it."""
    for scene in TALKS:
        for fault in sorted(FAULTS):
            player = play(scene, "friendly")
            before = player.state["trust"]
            player.say("You always do some of this to us.", fault)
            assert player.state["trust"] < before, (scene.id, fault)
