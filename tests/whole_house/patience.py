"""When to call something stuck on a machine of any speed: by tries and by progress, never by the seconds that it took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

TRIES = 80
"""A claim on a reply lasts 14 seconds, about nine tries; all else that is refused in fair weather is over sooner."""
QUIET_SECONDS = 180
"""Each call ends within 25 seconds and each pause within 60: when so long nobody made a call, the guests themselves hang."""

MOST_CALLS = 6000
"""Nothing that is waited for here takes the guests a thousand calls; a wait that outlasts so many would last for ever."""


class Stuck(AssertionError):
    """Something did not get through for too many tries, or came out otherwise than it may."""


class Patience:
    """A budget of tries for each thing that a guest wants, and what was needed of it; in foul weather (`fair` not set) tries are free."""

    def __init__(self, tries: int = TRIES) -> None:
        self.tries = tries
        self.fair = threading.Event()
        self.fair.set()
        self.most_needed = 0

    def begin(self, what: str) -> Budget:
        return Budget(self, what)

    def __str__(self) -> str:
        return f"at most {self.most_needed} of {self.tries} tries in fair weather were needed"


class Budget:
    """The tries for one thing."""

    def __init__(self, patience: Patience, what: str) -> None:
        self.patience = patience
        self.what = what
        self.used = 0

    def spend(self, last: object) -> None:
        """One try was in vain, and `last` is what came of it. Raises Stuck when it was one too many."""
        if not self.patience.fair.is_set():
            return
        self.used += 1
        self.patience.most_needed = max(self.patience.most_needed, self.used)
        if self.used > self.patience.tries:
            raise Stuck(f"{self.what}: {self.used} tries in fair weather in vain; the last: {last}")


class Caller(Protocol):
    """A guest as far as waiting is concerned: `calls` counts every call that came to an end."""

    calls: int
    fault: BaseException | None


def wait_while_they_call(guests: Sequence[Caller | Any], is_done: Callable[[], object]) -> bool:
    """Wait for `is_done` as long as guests make calls; False as soon as one is in trouble.

    Raises Stuck when all have fallen silent, or have made `MOST_CALLS` calls in vain.
    """
    calls, moved = -1, time.monotonic()
    first = sum(guest.calls for guest in guests)
    while not is_done():
        if any(guest.fault for guest in guests):
            return False
        now = sum(guest.calls for guest in guests)
        if now != calls:
            calls, moved = now, time.monotonic()
        if time.monotonic() > moved + QUIET_SECONDS:
            raise Stuck(f"nobody has made a call for {QUIET_SECONDS} s")
        if now > first + MOST_CALLS:
            raise Stuck(f"what was waited for did not come in {MOST_CALLS} calls")
        time.sleep(0.1)
    return True
