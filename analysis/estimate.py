"""From cells to numbers: the mean of a metric by segment, its error and interval, and how much of it is withheld.

A cell carries n, w, wx, v, vx, vxx (see `data_access.warehouse.cells`), here on the scale of the metric. The mean is
wx / w. Its variance comes from the residuals w (x - mean): of single answers, or of whole clusters where the model
names one, because answers of one team share a fate (Cameron and Miller 2015, CR1). A segment served by fewer than
five clusters has too little between-cluster spread to learn from; its interval then speaks of these answers only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.stats.intervals import NAN, Difference, Interval, difference, t_interval, welch, wilson_interval
from data_access.selection import Period, Selection
from data_access.semantics import Metric
from data_access.warehouse import Answer, Warehouse

WITHHELD_BELOW = 10
FEW_BELOW = 30
FEW_CLUSTERS = 10
LEAST_CLUSTERS = 5  # with fewer, the spread between them is a guess
SUMS = ["n", "w", "wx", "v", "vx", "vxx"]
UNKNOWN = Interval(NAN, NAN)
Segment = tuple[str | None, ...]


@dataclass(frozen=True)
class Cells:
    """Sums of a metric on its own scale, with the segment of each cell, and the query they came from."""

    rows: pd.DataFrame
    sql: str
    metric: Metric

    @property
    def empty(self) -> bool:
        return bool(self.rows.empty)


def ask(warehouse: Warehouse, selection: Selection, by: Sequence[str], period: Period | None) -> Cells:
    """Cells of the selection's metric by the combinations of `by`, split by the model's cluster."""
    metric = warehouse.model.metric(selection.metric)
    return _cells(warehouse.cells(metric.name, by, period, selection.filters, clustered=True), by, metric)


def ask_each(warehouse: Warehouse, selection: Selection, names: Sequence[str], period: Period | None) -> list[Cells]:
    """`ask` for several single dimensions in one pass over the data."""
    metric = warehouse.model.metric(selection.metric)
    cuts = [(name,) for name in names]
    answers = warehouse.cells_each(metric.name, cuts, period, selection.filters, clustered=True)
    return [_cells(answer, by, metric) for answer, by in zip(answers, cuts, strict=True)]


def _cells(answer: Answer, by: Sequence[str], metric: Metric) -> Cells:
    rows = scaled(answer.rows, metric)
    return Cells(rows.assign(segment=_segments(rows, by)), answer.sql, metric)


def scaled(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Raw sums as sums on the scale of the metric: value = slope x + offset."""
    a, b = metric.slope, metric.offset
    return rows.assign(
        wx=a * rows["wx"] + b * rows["w"],
        vxx=a * a * rows["vxx"] + 2 * a * b * rows["vx"] + b * b * rows["v"],
        vx=a * rows["vx"] + b * rows["v"],
    )


def _segments(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    values = zip(*(rows[name] for name in by), strict=True) if by else ((),) * len(rows)
    return pd.Series(list(values), index=rows.index, dtype=object)


def named(segment: Segment, by: Sequence[str]) -> dict[str, str | None]:
    """A segment as dimension -> value, the way statements and the command line speak of it."""
    return dict(zip(by, segment, strict=True))


@dataclass(frozen=True)
class Estimate:
    """A mean on the scale of the metric. `clusters` is 0 where answers were taken as independent."""

    n: float
    value: float
    error: float
    df: float
    interval: Interval
    clusters: int = 0

    @property
    def withheld(self) -> bool:
        return self.n < WITHHELD_BELOW

    def shown(self) -> Estimate:
        """This estimate, or blanks when too few answers stand behind it."""
        return Estimate(self.n, NAN, NAN, NAN, UNKNOWN, self.clusters) if self.withheld else self


NOTHING = Estimate(0.0, NAN, NAN, NAN, UNKNOWN)


def sums(rows: pd.DataFrame) -> Mapping[str, float]:
    """The six sums over some cells."""
    return dict(zip(SUMS, rows[SUMS].to_numpy(dtype=float).sum(axis=0).tolist(), strict=True))


def estimate(rows: pd.DataFrame, metric: Metric) -> Estimate:
    """The mean over some cells with its 95 % interval. Without answers: NaN."""
    s = sums(rows)
    if not s["w"] > 0:
        return NOTHING
    mean = s["wx"] / s["w"]
    residuals = cluster_sums(rows, -mean, 1.0)
    clusters = len(residuals) if len(residuals) >= LEAST_CLUSTERS else 0
    if clusters:
        error, df = clustered_error(residuals) / s["w"], clusters - 1.0
    else:
        error, df = _row_error(s, mean), s["n"] - 1
    return Estimate(s["n"], mean, error, df, _interval(metric, s, mean, error, df), clusters)


def _row_error(s: Mapping[str, float], mean: float) -> float:
    if s["n"] < 2:
        return NAN
    squares = s["vxx"] - 2 * mean * s["vx"] + mean**2 * s["v"]
    if squares < 1e-12 * s["vxx"]:  # all answers alike: what is left is rounding
        return 0.0
    return math.sqrt(squares * s["n"] / (s["n"] - 1)) / s["w"]


def cluster_sums(rows: pd.DataFrame, constant: float, slope: float) -> pd.Series:
    """Sum of w (constant + slope x) per cluster; empty where the model has none."""
    if "cluster" not in rows:
        return pd.Series(dtype=float)
    return (constant * rows["w"] + slope * rows["wx"]).groupby(rows["cluster"], dropna=False).sum()


def clustered_error(residuals: pd.Series) -> float:
    """Standard error of a total from its cluster residuals, with the factor g / (g - 1)."""
    g = len(residuals)
    return math.sqrt(float(np.square(residuals).sum()) * g / (g - 1)) if g > 1 else NAN


def _interval(metric: Metric, s: Mapping[str, float], value: float, error: float, df: float) -> Interval:
    """Student for points; for rates Wilson on the effective number of answers (Korn and Graubard 1998)."""
    if metric.unit != "rate":
        return t_interval(value, error, df).clipped(metric.value(metric.low), metric.value(metric.high))
    p, n = value / 100, s["w"] ** 2 / s["v"]
    variance = (error / 100) ** 2 * (s["n"] - 1) / s["n"]
    if variance > 0 and 0 < p < 1:
        n = min(p * (1 - p) / variance, s["n"])
    bounds = wilson_interval(p * n, n)
    return Interval(100 * bounds.low, 100 * bounds.high)


def change(before: pd.DataFrame, now: pd.DataFrame, metric: Metric) -> Difference:
    """now - before. Clusters seen in both periods are paired, so their lasting level cancels; else Welch."""
    e0, e1 = estimate(before, metric), estimate(now, metric)
    if not (e0.clusters and e1.clusters):
        return welch(e0.value, e0.error, e0.n, e1.value, e1.error, e1.n)
    parts = [
        cluster_sums(rows, -sign * e.value, sign) / sums(rows)["w"]
        for rows, e, sign in ((before, e0, -1.0), (now, e1, 1.0))
    ]
    residuals = parts[0].add(parts[1], fill_value=0.0)
    return difference(e1.value - e0.value, clustered_error(residuals), len(residuals) - 1.0)


def with_lost(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Cells with `lost`, the sum of w times the distance from the best value, and `lost2`, its sum of squares."""
    best, sign = metric.best, 1.0 if metric.better == "high" else -1.0
    squares = best**2 * rows["v"] - 2 * best * rows["vx"] + rows["vxx"]
    return rows.assign(lost=sign * (best * rows["w"] - rows["wx"]), lost2=squares.clip(lower=0.0))
