"""How does an engine without names of time zones convert a moment?"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def offset_of(zone: str) -> str:
    """A zone as its distance from UTC where it keeps one through the years, else its name.

    >>> offset_of("Asia/Shanghai"), offset_of("Europe/Paris")
    ('+08:00', 'Europe/Paris')
    """
    there = ZoneInfo(zone)
    offsets = {
        datetime(year, month, 1, tzinfo=there).strftime("%z") for year in range(2000, 2038) for month in (1, 7)
    }
    distance = offsets.pop()
    return zone if offsets else f"{distance[:3]}:{distance[3:]}"
