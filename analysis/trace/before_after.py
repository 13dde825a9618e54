"""Did those whom a change touched move otherwise than the others at its date? Two windows, two groups.

difference = (touched after - touched before) - (others after - others before), by group means; its error from one
cluster to another (CR2, Satterthwaite freedom) where each of the four has five of them, else from single answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import LEAST_CLUSTERS, WITHHELD_BELOW, changes, coded, estimates
from analysis.result import Method, Result, Statement
from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.intervals import NAN, SIGNIFICANCE, Difference, Interval, differences
from analysis.trace.path import Path, ask_along, checked, plain, told, without_reasons
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

SIGNS = np.array([-1.0, 1.0, 1.0, -1.0])  # touched before, touched after, others before, others after
MOST_DAYS = 366


def before_after(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), on: date, days: int = 28
) -> Result:
    """The path's contacts ("touched") and all others of the selection, `days` before and from `on`.

    The selection's own periods play no part. Reasons of the path are left out: only low ratings have them.
    table: group, n0, n1, score0, score1, change with 95 % interval, p; no others where the path has no place.
    statistics: difference, low, high, p, verdict "fell", "rose" or "not_enough_evidence" (95 %), clusters (0: single
    answers), on, days. Scores of fewer than 10 are withheld, and nothing is judged by them.
    Raises BadInput without a time column or for days beyond 1..366, NothingToShow for an empty window.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    windows = _windows(warehouse, on, days)
    gone = without_reasons(warehouse.model, path)
    asked = [ask_along(warehouse, selection, gone, [()], window)[0] for window in windows]
    for cells, window in zip(asked, windows, strict=True):
        if cells.empty:
            raise NothingToShow("selection.empty_period", period=window)
    rows = _grouped(*(cells.rows for cells in asked), last=f"step{len(gone)}")
    table, found = _table(rows, metric, 2 if gone else 1), _difference(rows, metric)
    statistics = {**_statistics(table, found), "on": on, "days": days}
    extent = _cut_days(warehouse, windows)
    return Result.of(
        warehouse,
        selection,
        metric,
        "before_after",
        statistics=statistics,
        table=table,
        findings=_findings(table, {**statistics, "unit": metric.unit}, gone),
        caveats=_caveats(table, statistics, extent, reasons=len(path) - len(gone)),
        how=_method(found, on, days),
        options={"path": plain(path), "on": on.isoformat(), "days": days},
        sql=tuple(cells.sql for cells in asked),
    )


def _windows(warehouse: Warehouse, on: date, days: int) -> tuple[Period, Period]:
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("trace.bad_days", days=days, most=MOST_DAYS)
    return Period(on - timedelta(days=days), on), Period(on, on + timedelta(days=days))


def _grouped(before: pd.DataFrame, now: pd.DataFrame, *, last: str) -> pd.DataFrame:
    """Both windows in one frame with the number of the group (s, as in SIGNS) and of the cluster (c)."""
    frames = coded(*(rows.assign(segment=0) for rows in (before, now)))[1]
    parts = [rows.assign(s=np.where(rows[last] > 0, 0, 2) + i) for i, rows in enumerate(frames)]
    return pd.concat(parts, ignore_index=True)


def _table(rows: pd.DataFrame, metric: Metric, groups: int) -> pd.DataFrame:
    e = estimates(rows, 4, metric)
    before, now = (rows[rows["s"] % 2 == i].assign(s=rows["s"] // 2) for i in (0, 1))
    moved = changes(before, now, 2, metric)[:groups]
    known = ~(e.withheld[0::2] | e.withheld[1::2])[:groups]
    table = pd.DataFrame({"group": ["touched", "others"][:groups]})
    for name, column in (("n", e.n), ("score", e.shown("value"))):
        table[f"{name}0"], table[f"{name}1"] = column[0::2][:groups], column[1::2][:groups]
    numbers = {
        "change": [d.value for d in moved], "low": [d.interval.low for d in moved],
        "high": [d.interval.high for d in moved], "p": [d.p for d in moved],
    }  # fmt: skip
    return table.assign(**{name: np.where(known, column, NAN) for name, column in numbers.items()})


def _difference(rows: pd.DataFrame, metric: Metric) -> Difference:
    """Touched minus others, now minus before; NaN where one of the four has too few answers."""
    single = estimates(rows.drop(columns="c", errors="ignore"), 4, metric)
    if single.withheld.any():
        return Difference(NAN, NAN, NAN, Interval(NAN, NAN), NAN)
    if "c" in rows:
        zero = np.zeros(len(rows), dtype=int)
        weights = (rows[name].to_numpy() for name in ("s", "c", "w", "wx"))
        sums = ClusterSums.of(zero, *weights, problems=1, groups=4)
        if (sums.by_group() >= LEAST_CLUSTERS).all():
            found = contrasts(sums, SIGNS)
            return differences(found.value, found.error, found.df, found.clusters)[0]
    variance = single.error**2
    df = variance.sum() ** 2 / np.sum(variance**2 / single.df) if variance.sum() > 0 else NAN
    value = float(single.value @ SIGNS)
    return differences(np.array([value]), np.array([np.sqrt(variance.sum())]), np.array([df]))[0]


def _statistics(table: pd.DataFrame, found: Difference) -> dict[str, Any]:
    sure = found.p < SIGNIFICANCE
    verdict = "not_enough_evidence" if not sure else "fell" if found.value < 0 else "rose"
    return {
        "difference": found.value, "low": found.interval.low, "high": found.interval.high, "p": found.p,
        "verdict": verdict, "clusters": found.clusters,
        "n0": float(table["n0"].sum()), "n1": float(table["n1"].sum()),
    }  # fmt: skip


def _cut_days(warehouse: Warehouse, windows: Sequence[Period]) -> dict[str, date]:
    """First and last day of the data where a window goes beyond them."""
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        return {}
    first, last = extent.first.date(), extent.last.date()
    return {"first": first, "last": last} if first > windows[0].start or last < windows[1].last_day else {}


def _findings(table: pd.DataFrame, values: Mapping[str, Any], path: Path) -> tuple[Statement, ...]:
    touched = table.iloc[0].drop("group").to_dict()
    said = {**values, **{f"own_{name}": value for name, value in touched.items()}}
    if not path:
        return (Statement("trace.nobody_else", said),)
    others = table.iloc[1]
    said |= {"place": told(path), "others": others["change"]}
    if np.isnan(values["difference"]):
        return (Statement("trace.touched_few", said),)
    return (Statement(f"trace.touched_{values['verdict']}", said),)


def _caveats(
    table: pd.DataFrame, statistics: Mapping[str, Any], cut: Mapping[str, date], *, reasons: int
) -> tuple[Statement, ...]:
    found = []
    if cut:
        found.append(Statement("trace.windows_cut", {**cut, "days": statistics["days"]}))
    few = int((table[["n0", "n1"]] < WITHHELD_BELOW).to_numpy().sum())
    if few:
        found.append(Statement("trace.windows_few", {"windows": few}))
    if reasons:
        found.append(Statement("trace.reasons_left_out"))
    return (*found, Statement("trace.not_effect"))


def _method(found: Difference, on: date, days: int) -> Method:
    formula = Statement("how.trace.before_after", {"on": on, "days": days})
    if np.isnan(found.value):
        return Method("before_after", formula)
    return Method("before_after", formula, (Statement(f"how.trace.{'between' if found.clusters else 'single'}"),))
