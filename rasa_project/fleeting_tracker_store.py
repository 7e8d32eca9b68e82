"""A tracker store that remembers nothing: it knows a tracker only while the request that made it holds on to it.

The state of an attempt travels with the message (promise 1), so there is nothing to store, on disk or in memory.
Trackers are held by weak reference: when the practice channel's request ends, however it ends, its tracker is gone.
"""

from typing import Iterable, Optional, Text
from weakref import WeakValueDictionary

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


class FleetingTrackerStore(TrackerStore):
    """Hands Rasa the very tracker that the running request filled, and nothing of any earlier one."""

    def __init__(self, domain, event_broker=None, **kwargs) -> None:
        kwargs.pop("host", None)
        self._trackers: WeakValueDictionary[Text, DialogueStateTracker] = WeakValueDictionary()
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keeps hold of the tracker for as long as somebody else does."""
        self._trackers[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The live tracker of a request in progress, else None."""
        return self._trackers.get(sender_id)

    async def keys(self) -> Iterable[Text]:
        """Ids of the requests in progress."""
        return list(self._trackers.keys())
