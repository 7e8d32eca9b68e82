"""The entries of a translated scene beside the English ones: by their ids, or by their place where they have none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from data.scenarios.line_book import Place
from data.scenarios.reach import Unsound
from data.scenarios.scene import Scene


class Entry(Protocol):
    @property
    def id(self) -> str: ...


def compare_talk(scene: Scene, original: Scene) -> Iterator[Unsound]:
    """Layers, topics, endings, counter-proposals, follow-ups, lines, hints and the worked example."""
    yield from compare_ids("layers", scene.layers, original.layers)
    for number, layer, theirs in pair(scene.layers, original.layers):
        yield from compare_setting(("layers", number, "openness"), layer.openness, theirs.openness)
    yield from compare_ids("topics", scene.topics, original.topics)
    for number, topic, topic_there in pair(scene.topics, original.topics):
        yield from compare_setting(("topics", number, "after"), topic.after, topic_there.after)
        for part in ("asked", "told"):
            yield from need_part(("topics", number), part, getattr(topic, part).said(), getattr(topic_there, part).said())
        for part in ("agree", "hesitate", "decline"):
            yield from need_part(("topics", number), part, getattr(topic, part), getattr(topic_there, part))
    yield from compare_ids("endings", scene.endings, original.endings)
    for number, ending, ending_there in pair(scene.endings, original.endings):
        yield from compare_setting(("endings", number, "when"), sorted(set(ending.when)), sorted(set(ending_there.when)))
    yield from compare_number(("amends",), scene.amends, original.amends)
    for number, amendment, amendment_there in side_by_side(scene.amends, original.amends):
        yield from compare_setting(("amends", number, "fits"), sorted(amendment.fits), sorted(amendment_there.fits))
    yield from compare_number(("follow_ups",), scene.follow_ups, original.follow_ups)
    for number, follow_up, follow_up_there in side_by_side(scene.follow_ups, original.follow_ups):
        for part in ("says", "told"):
            yield from need_part(("follow_ups", number), part, getattr(follow_up, part), getattr(follow_up_there, part))
    for group in original.lines:
        if group not in scene.lines:
            yield ("lines",), f"no translation of the group {group!r}", f"add `{group}:`"
    stages = [hint.stage for hint in scene.hints]
    for hint in original.hints:
        if hint.stage not in stages:
            yield ("hints",), f"no translation of the hints for {hint.stage!r}", f"add `- stage: {hint.stage}`"
    yield from compare_number(("worked_example",), scene.worked_example, original.worked_example)


def compare_ids(kind: str, have: Sequence[Entry], want: Sequence[Entry]) -> Iterator[Unsound]:
    """Entries with ids: all there, none beyond, in the same order (layers are told, endings looked at, prompts asked in order)."""
    mine, theirs = [each.id for each in have], [each.id for each in want]
    for name in theirs:
        if name not in mine:
            yield (kind,), f"no translation of {name!r}", f"add it under `{kind}:`"
    for number, name in enumerate(mine):
        if name not in theirs:
            yield (kind, number, "id"), f"{name!r} is not in the English scene", "give it the id that it has there, or take it out"
    if [name for name in mine if name in theirs] != [name for name in theirs if name in mine]:
        yield (kind,), "stand in another order than in the English scene", f"put them in this order: {', '.join(theirs)}"


def pair(have: Sequence[Any], want: Sequence[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Each entry that both have, with its place in the translation."""
    theirs = {each.id: each for each in want}
    for number, each in enumerate(have):
        if each.id in theirs:
            yield number, each, theirs[each.id]


def side_by_side(have: Sequence[Any], want: Sequence[Any]) -> Iterator[tuple[int, Any, Any]]:
    """Entries without ids at the same place; none where their numbers differ, since each behind the missing one would seem wrong."""
    if len(have) == len(want):
        for number, (each, theirs) in enumerate(zip(have, want, strict=True)):
            yield number, each, theirs


def need_part(place: Place, part: str, have: Sequence[Any], want: Sequence[Any]) -> Iterator[Unsound]:
    """Lines of a part that has lines in the original."""
    if want and not have:
        yield place, f"no translation of `{part}`", f"add `{part}:`"


def compare_setting(place: Place, have: Any, want: Any) -> Iterator[Unsound]:
    """What is the same in every language."""
    if have != want:
        yield place, f"is {_tell(have)}, but in the English scene {_tell(want)}", "make it the same: only the words differ by language"


def compare_number(place: Place, have: Sequence[Any], want: Sequence[Any]) -> Iterator[Unsound]:
    """Entries without ids: as many as in the original."""
    if len(have) < len(want):
        yield place, f"no translation of {len(want) - len(have)} of the {len(want)} entries", "add them, in the order of the English scene"
    elif len(have) > len(want):
        yield place, f"has {len(have)} entries, but the English scene has {len(want)}", "take out what is not there"


def _tell(value: Any) -> str:
    """A value as it is written in the file."""
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    return "not written" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
