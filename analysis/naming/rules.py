"""Did the path fall at the date of a rule or release, and only where that applies? Held against others.

Dates come from the companion table `events`: kind, effective_at (or date), and columns named as dimensions, blank
for all. An event touches the path when half of its answers or more lie in what the event names.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import ask, change
from analysis.naming.reference import LEAST, SMALLEST, Ground
from analysis.naming.sides import Side
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
DATES = ("effective_at", "effective", "date", "from", "start", "started_at")
NAMES = ("event_id", "id", "rule_id")
BACK = timedelta(days=92)  # before the period: a rule of last quarter may still be the cause
DAYS, LEAST_DAYS = 28, 7  # on either side of the date
HALF = 0.5
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
    events = ground.warehouse.companion("events")
    dated = None if events is None else next((c for c in DATES if c in events), None)
    empty = pd.DataFrame({c: [] for c in COLUMNS})
    if events is None or dated is None:
        return Rules(empty, False)
    if ground.warehouse.model.time is None:
        return Rules(empty, True)
    touching = _touching(ground, _in_reach(ground, events, dated))
    rows = [r for r in (_tested(ground, event, other) for event in touching) if r is not None]
    if not rows:
        return Rules(empty, True)
    table = pd.DataFrame([values for values, _ in rows])
    table["p_adjusted"] = holm(table["p"].to_numpy())
    worst = (ground.sign * table["difference"]).sort_values(kind="stable").index
    return Rules(table.loc[worst, COLUMNS].reset_index(drop=True), True, tuple(q for _, sql in rows for q in sql))


def _in_reach(ground: Ground, events: pd.DataFrame, dated: str) -> list[dict[str, Any]]:
    """Changes by design that came into force in the period or up to a quarter before, the latest first."""
    first, last = _days(ground.warehouse, ground.selection.period)
    found = []
    for row in events.to_dict("records"):
        day = pd.to_datetime(row[dated], errors="coerce")
        kind = str(row.get("kind") or "")
        if pd.isna(day) or not any(word in kind.casefold() for word in DESIGN):
            continue
        if first - BACK <= day.date() < last:
            found.append({**row, "day": day.date(), "kind": kind, "id": _first(row, NAMES)})
    return sorted(found, key=lambda event: event["day"], reverse=True)


def _first(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(row[n]) for n in names if row.get(n) is not None), "")


def _days(warehouse: Warehouse, period: Period | None) -> tuple[date, date]:
    """First day and the day after the last, of the period or of all data."""
    if period is not None:
        return period.start, period.end
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        return date.min + BACK, date.min + BACK
    return extent.first.date(), extent.last.date() + timedelta(days=1)


def _touching(ground: Ground, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    model = ground.warehouse.model
    names = [n for n in model.dimensions if any(_given(e.get(n)) for e in events)]
    cuts = ground.warehouse.cells_each(
        ground.metric.name, [[n] for n in names], ground.own.period, ground.own.filters
    ) if names else []  # fmt: skip
    parts = {n: answer.rows.groupby(n, dropna=False)["w"].sum() for n, answer in zip(names, cuts, strict=True)}
    found = [e for e in events if all(_part(parts[n], e.get(n)) >= HALF for n in names if _given(e.get(n)))]
    return found[:MOST_EVENTS]


def _given(value: Any) -> bool:
    return value is not None and value == value and value != ""


def _part(weights: pd.Series, member: Any) -> float:
    return float(weights.get(str(member), 0.0) / weights.sum()) if len(weights) else 0.0


def _tested(
    ground: Ground, event: dict[str, Any], other: Side | None
) -> tuple[dict[str, Any], tuple[str, ...]] | None:
    """The change at the date on the path, less that of the others."""
    windows = _windows(ground, event["day"])
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
    values = (event["id"], event["kind"], event["day"], n0, n1, own.value, beside.value if beside else math.nan,
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
