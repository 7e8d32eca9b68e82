"""Lines are chosen by meaning, and a kind word is heard as one."""

import json

import pytest

from actions import partner
from actions.partner.choose_line import Option, find_best, take_line
from actions.partner.client_words import find_limit, find_step
from actions.partner.doubt_faults import find_doubtful
from actions.partner.meaning import load_meaning
from actions.partner.partner_state import new_state
from data.scenarios import load_scene
from tests.partner.conftest import BARELY, judge


def test_what_belongs_together_is_nearer():
    """An answer about the dog is nearer to a question about the dog than one about the bill; nearness is the same every time."""
    meaning = load_meaning()
    dog, bill = meaning.nearness("Who walks the dog in the morning?", ["I take him out at seven.", "The bill was paid in May."])
    assert dog > bill
    assert meaning.nearness("a", ["a"]) == [1.0]
    assert meaning.nearness("", ["…", "🙂"]) == meaning.nearness("", ["…", "🙂"])


def test_half_a_character_is_answered_too(play):
    """A lone surrogate, as a broken paste leaves it, is compared like a question mark and answered like any reply."""
    assert load_meaning().nearness("\ud800", ["a"]) == load_meaning().nearness("?", ["a"])
    player = play("S17", "friendly")
    assert player.say("\ud800 what?", "")


def test_of_a_pool_the_nearest_lines_are_said_and_the_seed_chooses_among_equals():
    """Asked about chocolate or about nothing, the pool is the same; the same seed gives the same line."""
    scene = load_scene("S17")
    state = new_state(scene, 3, "friendly")
    once = take_line(scene, {**state, "used": []}, "lines.asked_need", {}, "Should I tell you before, and not at the door?")
    again = take_line(scene, {**state, "used": []}, "lines.asked_need", {}, "Should I tell you before, and not at the door?")
    assert once == again
    assert "door" in once
    points, line = find_best(scene, state, [Option("lines.asked_need", 0.0), Option("lines.silence", -0.9)], {}, "What do you need?")
    assert line.pool == "lines.asked_need"
    assert points > 0


def test_a_question_about_the_line_just_said_is_answered_from_it(play):
    """ "A door closing?" asks about the door, and not about anything else."""
    player = play("S17", "friendly")
    player.talk.state["last_line"] = "Right, that's it. You say “an evening to myself” and some part of me hears a door closing."
    player.say("A door closing? What do you mean by that?", "open_question")
    assert player.pools()[-1].startswith("follow_ups.")


def test_a_follow_up_is_not_said_when_its_line_was_not(play):
    """Words of a line that was not said just now bring no follow-up."""
    player = play("S17", "friendly")
    player.say("A door closing? What do you mean by that?", "open_question")
    assert not player.pools()[-1].startswith("follow_ups.")


@pytest.mark.parametrize("reply", ["I'm not angry with you.", "You didn't do anything wrong.", "I would never laugh at you."])
def test_reassurance_is_heard_even_when_the_judge_takes_it_for_a_fault(play, reply):
    """A fear taken away is answered as such where the judge is unsure of a fault: it costs nothing, and the talk stays open."""
    for keys in ("", "blame", "roadblock"):
        player = play("S17", "friendly")
        before = player.state["trust"]
        player.say(reply, keys, BARELY)
        assert player.pools()[-1] in ("lines.reassured", "topics.0.told")
        assert player.state["trust"] >= before


def test_reassurance_with_an_attack_in_it_is_an_attack(play):
    """ "I love you, but you're so selfish" does not pass for kindness."""
    player = play("S17", "friendly")
    player.say("I love you, but you're so selfish.", "blame")
    assert "lines.blamed" in player.pools()


def test_words_taken_back_are_met_kindly_but_mend_nothing_by_themselves(play):
    """ "That was mean, I take it back" is better than nothing; owning it is more."""
    player = play("S17", "friendly")
    player.say("You're paranoid.", "blame")
    player.say("That was mean, I take it back.")
    assert player.pools()[-1] == "lines.repaired"
    assert not player.state["repaired"]


@pytest.mark.parametrize(
    ("reply", "key", "doubted"),
    [
        ("Do you ever want to be alone?", "blame", True),
        ("Why do you always do this?", "blame", False),
        ("How could you do that?", "blame", False),
        ("So you've never dared to say it?", "absolutes", True),
        ("Every week the same evening, me in the bedroom.", "absolutes", True),
        ("You always forget.", "absolutes", False),
        ("I'll just be a bit grumpy for five minutes.", "pressure", True),
        ("but it's been three weeks", "pressure", False),
        ("Come on, just once.", "pressure", False),
        ("Put the spoon down and tell me.", "demand", True),
        ("Put the phone away now.", "demand", False),
    ],
)
def test_a_fault_is_heard_where_somebody_is_meant(reply, key, doubted):
    """Curious questions, invitations and words about oneself are no attack where the judge is unsure; attacks stay attacks."""
    keys = {key: reply} | ({"paraphrase": reply} if reply.startswith("So you've") else {})
    assert (key in find_doubtful(reply, judge(reply, keys, BARELY))) is doubted


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("Could you ask you first, like", "ask me first"),
        ("Could you tell me earlier when something", None),
        ("I'd like to know your", None),
        ("What if I'm asleep in the morning, will you wake me?", None),
        ("I'd like you to say 'can I?' and wait", None),
        ("Could you just say something before you do?", "say something before I do"),
        ("Would it help if I said yes more clearly?", "you say yes more clearly"),
    ],
)
def test_a_step_is_a_whole_phrase_or_none(typed, step):
    """Half a phrase is not put into the partner's mouth."""
    assert find_step(typed) == step


def test_a_limit_loses_what_only_leads_up_to_it():
    """ "Yeah and I'd like …" is given back without its beginning."""
    assert find_limit("Yeah and I don't want phones in bed") == "you don't want phones in bed"


def test_a_step_about_something_else_is_not_agreed_to(play):
    """Open and heard, Billie still does not say yes to a car in a talk about evenings."""
    player = play("S17", "friendly")
    for reply in ("So you wait for the evenings?", "So taking one out feels big?"):
        player.say(reply, "paraphrase")
    player.say("Could we sell the car?", "request")
    assert player.state["agreed"] is None
    assert player.pools()[-1] == "lines.off_topic"


def test_an_honest_no_can_be_taken(play):
    """Heard and open, Sasha declines the nine days; taken as it is, the no is what the talk comes to."""
    player = play("S14", "friendly")
    for reply in ("So you do a sum before you open your mouth?", "So you'd rather not have all of it?", "So it's hard to say that to me?"):
        player.say(reply, "paraphrase")
    player.say("Would you come to the lake for all nine days? It's fine if not.", "request")
    assert player.state["no_open"]
    assert player.state["agreed"] is None
    player.say("Okay. Thanks for telling me.", "validation")
    assert player.state["no_accepted"]


def test_not_tonight_is_a_limit_and_enough_for_tonight_ends_kindly(play):
    """A stop is a stop; "I don't want to do this tonight" is a limit; "I don't want to go on tonight" ends the talk at once, kindly."""
    player = play("S01", "friendly")
    player.say("I don't want to do this tonight.")
    assert player.talk.phase == "scene"
    assert player.state["kept_limit"]
    player = play("S01", "friendly")
    player.say("I don't want to go on tonight.", "boundary")
    assert player.talk.ending.kind == "next_talk"
    player = play("S01", "friendly")
    player.say("I don't want to go on.")
    assert player.talk.phase == "paused"


def test_still_a_no_is_a_limit_where_the_scene_opens_with_a_test(play):
    """Chris asks again in his first line; "it's still a no" sets the limit."""
    player = play("S07", "friendly")
    player.say("It's still a no for me.")
    assert player.state["testing"] or player.state["kept_limit"]


def test_a_pause_waits_as_long_as_it_takes(play):
    """Whatever else is typed in a pause, nothing ends."""
    player = play("S17", "friendly")
    player.say("Can we take a break?")
    for _ in range(5):
        player.say("…")
        assert player.talk.ending is None
        assert player.talk.phase == "paused"


def test_no_talk_goes_beyond_its_last_turn(play):
    """Stops, pauses and questions to the program count as well."""
    player = play("S17", "friendly")
    replies = ["Stop.", "Shall we go on?", "are you a bot?", "Can we take a break?", "Is it okay to continue?"]
    while player.talk.ending is None:
        player.say(replies[player.state["turn"] % len(replies)])
        assert player.state["turn"] <= player.scene.max_turns


def test_what_is_not_said_in_the_last_turn_does_not_count(play):
    """The closing words stand for the answer: no layer is told and nothing is agreed that nobody heard."""
    player = play("S17", "friendly")
    player.talk.state["turn"] = player.scene.max_turns - 1
    player.say("So it sounds to you as if I don't want you?", "paraphrase")
    assert player.talk.ending.kind == "next_talk"
    assert player.state["told"] == 0


def test_the_pause_signal_reaches_the_card_from_a_mixed_reply(play):
    """A signal named beside a proposal stands on the card."""
    player = play("S02", "friendly")
    player.say("So you're scared it gets stiff?", "paraphrase")
    player.say("If I tap twice, it means stop. Could we try it for a month?", {"request": "Could we try it for a month?"})
    player.press(partner.stop)
    assert "tap twice" in player.talk.ending.card["signal"]


def test_after_a_push_every_proposal_gets_an_answer_of_its_kind(play):
    """Pushed, the partner agrees to nothing, and says so in words about the proposal and not in a filler."""
    player = play("S17", "friendly")
    player.say("Come on, just say yes.", "pressure")
    for step in ("Could we try Thursdays?", "What about Wednesdays, once?", "Could we say one evening a month?"):
        player.say(step, "request")
        assert player.state["agreed"] is None
        assert player.pools()[-1].startswith("lines.step_")
    assert json.dumps(player.state)
