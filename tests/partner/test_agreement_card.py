"""The card holds what the talk came to, in the client's own words."""

from actions import partner


def test_limit_step_and_review_stand_on_the_card_as_typed(play):
    """Nothing on it is reworded."""
    player = play("S17", "friendly")
    player.say("I don't want phones in the bedroom.", "boundary")
    player.say("So it sounds as if I don't want you?", "paraphrase")
    player.say("Could we take Thursdays apart?", "request")
    player.say("Let's look at it again in two weeks.", "request")
    player.say("Thank you.")
    card = player.talk.ending.card
    assert card["limits"] == ["I don't want phones in the bedroom."]
    assert card["next_step"] == "Could we take Thursdays apart?"
    assert card["review"] == "Let's look at it again in two weeks."
    assert card["agreed"]
    assert card["can_change"]


def test_a_signal_is_found_among_the_limits(play):
    """Whatever names a word or a tap."""
    player = play("S02", "friendly")
    player.say("If I tap your arm twice, everything stops.", "boundary")
    player.press(partner.stop)
    assert player.talk.ending.card["signal"] == "If I tap your arm twice, everything stops."


def test_a_talk_without_agreement_has_an_empty_card(play):
    """Nothing is made up, and a hesitation is no step."""
    player = play("S17", "guarded")
    player.say("Could we take Thursdays apart?", "request")
    player.press(partner.stop)
    card = player.talk.ending.card
    assert (card["next_step"], card["agreed"], card["limits"], card["review"]) == ("", False, [], "")


def test_a_day_named_with_the_yes_to_a_counter_proposal_is_kept(play):
    """The talk waits for the client after the partner's word, and the day stands on the card."""
    player = play("S22", "guarded", seed=3)
    player.state.update(told=3, trust=19, turn=8, offer=0, offered=8, repaired=True)
    player.say("ok. could we look at it again next Sunday?", "request")
    assert player.talk.ending is None
    player.say("Thank you.")
    card = player.talk.ending.card
    assert card["agreed"]
    assert card["review"] == "could we look at it again next Sunday?"
    assert "step_agreed" in player.talk.ending.kind


def test_speaking_of_the_signal_names_none(play):
    """Only what says which word or sign it is stands under signal; a step cut out of a longer sentence ends with a whole word."""
    player = play("S22", "friendly")
    player.state.update(told=3, trust=19, turn=8)
    words = "when you give the signal I stop in the middle of the word, and"
    player.say(f"I'd like to suggest something: {words} if not you say so.", {"request": words})
    assert player.state["signal_words"] == ""
    assert not (player.state["agreed"] or {"words": ""})["words"].endswith("and")


def test_a_yes_that_is_only_assumed_is_pressed_on_nobody(play):
    """To "mm, fine", "great, tonight then" is no agreement and costs trust; after a clear yes the same words confirm it."""
    player = play("S06", "friendly")
    before = player.state["trust"]
    player.say("great, so tonight then! i'll come over at eight")
    assert player.state["trust"] < before
    assert player.state["agreed"] is None
    agreed = play("S06", "friendly")
    agreed.state.update(told=3, trust=19, turn=8, agreed={"step": "Saturday", "words": "Saturday", "by": "client", "turn": 7})
    agreed.say("great, saturday then")
    assert agreed.state["trust"] == 19


def test_words_that_only_point_back_are_no_step(play):
    """ "Would that work for you?" leaves the place on the card empty for the client to fill."""
    player = play("S28", "friendly")
    player.state.update(told=3, trust=19, turn=8)
    player.say("would that work for you?", "request")
    assert not (player.state["agreed"] or {"words": ""})["words"]
