"""Did those touched by a change move differently from the others at its date? Difference in differences.

difference = (touched after - touched before) - (others after - others before), of group means; its standard error is
between clusters (CR2, Satterthwaite) where each of the four has at least five, else from single answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import LEAST_CLUSTERS, WITHHELD_BELOW, changes, cluster_sums, coded, estimates
from analysis.limits import within_limits
from analysis.result import Method, Result, Statement
from analysis.stats.clustered import contrasts
from analysis.stats.intervals import NAN, SIGNIFICANCE, Difference, Interval, differences
from analysis.step_names import Path, path_name
from analysis.trace.path import ask_along, checked, plain, without_reasons
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

SIGNS = np.array([-1.0, 1.0, 1.0, -1.0])  # touched before, touched after, others before, others after
MOST_DAYS = 366


@within_limits
def before_after(
    warehouse: Warehouse, selection: Selection, *, path: Sequence[Filter] = (), on: date, days: int = 28
) -> Result:
    """The path's contacts ("touched") and all others of the selection, `days` before and from `on`.

    The selection's own periods are ignored. Reasons of the path are left out: only low ratings have them.
    table: group, n0, n1, score0, score1, change with 95 % interval, p; no others where the path is empty.
    statistics: difference, low, high, p, verdict "fell", "rose" or "not_enough_evidence" (95 %), clusters (0: single
    answers), on, days. Scores of fewer than 10 answers are withheld and not tested.
    Raises BadInput without a time column or for days beyond 1..366, NothingToShow for an empty window.
    """
    path, metric = checked(warehouse, path), warehouse.model.metric(selection.metric)
    windows = _windows(warehouse, on, days)
    places = without_reasons(warehouse.model, path)
    windows_cells = [ask_along(warehouse, selection, places, [()], window)[0] for window in windows]
    for cells, window in zip(windows_cells, windows, strict=True):
        if cells.empty:
            raise NothingToShow("selection.empty_period", period=window)
    rows = _grouped(*(cells.rows for cells in windows_cells), last=f"step{len(places)}")
    table, difference = _table(rows, metric, 2 if places else 1), _difference(rows, metric)
    statistics = {**_statistics(table, difference), "on": on, "days": days}
    extent = _cut_days(warehouse, windows)
    return Result.of(
        warehouse,
        selection,
        metric,
        "before_after",
        statistics=statistics,
        table=table,
        findings=_findings(table, {**statistics, "unit": metric.unit}, places),
        caveats=_caveats(table, statistics, extent, reasons=len(path) - len(places)),
        how=_method(difference, on, days),
        options={"path": plain(path), "on": on.isoformat(), "days": days},
        sql=tuple(cells.sql for cells in windows_cells),
    )


def _windows(warehouse: Warehouse, on: date, days: int) -> tuple[Period, Period]:
    if warehouse.model.time is None:
        raise BadInput("model.no_time")
    if not 1 <= days <= MOST_DAYS:
        raise BadInput("trace.bad_days", days=days, most=MOST_DAYS)
    return Period(on - timedelta(days=days), on), Period(on, on + timedelta(days=days))


def _grouped(before: pd.DataFrame, now: pd.DataFrame, *, last: str) -> pd.DataFrame:
    """Both windows in one frame, with the numbers of the group (s, as in SIGNS) and the cluster (c)."""
    frames = coded(*(rows.assign(segment=0) for rows in (before, now)))[1]
    parts = [rows.assign(s=np.where(rows[last] > 0, 0, 2) + i) for i, rows in enumerate(frames)]
    return pd.concat(parts, ignore_index=True)


def _table(rows: pd.DataFrame, metric: Metric, groups: int) -> pd.DataFrame:
    e = estimates(rows, 4, metric)
    before, now = (rows[rows["s"] % 2 == i].assign(s=rows["s"] // 2) for i in (0, 1))
    changed = changes(before, now, 2, metric)[:groups]
    known = ~(e.withheld[0::2] | e.withheld[1::2])[:groups]
    table = pd.DataFrame({"group": ["touched", "others"][:groups]})
    for name, column in (("n", e.n), ("score", e.shown("value"))):
        table[f"{name}0"], table[f"{name}1"] = column[0::2][:groups], column[1::2][:groups]
    numbers = {
        "change": [d.value for d in changed], "low": [d.interval.low for d in changed],
        "high": [d.interval.high for d in changed], "p": [d.p for d in changed],
    }  # fmt: skip
    return table.assign(**{name: np.where(known, column, NAN) for name, column in numbers.items()})


def _difference(rows: pd.DataFrame, metric: Metric) -> Difference:
    """Touched minus others, now minus before; NaN where one of the four has too few answers."""
    single = estimates(rows.drop(columns="c", errors="ignore"), 4, metric)
    if single.withheld.any():
        return Difference(NAN, NAN, NAN, Interval(NAN, NAN), NAN)
    if "c" in rows:
        sums = cluster_sums(rows.assign(k=rows["s"], s=0), problems=1, groups=4)
        if (sums.by_group() >= LEAST_CLUSTERS).all():
            between = contrasts(sums, SIGNS)
            return differences(between.value, between.error, between.df, between.clusters)[0]
    variance = single.error**2
    df = variance.sum() ** 2 / np.sum(variance**2 / single.df) if variance.sum() > 0 else NAN
    value = float(single.value @ SIGNS)
    return differences(np.array([value]), np.array([np.sqrt(variance.sum())]), np.array([df]))[0]


def _statistics(table: pd.DataFrame, difference: Difference) -> dict[str, Any]:
    significant = difference.p < SIGNIFICANCE
    verdict = "not_enough_evidence" if not significant else "fell" if difference.value < 0 else "rose"
    return {
        "difference": difference.value,
        "low": difference.interval.low,
        "high": difference.interval.high,
        "p": difference.p,
        "verdict": verdict,
        "clusters": difference.clusters,
        "n0": float(table["n0"].sum()),
        "n1": float(table["n1"].sum()),
    }


def _cut_days(warehouse: Warehouse, windows: Sequence[Period]) -> dict[str, date]:
    """First and last day of the data where a window extends beyond them."""
    extent = warehouse.extent()
    if extent.first is None or extent.last is None:
        return {}
    first, last = extent.first.date(), extent.last.date()
    return {"first": first, "last": last} if first > windows[0].start or last < windows[1].last_day else {}


def _findings(table: pd.DataFrame, values: Mapping[str, Any], path: Path) -> tuple[Statement, ...]:
    touched = table.iloc[0].drop("group").to_dict()
    values_ = {**values, **{f"own_{name}": value for name, value in touched.items()}}
    if not path:
        return (Statement("trace.nobody_else", values_),)
    others = table.iloc[1]
    values_ |= {"place": path_name(path), "others": others["change"]}
    if np.isnan(values["difference"]):
        return (Statement("trace.touched_few", values_),)
    return (Statement(f"trace.touched_{values['verdict']}", values_),)


def _caveats(
    table: pd.DataFrame, statistics: Mapping[str, Any], cut: Mapping[str, date], *, reasons: int
) -> tuple[Statement, ...]:
    statements = []
    if cut:
        statements.append(Statement("trace.windows_cut", {**cut, "days": statistics["days"]}))
    few = int((table[["n0", "n1"]] < WITHHELD_BELOW).to_numpy().sum())
    if few:
        statements.append(Statement("trace.windows_few", {"windows": few}))
    if reasons:
        statements.append(Statement("trace.reasons_left_out"))
    return (*statements, Statement("trace.not_effect"))


def _method(difference: Difference, on: date, days: int) -> Method:
    formula = Statement("how.trace.before_after", {"on": on, "days": days})
    if np.isnan(difference.value):
        return Method("before_after", formula)
    return Method(
        "before_after", formula, (Statement(f"how.trace.{'between' if difference.clusters else 'single'}"),)
    )
