"""Two of each process against one of each, both behind nginx on one PostgreSQL server, in turns on the same machine."""

import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sayable.bench.grown_house import GrownHouse
from sayable.bench.load import run_round, summarise
from sayable.bench.long_scene import LONG
from sayable.bench.our_house import OurPerson
from sayable.bench.processes import DidNotStart
from sayable.bench.replies import reply_number
from sayable.bench.spread import ratio

PROGRAMS = {name: [sys.executable, "-m", "sayable.bench.long_scene", name] for name in ("web", "actions")}


class FrontDoor:
    """A grown house as `OurPerson` comes to it: the address of nginx, and the scene that runs for hundreds of turns."""

    scene = LONG

    def __init__(self, house: GrownHouse) -> None:
        self.house = house
        self.address = house.address
        self.port = house.fronts["web"]


def measure_grown(
    model: Path, postgres: str, people: Sequence[int], replies: int, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """`rounds` rounds of each number of people in turns (one, two, two, one, …), `replies` replies a person; times in milliseconds.

    Both houses run all the time; the one that is not asked does nothing. Raises DidNotStart.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sayable-grown-")))
        (folder / "models").mkdir()
        shutil.copy(model, folder / "models" / model.name)
        doors = {}
        for name, of_each in (("one", 1), ("two", 2)):
            address = stack.enter_context(make_database(postgres))
            house = GrownHouse(folder / name, folder / "models", address, of_each, PROGRAMS)
            stack.callback(house.stop)
            house.start()
            doors[name] = FrontDoor(house)
            warm_up(doors[name], 20 * of_each)
        say("Both are running: one of each, and two of each.")
        found = {str(count): measure_people(doors, count, replies, rounds) for count in people}
    for count, both in found.items():
        one, two = both["one"]["per_second"], both["two"]["per_second"]
        say(f"  {count} people: one of each {one:.1f}/s, two of each {two:.1f}/s, {both['ratio']['throughput']:.2f}")
    return {"replies_each": replies, "rounds": rounds, "by_people": found}


def measure_people(doors: dict[str, FrontDoor], count: int, replies: int, rounds: int) -> dict[str, Any]:
    """So many people typing at once at each, in turns; who begins changes with each round."""
    gathered: dict[str, list[dict[str, Any]]] = {name: [] for name in doors}
    for number in range(rounds):
        for name in list(doors) if number % 2 == 0 else reversed(list(doors)):
            persons = [OurPerson(doors[name]) for _ in range(count)]
            played = run_round(persons, replies, doors[name].house.pids())
            played["lost"] += sum(person.count_missing() for person in persons)
            gathered[name].append(played)
            for person in persons:
                person.leave()
    both: dict[str, Any] = {name: summarise(rounds_of) for name, rounds_of in gathered.items()}
    both["by_round"] = {
        name: [round(len(each["times"]) / each["seconds"], 2) for each in rounds_of] for name, rounds_of in gathered.items()
    }
    both["ratio"] = {
        "throughput": ratio(both["two"]["per_second"], both["one"]["per_second"]),
        "p99": ratio(both["two"]["p99"], both["one"]["p99"]),
    }
    return both


def warm_up(door: FrontDoor, replies: int) -> None:
    """A first talk, not counted, long enough that each process had its share: caches and vectors are filled once in a process's life."""
    person = OurPerson(door)
    person.enter()
    for number in range(1, replies + 1):
        person.say(reply_number(number))
    person.leave()


@contextmanager
def make_database(server: str) -> Iterator[str]:
    """The address of a fresh database on `server` (an address with a login that may make databases), dropped at the end."""
    import psycopg
    from sqlalchemy.engine import make_url

    address = make_url(server)
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"sayable_bench_{secrets.token_hex(6)}"
    try:
        with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
            connection.execute(f"CREATE DATABASE {name}")
    except psycopg.Error as error:
        raise DidNotStart(f"PostgreSQL at {address.host}:{address.port} makes no database ({type(error).__name__}).") from None
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
