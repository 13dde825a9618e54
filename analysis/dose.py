"""How does the score answer to more of a driver: steadily, and from where on worse? A service level is set from this.

The answers are put into bins of about equal size by the driver's value; each bin's score has an interval across
clusters, the trend a test, and a line of two pieces is held against a straight one (see `stats.response`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimate import as_one, estimates, scaled
from analysis.result import Method, Result, Statement
from analysis.stats.response import bins_of, knee, trend_of_bins
from data_access.selection import Selection
from data_access.semantics import Level, Metric
from data_access.statement import BadInput, NothingToShow
from data_access.warehouse import Warehouse

MOST_BINS = 20


def dose(warehouse: Warehouse, selection: Selection, *, driver: str) -> Result:
    """The metric by bins of a driver, with its trend and its knee.

    Raises BadInput for what is no interval driver, NothingToShow when no answer knows it or it does not vary.
    """
    model = warehouse.model
    metric = model.metric(selection.metric)
    if driver not in model.drivers or model.drivers[driver].level is not Level.INTERVAL:
        model.measure(driver)
        raise BadInput("dose.no_driver", name=driver)
    answer = warehouse.dose(metric.name, driver, selection.period, selection.filters)
    table = _binned(scaled(answer.rows, metric), metric)
    if len(table) < 2:
        raise NothingToShow("dose.constant", driver={"dimension": driver})
    statistics = _statistics(table)
    return Result(
        method="dose",
        metric=metric.name,
        unit=metric.unit,
        selection=selection,
        data_version=warehouse.version(),
        statistics=statistics,
        table=table.drop(columns=["variance", "error"]),
        findings=_findings(statistics, metric, driver, model.drivers[driver].unit),
        caveats=(Statement("dose.others_free"),),
        how=Method("dose", Statement("how.dose.formula", statistics), (Statement("how.dose.interval"),)),
        options={"by": (), "driver": driver},
        sql=(answer.sql,),
    )


def _binned(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """A row per bin: its ends, the mean of the driver, and the score with its interval."""
    if rows.empty:
        return pd.DataFrame()
    counts = rows.groupby("dose")["w"].sum()
    bins = bins_of(counts.index.to_numpy(), counts.to_numpy(), most=MOST_BINS)
    place = np.searchsorted([b.high for b in bins], rows["dose"].to_numpy() - 1e-9)
    (coded,) = as_one(rows)
    e = estimates(coded.assign(s=place), len(bins), metric)
    centre = np.bincount(place, rows["w"] * rows["dose"], len(bins)) / np.bincount(place, rows["w"], len(bins))
    return pd.DataFrame({
        "low": [b.low for b in bins], "high": [b.high for b in bins], "x": centre, "n": e.n,
        "score": e.shown("value"), "score_low": e.shown("low"), "score_high": e.shown("high"),
        "variance": e.error**2 * e.n, "error": e.error,
    })  # fmt: skip


def _statistics(table: pd.DataFrame) -> dict[str, Any]:
    known = table[table["score"].notna() & table["error"].notna()]
    columns = [known[name].to_numpy() for name in ("x", "n", "score", "variance")]
    trend, bend = trend_of_bins(*columns), knee(*columns)
    return {
        "n": float(table["n"].sum()),
        "bins": len(table),
        "r": trend.r,
        "slope": trend.slope,
        "trend_p": trend.p,
        "knee_at": bend.at,
        "knee_low": bend.low,
        "knee_high": bend.high,
        "before": bend.before,
        "after": bend.after,
        "p": bend.p,
        "improves": bool(bend.improves),
    }


def _findings(statistics: Mapping[str, Any], metric: Metric, driver: str, unit: str) -> tuple[Statement, ...]:
    """The trend in steps that a manager can picture, and the knee where there is one."""
    s = statistics
    values = {**s, "driver": {"dimension": driver}, "driver_unit": unit, "unit": metric.unit}
    if not s["trend_p"] < 0.05:
        return (Statement("dose.no_trend", values),)
    if s["improves"] and np.sign(s["before"]) * np.sign(s["after"]) < 0:
        return (Statement("dose.turns", _stepped(values, "before", "after")),)
    if s["improves"]:
        return (Statement("dose.knee", _stepped(values, "before", "after")),)
    return (Statement("dose.steady", _stepped(values, "slope")),)


def _stepped(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Slopes per step of the driver that moves the score by something one can see: 1, 10, 100 ... of its unit."""
    steepest = max(abs(values[name]) for name in names)
    power = int(np.clip(np.ceil(-np.log10(steepest) - 0.5), 0, 6)) if steepest > 0 else 0
    step = 10.0**power
    return {**values, "step": step, **{name: values[name] * step for name in names}}
