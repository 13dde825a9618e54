"""Did the path fall at the date of a rule or release, and only where that applies? Held against others.

Dates come from the calendar (`analysis.calendar`). An event touches the path when it concerns half of its answers or
more: what changed for fewer cannot carry the loss of the whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.calendar import Calendar, calendar_of
from analysis.diagnosis.comparator import LEAST, SMALLEST, Ground
from analysis.diagnosis.sides import Side
from analysis.estimate import ask, change
from analysis.stats.intervals import Difference, differences
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
SURE = 0.05
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
    """Changes of rules and flows that touch the path, the surest fall first; columns `COLUMNS`.

    has_calendar: whether the model names a table of events with a date.
    """

    table: pd.DataFrame
    has_calendar: bool
    sql: tuple[str, ...] = ()

    def fell(self, sign: float) -> pd.Series | None:
        """The change at whose date the path fell by what matters, beyond chance and more than the others."""
        worse = self.table[(sign * self.table["difference"] <= -SMALLEST) & (self.table["p_adjusted"] < SURE)]
        return None if worse.empty else worse.iloc[0]


def rules(ground: Ground, other: Side | None) -> Rules:
    """The path before and after each date; `other`: whom its change is held against, nobody where None."""
    calendar, empty = calendar_of(ground.warehouse), pd.DataFrame({c: [] for c in COLUMNS})
    if calendar is None or ground.warehouse.model.time is None:
        return Rules(empty, calendar is not None)
    touching = _touching(ground, calendar)
    rows = [r for r in (_tested(ground, event, other) for event in touching) if r is not None]
    if not rows:
        return Rules(empty, True)
    table = pd.DataFrame([values for values, _ in rows])
    table["p_adjusted"] = holm(table["p"].to_numpy())
    worst = (ground.sign * table["difference"]).sort_values(kind="stable").index
    return Rules(table.loc[worst, COLUMNS].reset_index(drop=True), True, tuple(q for _, sql in rows for q in sql))


def _touching(ground: Ground, calendar: Calendar) -> list[dict[str, Any]]:
    """Changes by design that touch the path, of the period or up to a quarter before it, the latest first."""
    first, last = _days(ground.warehouse, ground.selection.period)
    span = Period(first - BACK, last)
    events, _ = calendar.of(ground.warehouse, ground.own.selection, span)
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


def _tested(
    ground: Ground, event: dict[str, Any], other: Side | None
) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The change at the date on the path, less that of the others."""
    windows = _windows(ground, event["date"])
    if windows is None:
        return None
    cells = [_cells(ground, ground.own, w) for w in windows]
    n0, n1 = (float(c.rows["n"].sum()) for c in cells)
    if min(n0, n1) < LEAST:
        return None
    own, beside = change(cells[0].rows, cells[1].rows, ground.metric), None
    sql = tuple(c.sql for c in cells)
    if other is not None:
        theirs = [_cells(ground, other, w) for w in windows]
        if min(float(c.rows["n"].sum()) for c in theirs) >= LEAST:
            beside = change(theirs[0].rows, theirs[1].rows, ground.metric)
            sql += tuple(c.sql for c in theirs)
    found = _less(own, beside)
    values = (event["id"], event["kind"], event["date"], n0, n1, own.value, beside.value if beside else math.nan,
              found.value, found.interval.low, found.interval.high, found.p)  # fmt: skip
    return dict(zip(COLUMNS, values, strict=False)), sql


def _cells(ground: Ground, side: Side, window: Period) -> Any:
    return ask(ground.warehouse, replace(side.selection, period=window, baseline=None), (), window)


def _windows(ground: Ground, day: date) -> tuple[Period, Period] | None:
    """Up to four weeks before and after a date, within the data; None where one is shorter than a week."""
    first, last = _days(ground.warehouse, None)
    start, end = max(first, day - timedelta(days=DAYS)), min(last, day + timedelta(days=DAYS))
    if (day - start).days < LEAST_DAYS or (end - day).days < LEAST_DAYS:
        return None
    return Period(start, day), Period(day, end)


def _less(own: Difference, other: Difference | None) -> Difference:
    """A change less another of other contacts, taken as independent; freedom after Satterthwaite."""
    if other is None or not other.error > 0 or not own.error > 0:
        return own
    variance = own.error**2 + other.error**2
    df = variance**2 / (own.error**4 / own.df + other.error**4 / other.df)
    return differences(np.array([own.value - other.value]), np.array([math.sqrt(variance)]), np.array([df]))[0]
