"""Judging a reply: what it did, in which words, and what to try next. Pure: no Rasa, Flask or database."""

from actions.feedback.advice import Advice, Note
from actions.feedback.as_json import feedback_as_json
from actions.feedback.moment import Moment, guess_moment
from actions.feedback.scorer import Scorer
from actions.feedback.verdicts import Evidence, Verdict, Verdicts

__all__ = ["Advice", "Evidence", "Moment", "Note", "Scorer", "Verdict", "Verdicts", "feedback_as_json", "guess_moment"]
