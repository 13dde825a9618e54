"""Which days does a weekly review speak of? The last full week, and the weeks before it that it is held against."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from data_access.selection import Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

WEEK = timedelta(weeks=1)
BEFORE = 4  # weeks that the last one is held against: as many customers call for any season, none for a whim of a day


def last_week(first: date, last: date) -> tuple[Period, Period]:
    """The last week from Monday to Sunday that the data hold whole, and up to four whole weeks before it.

    first, last: the first and the last day of the data. Raises: NothingToShow for fewer than two whole weeks.

    >>> last_week(date(2026, 9, 1), date(2026, 10, 31))[0]
    Period(start=datetime.date(2026, 10, 19), end=datetime.date(2026, 10, 26))
    """
    after = last + timedelta(days=1)
    end = after - timedelta(days=after.weekday())
    start = end - WEEK
    weeks = min(BEFORE, (start - first).days // 7)
    if weeks < 1:
        raise NothingToShow("review.no_week", first=first, last=last)
    return Period(start, end), Period(start - weeks * WEEK, start)


def of_week(warehouse: Warehouse, selection: Selection) -> Selection:
    """The question over the last full week against those before. Raises: as `last_week`, BadInput without time."""
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        raise NothingToShow("selection.empty")
    period, baseline = last_week(extent.first.date(), extent.last.date())
    return replace(selection, period=period, baseline=baseline)
