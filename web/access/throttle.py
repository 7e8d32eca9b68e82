"""How often somebody may try to get in. Kept in the database as keyed hashes, so it survives a restart and names nobody.

Failures are counted for a name from one address (8 in a quarter of an hour), for an address (60 in a quarter of an hour), and for a
name from all addresses that did not get in under it lately (60 in an hour). The last never closes the way to someone who signed in from
their address in the past thirty days: nobody can be locked out for good by another's wrong tries.

Names that somebody would like to be called by are counted whether they are free or not: either answer tells whether a person of that
name is here. Thirty in an hour for one login or one invitation, ninety for an address.
"""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from web.access.rate_windows import DatabaseStorage
from web.access.refusals import TooManyNames, TooManyTries
from web.database.engine import Database

PER_NAME_AND_ADDRESS = RateLimitItemPerMinute(8, 15, namespace="sign_in_pair")
PER_ADDRESS = RateLimitItemPerMinute(60, 15, namespace="sign_in_address")
PER_NAME_FROM_STRANGERS = RateLimitItemPerHour(60, 1, namespace="sign_in_name")
CODES_PER_ADDRESS = RateLimitItemPerMinute(10, 15, namespace="invitation_code")
NAMES_PER_ASKER = RateLimitItemPerHour(30, 1, namespace="names_asked")
NAMES_PER_ADDRESS = RateLimitItemPerHour(90, 1, namespace="names_asked_address")
CODES_IN_ALL = RateLimitItemPerHour(300, 1, namespace="invitation_codes")
_KNOWN_HERE = RateLimitItemPerDay(1, 30, namespace="known_here")


class Throttle:
    """Counts failures. `who` is the hash of a name (or a person's id), `address` where the request came from."""

    def __init__(self, database: Database, hash_key: bytes) -> None:
        self._storage = DatabaseStorage("sayable://", database=database, hash_key=hash_key)
        self._windows = FixedWindowRateLimiter(self._storage)

    def check_name(self, who: str, address: str) -> None:
        """Raises TooManyTries when this name must wait at this address."""
        checks: list[tuple[RateLimitItem, tuple[str, ...]]] = [(PER_NAME_AND_ADDRESS, (who, address)), (PER_ADDRESS, (address,))]
        if not self._is_known(who, address):
            checks.append((PER_NAME_FROM_STRANGERS, (who,)))
        self._check(checks)

    def note_failure(self, who: str, address: str) -> None:
        self._windows.hit(PER_NAME_AND_ADDRESS, who, address)
        self._windows.hit(PER_ADDRESS, address)
        if not self._is_known(who, address):
            self._windows.hit(PER_NAME_FROM_STRANGERS, who)

    def note_success(self, who: str, address: str) -> None:
        """Forget the failures of this name here, and remember that it gets in from here."""
        self._windows.clear(PER_NAME_AND_ADDRESS, who, address)
        self._windows.clear(_KNOWN_HERE, who, address)  # so that the thirty days count from now
        self._windows.hit(_KNOWN_HERE, who, address)

    def forget(self, who: str, address: str) -> None:
        """Drop the counters of somebody who is no longer here, at the address they left from; others run out within thirty days."""
        for limit in (PER_NAME_AND_ADDRESS, _KNOWN_HERE):
            self._windows.clear(limit, who, address)
        self._windows.clear(PER_NAME_FROM_STRANGERS, who)

    def check_codes(self, address: str) -> None:
        """Raises TooManyTries when too many wrong invitation codes were typed here, or anywhere."""
        self._check([(CODES_PER_ADDRESS, (address,)), (CODES_IN_ALL, ())])

    def note_wrong_code(self, address: str) -> None:
        self._windows.hit(CODES_PER_ADDRESS, address)
        self._windows.hit(CODES_IN_ALL)

    def count_name(self, asker: str, address: str) -> None:
        """Before a name is looked up for somebody who wants to be called so. Raises TooManyNames. `asker`: a login or an invitation."""
        fits = [self._windows.hit(NAMES_PER_ASKER, asker), self._windows.hit(NAMES_PER_ADDRESS, address)]
        if not all(fits):
            raise TooManyNames

    def _is_known(self, who: str, address: str) -> bool:
        return not self._windows.test(_KNOWN_HERE, who, address)

    def _check(self, checks: list[tuple[RateLimitItem, tuple[str, ...]]]) -> None:
        for limit, keys in checks:
            if not self._windows.test(limit, *keys):
                raise TooManyTries
