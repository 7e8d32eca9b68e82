"""What a reviewer found in the advice: a no is not coached, wishes are not turned round, and where nothing fits nothing is said."""

import pytest

from actions.feedback import Scorer, guess_moment


@pytest.fixture(scope="module")
def advise():
    scorer = Scorer.load()

    def advise(reply, context=None):
        return scorer.advise(reply, context, scorer.judge(reply, context), guess_moment(context))

    return advise


@pytest.mark.parametrize(
    "reply",
    ["I said not tonight, you selfish pig.", "No! You never listen to me.", "get off me youre hurting me", "don't you dare"],
)
def test_beside_a_no_nothing_is_asked_for(advise, reply):
    """Whatever else the reply holds, who refuses gets no rewording and no skill to add."""
    advice = advise(reply, "Come on, please?")
    assert advice.rewording is None
    assert advice.next_step is None or advice.next_step.key in ("blame", "absolutes")


def test_after_a_no_the_rewording_takes_it(advise):
    """Pressing on after the partner's no is reworded as taking the no, never as asking again."""
    assert advise("If you loved me you'd do it.", "I don't want to do that.").rewording == "“Okay. Thank you for telling me.”"
    assert advise("You can't see your friends until you've apologised.").rewording is None


@pytest.mark.parametrize("reply", ["You never rush me and I love that.", "You've never let me down.", "Nothing you do puts me off."])
def test_what_is_gladly_never_done_is_not_asked_for(advise, reply):
    """Nobody is told to ask for being rushed or let down."""
    assert advise(reply).rewording is None


def test_advice_given_to_somebody_who_told_something_is_an_answer_past_them(advise):
    """Before how an order is put comes what it passes over."""
    advice = advise("You should just drink a glass of wine first.", "I tense up before we have sex.")
    assert advice.next_step.key == "roadblock"
    assert "wine" not in advice.rewording


@pytest.mark.parametrize(
    ("reply", "context"),
    [
        ("Noted, no problem.", "I'd rather not do that."),
        ("I respect that. We'll stop.", "I don't want this any more."),
        ("ok", "Stop."),
        ("Tell me more…", "I felt stupid last night."),
        ("Yes please.", "Shall I rub your back?"),
        ("Can you pass the salt?", None),
        ("My gran died last week.", None),
        ("I used to cut myself; not for ten years now.", None),
        ("that hurts", None),
        ("ow", None),
    ],
)
def test_where_nothing_is_missing_nothing_is_suggested(advise, reply, context):
    """A limit taken, an invitation to go on, a small request, a loss, a cry: none of them needs a skill added."""
    advice = advise(reply, context)
    assert advice.next_step is None
    assert advice.rewording is None


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("You have to stop seeing her.", "willing to stop"),
        ("You organise everything without asking, you control freak.", "control freak"),
        ("You lied to me, as usual.", "as usual"),
        ("You always overreact.", "you overreact"),
        ("You treat me like your maid.", "maid"),
    ],
)
def test_no_half_sentence_and_no_judgement_is_carried_along(advise, reply, words):
    """A rewording holds what could be seen or asked; else it holds gaps."""
    assert words not in (advise(reply).rewording or "")


@pytest.mark.parametrize(
    ("reply", "context"),
    [
        ("You look like a scarecrow in that.", "How do I look?"),
        ("You'd be nothing without me, you know.", "I'm thinking about moving out."),
        ("You worry too much, you're a wreck.", "I can't stop thinking about the scan."),
        ("You see what you want to see, you clown.", "I saw you with him."),
        ("You couldn't find your own feet, you useless lump.", "We're lost."),
        ("youre always so needy, its pathetic", "I missed you."),
    ],
)
def test_what_no_camera_records_is_not_put_behind_when_you(advise, reply, context):
    """ "When you …" is followed by an act that can be seen, in a whole phrase, or by a gap."""
    offered = advise(reply, context).rewording or ""
    assert "When you " not in offered
    assert "saw you" not in offered


def test_who_has_given_it_back_is_not_asked_for_a_question_each_time(advise):
    """A paraphrase in plain words is a whole answer; a suggestion after each turn would make talk a drill."""
    told = "When you're late I lie there and wonder if we're still good."
    assert advise("So when I come home late and don't call, you start wondering whether we're okay.", told).next_step is None


def test_getting_off_something_is_an_order_and_no_refusal(advise):
    """ "Get off me" is a stop; "get off the sofa" is none and is told what it passes over."""
    assert advise("Get off the sofa and find a job, then you'd sleep.", "I'm so tired and I can't sleep.").next_step is not None
