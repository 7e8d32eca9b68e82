"""What a reviewer found wrongly judged: feelings taken for judgements, praise for absolutes, contempt for a question."""

from pathlib import Path

import pytest

import data.lexicons
from actions.feedback import Scorer
from actions.feedback.no_fault import find_praise
from data.lexicons.families import read_families
from data.lexicons.faux_feelings import read_faux_feelings
from data.read_yaml import read_yaml

LEXICONS = Path(data.lexicons.__file__).parent


@pytest.fixture(scope="module")
def scorer():
    return Scorer.load()


def present(verdicts):
    return {key for key, verdict in verdicts.items() if verdict.present}


def plain_feelings():
    """Words of our own list of feelings that no family or note calls a judgement."""
    words = read_yaml(LEXICONS / "grammar.yml").value
    known = read_families(LEXICONS / "feelings.yml").words
    judged = set(words["judging_feelings"]) | {word for name in words["judging_families"] for word in known[name]}
    return sorted({word for group in known.values() for word in group} - judged - set(read_faux_feelings()))


def test_a_feeling_of_our_own_list_is_no_judgement(scorer):
    """ "I feel <feeling>" is told as a feeling and never as a faux one, for every word of the list."""
    words = plain_feelings()
    assert len(words) > 150
    for word in words:
        found = present(scorer.judge(f"I feel {word}."))
        assert "faux_feeling" not in found, word
        assert "feeling" in found, word


@pytest.mark.parametrize("reply", ["I feel ignored.", "I feel like you don't care.", "I feel sad that I feel used.", "I feel pushed away."])
def test_a_judgement_said_as_a_feeling_is_still_found(scorer, reply):
    """The list of feelings opens no way round."""
    assert "faux_feeling" in present(scorer.judge(reply))


@pytest.mark.parametrize("reply", ["I don't feel ignored, I feel tired.", "I dont feel used at all"])
def test_a_judgement_that_is_denied_is_none(scorer, reply):
    """Who says that they do not feel ignored says nothing about what the partner did."""
    assert "faux_feeling" not in present(scorer.judge(reply))


PRAISE = """
You never rush me and I love that.
You've never let me down.
You always make me laugh.
Every time you kiss my neck I melt.
You're always so gentle with me.
Nothing you do puts me off.
""".strip().splitlines()
NO_PRAISE = """
You're always so gentle with everyone else.
You always make me laugh, but you never listen.
You're always so nice when you want something.
You're always good at excuses.
You never listen to me.
You're always so sweet and then you vanish.
""".strip().splitlines()


@pytest.mark.parametrize("reply", PRAISE)
def test_sweeping_praise_is_no_fault(scorer, reply):
    """The codebook: "you always make me laugh" is not counted."""
    assert not present(scorer.judge(reply)) & {"absolutes", "blame"}


@pytest.mark.parametrize("reply", NO_PRAISE)
def test_what_only_begins_like_praise_is_judged_as_before(reply):
    """Praise that is taken back, or is of others, protects nothing."""
    assert not find_praise(reply)


def test_a_fault_beside_praise_is_found_in_its_own_words(scorer):
    """The sentence that praises is left out, the other one is shown."""
    found = scorer.judge("you always make me laugh. you never clean up.")["absolutes"]
    assert found.present
    assert [piece.text for piece in found.evidence] == ["you never clean up"]


@pytest.mark.parametrize("reply", ["How can you be so thoughtless?", "What the hell is your problem?", "Liar.", "Nice, real mature."])
def test_contempt_is_blame_and_no_question(scorer, reply):
    """What asks nothing is no open door, however it ends."""
    found = present(scorer.judge(reply, "I told them on Sunday."))
    assert "blame" in found
    assert "open_question" not in found


@pytest.mark.parametrize(
    "reply", ["He asked me what the hell is wrong with you.", "what is your problem with the plan exactly?", "how dare you be so cute lol"]
)
def test_contempt_that_is_told_of_or_teases_is_not_decided_by_its_form(scorer, reply):
    """Reported, playful or really asked: the form alone decides nothing."""
    assert "contempt" not in scorer._signs.read(scorer._parse(reply), True)


def test_without_the_partners_line_nothing_is_a_roadblock(scorer):
    """Nothing is known to have been disclosed, so nothing can be answered past."""
    for reply in ("You've got to try this curry, it's amazing!", "You should ring your mum."):
        assert "roadblock" not in present(scorer.judge(reply))


@pytest.mark.parametrize("times", [10, 20, 40, 56])
def test_a_long_reply_has_its_words_in_order_and_no_fault_by_length(scorer, times):
    """Windows share no piece: each stretch has words, and what is blameless once is blameless in two thousand characters."""
    reply = "I feel scared when you shout at me at night. " * times
    verdicts = scorer.judge(reply)
    assert "crisis" not in present(verdicts)
    for verdict in verdicts.values():
        for piece in verdict.evidence:
            assert piece.start < piece.end
            assert piece.text == reply[piece.start : piece.end]


@pytest.mark.parametrize(
    ("reply", "context", "key"),
    [
        ("I feel like a bad partner.", "You said no again.", "faux_feeling"),
        ("I feel like a coward", "I waited for you.", "faux_feeling"),
        ("Honestly I feel like such a rubbish mum today.", None, "faux_feeling"),
        ("it's not that you're a bad person", "So I'm greedy?", "blame"),
        ("I'm not saying you're lazy.", "You think I do nothing.", "blame"),
        ("you feel lied to", "I told your mother it was the first time for both of us.", "faux_feeling"),
        ("You don't always hear me without the hearing aids.", "I stopped when you said.", "absolutes"),
        ("it's not you. it was never you", "So tell me which part of me it is.", "absolutes"),
        ("it's not you. it was never you", "So tell me which part of me it is.", "blame"),
        ("do you still love me?", "I need to think about all of it.", "pressure"),
    ],
)
def test_a_judgement_of_oneself_or_one_denied_is_no_fault(scorer, reply, context, key):
    """Who judges themself, or says what the other is not, accuses nobody."""
    assert not scorer.judge(reply, context)[key].present


@pytest.mark.parametrize(
    ("reply", "context", "key"),
    [
        ("I feel like a servant in this house.", "Dinner ready?", "faux_feeling"),
        ("I feel ignored and you feel attacked.", "Hm.", "faux_feeling"),
        ("I'm not saying you're lazy, but you've never once cooked.", "You think I do nothing.", "blame"),
    ],
)
def test_a_claim_about_the_other_stays_one(scorer, reply, context, key):
    """A picture of how one is treated is a judgement; a denial that is taken back denies nothing."""
    assert scorer.judge(reply, context)[key].present
