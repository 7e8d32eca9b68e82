"""One connection to the action server for many calls. Rasa opens a new one for each, with a client session around it.

A connection that the action server closed in the moment of a call (it was started again) is tried once more on a new one:
an action keeps nothing, so being asked twice changes nothing.
"""

import asyncio
from typing import Any, Optional

import aiohttp
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

KEEP_SECONDS = 60.0
"""Shorter than the action server's own patience with a silent connection (actions/server.py)."""


class LastingSession(aiohttp.ClientSession):
    """A client session that stays open after the `async with` that Rasa puts around each call."""

    async def __aexit__(self, *_: Any) -> None:
        """Leaves it open; the process closes its sockets when it ends."""

    def __del__(self, *_: Any) -> None:
        """Says nothing about being open: it is meant to be, for as long as the process lives."""


class KeptEndpoint(EndpointConfig):
    """The endpoint of the action server, with one session for each event loop that asks."""

    _session: Optional[LastingSession] = None
    _loop: Optional[asyncio.AbstractEventLoop] = None

    def session(self) -> aiohttp.ClientSession:
        """The session, made when it is first needed in the running loop."""
        loop = asyncio.get_running_loop()
        if self._session is None or self._session.closed or self._loop is not loop:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_SECONDS)
            timeout = aiohttp.ClientTimeout(total=300)  # Rasa's own; the channel's limit comes long before
            self._session = LastingSession(connector=connector, headers=self.headers, timeout=timeout, trust_env=False)
            self._loop = loop
        return self._session

    async def request(self, *given: Any, **named: Any) -> Optional[Any]:
        """As in Rasa, and once more where a kept connection turns out to be closed."""
        try:
            return await super().request(*given, **dict(named))
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as fault:
            if isinstance(fault, aiohttp.ClientConnectorError):
                raise  # nobody listens: a second try finds nobody either
            return await super().request(*given, **dict(named))

    async def close(self) -> None:
        """For tests: let go of the connections."""
        if self._session is not None:
            await self._session.close()


def keep_connection(endpoints: AvailableEndpoints) -> AvailableEndpoints:
    """The same endpoints, the action server's as one that keeps its connection."""
    action = endpoints.action
    if action is not None:
        credentials = (action.basic_auth, action.token, action.token_name)
        endpoints.action = KeptEndpoint(action.url, action.params, action.headers, *credentials, **action.kwargs)
    return endpoints
