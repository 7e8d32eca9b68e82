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
