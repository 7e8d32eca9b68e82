"""The feedback object of docs/INTERFACES.md."""

from typing import Any

from actions.feedback.advice import Advice, Note
from actions.feedback.verdicts import Verdicts
from data.rubric.wording import Wording


def feedback_as_json(verdicts: Verdicts, advice: Advice, wording: Wording) -> dict[str, Any]:
    """`{"rubric", "criteria", "advice", "counted"}`; `counted` lists the skills of this reply."""
    return {
        "rubric": wording.version,
        "criteria": criteria_as_json(verdicts),
        "advice": advice_as_json(advice),
        "counted": [key for key, verdict in verdicts.items() if verdict.present and wording.criteria[key].kind == "skill"],
    }


def criteria_as_json(verdicts: Verdicts) -> dict[str, Any]:
    """The 19 verdicts, in order."""
    criteria: dict[str, Any] = {}
    for key, verdict in verdicts.items():
        evidence = [{"start": e.start, "end": e.end, "text": e.text, "why": e.why} for e in verdict.evidence]
        criteria[key] = {"present": verdict.present, "score": verdict.score, "evidence": evidence}
    return criteria


def advice_as_json(advice: Advice) -> dict[str, Any]:
    """Each part an object with its text, or null."""
    return {
        "strength": _note(advice.strength),
        "next_step": _note(advice.next_step),
        "rewording": None if advice.rewording is None else {"text": advice.rewording},
    }


def _note(note: Note | None) -> dict[str, str] | None:
    return None if note is None else {"key": note.key, "text": note.text}
