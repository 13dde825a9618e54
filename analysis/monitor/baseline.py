"""On which days do the limits rest? A quarter that is over: the days that are judged never move their own limits."""

from __future__ import annotations

from datetime import date, timedelta

from data_access.selection import Period, months_later
from data_access.statement import NothingToShow

LEAST_DAYS = 28  # four of each weekday, and one turn of a month


def default_baseline(last_day: date, first_day: date | None = None) -> Period:
    """The calendar quarter before that of the last day: the same for every day of a quarter.

    first_day: of the data. Where they begin within that quarter, what is there of it; where that is less than 28
    days, the first 28 of the data. Raises NothingToShow where not even those lie before the last day.

    >>> default_baseline(date(2026, 10, 31))
    Period(start=datetime.date(2026, 7, 1), end=datetime.date(2026, 10, 1))
    """
    end = date(last_day.year, (last_day.month - 1) // 3 * 3 + 1, 1)
    start = months_later(end, -3)
    first = start if first_day is None else max(first_day, start)
    if (end - first).days >= LEAST_DAYS:
        return Period(first, end)
    if (last_day - first).days < LEAST_DAYS:
        raise NothingToShow("baseline.too_short", days=(last_day - first).days + 1, least=LEAST_DAYS + 1)
    return Period(first, first + timedelta(days=LEAST_DAYS))
