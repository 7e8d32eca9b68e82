"""Many people typing at once: each sends the next reply as soon as the last is answered, without a pause for thought."""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sayable.bench.our_house import OurHouse, OurPerson
from sayable.bench.processes import spent_by_tree
from sayable.bench.replies import reply_number
from sayable.bench.spread import ratio, spread
from sayable.bench.stock_bot import LostReply, StockBot, StockPerson
from sayable.bench.turns import warm_up

PEOPLE = (1, 2, 5, 10, 20, 50)
SETTLE_SECONDS = 1.0


def measure_load(
    house: OurHouse, bot: StockBot, people: Sequence[int], replies: int, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """For each number of people, `rounds` rounds in turns (stock, Sayable, stock, …): `replies` replies a person, milliseconds.

    Everybody begins a new talk for each round, so the stock bot is measured where it is quickest, in its first turns.
    """
    warm_up(house, bot)
    found: dict[str, Any] = {}
    for count in people:
        each = max(replies, -(-60 // count))  # a single person says enough for a p95
        gathered: dict[str, list[Any]] = {"stock": [], "sayable": []}
        for number in range(rounds):
            stock = [StockPerson(bot, f"load-{count}-{number}-{place}") for place in range(count)]
            gathered["stock"].append(run_round(stock, each, [program.process.pid for program in (bot.rasa, bot.actions) if program]))
            ours = [OurPerson(house) for _ in range(count)]
            pid = house.started.process.pid if house.started else 0
            played = run_round(ours, each, [pid])
            played["lost"] += sum(person.count_missing() for person in ours)
            gathered["sayable"].append(played)
            for stock_person in stock:
                stock_person.leave()
            for our_person in ours:
                our_person.leave()
        both = {who: summarise(rounds_of) for who, rounds_of in gathered.items()}
        both["ratio"] = {
            "throughput": ratio(both["sayable"]["per_second"], both["stock"]["per_second"]),
            "p99": ratio(both["sayable"]["p99"], both["stock"]["p99"]),
        }
        found[str(count)] = both
        say(
            f"  {count} people: Sayable {both['sayable']['per_second']:.1f}/s, p99 {both['sayable']['p99']:.0f} ms; "
            f"stock {both['stock']['per_second']:.1f}/s, p99 {both['stock']['p99']:.0f} ms"
        )
    return {"replies_each": replies, "rounds": rounds, "by_people": found}


def run_round(people: Sequence[OurPerson | StockPerson], replies: int, pids: Sequence[int]) -> dict[str, Any]:
    """Everybody comes in, one after the other; then all type at once. Replies without their answer count as lost."""
    for person in people:
        person.enter()
    time.sleep(SETTLE_SECONDS)
    times: list[float] = []
    lost: list[str] = []
    gate = threading.Barrier(len(people) + 1)

    def type_on(person: OurPerson | StockPerson) -> None:
        gate.wait()
        for number in range(1, replies + 1):
            try:
                times.append(person.say(reply_number(number)))
            except (LostReply, OSError, http.client.HTTPException) as fault:
                lost.append(f"{type(fault).__name__}: {fault}")

    threads = [threading.Thread(target=type_on, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    servers, generator = sum(spent_by_tree(pid) for pid in pids), time.process_time()
    gate.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    return {
        "times": times,
        "lost": len(lost),
        "faults": sorted(set(lost)),
        "seconds": seconds,
        "server_seconds": sum(spent_by_tree(pid) for pid in pids) - servers,
        "generator_seconds": time.process_time() - generator,
    }


def summarise(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """All rounds of one way together; processor milliseconds per reply say what it costs, whoever else uses the machine."""
    times = [time for each in rounds for time in each["times"]]
    seconds = sum(each["seconds"] for each in rounds)
    return spread(times) | {
        "per_second": round(len(times) / seconds, 2),
        "lost": sum(each["lost"] for each in rounds),
        "faults": sorted({fault for each in rounds for fault in each["faults"]}),
        "server_ms_per_reply": round(1000 * sum(each["server_seconds"] for each in rounds) / len(times), 1),
        "generator_ms_per_reply": round(1000 * sum(each["generator_seconds"] for each in rounds) / len(times), 2),
    }
