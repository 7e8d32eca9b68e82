"""Feedback as it is shown: the action server says our English sentences, a page puts in the reader's language and the clinic's words."""

from __future__ import annotations

from typing import Any, Literal, cast

from web.clinic.clinic_wording import OwnWords
from web.dialogue.messages import Advice, AdviceLine, Feedback, Verdict


def put_in_own_words(feedback: Feedback, words: OwnWords) -> Feedback:
    """The same feedback, every sentence of ours in the reader's language, or as the clinic adapted it; a rewording stays as it is."""
    if not words.phrases:
        return feedback
    advice = feedback.advice
    lines = {name: _put_line(getattr(advice, name), words) for name in ("strength", "next_step", "rewording")}
    criteria = {key: _put_verdict(verdict, words) for key, verdict in feedback.criteria.items()}
    return feedback.model_copy(update={"advice": Advice(**lines), "criteria": criteria})


def tell_meaning(argument: dict[str, Any], words: OwnWords) -> dict[str, Any]:
    """A guess with the clinic's own words put as the lexicon has them: the partner knows no others."""
    return {
        kind: words.find_meant(cast("Literal['feeling', 'need']", kind), typed) if kind in ("feeling", "need") else typed
        for kind, typed in argument.items()
    }


def _put_line(line: AdviceLine | None, words: OwnWords) -> AdviceLine | None:
    return None if line is None else line.model_copy(update={"text": words.tell(line.text)})


def _put_verdict(verdict: Verdict, words: OwnWords) -> Verdict:
    if not verdict.evidence:
        return verdict
    return verdict.model_copy(update={"evidence": tuple(one.model_copy(update={"why": words.tell(one.why)}) for one in verdict.evidence)})
