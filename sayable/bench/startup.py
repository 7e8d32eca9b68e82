"""How long until it answers, and how much memory all of it takes: Sayable against bare `rasa run`, in turns."""

from collections.abc import Callable, Sequence
from typing import Any

from sayable.bench.our_house import OurHouse, OurPerson
from sayable.bench.processes import weigh_tree
from sayable.bench.replies import reply_number
from sayable.bench.spread import ratio, spread
from sayable.bench.stock_bot import StockBot, StockPerson

TALKS, REPLIES = 5, 6
"""Said before weighing: memory is what it is in use, not what it is before the first message."""


def measure_startup(house: OurHouse, bot: StockBot, rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Seconds from the command to the first good answer (models trained before); MB of resident memory after some replies.

    Bare Rasa is `rasa run` alone; Sayable is `sayable up` with everything it starts: supervisor, Rasa, action server, web app.
    The first start of each is not counted: it fills the machine's file cache for the others.
    """
    seconds: dict[str, list[float]] = {"sayable": [], "stock": []}
    weights: dict[str, list[dict[str, float]]] = {"sayable": [], "stock": []}
    for number in range(rounds + 1):
        bare = bot.start(with_actions=False)
        bot.stop()
        started = house.start()
        if number == rounds:
            talkers = [OurPerson(house) for _ in range(TALKS)]
            weights["sayable"].append(weigh_after_talks(talkers, house.started.process.pid if house.started else 0))
        house.stop()
        if number:
            seconds["stock"].append(bare)
            seconds["sayable"].append(started)
            say(f"  start {number}: Sayable {started:.1f} s, bare Rasa {bare:.1f} s")
    bot.start()
    people = [StockPerson(bot, f"weight-{number}") for number in range(TALKS)]
    weights["stock"].append(weigh_after_talks(people, bot.rasa.process.pid if bot.rasa else 0))
    bot.stop()
    memory = {who: found[0] for who, found in weights.items()}
    both = {who: spread(found) for who, found in seconds.items()}
    return {
        "seconds": both,
        "start_ratio": ratio(both["sayable"]["median"], both["stock"]["median"]),
        "memory_mb": memory,
        "memory_ratio": {kind: ratio(memory["sayable"][kind], memory["stock"][kind]) for kind in ("rss", "pss")},
    }


def weigh_after_talks(people: Sequence[OurPerson | StockPerson], pid: int) -> dict[str, float]:
    """Memory of the process tree of `pid` after a few people have talked for a while."""
    for person in people:
        person.enter()
        for number in range(1, REPLIES + 1):
            person.say(reply_number(number))
        person.leave()
    return weigh_tree(pid)
