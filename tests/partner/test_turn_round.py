"""The client's words are turned round for the partner's mouth, or left out."""

import pytest

from actions.partner.client_words import find_limit, find_minutes, find_need, find_step
from actions.partner.turn_round import turn_round


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("text me before you come home", "text you before I come home"),
        ("I don't want you to touch my phone", "you don't want me to touch your phone"),
        ("when you ask me", "when I ask you"),
        ("what you said to me", "what I said to you"),
        ("I was hoping you were free", "you were hoping I was free"),
        ("spend time with you", "spend time with me"),
        ("I'm fine if you're late", "you're fine if I'm late"),
        ("between you and me", "between me and you"),
        ("take Thursdays for myself", "take Thursdays for yourself"),
    ],
)
def test_i_and_you_change_places(typed, turned):
    """Subjects, objects and their verbs."""
    assert turn_round(typed) == turned


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("Would you be willing to text me before you come home?", "text you before I come home"),
        ("could we try one evening a week on our own, maybe Thursday?", "one evening a week on our own, maybe Thursday"),
        ("Would it be okay if I took Thursday evening for myself?", "you take Thursday evening for yourself"),
        ("how about we talk after dinner because I'm so tired", "talk after dinner"),
        ("Can you ask me first? I'd like that.", "ask you first"),
        ("would it be ok if we put our phones in the hall from nine", "put our phones in the hall from nine"),
        ("What if I come and find you once?", "you come and find me once"),
        ("I'd like it if you told me earlier", "tell you earlier"),
    ],
)
def test_a_proposal_becomes_a_step_in_the_partners_mouth(typed, step):
    """The frame of the question goes, the step stays."""
    assert find_step(typed) == step


@pytest.mark.parametrize(
    "typed",
    [
        "could you do that?",
        "Would you just fucking ask me?",
        "You could be nicer",
        "would you",
        "Could you http://x.example",
        "would you <b>go</b> out",
        "can we?",
        "Would you " + "really " * 20,
    ],
)
def test_what_does_not_trim_to_a_clean_phrase_is_left_out(typed):
    """Rather no words than wrong ones: vague, rude, marked-up or endless wishes are not taken up."""
    assert find_step(typed) is None


@pytest.mark.parametrize(
    ("typed", "limit"),
    [
        ("I don't want phones in the bedroom", "you don't want phones in the bedroom"),
        ("no phones in the bedroom for me", "no phones in the bedroom for you"),
        ("if I say red, everything stops", "if you say red, everything stops"),
        ("Don't touch me there", None),
        ("stop", None),
    ],
)
def test_a_limit_is_taken_up_unless_it_is_an_order(typed, limit):
    """An order cannot be turned round without changing who is meant."""
    assert find_limit(typed) == limit


@pytest.mark.parametrize(
    ("typed", "need"),
    [
        ("I need some time to myself after work", "some time to yourself"),
        ("honesty matters to me", "honesty"),
        ("I need you to text me", None),
        ("what I need is quiet", "quiet"),
    ],
)
def test_a_need_is_taken_up_unless_it_is_a_task_for_the_partner(typed, need):
    """ "I need you to" is a request, not a need."""
    assert find_need(typed) == need


def test_a_length_of_time_is_found():
    """For the time-out."""
    assert find_minutes("I need twenty minutes, then I'm back") == "twenty minutes"
    assert find_minutes("give me 10 mins") == "10 minutes"
    assert find_minutes("later") is None
