"""The scorer with its real models: nineteen verdicts for any text, with evidence cut from the reply as typed."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.feedback import Scorer, feedback_as_json, guess_moment
from actions.feedback.reading_model import FOLDER
from data.criteria import KEYS


@pytest.fixture(scope="module")
def scorer():
    return Scorer.load()


def present(verdicts):
    return {key for key, verdict in verdicts.items() if verdict.present}


@given(reply=st.text(max_size=400), context=st.none() | st.text(max_size=120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_gets_nineteen_verdicts_with_true_evidence(scorer, reply, context):
    """Scores lie in 0-1, a present verdict has evidence, and evidence is the reply's own words at its place."""
    verdicts = scorer.judge(reply, context)
    assert tuple(verdicts) == KEYS
    for verdict in verdicts.values():
        assert 0.0 <= verdict.score <= 1.0
        assert bool(verdict.evidence) == verdict.present
        for piece in verdict.evidence:
            assert reply[piece.start : piece.end] == piece.text != ""
            assert piece.why


def test_the_guides_own_sentence(scorer):
    """Feeling, observation and need are there, no fault is, and a request is offered as the next step."""
    reply = "I feel anxious when you initiate intimacy without a prior check-in; I need a moment to assess"
    verdicts = scorer.judge(reply, None)
    assert {"i_statement", "feeling", "observation", "need"} <= present(scorer.judge(reply, "Hey. You slid off me there. Too warm?"))
    assert {"i_statement", "feeling", "observation", "need"} <= present(verdicts)
    assert not present(verdicts) & {"blame", "faux_feeling", "demand", "absolutes", "pressure", "roadblock"}
    advice = scorer.advise(reply, None, verdicts, guess_moment(None))
    assert advice.next_step.key == "request"


@pytest.mark.parametrize("reply", ["Stop.", "no", "stop please", "I said stop", "Not tonight.", "red", "I don't want to."])
def test_a_plain_no_carries_no_fault(scorer, reply):
    """A stop or a no is never scored down, whatever the partner said before."""
    for context in (None, "Come on, just a little longer.", "I'd love to come closer."):
        assert not present(scorer.judge(reply, context)) & {"blame", "faux_feeling", "demand", "absolutes", "pressure", "roadblock"}


@pytest.mark.parametrize("reply", ["Stop.", "stop please", "red", "I said stop"])
def test_a_stop_is_a_limit_and_complete(scorer, reply):
    """A stop counts as a limit at once and is asked for nothing more."""
    verdicts = scorer.judge(reply, "Come on, just a little longer.")
    assert verdicts["boundary"].present
    assert scorer.advise(reply, None, verdicts, guess_moment("I'd love to stay.")).next_step is None


@pytest.mark.parametrize("reply", ["", "  ", "😭", "🙄😂", "?!?!", "..."])
def test_a_reply_without_a_word_meets_no_criterion(scorer, reply):
    """Emoji and marks can be read in many ways, so nothing is said about them."""
    assert not present(scorer.judge(reply, "I felt stupid waiting for you."))


def test_reported_words_are_not_the_speakers(scorer):
    """A sister's "you never listen" is not said by the one who tells of it."""
    assert "blame" not in present(scorer.judge("my sister told me about her boss, he keeps saying she never listens", "How was your day?"))


def test_evidence_behind_an_emoji_is_at_its_place(scorer):
    """Code points, not UTF-16 units and not bytes."""
    reply = "😂😂😂 ok but i'm really scared of the trip"
    verdict = scorer.judge(reply, None)["feeling"]
    assert verdict.present
    assert any("scared" in piece.text for piece in verdict.evidence)


def test_the_same_words_get_the_same_verdicts(scorer):
    """Judging is reproducible."""
    reply = "you always do this and i'm tired of it"
    assert scorer.judge(reply, "What now?") == scorer.judge(reply, "What now?")


def test_the_feedback_object_is_json_and_counts_skills_only(scorer):
    """What the web stores can be written as JSON; faults are not counted as skills."""
    reply = "you always do this. i'm sad about it"
    verdicts = scorer.judge(reply, None)
    made = feedback_as_json(verdicts, scorer.advise(reply, None, verdicts, guess_moment(None)), scorer.wording)
    json.dumps(made)
    assert set(made["criteria"]) == set(KEYS)
    assert "absolutes" not in made["counted"]


def test_the_committed_model_is_the_one_that_was_trained():
    """The hashes of the model's files are those in its manifest."""
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    for name, wanted in manifest["files"].items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == wanted, name
