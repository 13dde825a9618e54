"""Which levels of measurement were corrected for everybody who works on a data set?"""

from __future__ import annotations

from contextlib import suppress

from data_access.statement import Problem
from pages.frame.context import Frame
from pages.frame.open_data import Levels

KNOWN: dict[tuple[str, str], Levels] = {}  # what was last heard of each store and data set


def of(frame: Frame, dataset: str) -> Levels:
    """Column and level. While the store is away, as they were: numbers are not to change with a connection."""
    place = (frame.settings.store_url, dataset)
    with suppress(Problem):
        KNOWN[place] = tuple(sorted(frame.store().levels(frame.user, dataset).items()))
    return KNOWN.get(place, ())
