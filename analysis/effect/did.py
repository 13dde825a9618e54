"""By how much more did the treated change than the control? Difference in differences from sums, nothing else.

Every unit within a cluster is compared with itself: its own mean is taken away from all columns (fixed effects), so
that a team which only grew moves nothing. What is left is a regression on "after", "treated and after" and the strata
of the case mix, with errors between clusters, CR2, whatever their number. Satterthwaite's degrees of freedom are the
smaller of those under equal spread (Bell and McCaffrey 2002) and of those where the treated spread otherwise than the
control (Welch 1947). The clusters' own means lie within clusters, so that taking them away leaves CR2 and its freedom
what they were (Pustejovsky and Tipton 2018).

Sums are a frame with a row for each cell: `day` (its first day; a cell lies on one side of every date that matters),
`unit`, `cluster`, `stratum` (any hashable values), `treated` (bool) and n, w, wx, v, vx, vxx as in
`data_access.warehouse.cells` on the scale of the metric. No warehouse is needed to make one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import SUMS
from analysis.stats.clustered_regression import ALONE, pulls
from analysis.stats.intervals import NAN, Array, differences

MOST_STRATA = 40
LEAST_IN_STRATUM = 30  # answers; what has fewer is one stratum together


@dataclass(frozen=True)
class Moments:
    """What a regression needs of each of G clusters: products of its q columns and of these with the outcome.

    columns: "after", "treated and after", then the strata but one. xx: (G, q, q); xy: (G, q); treated: share of the
    cluster's answers that are treated; sides: answers, (2, 2) by control or treated and before or after; sigma2:
    variance of single answers within their cells.
    """

    xx: Array
    xy: Array
    treated: Array
    sides: Array
    sigma2: float

    @property
    def compared(self) -> Array:
        """Whether a cluster has answers on both sides of the start; no other says anything of the effect."""
        return np.asarray(self.xx[:, 0, 0] > 0)

    @property
    def kept(self) -> list[int]:
        """The columns that say something beyond those before them: "after", the strata, "treated and after" last."""
        whole, kept = self.xx.sum(axis=0), list[int]()
        for column in (0, *range(2, len(whole)), 1):
            left = whole[column, column]
            if kept:
                across = whole[kept, column]
                left -= float(across @ np.linalg.solve(whole[np.ix_(kept, kept)], across))
            if left > 1e-8 * max(whole[column, column], 1e-300):
                kept.append(column)
        return kept


@dataclass(frozen=True)
class Estimated:
    """An effect with its error between clusters; NaN where too few clusters stand behind it.

    clusters, treated_clusters: those with answers before and after. within: variance of the effect that comes from
    single answers before and after the start, no more than there is; the rest of it lies between clusters.
    """

    value: float
    error: float
    df: float
    low: float
    high: float
    p: float
    clusters: int
    treated_clusters: int
    within: tuple[float, float]

    @property
    def between(self) -> float:
        """Variance between clusters, which no further answers lessen."""
        return max(self.error**2 - sum(self.within), 0.0)


def moments(sums: pd.DataFrame, after: Array) -> Moments:
    """The moments of each cluster. `after`: whether each cell lies after the start."""
    treated, strata = sums["treated"].to_numpy(dtype=bool), _strata(sums)
    clusters, cluster = _codes(sums["cluster"])
    w, wx, v, vx, vxx = (sums[name].to_numpy(dtype=float) for name in SUMS[1:])
    columns = np.column_stack([after, after & treated, strata]).astype(float)
    own = _codes(pd.Series(list(zip(cluster, sums["unit"], strict=True))))[1]
    x = columns - _means(columns, w, own)[own]
    y = _mean(wx, w) - _means(wx[:, None], np.ones(len(w)), own, over=w)[own, 0]
    parts = np.split(np.argsort(cluster, kind="stable"), np.cumsum(np.bincount(cluster, minlength=clusters))[:-1])
    xx = np.array([x[own].T @ (x[own] * w[own, None]) for own in parts])
    xy = np.array([x[own].T @ (w[own] * y[own]) for own in parts])
    squares = np.where(w > 0, vxx - 2 * _mean(wx, w) * vx + _mean(wx, w) ** 2 * v, 0.0)
    n = np.bincount(cluster, w, clusters)
    sides = np.bincount(2 * treated + after, w, 4).reshape(2, 2)
    spread = float(squares.sum() / max(float(sums["n"].sum()) - len(sums), 1.0))
    return Moments(xx, xy, np.bincount(cluster, w * treated, clusters) / n, sides, spread)


def estimated(m: Moments) -> Estimated:
    """The effect; without a value where either group lacks answers on one side of the start."""
    compared, kept = m.compared, m.kept
    counts = int(compared.sum()), int((compared & (m.treated > 0)).sum())
    if kept[-1:] != [1] or len(kept) < 2:
        return Estimated(NAN, NAN, NAN, NAN, NAN, NAN, *counts, (NAN, NAN))
    xx, xy = m.xx[:, kept][:, :, kept], m.xy[:, kept]
    b = np.linalg.solve(xx.sum(axis=0), xy.sum(axis=0))
    own = pulls(xx, np.eye(len(kept))[-1])
    pulled = (own.rows * (xy - xx @ b)).sum(axis=1)
    value, error = float(b[-1]), float(np.sqrt(np.sum(pulled**2)))
    df = float(np.fmin(own.df, _freedom_of_two(m, pulled, own.expected))) if math.isfinite(error) else NAN
    d = differences(np.array([value]), np.array([error]), np.array([df]))[0]
    before, later = (float((m.sigma2 / m.sides[:, i]).sum()) for i in (0, 1))
    part = min(error**2 / (before + later), 1.0) if before + later > 0 and math.isfinite(error) else 1.0
    return Estimated(value, error, df, d.interval.low, d.interval.high, d.p, *counts, (part * before, part * later))


def _freedom_of_two(m: Moments, pulled: Array, expected: Array) -> float:
    """Freedom where treated and control clusters differ in spread (Welch 1947); NaN where a cluster is in both."""
    if ((m.treated > 0) & (m.treated < 1)).any():
        return NAN
    squares = 0.0
    for group in (m.treated > 0.5, m.treated <= 0.5):
        freedom = expected[group].sum() ** 2 / np.sum(expected[group] ** 2) - 1
        squares += float(np.sum(pulled[group] ** 2)) ** 2 / max(freedom, ALONE)
    return float(np.sum(pulled**2)) ** 2 / squares if squares > 0 else NAN


def _codes(values: pd.Series) -> tuple[int, Array]:
    codes, names = pd.factorize(values, use_na_sentinel=False)
    return len(names), codes


def _mean(total: Array, weight: Array) -> Array:
    return np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)


def _means(values: Array, weight: Array, own: Array, *, over: Array | None = None) -> Array:
    """Weighted means of columns in each unit within a cluster."""
    units = int(own.max(initial=-1)) + 1
    sums = np.zeros((units, values.shape[1]))
    np.add.at(sums, own, values * weight[:, None])
    return sums / np.bincount(own, weight if over is None else over, units)[:, None]


def _strata(sums: pd.DataFrame) -> Array:
    """A column for each stratum but the largest; what has few answers is one together."""
    count, codes = _codes(sums["stratum"])
    n = np.bincount(codes, sums["n"].to_numpy(dtype=float), count)
    order = np.argsort(-n, kind="stable")
    kept = [i for i in order[: MOST_STRATA + 1].tolist() if n[i] >= LEAST_IN_STRATUM]
    rest = np.setdiff1d(order, kept)
    columns = [codes == i for i in kept[1:]] + ([np.isin(codes, rest)] if kept and len(rest) else [])
    return np.column_stack(columns) if columns else np.zeros((len(codes), 0))


def difference(sums: pd.DataFrame, after: Array) -> Estimated:
    """The effect in some cells."""
    return estimated(moments(sums, after))


def raw(sums: pd.DataFrame, after: Array) -> float:
    """(treated after - treated before) - (control after - control before), of the four means as they are."""
    place = 2 * sums["treated"].to_numpy(dtype=int) + after
    w, wx = (np.bincount(place, sums[name].to_numpy(dtype=float), 4) for name in ("w", "wx"))
    if not (w > 0).all():
        return math.nan
    mean = wx / w
    return float(mean[3] - mean[2] - mean[1] + mean[0])
