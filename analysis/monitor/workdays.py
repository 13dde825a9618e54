"""Is a day worked in China? Weekends, public holidays, and the weekend days that are worked in exchange for them.

The notices of the State Council in `workdays.toml` decide, year by year. A year without one is said to be unknown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from data_access.statement import Statement

FILE = Path(__file__).with_suffix(".toml")
SATURDAY = 5


class DayKind(StrEnum):
    """What a day is for those who work in offices; a holiday that falls on a weekend is a holiday."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    WORKING_WEEKEND = "working_weekend"
    UNKNOWN_YEAR = "unknown_year"


def kind_of_day(day: date) -> DayKind:
    """The kind of a day; `UNKNOWN_YEAR` for every day of a year whose notice is not known here.

    >>> [str(kind_of_day(date(2026, 10, day))) for day in (7, 8, 10, 11)]
    ['holiday', 'workday', 'working_weekend', 'weekend']
    >>> str(kind_of_day(date(2031, 10, 1)))
    'unknown_year'
    """
    year = _notices().get(day.year)
    if year is None:
        return DayKind.UNKNOWN_YEAR
    return year.get(day, DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY)


def unknown_years(days: Iterable[date]) -> tuple[Statement, ...]:
    """That holidays of some of the days' years are not known; nothing where all are."""
    years = sorted({day.year for day in days} - set(_notices()))
    return (Statement("caveat.unknown_year", {"years": [str(year) for year in years]}),) if years else ()


@cache
def _notices() -> Mapping[int, Mapping[date, DayKind]]:
    """By year the days that are not what their weekday says."""
    years = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {int(year): _days_of(notice) for year, notice in years.items()}


def _days_of(notice: Mapping[str, Any]) -> dict[date, DayKind]:
    days = {date.fromisoformat(day): DayKind.WORKING_WEEKEND for day in notice["working_weekends"]}
    for first, last in notice["holidays"]:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        days |= {start + timedelta(days=i): DayKind.HOLIDAY for i in range((end - start).days + 1)}
    return days
