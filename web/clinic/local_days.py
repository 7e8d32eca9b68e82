"""Days and hours as a person lives them: wall time and an IANA zone, put together only at the moment they are needed.

Nothing here is kept: someone who travels, or whose clocks change, is asked again in the zone they are in then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=512)
def find_zone(name: str | None) -> ZoneInfo:
    """The zone of this IANA name; UTC when there is none or it is not known."""
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, LookupError):
        return ZoneInfo("UTC")


def find_day(moment: datetime, zone: str | None) -> date:
    """The calendar day on which `moment` falls there."""
    return moment.astimezone(find_zone(zone)).date()


def find_moment(day: date, hour: int, zone: str | None) -> datetime:
    """When it is `hour` (0 to 23) on `day` there, in UTC.

    An hour that the clocks leave out comes as much later as they jump; of an hour that comes twice it is the first.
    """
    return datetime.combine(day, time(hour), find_zone(zone)).astimezone(UTC)
