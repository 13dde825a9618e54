"""From cells to numbers: the mean of a metric by segment, its error and interval, and how much of it is withheld.

A cell carries n, w, wx, v, vx, vxx (see `data_access.warehouse.cells`), here on the scale of the metric. The mean is
wx / w. Its variance comes from the residuals w (x - mean): of single answers, or of whole clusters where the model
names one, because answers of one team are correlated (CR2 with Satterthwaite's degrees of freedom, see
`analysis.stats.clustered`). With fewer than five clusters a segment's interval is for these answers only. An answer
whose cluster is blank (an abandoned call was never given to a team) is a cluster of its own.

All segments are computed at once: `coded` numbers the segments (column s) and clusters (column c, BLANK for none) of
some cells, and every function below returns one number per segment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from analysis.stats.clustered import ClusterSums, Contrasts, contrasts, each_alone
from analysis.stats.intervals import NAN, Array, Difference, Interval, differences, t_bounds, welch, wilson_bounds
from data_access.metrics import Metric
from data_access.selection import Period, Selection
from data_access.warehouse import Answer, Warehouse

WITHHELD_BELOW = 10
FEW_CLUSTERS = 10
LEAST_CLUSTERS = 5  # with fewer, the variance between them is a guess
BLANK = -1  # the number of no cluster
SUMS = ("n", "w", "wx", "v", "vx", "vxx")
Segment = tuple[str | None, ...]
Columns: TypeAlias = pd.DataFrame | Mapping[str, Array]  # of cells, by name: a frame looks a name up slowly


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
    return ask_each(warehouse, selection, [by], period)[0]


def ask_each(
    warehouse: Warehouse, selection: Selection, cuts: Sequence[Sequence[str]], period: Period | None
) -> list[Cells]:
    """`ask` for several cuts in one query."""
    metric = warehouse.model.metric(selection.metric)
    answers = warehouse.cells_each(metric.name, cuts, period, selection.filters, clustered=True)
    return [cells_of(answer, by, metric) for by, answer in zip(cuts, answers, strict=True)]


def cells_of(answer: Answer, by: Sequence[str], metric: Metric) -> Cells:
    """An answer by the combinations of `by` on the scale of the metric, each row with its segment."""
    return Cells(scaled(answer.rows, metric).assign(segment=_segments(answer.rows, by)), answer.sql, metric)


def scaled(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Raw sums as sums on the scale of the metric: value = slope x + offset."""
    a, b = metric.slope, metric.offset
    w, wx, v, vx, vxx = (rows[name].to_numpy() for name in ("w", "wx", "v", "vx", "vxx"))
    return rows.assign(wx=a * wx + b * w, vxx=a * a * vxx + 2 * a * b * vx + b * b * v, vx=a * vx + b * v)


def _segments(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    values = zip(*(rows[name] for name in by), strict=True) if by else ((),) * len(rows)
    return pd.Series(list(values), index=rows.index, dtype=object)


def named(segment: Segment, by: Sequence[str]) -> dict[str, str | None]:
    """A segment as dimension -> value, the way statements and the command line speak of it."""
    return dict(zip(by, segment, strict=True))


def coded(*frames: pd.DataFrame) -> tuple[list[Segment], list[pd.DataFrame]]:
    """All segments in the order of their first cell, and the frames with their numbers: the same in every frame."""
    numbers, segments = pd.factorize(_joined(frames, "segment"))
    return list(segments), _numbered(frames, numbers)


def as_one(*frames: pd.DataFrame) -> list[pd.DataFrame]:
    """The frames coded as one single segment."""
    return _numbered(frames, np.zeros(sum(len(f) for f in frames), dtype=int))


def _numbered(frames: Sequence[pd.DataFrame], numbers: Array) -> list[pd.DataFrame]:
    columns = {"s": numbers}
    if all("cluster" in f for f in frames):
        codes, names = pd.factorize(_joined(frames, "cluster"))  # a missing one is -1, which is BLANK
        empty = next((place for place, name in enumerate(names) if name == ""), len(names))
        columns["c"] = np.where(codes == empty, BLANK, codes - (codes > empty))
    ends = np.cumsum([len(f) for f in frames])[:-1]
    parts = {name: np.split(codes, ends) for name, codes in columns.items()}
    return [f.assign(**{name: p[i] for name, p in parts.items()}) for i, f in enumerate(frames)]


def _joined(frames: Sequence[pd.DataFrame], column: str) -> pd.Series:
    parts = [f[column] for f in frames]
    return parts[0].reset_index(drop=True) if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def totals(rows: Columns, column: str | Array, segments: int) -> Array:
    """Sum of a column by segment."""
    weights = rows[column] if isinstance(column, str) else column
    return np.bincount(np.asarray(rows["s"]), np.asarray(weights, dtype=float), segments)


@dataclass(frozen=True)
class Pairs:
    """Sums by segment and cluster: number of the segment `s`, of the cluster `c`, and one sum for each pair."""

    s: Array
    c: Array
    sums: Array

    @classmethod
    def of(cls, s: Array, c: Array, values: Array) -> Pairs:
        width = int(c.max(initial=0)) + 1
        codes, inverse = np.unique(s.astype(np.int64) * width + c, return_inverse=True)
        return cls(codes // width, codes % width, np.bincount(inverse, values, len(codes)))

    def counts(self, segments: int) -> Array:
        """Clusters of each segment."""
        return np.bincount(self.s, minlength=segments)

    def squares(self, segments: int) -> Array:
        return np.bincount(self.s, self.sums**2, segments)


@dataclass(frozen=True)
class Estimate:
    """A mean on the scale of the metric. `clusters` is 0 where answers were taken as independent."""

    n: float
    value: float
    error: float
    df: float
    interval: Interval
    clusters: int = 0


@dataclass(frozen=True)
class Estimates:
    """Means of several segments, one number each; NaN for a segment without answers."""

    n: Array
    weight: Array
    value: Array
    error: Array
    df: Array
    low: Array
    high: Array
    clusters: Array

    @property
    def withheld(self) -> Array:
        return self.n < WITHHELD_BELOW

    def shown(self, name: str) -> Array:
        """A column of numbers with blanks where too few answers stand behind it."""
        return np.where(self.withheld, NAN, getattr(self, name))


def estimate(rows: pd.DataFrame, metric: Metric) -> Estimate:
    """The mean over some cells with its 95 % interval; NaN where too few answers stand behind it."""
    e = estimates(as_one(rows)[0], 1, metric)
    value, error, low, high = (float(e.shown(name)[0]) for name in ("value", "error", "low", "high"))
    return Estimate(float(e.n[0]), value, error, float(e.df[0]), Interval(low, high), int(e.clusters[0]))


def estimates(rows: pd.DataFrame, segments: int, metric: Metric) -> Estimates:
    """The mean of each segment with its 95 % interval, from coded cells."""
    t = {name: totals(rows, name, segments) for name in SUMS}
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = t["wx"] / t["w"]
        error, df, clusters = _row_errors(t, mean), t["n"] - 1, np.zeros(segments, dtype=int)
        if "c" in rows:
            between = _between([rows], segments, np.ones(1))
            many = between.clusters >= LEAST_CLUSTERS
            spread = np.where(error == 0, 0.0, between.error)  # all answers equal: the rest is rounding
            error, df = np.where(many, spread, error), np.where(many, between.df, df)
            clusters = np.where(many, between.clusters, 0)
        low, high = _bounds(metric, t, mean, error, df, whole=whole_of_share(rows, metric))
    return Estimates(t["n"], t["w"], mean, error, df.astype(float), low, high, clusters)


def _between(frames: Sequence[pd.DataFrame], segments: int, coefficients: Array) -> Contrasts:
    """Means of each segment by frame, weighed with the coefficients, and their error from one cluster to another."""
    rows = pd.concat([f.assign(k=k) for k, f in enumerate(frames)], ignore_index=True)
    return contrasts(cluster_sums(rows, problems=segments, groups=len(frames)), coefficients)


def cluster_sums(rows: pd.DataFrame, *, problems: int, groups: int) -> ClusterSums:
    """Sums by cluster of coded cells, s the problem and k the group of each; a blank is a cluster for each answer."""
    s, k, c, w, wx = (rows[name].to_numpy() for name in ("s", "k", "c", "w", "wx"))
    blank, alone = c == BLANK, np.zeros(len(rows))
    if blank.any():
        single = each_alone(*(rows[name].to_numpy(dtype=float)[blank] for name in ("w", "wx", "v", "vx", "vxx")))
        s, k = (np.concatenate([codes[~blank], codes[blank], codes[blank]]) for codes in (s, k))
        c = np.concatenate([c[~blank], int(c.max()) + 1 + np.arange(len(single.alone))])
        w, wx = np.concatenate([w[~blank], single.weight]), np.concatenate([wx[~blank], single.total])
        alone = np.concatenate([alone[~blank], single.alone])
    return ClusterSums.of(s, k, c, w, wx, problems=problems, groups=groups, alone=alone)


def residual_squares(sums: Any, mean: Any) -> Any:
    """Sum of variance weights times the squared distance from `mean`, of sums that have v, vx and vxx."""
    return sums["vxx"] - 2 * mean * sums["vx"] + mean**2 * sums["v"]


def _row_errors(t: dict[str, Array], mean: Array) -> Array:
    squares = residual_squares(t, mean)
    squares = np.where(squares < 1e-12 * t["vxx"], 0.0, squares)  # all answers equal: the rest is rounding
    return np.where(t["n"] > 1, np.sqrt(squares * t["n"] / (t["n"] - 1)) / t["w"], NAN)


def whole_of_share(rows: pd.DataFrame, metric: Metric) -> float:
    """What a share of all is: 100 of a rate, 1 of a measure that holds nothing but 0 and 1; 0 for no share at all."""
    if metric.unit.is_share:
        return 100.0
    yes_no = not metric.unit.is_bounded and np.allclose(rows["vxx"], rows["vx"], rtol=1e-9, atol=1e-9)
    return 1.0 if yes_no else 0.0


def possible(metric: Metric, whole: float = 0.0) -> tuple[float, float]:
    """The least and the most that a mean of the metric can be."""
    if whole:
        return 0.0, whole
    return metric.kind.range if metric.unit.is_bounded else (metric.kind.low, metric.kind.high)


def _bounds(
    metric: Metric, t: dict[str, Array], value: Array, error: Array, df: Array, *, whole: float
) -> tuple[Array, Array]:
    """Student for points, within their range; for shares Wilson on the effective number of answers (Korn and Graubard
    1998), which never leaves it.
    """
    if not whole:
        low, high = t_bounds(value, error, df)
        least, most = possible(metric)
        return np.maximum(low, least), np.minimum(high, most)
    p, n = value / whole, t["w"] ** 2 / t["v"]
    variance = (error / whole) ** 2 * (t["n"] - 1) / t["n"]
    known = (variance > 0) & (p > 0) & (p < 1)
    n = np.where(known, np.minimum(p * (1 - p) / variance, t["n"]), n)
    reach = _reach(t["n"] - 1) / _reach(df)  # few clusters estimate their own variance less well
    low, high = wilson_bounds(p * n * reach**2, n * reach**2)
    return whole * low, whole * high


def _reach(df: Array) -> Array:
    return t_bounds(np.zeros_like(df, dtype=float), np.ones_like(df, dtype=float), df)[1]


def change(before: pd.DataFrame, now: pd.DataFrame, metric: Metric) -> Difference:
    """now - before over all of some cells, as `changes`."""
    before, now = as_one(before, now)
    return changes(before, now, 1, metric)[0]


def changes(
    before: pd.DataFrame, now: pd.DataFrame, segments: int, metric: Metric, known: Sequence[Estimates] = ()
) -> list[Difference]:
    """now - before of each segment. Clusters are paired, so that their lasting level cancels; without them Welch."""
    e0, e1 = known or (estimates(before, segments, metric), estimates(now, segments, metric))
    plain = welch(e0.value, e0.error, e0.df + 1, e1.value, e1.error, e1.df + 1)
    paired = (e0.clusters > 0) & (e1.clusters > 0)
    if not paired.any():
        return plain
    between = _between([before, now], segments, np.array([-1.0, 1.0]))
    alike = (e0.error == 0) & (e1.error == 0)
    error = np.where(alike, 0.0, between.error)
    clustered = differences(between.value, error, between.df, between.clusters)
    return [c if yes else w for c, w, yes in zip(clustered, plain, paired, strict=True)]


def with_lost(rows: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Cells with `lost`, the sum of w times the distance from the best value, and `lost2`, its sum of squares."""
    best, sign = metric.best, metric.sign
    w, wx, v, vx, vxx = (rows[name].to_numpy() for name in ("w", "wx", "v", "vx", "vxx"))
    squares = best**2 * v - 2 * best * vx + vxx
    return rows.assign(lost=sign * (best * w - wx), lost2=np.maximum(squares, 0.0))
