"""Which spans of time are offered? Codes of periods and baselines, and the dates they stand for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from data_access.selection import Period, months_later

ALL, OWN, NONE = "all", "own", "none"
PREVIOUS, YEAR = "previous", "year"
BASELINES = (PREVIOUS, YEAR, OWN, NONE)
RECENT = {"last7": 7, "last30": 30}
MONTHS_OFFERED = 24
WEEKS_OFFERED = 8
WEEK = timedelta(days=7)
DAYS_ENOUGH = 14  # of a month that is not over, to be compared with the one before


@dataclass(frozen=True)
class Calendar:
    """First and last day that hold data."""

    first: date
    last: date

    @property
    def months(self) -> list[str]:
        """Codes of the months with data, latest first: "2026-10"."""
        month = self.last.replace(day=1)
        codes: list[str] = []
        while month >= self.first.replace(day=1) and len(codes) < MONTHS_OFFERED:
            codes.append(f"{month:%Y-%m}")
            month = months_later(month, -1)
        return codes

    @property
    def weeks(self) -> list[str]:
        """Codes of the latest weeks from Monday to Sunday that lie within the data, latest first: "2026-W44".

        One that is the last seven days goes by that name.
        """
        monday = self.last - timedelta(days=self.last.weekday())
        mondays = (monday - weeks * WEEK for weeks in range(1 + WEEKS_OFFERED))
        whole = [day for day in mondays if self.first <= day and day + WEEK <= self.last]
        return [week_of(day) for day in whole[:WEEKS_OFFERED]]

    @property
    def codes(self) -> list[str]:
        """All that a person may choose, in the order shown."""
        return [*RECENT, *self.months, *self.weeks, ALL, OWN]

    def halves(self, period: Period) -> tuple[Period, Period] | None:
        """The later and the earlier part of what a period holds, of as many whole weeks or else days."""
        end = min(period.end, self.last + timedelta(days=1))
        days = (end - max(period.start, self.first)).days
        length = WEEK * (days // 14) or timedelta(days=days // 2)
        if not length:
            return None
        return Period(end - length, end), Period(end - 2 * length, end - length)

    @property
    def usual(self) -> str:
        """The latest month that is complete: what a manager asks about first.

        The latest in any case where it is the only one, or where the one before has none to be compared with.
        """
        months, days = self.months, self.last.day
        complete = months_later(self.last.replace(day=1), 1) == self.last + timedelta(days=1)
        alone = len(months) == 1 or (len(months) == 2 and days >= DAYS_ENOUGH)
        return months[0] if complete or alone else months[1]

    def period(self, code: str, own: tuple[date, date]) -> Period | None:
        """The span a code stands for; None means all data. `own` holds the first and the last day."""
        if code == ALL:
            return None
        if code == OWN:
            return Period(min(own), max(own) + timedelta(days=1))
        end = self.last + timedelta(days=1)
        if code in RECENT:
            return Period(end - timedelta(days=RECENT[code]), end)
        if is_week(code):
            year, week = map(int, code.split("-W"))
            monday = date.fromisocalendar(year, week, 1)
            return Period(monday, monday + WEEK)
        start = date.fromisoformat(f"{code}-01")
        return Period(start, months_later(start, 1))

    def code_of(self, period: Period) -> str:
        """The code that stands for a span of dates, or OWN."""
        return next(
            (c for c in (*self.months, *RECENT, *self.weeks) if self.period(c, (self.first, self.last)) == period),
            OWN,
        )


def week_of(day: date) -> str:
    """The code of the week of a day, numbered as ISO 8601 does."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def is_week(code: str) -> bool:
    return "-W" in code


def baseline(code: str, period: Period | None, own: tuple[date, date]) -> Period | None:
    """The span compared with; without a period there is nothing to compare."""
    if period is None or code == NONE:
        return None
    if code == PREVIOUS:
        return period.previous()
    return period.year_earlier() if code == YEAR else Period(min(own), max(own) + timedelta(days=1))


def parse_days(values: Sequence[str]) -> date | None:
    """The one date a link gives, None when it gives none or nonsense."""
    try:
        return date.fromisoformat(values[0]) if len(values) == 1 else None
    except ValueError:
        return None
