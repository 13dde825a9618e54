"""What part of the data is asked about: metric, period, baseline and filters, as one frozen value.

A Selection is both the WHERE clause and the cache key, so it imports nothing of ours and compares by value.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Period:
    """Half-open span of local calendar days [start, end).

    >>> Period(date(2026, 10, 1), date(2026, 11, 1)).previous()
    Period(start=datetime.date(2026, 9, 1), end=datetime.date(2026, 10, 1))
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"period ends {self.end} before it begins {self.start}")

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def whole_months(self) -> int:
        """Number of calendar months this period covers exactly, 0 when it does not.

        >>> Period(date(2026, 1, 1), date(2026, 4, 1)).whole_months()
        3
        """
        if self.start.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def previous(self) -> Period:
        """The span of equal length just before: as many months for whole months, else as many days.

        Before the first day that dates know there is only that day.
        """
        months, end = self.whole_months(), max(self.start, date.min + timedelta(days=1))
        if months:
            return Period(months_later(end, -months), end)
        return Period(date.fromordinal(max(end.toordinal() - self.days, 1)), end)

    def year_earlier(self) -> Period:
        """The same span of the year before; 29 February becomes 28 February."""
        start, end = months_later(self.start, -12), months_later(self.end, -12)
        return Period(start, max(end, start + timedelta(days=1)))


def months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day; within the years that dates know.

    >>> months_later(date(2024, 2, 29), -12)
    datetime.date(2023, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, order=True)
class Filter:
    """One dimension and the values let through (OR). No values: nothing passes. None stands for a blank cell."""

    dimension: str
    values: tuple[str | None, ...]

    def and_also(self, other: Filter) -> Filter:
        return Filter(self.dimension, tuple(v for v in self.values if v in other.values))


@dataclass(frozen=True)
class Selection:
    """Metric, period, baseline, filters. `period` None means all data; dimensions of `filters` are joined by AND."""

    metric: str = "score"
    period: Period | None = None
    baseline: Period | None = None
    filters: tuple[Filter, ...] = ()

    @property
    def periods(self) -> tuple[Period | None, ...]:
        """The period, and the baseline where there is one."""
        return (self.period, *([self.baseline] if self.baseline else []))

    def within(self, scope: Iterable[Filter]) -> Selection:
        """This selection narrowed to what a user may see; it can only become smaller.

        >>> mine = Selection(filters=(Filter("team", ("A", "B")),))
        >>> mine.within([Filter("team", ("B", "C"))]).filters
        (Filter(dimension='team', values=('B',)),)
        """
        merged: dict[str, Filter] = {}
        for part in (*self.filters, *scope):
            seen = merged.get(part.dimension)
            merged[part.dimension] = seen.and_also(part) if seen else part
        return replace(self, filters=tuple(merged[name] for name in sorted(merged)))

    def where(self, dimension: str, *values: str | None) -> Selection:
        """This selection, further narrowed to `values` of `dimension`."""
        return self.within([Filter(dimension, values)])

    def values_of(self, dimension: str) -> tuple[str | None, ...] | None:
        """Values let through for a dimension, or None when it is not filtered."""
        return next((f.values for f in self.filters if f.dimension == dimension), None)
