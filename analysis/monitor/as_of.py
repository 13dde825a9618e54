"""Of which day does the morning speak? The last one whose contacts are all there: half a day looks like a bad one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from data_access.selection import Filter, Period
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

ENOUGH = 0.5  # of the contacts that such a weekday usually has
WEEKS = 8  # of the same weekday that say what is usual
LEAST = 3  # of these days; with fewer, all days say it


def last_full_day(warehouse: Warehouse, filters: Sequence[Filter] = (), *, by: date | None = None) -> date:
    """The last day, up to `by`, with at least half of the contacts that its weekday usually has.

    Raises BadInput without a time column and where small groups are kept secret, for then single days are, too;
    NothingToShow without a contact.
    """
    check_days(warehouse)
    extent = warehouse.extent()
    first, last = extent.first, extent.last
    if first is None or last is None or (by is not None and by < first.date()):
        raise NothingToShow("selection.empty")
    end = min(last.date(), by or last.date()) + timedelta(days=1)
    span = Period(end - timedelta(weeks=WEEKS + 2), end)
    counts = warehouse.contacts_by_day((), span, filters).rows
    if counts.empty:
        counts = warehouse.contacts_by_day((), Period(date.min, end), filters).rows
    if counts.empty:
        raise NothingToShow("selection.empty")
    return full_day_of(counts["day"], counts["contacts"])


def check_days(warehouse: Warehouse) -> None:
    """Raises BadInput where there are no days, or none that may be shown."""
    if warehouse.model.time is None:
        raise BadInput("as_of.no_time")
    if warehouse.model.disclose_from:
        raise BadInput("as_of.secret")


def full_day_of(days: Sequence[str] | pd.Series, contacts: Sequence[float] | pd.Series) -> date:
    """The last day that is full, of days (as ISO texts) and their contacts; the last one where none is.

    >>> full_day_of(["2026-10-01", "2026-10-02", "2026-10-03"], [100, 90, 20]).isoformat()
    '2026-10-02'
    """
    known = {date.fromisoformat(str(day)[:10]): float(n) for day, n in zip(days, contacts, strict=True)}
    for day in sorted(known, reverse=True):
        alike = [known[earlier] for week in range(1, WEEKS + 1)
                 if (earlier := day - timedelta(weeks=week)) in known]  # fmt: skip
        others = alike if len(alike) >= LEAST else [n for other, n in known.items() if other < day]
        if not others or known[day] >= ENOUGH * float(np.median(others)):
            return day
    return max(known)
