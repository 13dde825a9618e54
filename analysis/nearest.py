"""Where nothing matches: which selection nearby has answers? Another period first, then a filter fewer, then both.

Three queries or fewer: days that hold answers, answers without each of the filters, days without any filter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from data_access.selection import Filter, Period, Selection, months_later
from data_access.warehouse import Warehouse


@dataclass(frozen=True)
class Nearest:
    """A selection with answers, their number, and the dimensions whose filters were dropped for it."""

    selection: Selection
    answers: int
    without: tuple[str, ...] = ()


def nearest(
    warehouse: Warehouse, selection: Selection, *, scope: Sequence[Filter] = (), with_baseline: bool = False
) -> Nearest | None:
    """The nearest selection with answers; None where `selection` has some itself, or nothing near has.

    `scope` are filters that are never given up; with `with_baseline` the baseline must have answers too.
    """
    days = _days(warehouse, selection)
    if days.hold(selection, with_baseline):
        return None
    if moved := _moved(days, selection, with_baseline):
        return Nearest(moved, days.within(moved.period))
    given_up = [f.dimension for f in selection.filters if f not in scope]
    for loose in _loosened(warehouse, selection, scope, given_up):
        if not with_baseline or _days(warehouse, loose.selection).hold(loose.selection, with_baseline):
            return loose
    bare = _without(selection, scope, given_up)
    days = _days(warehouse, bare)
    last = _moved(days, bare, with_baseline) if given_up else None
    return Nearest(last, days.within(last.period), tuple(given_up)) if last else None


@dataclass(frozen=True)
class _Days:
    """Days with answers, in order, and how many answers came before each and in all."""

    dates: Sequence[date]
    until: Sequence[int]

    def within(self, period: Period | None) -> int:
        """The number of answers within a period."""
        if period is None:
            return self.until[-1]
        return self.until[bisect_left(self.dates, period.end)] - self.until[bisect_left(self.dates, period.start)]

    def hold(self, selection: Selection, with_baseline: bool) -> bool:
        """Whether a selection has answers; with `with_baseline` its baseline as well."""
        periods = [selection.period, *([selection.baseline] if with_baseline else [])]
        return all(self.within(period) > 0 for period in periods)


def _days(warehouse: Warehouse, selection: Selection) -> _Days:
    """Days of all time that have answers for the selection's filters."""
    by = ("day",) if warehouse.model.time else ()
    rows = warehouse.cells(selection.metric, by, None, selection.filters).rows
    if not by:
        return _Days([], [int(rows["n"].sum())])
    counts = rows.dropna(subset=["day"]).groupby("day")["n"].sum().sort_index()
    return _Days([date.fromisoformat(day) for day in counts.index], [0, *accumulate(map(int, counts))])


def _moved(days: _Days, selection: Selection, with_baseline: bool) -> Selection | None:
    """The selection over the nearest span of equal length that holds answers, earlier before later."""
    if selection.period is None or not days.dates:
        return None
    first, last = days.dates[0], days.dates[-1]
    farthest = max(abs((selection.period.start - first).days), abs((last - selection.period.start).days))
    for steps in range(farthest // selection.period.days + 2):
        for period in (_shifted(selection.period, -steps), _shifted(selection.period, steps)):
            for baseline in _baselines(selection, period):
                shifted = replace(selection, period=period, baseline=baseline)
                if days.hold(shifted, with_baseline):
                    return shifted
    return None


def _shifted(period: Period, steps: int) -> Period:
    """The span `steps` of its own lengths later; whole months stay whole months."""
    months = steps * period.whole_months()
    if months:
        return Period(months_later(period.start, months), months_later(period.end, months))
    length = timedelta(days=steps * period.days)
    return Period(period.start + length, period.end + length)


def _baselines(selection: Selection, period: Period) -> list[Period | None]:
    """What `period` may be compared with: in the same relation as before, else what was asked, else the time before.

    A baseline is never taken where none was.
    """
    if selection.period is None or selection.baseline is None:
        return [None]
    if selection.baseline == selection.period.previous():
        return [period.previous()]
    if selection.baseline == selection.period.year_earlier():
        return [period.year_earlier()]
    return [selection.baseline, period.previous()]


def _loosened(
    warehouse: Warehouse, selection: Selection, scope: Sequence[Filter], names: Sequence[str]
) -> Iterator[Nearest]:
    """The same period without one of the filters, most answers first; then without all of them."""
    given_up = [*((name,) for name in names), *([tuple(names)] if len(names) > 1 else [])]
    if not given_up:
        return
    selections = [_without(selection, scope, some) for some in given_up]
    counts = warehouse.answers(selection.metric, selection.period, [s.filters for s in selections])
    loose = [Nearest(s, n, some) for s, n, some in zip(selections, counts, given_up, strict=True) if n]
    yield from sorted(loose, key=lambda near: (len(near.without), -near.answers))


def _without(selection: Selection, scope: Sequence[Filter], names: Sequence[str]) -> Selection:
    """The selection without the filters of some dimensions, but never beyond the scope."""
    kept = tuple(f for f in selection.filters if f.dimension not in names)
    return replace(selection, filters=kept).within(scope)
