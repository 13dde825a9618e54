"""Did the path fall at the date of a rule or release, and only where that applies? Compared with others.

Dates come from the calendar (`analysis.calendar`). An event touches the path when it concerns at least half of
its answers: what changed for fewer cannot explain the loss of the whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.calendar import Calendar, calendar_of
from analysis.diagnosis.comparator import LEAST, PathScope
from analysis.diagnosis.strata import Sample
from analysis.estimate import ask, change
from analysis.stats.intervals import SIGNIFICANCE, Difference, differences
from analysis.stats.multiplicity import holm
from data_access.selection import Period
from data_access.warehouse import Warehouse

DESIGN = (
    "rule",
    "release",
    "flow",
    "version",
    "规则",
    "版本",
    "流程",
)  # words in the kind of what was changed by design
BACK = timedelta(days=92)  # before the period: a rule of last quarter may still be the cause
DAYS, LEAST_DAYS = 28, 7  # on either side of the date
TOUCHES = 0.5  # of the path's answers
MOST_EVENTS = 5
COLUMNS = [
    "id",
    "kind",
    "date",
    "n0",
    "n1",
    "change",
    "change_others",
    "difference",
    "low",
    "high",
    "p",
    "p_adjusted",
]


@dataclass(frozen=True)
class Rules:
    """Changes of rules and flows that touch the path, the largest fall first; columns `COLUMNS`.

    has_calendar: whether the model names a table of events with a date.
    """

    table: pd.DataFrame
    has_calendar: bool
    sql: tuple[str, ...] = ()

    def fell(self, scope: PathScope) -> pd.Series | None:
        """The event at whose date the path fell by what matters, significantly and more than the others."""
        worse = self.table[self.table["difference"].map(scope.is_worse) & (self.table["p_adjusted"] < SIGNIFICANCE)]
        return None if worse.empty else worse.iloc[0]


def rules(scope: PathScope, other: Sample | None) -> Rules:
    """The path before and after each date, net of the change of `other` where there is one."""
    empty = pd.DataFrame({c: [] for c in COLUMNS})
    first, last = _days(scope.warehouse, scope.selection.period)
    span = Period(first - BACK, last)
    calendar = calendar_of(scope.warehouse, span)
    if calendar is None or scope.warehouse.model.time is None:
        return Rules(empty, calendar is not None)
    touching = _touching(scope, calendar, span)
    rows = [r for r in (_test_event(scope, event, other) for event in touching) if r is not None]
    if not rows:
        return Rules(empty, True)
    table = pd.DataFrame([values for values, _ in rows])
    table["p_adjusted"] = holm(table["p"].to_numpy())
    worst = (scope.sign * table["difference"]).sort_values(kind="stable").index
    return Rules(table.loc[worst, COLUMNS].reset_index(drop=True), True, tuple(q for _, sql in rows for q in sql))


def _touching(scope: PathScope, calendar: Calendar, span: Period) -> list[dict[str, Any]]:
    """Rule and flow changes that touch the path, in the period or up to a quarter before it, the latest first."""
    events, _ = calendar.of(scope.warehouse, scope.own.selection, span)
    events = events.assign(kind=events["kind"].fillna(""), id=events["id"].fillna(""))
    designed = events["kind"].map(lambda kind: any(word in kind.casefold() for word in DESIGN)).astype(bool)
    touching = events[designed & (events["date"] >= span.start) & (events["share"] >= TOUCHES)]
    latest = touching.sort_values("date", ascending=False, kind="stable").head(MOST_EVENTS)
    return [{str(name): value for name, value in row.items()} for row in latest.to_dict("records")]


def _days(warehouse: Warehouse, period: Period | None) -> tuple[date, date]:
    """First day and the day after the last, of the period or of all data."""
    if period is not None:
        return period.start, period.end
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        return date.min + BACK, date.min + BACK
    return extent.first.date(), extent.last.date() + timedelta(days=1)


def _test_event(
    scope: PathScope, event: dict[str, Any], other: Sample | None
) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The change of the path at the date, net of that of the others."""
    windows = _windows(scope, event["date"])
    if windows is None:
        return None
    cells = [_cells(scope, scope.own, w) for w in windows]
    n0, n1 = (float(c.rows["n"].sum()) for c in cells)
    if min(n0, n1) < LEAST:
        return None
    own, others_change = change(cells[0].rows, cells[1].rows, scope.metric), None
    sql = tuple(c.sql for c in cells)
    if other is not None:
        theirs = [_cells(scope, other, w) for w in windows]
        if min(float(c.rows["n"].sum()) for c in theirs) >= LEAST:
            others_change = change(theirs[0].rows, theirs[1].rows, scope.metric)
            sql += tuple(c.sql for c in theirs)
    net = _net_of(own, others_change)
    values = (
        event["id"],
        event["kind"],
        event["date"],
        n0,
        n1,
        own.value,
        others_change.value if others_change else math.nan,
        net.value,
        net.interval.low,
        net.interval.high,
        net.p,
    )
    return dict(zip(COLUMNS, values, strict=False)), sql


def _cells(scope: PathScope, side: Sample, window: Period) -> Any:
    return ask(scope.warehouse, replace(side.selection, period=window, baseline=None), (), window)


def _windows(scope: PathScope, day: date) -> tuple[Period, Period] | None:
    """Up to four weeks before and after a date, within the data; None where one is shorter than a week."""
    first, last = _days(scope.warehouse, None)
    start, end = max(first, day - timedelta(days=DAYS)), min(last, day + timedelta(days=DAYS))
    if (day - start).days < LEAST_DAYS or (end - day).days < LEAST_DAYS:
        return None
    return Period(start, day), Period(day, end)


def _net_of(own: Difference, other: Difference | None) -> Difference:
    """A change net of that of other, independent contacts; Satterthwaite's degrees of freedom."""
    if other is None or not other.error > 0 or not own.error > 0:
        return own
    variance = own.error**2 + other.error**2
    df = variance**2 / (own.error**4 / own.df + other.error**4 / other.df)
    return differences(np.array([own.value - other.value]), np.array([math.sqrt(variance)]), np.array([df]))[0]
