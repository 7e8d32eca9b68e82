"""A whole turn over HTTP, by turn number: Sayable and the stock bot take turns with the same replies."""

from collections.abc import Callable
from typing import Any

from sayable.bench.our_house import OurHouse, OurPerson
from sayable.bench.replies import reply_number
from sayable.bench.spread import ratio, spread
from sayable.bench.stock_bot import StockBot, StockPerson

EARLY, MIDDLE, LATE = 5, 150, 200
WINDOW = 2
"""Turn 5 stands for turns 3 to 7 and so on: more times for each figure out of the same talks."""


def measure_turns(house: OurHouse, bot: StockBot, talks: int, turns: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Play `talks` conversations of `turns` turns side by side on running servers; times in milliseconds. Raises LostReply.

    In each step one person says a reply to Sayable and one says the same to the stock bot, then the next pair: whatever slows the
    machine down slows both, and nobody types faster than the house allows.
    """
    ours: dict[int, list[float]] = {}
    theirs: dict[int, list[float]] = {}
    warm_up(house, bot)
    people = [(OurPerson(house), StockPerson(bot, f"talk-{number}")) for number in range(talks)]
    for our_person, stock_person in people:
        our_person.enter()
        stock_person.enter()
    for number in range(1, turns + 1):
        text = reply_number(number)
        for place, (our_person, stock_person) in enumerate(people):
            if (number + place) % 2:
                ours.setdefault(number, []).append(our_person.say(text))
                theirs.setdefault(number, []).append(stock_person.say(text))
            else:
                theirs.setdefault(number, []).append(stock_person.say(text))
                ours.setdefault(number, []).append(our_person.say(text))
        if number % 50 == 0:
            say(f"  turn {number} of {turns}")
    missing = sum(our_person.count_missing() for our_person, _ in people)
    for our_person, stock_person in people:
        our_person.leave()
        stock_person.leave()
    return summarise(ours, theirs, talks, turns, missing)


def warm_up(house: OurHouse, bot: StockBot, replies: int = 30) -> None:
    """A first talk on each side, not counted: caches, and the vectors of the scene's lines, are filled once in a process's life."""
    for person in (OurPerson(house), StockPerson(bot, "first")):
        person.enter()
        for number in range(1, replies + 1):
            person.say(reply_number(number))
        person.leave()


def summarise(ours: dict[int, list[float]], theirs: dict[int, list[float]], talks: int, turns: int, missing: int) -> dict[str, Any]:
    """The figures by turn number, and the ratios that the goals are about, as far as the talks went."""
    marks = [mark for mark in (EARLY, 20, 50, 100, MIDDLE, LATE) if mark <= turns]
    at = {mark: {"sayable": spread(gather(ours, mark)), "stock": spread(gather(theirs, mark))} for mark in marks}
    found: dict[str, Any] = {
        "talks": talks,
        "turns": turns,
        "missing": missing,
        "at": {str(mark): both | {"ratio": ratio(both["sayable"]["median"], both["stock"]["median"])} for mark, both in at.items()},
        "median_by_turn": {
            "sayable": [spread(ours[number])["median"] for number in sorted(ours)],
            "stock": [spread(theirs[number])["median"] for number in sorted(theirs)],
        },
    }
    if turns >= LATE:
        found["late_to_early"] = {who: ratio(at[LATE][who]["median"], at[EARLY][who]["median"]) for who in ("sayable", "stock")}
    return found


def gather(times: dict[int, list[float]], mark: int) -> list[float]:
    """All times of the turns around `mark`, as far as there are such turns."""
    return [time for number in range(mark - WINDOW, mark + WINDOW + 1) for time in times.get(number, ())]
