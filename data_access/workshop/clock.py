"""What time is it, where clocks are set? Nothing is dated before what was written sooner, and nothing is lost by age.

A clock may be put back by as much as AN_HOUR_OR_TWO: until it has caught up, moments go on from the last one. One
that leaps ahead makes nothing old enough to be deleted: for that, time counts as it passed since the program started.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

AN_HOUR_OR_TWO = timedelta(hours=2)
_lock = threading.Lock()
_last = datetime.min.replace(tzinfo=UTC)


def wall() -> datetime:
    """What the clock of this machine shows."""
    return datetime.now(UTC)


_started = wall(), time.monotonic()


def moment() -> datetime:
    """Now, as a date for what is written: later than all that this program dated before."""
    global _last
    with _lock:
        now = wall()
        if timedelta() <= _last - now < AN_HOUR_OR_TWO:
            now = _last + timedelta(microseconds=1)
        _last = now
        return now


def at_least() -> datetime:
    """A moment that has surely come, whatever the clock was set to since the program started."""
    at, since = _started
    return min(wall(), at + timedelta(seconds=time.monotonic() - since))
