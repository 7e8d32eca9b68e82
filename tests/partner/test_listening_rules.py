"""What is heard in free replies: answers to the partner's line, corrections, fears, kindnesses; and nothing typed is kept."""

import dataclasses
import json
import time

import pytest

from actions.partner.agreement_card import fill_card
from actions.partner.client_words import find_feeling, straighten
from actions.partner.doubt_faults import find_doubtful
from actions.partner.meaning import _ahead, _beside, _of_this_reply, forget_after, load_meaning, read_ahead
from actions.partner.partner_state import new_state
from actions.partner.read_reply import find_guess, read_reply
from actions.partner.sift_verdicts import sift_verdicts
from data.scenarios import Scene, list_scenes, load_scene
from data.scenarios.scene import Banded, FollowUp
from tests.partner.conftest import BARELY, judge

NEW_GROUPS = ("asked_sure", "asked_details", "shared_fear", "understood", "corrected", "offered_now")


def answering(play, last_line, scene="S17", level="friendly"):
    """A player whose partner has just said `last_line`."""
    player = play(scene, level)
    player.talk.state["last_line"] = last_line
    return player


def test_what_was_typed_is_forgotten_once_it_is_answered(play, monkeypatch):
    """Of replies of every kind only vectors of the scene's own texts are kept; lines with the client's words in them are not."""
    meaning, kept = load_meaning(), []
    encode = meaning._encode_line
    monkeypatch.setattr(meaning, "_encode_line", lambda text: kept.append(text) or encode(text))
    player = play("S17", "friendly")
    player.say("My marigolds stand in zebra boots.")
    player.say("What about the zebras and the door?", "open_question")
    player.say("I feel lonely when zebras sing and I need zebra quiet.", "feeling i_statement need")
    player.say("Could we keep a zebra on Thursdays?", "request")
    player.say("I don't want zebras in the bedroom.", "boundary")
    assert player.state["turn"] == 5
    assert kept
    own = player.scene.model_dump_json()
    assert all(json.dumps(text, ensure_ascii=False)[1:-1] in own for text in kept)
    assert not any("zebra" in text for text in kept)


def test_no_reply_outlives_its_answer():
    """What is reckoned for one reply is held while it is answered, and gone afterwards."""
    with forget_after():
        load_meaning().nearness("My marigolds stand in zebra boots.", ["Okay."])
        assert _of_this_reply.get()
    assert _of_this_reply.get() is None


def test_the_scene_answers_an_answer_to_its_own_question(play):
    """ "It's the day", to "because of me, or because of the day?", is taken as an answer, not as another subject."""
    player = answering(play, "Worn out. And that's because of me, or because of the day? I can't tell.")
    player.say("It's the day. Thirty kids and a fire alarm.")
    assert player.pools()[-1].startswith("follow_ups.")
    assert player.pools()[-1].endswith(".told")


def test_a_line_for_an_answer_is_not_said_when_the_question_was_not(play):
    """The same words after another line bring no such answer."""
    player = answering(play, "Dishes done.")
    player.say("It's the day. Thirty kids and a fire alarm.")
    assert not player.pools()[-1].endswith(".told") or player.pools()[-1].startswith("topics.")


def test_a_follow_up_needs_lines():
    """Words to take up without anything to say are refused; either part alone is enough."""
    with pytest.raises(ValueError, match="without lines"):
        FollowUp(to=("a door",))
    assert FollowUp(to=("a door",), told=("Okay.",)).says == ()


@pytest.mark.parametrize(
    ("reply", "keys", "pool"),
    [
        ("No, I didn't mean it about you, I meant the whole week.", "", "lines.corrected"),
        ("Yes! Exactly.", "", "lines.understood"),
        ("Do you really mean it?", "", "lines.asked_sure"),
        ("I'm scared you'll be angry with me when I say it.", "feeling i_statement", "lines.shared_fear"),
        ("Shall I make us a cup of tea?", "request", "lines.offered_now"),
    ],
)
def test_common_kinds_of_replies_have_lines_of_their_own(play, reply, keys, pool):
    """A correction, a "yes, exactly", a doubt of the yes, a fear of the partner's answer, tea: each is met as what it is."""
    player = answering(play, "Okay. I think I see.")
    player.say(reply, keys)
    assert pool in player.pools()


def test_when_and_how_is_answered_once_something_was_agreed(play):
    """ "Which evening?" after a yes is about the step; before it, it is a question like any other."""
    for agreed in ({"step": "one evening each", "words": "", "by": "client", "turn": 1}, None):
        player = answering(play, "Okay. If it's a fixed evening I can plan something nice of my own. Yes.")
        player.talk.state["agreed"] = agreed
        player.say("And how often would we do it?", "open_question")
        assert ("lines.asked_details" in player.pools()) is bool(agreed)


def test_a_scene_without_these_lines_answers_as_before(play):
    """A clinic's scene that has none of the newer groups still answers every such reply."""
    scene = load_scene("S17")
    bare = scene.model_copy(update={"lines": {name: lines for name, lines in scene.lines.items() if name not in NEW_GROUPS}})
    for reply in (
        "No, I meant something else.",
        "Exactly!",
        "Do you mean it?",
        "Shall I make us a cup of tea?",
        "I'm scared you'll leave.",
    ):
        player = play(bare, "friendly")
        assert player.say(reply)


@pytest.mark.parametrize("scene", [scene for scene in list_scenes() if isinstance(scene, Scene)], ids=lambda scene: scene.id)
def test_every_scene_of_ours_has_lines_for_them(scene):
    """At least two lines for each of the commonest kinds of replies."""
    for group in NEW_GROUPS:
        assert len(scene.lines.get(group, Banded()).said()) >= 2, group


@pytest.mark.parametrize(
    ("reply", "key", "doubted"),
    [
        ("Then here's the truth: we talked about the divorce and a video of a goat.", "roadblock", True),
        ("You should just get some sleep.", "roadblock", False),
        ("Get a hobby.", "roadblock", False),
        ("I felt pushed and that's my own stuff.", "faux_feeling", True),
        ("I feel attacked by you.", "faux_feeling", False),
        ("Selfish was a rotten word.", "blame", True),
        ("You are selfish.", "blame", False),
        ("Why aren't you happy?", "blame", True),
        ("Why are you always sad?", "blame", False),
        ("Why are you so selfish?", "blame", False),
    ],
)
def test_more_faults_that_nobody_meant(reply, key, doubted):
    """News is no advice, what is owned is no judgement, a word taken back is no blame; the real ones stay."""
    assert (key in find_doubtful(reply, judge(reply, {key: reply}, BARELY))) is doubted


def test_holding_back_a_partner_who_goes_is_no_order(play):
    """ "Don't sit on the floor", to one who said they would, is kind; as an order out of nowhere it stays one."""
    player = answering(play, "Oh, so I'm the villain. I'll sit on the floor then, shall I?", "S01")
    before = player.state["trust"]
    player.say("No, don't sit on the floor.", "demand", BARELY)
    assert player.state["trust"] >= before
    player = answering(play, "Hm.", "S01")
    before = player.state["trust"]
    player.say("Don't sit on the floor.", "demand")
    assert player.state["trust"] < before


@pytest.mark.parametrize(
    ("reply", "key", "kept"),
    [
        ("My phone's in the other room.", "boundary", False),
        ("I don't want phones in bed.", "boundary", True),
        ("I don't want you to stop coming near me.", "boundary", False),
        ("You were on top of me and kept talking.", "repair", False),
        ("I interrupted you and I see it hurt.", "repair", True),
    ],
)
def test_a_limit_limits_and_an_apology_owns(reply, key, kept):
    """A verdict whose words hold no limit, or own nothing, does not steer the partner."""
    scene = load_scene("S17")
    state = {**answering_state(scene), "last_line": "Okay."}
    assert read_reply(scene, state, reply, judge(reply, {key: reply})).did(key) is kept


def answering_state(scene):
    return new_state(scene, 1, "friendly")


def test_ones_own_feeling_is_no_guess():
    """ "You had me worried" and "I was sad" name the client's feeling, and are not put to the partner."""
    scene = load_scene("S17")
    reply = "Nothing bad, okay. You had me worried for a second!"
    assert find_guess(scene, reply, judge(reply, {"emotion_label": "You had me worried for a second!"})) is None
    reply = "I was trying not to show that I was sad. That must have felt horrible."
    guess = find_guess(scene, reply, judge(reply, {"emotion_label": "That must have felt horrible."}))
    assert guess == ("", "unknown")


def test_a_feeling_is_taken_up_as_an_adjective():
    """ "I worry" comes back as "worried", so that "You're allowed to be worried" stands."""
    assert find_feeling("I worry sometimes") == "worried"
    assert find_feeling("I'm tense") == "tense"


def test_an_apology_that_says_what_was_wrong_is_owning_it(play):
    """ "I'm sorry, that was cold" mends; a bare sorry after hard words mends nothing, and is asked what it is for."""
    player = play("S16r", "friendly")
    player.say("I talked about honesty. I'm sorry, that was cold.", "")
    assert player.state["repaired"]
    player = play("S16r", "friendly")
    player.say("You're impossible.", "blame")
    player.say("I'm so sorry.")
    assert player.pools()[-1] == "lines.sorry"
    assert "?" in player.said
    assert not player.state["repaired"]


def test_a_yes_inside_a_sentence_takes_the_partners_offer(play):
    """ "Thursday… yes, that'd work" agrees to the counter-proposal; "yes, but" and a question do not."""
    for reply, taken in (
        ("Thursday during choir... yes, that'd work.", True),
        ("Yes, but not on Thursdays.", False),
        ("Would that work?", False),
    ):
        player = answering(play, "What if it's Thursday?")
        player.talk.state.update(offer=0, offered=0, told=1)
        player.say(reply)
        assert bool(player.state["agreed"]) is taken


def test_what_would_follow_from_a_no_is_a_question(play):
    """ "If I say not now, will you be hurt?" wants an answer, though the judge takes it for a check of consent."""
    player = answering(play, "Yes. I'd rather ask and hear “not now” than guess and get the shoulder.", "S01")
    player.say("And if I say not now, will you be hurt?", "consent_check")
    assert "lines.room_given" not in player.pools()


def test_a_question_about_nothing_here_tells_no_layer(play):
    """A layer is told to who asks how it is, never to who asks the time."""
    player = answering(play, "Okay.", "S01")
    player.talk.state.update(listened=2, trust=16)
    player.say("what time do you get up tomorrow anyway")
    assert player.state["told"] == 0


def test_verdicts_stay_as_they_were():
    """Reading takes verdicts out for the partner alone: the mapping handed in is not changed."""
    scene = load_scene("S17")
    reply = "My phone's in the other room."
    verdicts = judge(reply, {"boundary": reply})
    read_reply(scene, {**answering_state(scene), "last_line": "Okay."}, reply, verdicts)
    assert verdicts["boundary"].present
    assert dataclasses.asdict(verdicts["boundary"])["evidence"]


@pytest.mark.parametrize(
    ("reply", "is_leave"),
    [
        ("Can we talk about something before we press play?", True),
        ("No, it's not bad. It's awkward for me, so bear with me, would you?", True),
        ("Could I just tell you something?", True),
        ("hey, can we talk about tonight?", True),
        ("Can we talk about what happened last night, please?", True),
        ("Can we talk about it on Sunday?", False),
        ("Could we talk on Sunday after dinner, for twenty minutes?", False),
        ("Could you tell me first when you're running late?", False),
        ("Could we keep Wednesdays apart?", False),
        ("Could I ask before I sit down next to you?", False),
    ],
)
def test_asking_leave_to_speak_is_no_step(play, reply, is_leave):
    """Somebody who asks to be heard now gets leave, not "maybe, first I'd want to know you get it"; with a day or a rule it is a step."""
    player = play("S17", "guarded")
    player.say(reply, "request")
    assert ("lines.checked_in" in player.pools()) is is_leave


@pytest.mark.parametrize(
    ("reply", "score", "is_limit"),
    [
        ("No. I want to know why. I haven't got my shoes off yet.", 0.36, False),
        ("No. I want to know why. I haven't got my shoes off yet.", 0.8, True),
        ("I don't want to be touched there.", 0.36, True),
    ],
)
def test_a_limit_that_is_hardly_one_does_not_steer_the_partner(reply, score, is_limit):
    """Where the scorer is unsure, only the words of a limit are met as one; the client's feedback is not touched by that."""
    assert ("boundary" in sift_verdicts(reply, judge(reply, "boundary", score))) is is_limit


def test_what_was_reckoned_beside_judging_is_the_same_and_is_taken_once():
    """A vector begun ahead answers like one reckoned in its place, also when nobody gets to begin it, and nothing of it stays."""
    typed, line = "My marigolds  stand in “zebra” boots.", ["The boots are by the door.", "Okay."]
    with forget_after():
        alone = load_meaning().nearness(straighten(typed), line)
    with read_ahead(typed), forget_after():
        assert load_meaning().nearness(straighten(typed), line) == alone
    busy = [_beside().submit(time.sleep, 0.2)]
    with read_ahead(typed), forget_after():
        assert load_meaning().nearness(straighten(typed), line) == alone
        assert not busy[0].done()
    assert _ahead.get() is None


@pytest.mark.parametrize(
    ("last_line", "reply", "ordered"),
    [
        ("Tell me what to do, not only what not to do.", "Come in, put the kettle on and sit down next to me.", False),
        ("And if I just sit in the same room and don't talk?", "Yes. Come and sit. Bring your book.", False),
        ("I don't know where to put my hands, that's all.", "Hold mine, maybe.", False),
        ("And if I just sit in the same room and don't talk?", "You have to leave me alone for once.", True),
        ("I made soup.", "Come in and sit down.", True),
    ],
)
def test_who_asks_what_to_do_is_not_ordered_about(play, last_line, reply, ordered):
    """An instruction that the partner asked for is an answer; one that lays down the law, or that nobody asked for, stays an order."""
    player = answering(play, last_line)
    reading = read_reply(player.scene, player.state, reply, judge(reply, "demand"))
    assert reading.did("demand") is ordered


@pytest.mark.parametrize(("reply", "offended"), [("I think of it every morning, I just never say it.", False), ("You never say it.", True)])
def test_a_sweeping_word_about_oneself_offends_nobody(play, reply, offended):
    """ "I never say it" accuses nobody but the one who says it."""
    assert ("absolutes" not in find_doubtful(reply, judge(reply, "absolutes"))) is (offended)


@pytest.mark.parametrize(
    ("reply", "blamed"),
    [
        ("I wasn't kind, I was lazy. Perhaps I've been lazy with you too.", False),
        ("I was tired and I was short with you.", False),
        ("I'm sick of you lying there while I do everything.", True),
        ("I've been patient, and you are never satisfied.", True),
    ],
)
def test_blaming_oneself_blames_nobody_else(reply, blamed):
    """A partner does not defend itself against what somebody says of themselves."""
    assert ("blame" in sift_verdicts(reply, judge(reply, "blame"))) is blamed


def test_an_apology_in_two_sentences_is_one(play):
    """What was done stands in one sentence and "I'm sorry" in the next: the partner does not ask what for."""
    reply = "I saw it, looked at you and told the rest. I'm sorry."
    verdicts = judge(reply, {"repair": reply.removesuffix(".")})
    assert "repair" in sift_verdicts(reply, verdicts)
    assert "repair" not in sift_verdicts("It was a good story.", judge("It was a good story.", {"repair": "It was a good story"}))


def test_a_proposal_that_nobody_could_keep_is_not_agreed(play):
    """ "Be more considerate" gets no yes from a partner who says yes to a proposal that both would know was kept."""
    for reply, is_agreed in (("Could you be more considerate?", False), ("Could I have Thursday evenings for myself?", True)):
        player = answering(play, "Okay.", "S17")
        player.talk.state.update(told=3, trust=20)
        player.say(reply, "request")
        assert (player.state["agreed"] is not None) is is_agreed


def test_what_cannot_be_turned_round_is_kept_as_typed(play):
    """A step in odd words stands on the card as the client typed it, for it is what the partner said yes to."""
    player = answering(play, "Okay.", "S17")
    player.talk.state.update(told=3, trust=20)
    player.say("Great. So thursdays at 6, like, just me?", "request")
    assert fill_card(player.state)["next_step"]


@pytest.mark.parametrize(
    ("words", "is_signal"), [("our word could be parsnip", True), ("no more asking about tea, the word comes when it comes", False)]
)
def test_a_signal_on_the_card_is_one_that_was_named(words, is_signal):
    """A sentence with the word "word" in it names no signal by that alone."""
    state = {**answering_state(load_scene("S17")), "limit_words": [words]}
    assert (fill_card(state)["signal"] == words) is is_signal
