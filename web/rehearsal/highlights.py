"""A reply cut into pieces by the evidence that was found in it: Python and JavaScript count characters differently, so it is cut here."""

from __future__ import annotations

import itertools
from typing import Literal

from data.rubric.wording import Wording
from web.dialogue.messages import Feedback
from web.rehearsal.shapes import CriterionShape, MarkShape, SegmentShape

NEVER_SHOWN = frozenset({"crisis"})
LISTENING = frozenset({"paraphrase", "emotion_label", "open_question", "validation"})
LIMITS = frozenset({"boundary", "consent_check", "repair"})


def cut_segments(text: str, feedback: Feedback | None, wording: Wording) -> tuple[SegmentShape, ...]:
    """Pieces of `text`, in order and without gaps, each with the marks of every criterion whose evidence covers it."""
    if not text:
        return ()
    spans = _list_spans(text, feedback, wording) if feedback else []
    cuts = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    segments = []
    for start, end in itertools.pairwise(cuts):
        marks: list[MarkShape] = []
        for span_start, span_end, mark in sorted(spans, key=_measure):
            if span_start <= start and end <= span_end and mark.key not in {known.key for known in marks}:
                marks.append(mark)
        segments.append(SegmentShape(text=text[start:end], marks=tuple(marks)))
    return tuple(segments)


def list_criteria(text: str, feedback: Feedback, wording: Wording) -> tuple[CriterionShape, ...]:
    """What was found, skills before faults; a verdict without evidence in the text is not shown."""
    found = []
    for key, verdict in feedback.criteria.items():
        entry = wording.criteria.get(key)
        evidence = tuple(text[span.start : span.end] for span in verdict.evidence if span.start < span.end <= len(text))
        if entry is None or entry.kind == "safety" or key in NEVER_SHOWN or not verdict.present or not evidence:
            continue
        found.append(CriterionShape(key=key, name=entry.name, kind=entry.kind, meaning=entry.meaning, evidence=evidence))
    return tuple(sorted(found, key=lambda criterion: criterion.kind == "fault"))


def _list_spans(text: str, feedback: Feedback, wording: Wording) -> list[tuple[int, int, MarkShape]]:
    spans = []
    for key, verdict in feedback.criteria.items():
        entry = wording.criteria.get(key)
        if entry is None or entry.kind == "safety" or key in NEVER_SHOWN or not verdict.present:
            continue
        for span in verdict.evidence:
            if span.start < span.end <= len(text):
                mark = MarkShape(key=key, name=entry.name, kind=entry.kind, group=_find_group(key, entry.kind), why=span.why or entry.why)
                spans.append((span.start, span.end, mark))
    return spans


def _measure(span: tuple[int, int, MarkShape]) -> int:
    return span[1] - span[0]


def _find_group(key: str, kind: str) -> Literal["self", "listening", "limits", "harm"]:
    if kind == "fault":
        return "harm"
    if key in LISTENING:
        return "listening"
    return "limits" if key in LIMITS else "self"
