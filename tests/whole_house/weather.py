"""Faults one after the other, drawn from a seed. Each begins at a count of replies and lasts until it was felt: no clock says when."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.whole_house.faulty_house import AGAIN_SECONDS, FaultyHouse
from tests.whole_house.network import Manner, Wire
from tests.whole_house.patience import Patience, wait_while_they_call
from tests.whole_house.patient_guest import PatientGuest


class Weather:
    """`names` are the faults in their order; `seen` tells of each after how many answered replies it came, and how it was felt."""

    def __init__(self, faulty: FaultyHouse, guests: Sequence[PatientGuest], patience: Patience, seed: str) -> None:
        self.faulty = faulty
        self.guests = guests
        self.patience = patience
        self.random = random.Random(seed)
        self.names: list[str] = []
        self.seen: list[str] = []
        rasa, actions = faulty.to_rasa, faulty.to_actions
        self.faults: dict[str, Callable[[], str]] = {
            "rasa killed": lambda: self.kill("rasa"),
            "actions killed": lambda: self.kill("actions"),
            "web killed": lambda: self.kill("web"),
            "two killed at once": lambda: self.kill(*self.random.sample(["rasa", "actions", "web"], 2)),
            "web to Rasa stalled": lambda: self.spoil(rasa, "stalled"),
            "web to Rasa stalled until web gives up": lambda: self.spoil(rasa, "stalled", until=lambda: rasa.given_up),
            "web to Rasa cut": lambda: self.spoil(rasa, "cut"),
            "answers of Rasa lost": lambda: self.spoil(rasa, "deaf"),
            "Rasa to actions stalled": lambda: self.spoil(actions, "stalled"),
            "Rasa to actions cut": lambda: self.spoil(actions, "cut"),
            "answers of actions lost": lambda: self.spoil(actions, "deaf"),
        }
        if faulty.disk is not None and faulty.disk.mounted:
            self.faults["disk full"] = self.fill_disk
        if faulty.postgres is not None:
            self.faults["PostgreSQL killed"] = self.kill_postgres
            self.faults["PostgreSQL and web killed"] = lambda: self.kill_postgres("web")

    def blow(self, replies: int) -> None:
        """Every fault once in a random order, then at random until `replies` are answered; fair weather for some replies after most."""
        if not self.wait(lambda: count_answered(self.guests) >= len(self.guests)):
            return
        waiting = list(self.faults)
        self.random.shuffle(waiting)
        while waiting or count_answered(self.guests) < replies:
            name = waiting.pop() if waiting else self.random.choice(list(self.faults))
            answered = count_answered(self.guests)
            self.patience.fair.clear()
            felt = self.faults[name]()
            self.names.append(name)
            self.seen.append(f"{name} at {answered} ({felt})")
            print(self.seen[-1], flush=True)
            if self.random.random() < 0.7:
                self.faulty.wait_until_healthy()
                self.patience.fair.set()
                wanted = count_answered(self.guests) + self.random.randint(6, 24)
                going = self.wait(lambda wanted=wanted: count_answered(self.guests) >= wanted)
            else:
                calls = sum(guest.calls for guest in self.guests) + self.random.randint(1, 12)
                going = self.wait(lambda calls=calls: sum(guest.calls for guest in self.guests) >= calls)
            if not going:
                return

    def wait(self, is_done: Callable[[], object]) -> bool:
        return wait_while_they_call(self.guests, is_done)

    def kill(self, *names: str) -> str:
        for name in names:
            self.faulty.wait_until_runs(name)
        for name in names:
            self.faulty.house.kill(name)
        return " and ".join(names)

    def spoil(self, wire: Wire, manner: Manner, until: Callable[[], int] | None = None) -> str:
        """Until the wire has caught some messages, or `until` counts one more."""
        wanted, before = self.random.randint(1, 5), until() if until else 0
        wire.set(manner)
        self.wait(lambda: until() > before if until else wire.caught >= wanted)
        caught = wire.caught
        wire.set("open")
        return f"{caught} caught"

    def fill_disk(self) -> str:
        """Until it was felt. SQLite's log may hold some more before: what it once was given of the disk it uses again."""
        assert self.faulty.disk is not None
        self.faulty.disk.fill()
        felt = self.wait_until_felt()
        self.faulty.disk.empty()
        return felt

    def kill_postgres(self, *others: str) -> str:
        """Until it was felt. Web, when it is away too, cannot come back before the database does: then nobody is there who could refuse."""
        assert self.faulty.postgres is not None
        self.faulty.postgres.kill()
        if others:
            self.kill(*others)
        felt = self.wait_until_felt()
        self.faulty.postgres.start(AGAIN_SECONDS)
        return felt

    def wait_until_felt(self) -> str:
        broken, unreached, wanted = count_broken(self.guests), count_unreached(self.guests), self.random.randint(1, 5)
        self.wait(lambda: count_broken(self.guests) - broken + count_unreached(self.guests) - unreached >= wanted)
        return f"{count_broken(self.guests) - broken} refused, {count_unreached(self.guests) - unreached} found nobody"


def count_answered(guests: Sequence[PatientGuest]) -> int:
    return sum(guest.answered for guest in guests)


def count_unreached(guests: Sequence[PatientGuest]) -> int:
    """Calls that found nobody at the address."""
    return sum(guest.unreached_calls for guest in guests)


def count_broken(guests: Sequence[PatientGuest]) -> int:
    """Refusals that say that the house cannot, not that the guest may not."""
    return sum(1 for guest in guests for status, _body in list(guest.refusals) if status in (500, 503))
