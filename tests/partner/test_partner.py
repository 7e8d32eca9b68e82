"""The partner answers what was said, moves with what a reply did, and is the same for the same seed."""

import copy
import json

import pytest

from actions import partner
from data.scenarios import Scene, list_scenes, load_scene
from tests.partner.conftest import BARELY

TALKS = [scene.id for scene in list_scenes() if scene.kind == "talk"]


def test_the_same_seed_and_replies_give_the_same_talk(play):
    """Every run can be repeated from its seed."""
    said = []
    for _ in range(2):
        player = play("S17", "guarded", seed=7)
        said.append(
            [
                player.say("I feel worn out and I need some quiet", "i_statement feeling need"),
                player.say("What is it like for you?", "open_question"),
            ]
        )
    assert said[0] == said[1]


def test_another_seed_gives_other_words(play):
    """Two attempts differ."""
    talks = {play("S17", "friendly", seed=seed).say("That makes sense.", "validation") for seed in range(12)}
    assert len(talks) > 3


def test_the_state_handed_in_is_not_changed(play):
    """A reply can be tried again from the earlier state."""
    player = play()
    before = copy.deepcopy(player.state)
    partner.answer_reply(player.scene, player.state, "Stop.", {})
    partner.give_hint(player.scene, player.state)
    assert player.state == before


def test_heard_well_the_partner_tells_the_next_layer(play):
    """Giving back what was said opens layer after layer."""
    player = play("S17", "friendly")
    for reply in (
        "So it sounds to you as if I don't want you?",
        "So the evenings are what you wait for?",
        "So you've seen that end badly at home?",
    ):
        player.say(reply, "paraphrase")
    assert player.state["told"] == 3
    assert [pool for pool in player.pools() if pool.startswith("layers")] == ["layers.0", "layers.1", "layers.2"]
    assert player.openness > 2


def test_a_closed_partner_tells_nothing_tender(play):
    """A layer waits until the partner is open enough for it."""
    player = play("S17", "upset")
    player.say("So you heard me on the phone?", "paraphrase")
    assert player.state["told"] == 0


@pytest.mark.parametrize(
    ("guess", "pool"),
    [("Are you sad?", "lines.label_right"), ("Are you annoyed?", "lines.label_surface"), ("Are you bored?", "lines.label_wrong")],
)
def test_a_guessed_feeling_is_confirmed_or_corrected(play, guess, pool):
    """Right, true on the surface, or wrong: three different answers."""
    player = play("S17", "friendly")
    player.say(guess, "emotion_label")
    assert pool in player.pools()


def test_a_wrong_guess_is_answered_with_the_word_that_was_guessed(play):
    """The correction names the guess."""
    said = {play("S17", "friendly", seed=seed).say("Are you bored?", "emotion_label") for seed in range(6)}
    assert any("bored" in each.lower() for each in said)


def test_a_question_gets_an_answer_from_what_the_partner_knows(play):
    """Asked about the phone message, the partner speaks of knowing beforehand."""
    player = play("S17", "friendly")
    assert "Tuesday" in player.say("What happened on Tuesday, with the bedroom door?", "open_question")
    player.say("What would help you?", "open_question")
    assert player.pools()[-1] in ("lines.asked_change", "lines.asked_need")


def test_a_question_without_a_question_mark_is_answered(play):
    """People leave marks out."""
    player = play("S17", "friendly")
    player.say("how do you feel about it")
    assert player.pools()[-1].startswith(("lines.asked_feeling", "layers"))


def test_what_the_client_feels_is_taken_up_by_name(play):
    """The word itself comes back."""
    said = {
        play("S17", "friendly", seed=seed).say("I feel drained.", {"i_statement": "I feel drained", "feeling": "drained"})
        for seed in range(5)
    }
    assert all("drained" in each.lower() or "hide it" in each or "quieter" in each for each in said)
    assert any("Drained" in each for each in said)


def test_a_proposal_before_the_partner_is_heard_meets_hesitation(play):
    """A guarded partner wants to be heard first."""
    player = play("S17", "guarded")
    player.say("Would you try one evening a week apart?", "request")
    assert player.state["agreed"] is None
    assert player.pools()[-1].endswith(("step_hesitate", ".hesitate"))


def test_a_proposal_after_being_heard_is_agreed_in_the_clients_words(play):
    """The step is named."""
    player = play("S17", "friendly")
    player.say("So you hear that I don't want you?", "paraphrase")
    said = player.say("Could we take a walk on our own?", "request")
    assert player.state["agreed"]["step"] == "take a walk on our own"
    assert player.state["agreed"]["words"] == "Could we take a walk on our own?"
    assert "lines.step_agree" in player.pools()
    assert said


def test_a_guarded_partner_amends_and_an_answer_to_that_counts(play):
    """A counter-proposal waits; a yes takes it, a no leaves it."""
    for answer, agreed in (("Yes, deal.", True), ("No, I'd rather not.", False)):
        player = play("S17", "guarded", seed=2)
        for _ in range(2):
            player.say(f"So it feels like a door closing, {answer}?", "paraphrase")
            player.say("I feel worn out and I need quiet.", "i_statement feeling need")
        player.say("Would you be willing to let me read alone?", "request")
        assert player.state["offer"] is not None
        player.say(answer)
        assert bool(player.state["agreed"]) is agreed
        assert player.state["offer"] is None


def test_a_limit_is_accepted_and_named(play):
    """A friendly partner keeps to it at once."""
    said = {play("S01", "friendly", seed=seed).say("I don't want surprises tonight", "boundary i_statement") for seed in range(8)}
    assert any("you don't want surprises tonight" in each for each in said)


def test_a_limit_is_tested_and_the_testing_stops_when_it_is_held(play):
    """Upset Robin tests twice, and stops."""
    player = play("S02", "upset")
    player.say("When I say pause, everything stops", "boundary")
    assert player.state["testing"]
    player.say("Yes, also when I laugh. I mean it.", "boundary")
    assert player.state["testing"]
    player.say("No. Even then.", "boundary")
    assert not player.state["testing"]
    assert player.state["kept_limit"]
    assert "lines.limit_held" in player.pools()
    player.say("I don't want to be asked again", "boundary")
    assert not player.state["testing"]


def test_a_limit_given_up_is_not_taken(play):
    """Caving to a test is no agreement."""
    player = play("S02", "guarded")
    player.say("When I say pause, everything stops", "boundary")
    player.say("Okay then, if you want.")
    assert "lines.limit_dropped" in player.pools()
    assert player.state["agreed"] is None


def test_blame_meets_defence_and_closes(play):
    """The partner defends and is less open."""
    player = play("S17", "friendly")
    player.say("You're so selfish.", "blame")
    assert player.pools()[-1] == "lines.blamed"
    assert player.talk.moved.shift == -1


def test_harm_weighs_more_than_what_was_wrapped_around_it(play):
    """A mixed reply is answered to what weighs most."""
    player = play("S17", "friendly")
    player.say(
        "I feel tired. You're so selfish. How are you?",
        {"feeling": "tired", "i_statement": "I feel tired", "blame": "You're so selfish", "open_question": "How are you?"},
    )
    assert "lines.blamed" in player.pools()


def test_a_limit_beside_blame_is_still_kept(play):
    """Harm is answered first, and the limit counts all the same."""
    player = play("S01", "friendly")
    player.say("You're a creep. I don't want hugs tonight.", {"blame": "You're a creep.", "boundary": "I don't want hugs tonight"})
    assert player.state["kept_limit"]
    assert "lines.limit_accept" in player.pools()


def test_pressure_meets_a_limit_then_closing_then_leaving_with_a_way_back(play):
    """First a limit of the partner's own, then closing, then leaving; a retry is offered."""
    player = play("S17", "friendly")
    player.say("Come on, just this once.", "pressure")
    assert player.pools()[-1] == "lines.pressured"
    player.say("If you loved me you would.", "pressure")
    assert player.pools()[-1] == "lines.pressured_again"
    player.say("After all I do for you?", "pressure")
    assert player.talk.ending.kind == "pressed"
    assert "go back" in player.talk.lines[-1].text


def test_an_owned_fault_is_answered_otherwise_than_a_bare_sorry(play):
    """Apologised to, the partner answers what was owned."""
    for reply, keys, pool in (
        ("I shouted at you, that was unfair, I'm sorry it hurt.", "repair", "lines.repaired"),
        ("Sorry.", "", "lines.sorry"),
        ("I'm sorry, but you started it.", "", "lines.sorry_but"),
    ):
        player = play("S17", "friendly")
        player.say("You're so selfish.", "blame")
        player.say(reply, keys)
        assert player.pools()[-1] == pool


def test_a_long_reply_that_begins_with_yes_is_no_bare_yes(play):
    """What follows the yes is answered: nobody is asked "yes to what?" who has just said it."""
    for reply, is_bare in (("yes. fine.", True), ("yes. the same as it was with you and me in the kitchen", False)):
        player = play("S17", "friendly")
        player.say(reply)
        assert (player.pools()[-1] == "lines.client_yes") is is_bare


@pytest.mark.parametrize(
    ("reply", "pool"),
    [
        ("...", "silence"),
        ("hmm", "one_word"),
        ("hmm well", "plain"),
        ("Are you a bot?", None),
        ("What do you mean?", "confused"),
        ("Hey gorgeous", "flirting"),
        ("haha", "joked"),
        ("The bakery round the corner sells penguins now", "off_topic"),
        ("I don't know yet", "uncertain"),
        ("ok", "client_yes"),
        ("nope", "client_no"),
        ("thanks", "thanked"),
    ],
)
def test_what_people_also_say_is_met(play, reply, pool):
    """Short, silent, off-topic, confused and flirting replies have lines of their own; about the program the guide answers."""
    player = play("S17", "friendly")
    player.say(reply)
    if pool is None:
        assert player.talk.lines[0].who == "guide"
        assert "program" in player.talk.lines[0].text
    else:
        assert player.pools()[-1] == f"lines.{pool}"


def test_a_very_long_reply_is_told_to_be_long_and_answered(play):
    """Both: it was a lot, and an answer."""
    player = play("S17", "friendly")
    player.say("I feel tired and I need rest. " * 30, {"feeling": "tired", "need": "rest", "i_statement": "I feel tired"})
    assert any(pool == "lines.very_long" for pool in player.pools())
    assert len([pool for pool in player.pools() if pool != "lines.very_long"]) >= 2


def test_a_reply_said_twice_is_noticed_but_a_limit_said_twice_is_not_held_against_anyone(play):
    """O14: a limit in the same words is a skill."""
    player = play("S17", "friendly")
    player.say("I like the sea.", "i_statement")
    player.say("I like the sea.", "i_statement")
    assert player.pools()[-1] == "lines.repeated"
    player = play("S17", "friendly")
    player.say("I don't want to watch TV", "boundary")
    player.say("I don't want to watch TV", "boundary")
    assert "lines.repeated" not in player.pools()


def test_a_listening_reply_with_a_proposal_gets_an_answer_to_both(play):
    """A sign that it arrived, then the reaction to the step."""
    player = play("S17", "friendly")
    reply = "Are you sad about it? Could we keep Friday for us?"
    player.say(reply, {"emotion_label": "Are you sad about it?", "request": "Could we keep Friday for us?"})
    pools = player.pools()
    assert any(pool.startswith(("layers", "lines.label_right")) for pool in pools)
    assert any(pool.endswith(("step_agree", ".agree", "step_hesitate", ".hesitate")) for pool in pools)


ODD = [
    "",
    "   ",
    "🙂" * 50,
    "\u202eabc",
    "/restart",
    '/intent{"a":"b"}',
    "<b>hi</b>",
    "{step} {nope} %s",
    "a" * 2000,
    "no " * 600,
    "\x00\x07",
]


@pytest.mark.parametrize("scene_id", TALKS)
def test_whatever_is_typed_gets_an_answer(play, scene_id):
    """No text at all breaks the partner, and nothing typed is taken for a slot."""
    for typed in ODD:
        player = play(scene_id, "guarded")
        player.say(typed)
        assert player.talk.lines, typed
        assert "{" not in player.said
        json.dumps(player.state)


def test_a_silent_client_is_let_go_kindly(play):
    """Silence is no agreement, and the partner leaves it for today."""
    player = play("S17", "friendly")
    for _ in range(12):
        if player.talk.ending:
            break
        player.say("...")
    assert player.talk.ending.kind == "next_talk"
    assert player.state["agreed"] is None


def test_hints_go_from_nudge_to_cue_to_example_and_then_say_so(play):
    """Three steps, then an honest word."""
    player = play("S17", "friendly")
    hints = [player.scene.hints[0].nudge, player.scene.hints[0].cue, player.scene.hints[0].example]
    given = []
    for _ in range(4):
        player.talk = partner.give_hint(player.scene, player.state)
        given.append(player.talk.lines[0].text)
    assert given[:3] == hints
    assert "last hint" in given[3]


def test_the_hint_fits_the_moment(play):
    """After blame the hint is about mending; after a tested limit about holding it."""
    player = play("S17", "friendly")
    player.say("You're so selfish.", "blame")
    mend = next(hint for hint in player.scene.hints if hint.stage == "mend")
    assert partner.give_hint(player.scene, player.state).lines[0].text == mend.nudge
    player = play("S02", "guarded")
    player.say("When I say pause, everything stops", "boundary")
    limit = next(hint for hint in player.scene.hints if hint.stage == "limit")
    assert partner.give_hint(player.scene, player.state).lines[0].text == limit.nudge


def test_repeat_line_gives_the_line_being_answered(play):
    """For trying a reply again."""
    player = play("S17", "friendly")
    player.say("That makes sense.", "validation")
    last = player.state["last_line"]
    assert partner.repeat_line(player.scene, player.state).lines[0].text == last


@pytest.mark.parametrize(
    ("feeling", "need", "words"),
    [
        ("lonely", "closeness", "close on both"),
        ("angry", "closeness", "guess at the need"),
        ("sad", "rest", "guess at the feeling"),
        ("bored", "rest", "Something else"),
    ],
)
def test_the_guess_is_answered_kindly(play, feeling, need, words):
    """Near is near enough, and a miss is no failure."""
    player = play("S17", "friendly")
    player.press(partner.stop)
    assert words in partner.take_guess(player.scene, player.state, feeling=feeling, need=need).lines[0].text


def test_the_reveal_tells_feeling_and_need(play):
    """What was underneath, in the partner's own words."""
    player = play("S17", "friendly")
    player.press(partner.stop)
    talk = partner.reveal(player.scene, player.state)
    assert talk.reveal == {
        "feeling": "sad, and a little lonely",
        "need": player.scene.partner.hidden.need,
        "text": player.scene.partner.hidden.told,
    }


def test_sound_words_that_earned_nothing_are_told_to_be_sound(play):
    """Some upset partners stay closed: the debrief says the wording was sound."""
    player = play("S17", "upset")
    player.say("I feel tired and I need rest.", "i_statement feeling need")
    player.press(partner.stop)
    texts = [line.text for line in partner.reveal(player.scene, player.state).lines]
    assert player.scene.debrief.sound_wording in texts


def test_the_state_stays_small_over_two_hundred_turns(play):
    """At most 16 KiB after 200 turns, in a scene made to run that long."""
    scene = load_scene("S17")
    raw = scene.model_dump()
    raw["lines"]["fallback"]["any"] = [f"Line number {number} of many." for number in range(500)]
    raw["max_turns"] = 500
    scene = Scene.model_validate(raw)
    player = play(scene, "friendly")
    for turn in range(200):
        player.say(f"Would you go for walk number {turn} with me and the dog, please?", "request")
        assert player.talk.ending is None
    assert player.state["turn"] == 200
    assert len(json.dumps(player.state).encode()) <= 16 * 1024


def test_the_partner_brings_back_what_the_client_said_earlier(play):
    """When the talk stalls, the need named three replies ago comes back by name."""
    player = play("S17", "friendly")
    player.say("I need some quiet in the evening.", {"need": "I need some quiet in the evening", "i_statement": "I need some quiet"})
    player.say("What is it like for you?", "open_question")
    player.say("That makes sense.", "validation")
    said = [player.say("hm."), player.say("mm")]
    assert any("some quiet in the evening" in each for each in said), said
    assert "lines.recalls" in player.pools()


def test_an_open_question_about_a_feeling_is_a_question_and_no_guess(play):
    """ "What are you afraid of?" asks, whatever the judge makes of the feeling word in it."""
    player = play("S17", "friendly")
    player.say("What are you bored of?", "open_question emotion_label")
    assert "lines.label_wrong" not in player.pools()


@pytest.mark.parametrize(
    ("reply", "fault"), [("Did I hurt your feelings?", "blame"), ("I feel guilty when you cook and I sleep in", "faux_feeling")]
)
def test_a_question_about_oneself_and_a_plain_feeling_are_not_answered_as_attacks(play, reply, fault):
    """Where the judge is unsure, and mistaken in a way that words can show, the partner does not take offence."""
    player = play("S17", "friendly")
    before = player.state["trust"]
    player.say(reply, fault, BARELY)
    assert player.state["trust"] >= before
    assert player.pools()[-1] not in ("lines.blamed", "lines.faux_feeling")


def test_an_apology_that_quotes_the_fault_is_an_apology(play):
    """ "I'm sorry I said you never listen" owns it."""
    player = play("S17", "friendly")
    player.say("I'm sorry I said you never listen.", "blame absolutes")
    assert player.pools()[-1] == "lines.repaired"


def test_saying_the_agreement_again_is_confirmed(play):
    """O7 and O8: restating what was agreed and asking whether it is right gets a yes to that, and may end the talk."""
    player = play("S17", "friendly")
    player.say("So it sounds as if I don't want you?", "paraphrase")
    player.say("Could we take Thursdays apart?", "request")
    player.say("So Thursdays are mine and Fridays are ours. Did I get that right?")
    assert "lines.settled" in player.pools()


def test_a_day_to_look_back_is_no_putting_off(play):
    """After a step was agreed, "talk about it again next week" is a review point."""
    player = play("S17", "friendly")
    player.say("So it sounds as if I don't want you?", "paraphrase")
    player.say("Could we take Thursdays apart?", "request")
    player.say("Let's see how it goes and talk about it again next week.")
    assert player.state["reviewed"]


def test_after_a_push_only_listening_and_owning_it_open_again(play):
    """Speaking for oneself or asking again does not; listening does slowly; owning the push at once."""
    for reply, keys, opens in (
        ("I feel tired and I need rest.", "i_statement feeling need", False),
        ("Could we sit on the bench?", "request", False),
        ("So you felt pushed by me?", "paraphrase", True),
        ("I pushed you, that was unfair, I'm sorry.", "repair", True),
    ):
        player = play("S17", "friendly")
        player.say("Come on, if you loved me you would.", "pressure")
        before = player.state["trust"]
        player.say(reply, keys)
        assert (player.state["trust"] > before) is opens, reply


def test_asking_again_and_again_opens_nobody(play):
    """Three proposals may open the partner, a fourth does not."""
    player = play("S17", "upset")
    for number in range(3):
        player.say(f"Could we try evening number {number} apart?", "request")
    before = player.state["trust"]
    player.say("Could we try some other evening apart?", "request")
    assert player.state["trust"] == before


def test_an_attempt_begun_before_a_key_was_added_goes_on(play):
    """States travel with attempts over releases: what a newer engine expects is filled in."""
    player = play("S17", "friendly")
    for key in ("wary", "asked_for", "words", "recalled", "offered", "limit_words", "review_words"):
        del player.state[key]
    player.say("So it sounds as if I don't want you?", "paraphrase")
    assert player.said
    assert partner.pause(player.scene, player.state).phase == "paused"
