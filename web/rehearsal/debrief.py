"""After the talk: what turned it, which skills were used how often, and what one might have said."""

from __future__ import annotations

from collections import Counter

from web.database.tables import Attempt, Turn
from web.rehearsal.controls import TALKING_PHASES
from web.rehearsal.house import House
from web.rehearsal.shapes import DebriefShape, EndingShape, ExampleShape, RevealShape, SkillCount, TimelinePoint

OPEN_BOOK_PHASES = frozenset({"debrief", "over"})
"""Only now may the partner's openness and what moved it be seen."""


def is_said_in_talk(turn: Turn) -> bool:
    """Whether this turn is something said to the partner while the talk (or a drill) ran, not while it was paused."""
    return turn.kind == "speech" and (turn.said_in is None or turn.said_in in TALKING_PHASES)


def list_said(path: list[Turn]) -> list[Turn]:
    return [turn for turn in path if is_said_in_talk(turn)]


def draw_skills(house: House, path: list[Turn]) -> tuple[SkillCount, ...]:
    """How many of the replies on `path` used each skill; skills that were not used are left out."""
    counts: Counter[str] = Counter()
    for turn in list_said(path):
        answer = turn.answer or {}
        counts.update(answer.get("counted") or (answer.get("feedback") or {}).get("counted", ()))
    wording = house.wording.criteria
    used = [key for key in wording if counts[key] and wording[key].kind == "skill"]
    return tuple(SkillCount(key=key, name=wording[key].name, times=counts[key]) for key in used)


def draw_debrief(house: House, attempt: Attempt, path: list[Turn]) -> DebriefShape:
    """`path`: the turns of the talk as it went in the end. Check scenes without feedback show counts here all the same."""
    timeline, ending, reveal, tell = [], None, None, house.own.words.around.tell
    for turn in path:
        answer = turn.answer or {}
        ending = answer.get("ending") or ending
        reveal = answer.get("reveal") or reveal
        if not is_said_in_talk(turn):
            continue
        moved = answer.get("moved")
        if moved is not None:
            words = turn.words or ""
            because = tell(moved["because"])
            timeline.append(TimelinePoint(turn_id=turn.id, words=words, openness=moved["openness"], shift=moved["shift"], because=because))
    afterwards = house.catalogue.tell_afterwards(attempt.scene_id, attempt.scene_version)
    return DebriefShape(
        timeline=tuple(timeline),
        skills=draw_skills(house, path),
        ending=None if ending is None else EndingShape(title=tell(ending["title"]), text=tell(ending["text"])),
        reveal=None if reveal is None else RevealShape(feeling=reveal["feeling"], need=reveal["need"], text=reveal["text"]),
        worked_example=()
        if afterwards is None
        else tuple(ExampleShape(who=x.who, text=x.text, why=x.why) for x in afterwards.worked_example),
        questions=() if afterwards is None else afterwards.questions,
    )
