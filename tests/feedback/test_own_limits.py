"""A no and a limit of one's own are never scored down; an order about the partner's own life stays a demand. Through the real scorer."""

import pytest

from actions.feedback import Scorer, guess_moment
from data.criteria import FAULTS

PUSHING = "Come on, just a quick cuddle, it won't hurt."

LIMITS = """
It's off limits. That year.
That's private.
I'd rather keep that to myself.
don't touch me there
Get off me.
Take your hand away.
Quit it
Don't. Just don't.
You have to stop when I say stop.
Leave me alone, I'm not in the mood.
let go of my arm
get your hands off my leg
keep your hands to yourself
stay away from me
get out of my room
don't come near me
dont grab my wrist
you don't get to touch me
You can't just grab me like that
you need to stop pushing me
i said no
I told you no already.
no means no
I'm not doing this tonight.
I don't want to do that
i dont want you touching me
give me some room
stop reading my messages
don't go through my phone
don't you dare touch me
It's a no.
Nope, not happening
stop tickling me i mean it
I don't consent to this
never touch my things again
you must stop when I say red
Get your arm off my shoulder.
take your foot off mine
Stop poking at my tummy, please.
I asked you to stop touching my hair
Please, not there.
You're not allowed to film me.
You do not get to read my diary.
Do not lean on me.
stay out of my bag
Hands off my laptop
No more tickling.
I won't do that.
I said not tonight.
absolutely not
I told you to leave me alone
stop pressuring me about sex
If I say stop you have to stop
Stop asking me.
That's enough.
You are hurting me, stop now.
pls stop u r hurting me
ow stop you're pulling my hair
Enough, you're scaring me.
stop im not enjoying this
get off me youre hurting me
wait wait slow down
That's far enough.
Let's stop here.
time out
stooop
Please leave.
I withdraw my consent.
I don't owe you sex.
No, you can't make me.
I'll pass, love.
Not a chance.
I'd prefer not to.
No. And I don't need to give you a reason.
No. If you keep asking I'll sleep at my sister's.
If you raise your voice I'm going to step outside.
""".strip().splitlines()

PLAIN_NOES = """
Nope, not happening
I told you no already.
No, and I don't have to explain.
ugh no
nah im good
I don't feel like it
no thanks
I'd rather not
not in the mood
no. full stop.
I won't. And you should respect that.
Respect my no.
You need to respect that I said no
Not until you apologise.
noooo
no!!!
""".strip().splitlines()

NO_LIMITS = """
stop seeing your friends
stop texting her
Stop being so needy
stop drinking
don't leave me
don't leave me alone
don't stop
don't let go
don't push me away
don't call me lazy
get off the phone
get off your high horse
get out of bed
stay away from her
stay away from your brother
keep your hands off her
leave him alone
Take your shoes off
keep your voice down
give me your phone
let me see your messages
take your hand out of the jar
you have to come with me
you need to tell me where you are
you should stop smoking
don't you dare cut your hair
I won't let you see her
don't come crying to me
You will not ask me where I was.
You've got to stop that.
stop asking me questions
get off my mother's Facebook
I won't do it again
I don't want to lose you
You said don't touch me and I stopped
my ex kept saying "leave me alone"
stop it, you look gorgeous
If you keep seeing your friends I'll leave.
If you don't stop drinking I'll leave you
you're hurting me by seeing her
Stop seeing her, you're hurting me
im good thanks
""".strip().splitlines()

DEMANDS = """
stop seeing your friends
stop texting her
get off the phone
leave him alone
Take your shoes off
keep your hands off her
you have to come with me
You will not ask me where I was.
get off my mother's Facebook
""".strip().splitlines()


@pytest.fixture(scope="module")
def scorer():
    return Scorer.load()


def present(verdicts):
    return {key for key, verdict in verdicts.items() if verdict.present}


def read(scorer, reply):
    return scorer._limits.read(scorer._parse(reply))


@pytest.mark.parametrize("reply", LIMITS)
def test_a_limit_is_a_boundary_and_no_fault(scorer, reply):
    """However it is put, a limit on one's own body, space, things or taking part counts as one and is never scored down."""
    for context in (PUSHING, None):
        found = present(scorer.judge(reply, context))
        assert "boundary" in found
        assert not found & FAULTS


@pytest.mark.parametrize("reply", PLAIN_NOES)
def test_a_plain_no_is_complete(scorer, reply):
    """A no is no fault, is praised as clear, and gets no next step and no rewording: nobody is nudged towards a yes."""
    verdicts = scorer.judge(reply, PUSHING)
    assert not present(verdicts) & FAULTS
    advice = scorer.advise(reply, PUSHING, verdicts, guess_moment(PUSHING))
    assert advice.strength.text in scorer.wording.complete.plain_no
    assert (advice.next_step, advice.rewording) == (None, None)


@pytest.mark.parametrize("reply", NO_LIMITS)
def test_an_order_about_the_partners_life_is_no_limit(scorer, reply):
    """Near misses in form: nothing in them reaches the speaker, or it is a plea, a promise, a quotation or a price."""
    assert read(scorer, reply).deciding == []


@pytest.mark.parametrize("reply", DEMANDS)
def test_a_demand_stays_a_demand(scorer, reply):
    """The protection of limits opens no way round for orders."""
    assert "demand" in present(scorer.judge(reply, PUSHING))


def test_an_insult_beside_a_limit_stays_blame(scorer):
    """The limit is kept out of the demand, the name is not kept out of the blame."""
    for reply in ("don't touch me there, you pig", "leave me alone you bastard"):
        verdicts = scorer.judge(reply, PUSHING)
        assert {"boundary", "blame"} <= present(verdicts)
        assert not present(verdicts) & {"demand", "pressure"}
        assert verdicts["blame"].evidence[0].text.startswith("you ")


def test_a_demand_beside_a_limit_is_found_in_its_own_words(scorer):
    """The clause of the limit is left out; what is ordered besides is judged, and the evidence lies there."""
    reply = "You have to stop when I say stop. And you need to do the dishes tonight."
    verdicts = scorer.judge(reply, PUSHING)
    assert {"boundary", "demand"} <= present(verdicts)
    assert all(piece.start >= reply.index("And") for piece in verdicts["demand"].evidence)


def test_a_name_that_is_told_of_is_no_blame(scorer):
    """Who repeats what somebody called them has called nobody anything."""
    assert "blame" not in present(scorer.judge('my boss said "you idiot" in front of everyone', "How was work?"))


def test_a_stop_is_not_praised_as_listening(scorer):
    """An order to stop offers the partner nothing, so no listening skill is counted for it."""
    assert not present(scorer.judge("Stop asking me.", PUSHING)) & {"validation", "paraphrase", "emotion_label", "open_question"}


def test_a_stop_that_waves_a_worry_away_is_no_boundary(scorer):
    """ "Stop it" decides nothing when the rest of the reply is about the partner, and does where it hurts the speaker."""
    assert read(scorer, "just stop, it was a hamster").deciding == []
    assert read(scorer, "stop it, that hurts").deciding
