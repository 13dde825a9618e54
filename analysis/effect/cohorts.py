"""Did it work where it was rolled out in steps? Each cohort against clusters not treated yet, never against treated.

Group-time effects after Callaway and Sant'Anna (2021, Journal of Econometrics 225:200): of the clusters that begin in
week g, at every week t from then on, the change within each cluster since the weeks before g, less the same change
of clusters that have not begun by t (or never do). Two-way fixed effects would also compare with clusters treated
long ago, whose own effect still grows, and may turn the sign (Goodman-Bacon 2021). The effect is the mean of all
these over treated answers.

Its error: the estimate is a sum over clusters, each with its part as a treated one and its part as a control. Both
are means of these clusters' deviations with known weights, so bias-reduced CR2 with Satterthwaite's freedom applies,
as for four means (`stats.clustered`); a cluster that is control first and treated later counts in both as one.
Treated clusters are taken to spread about one common effect: where cohorts truly differ, the interval is wider.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.intervals import Array, Difference


@dataclass(frozen=True)
class Cohort:
    """Clusters that began in one week: their number, treated answers used, and the effect in points of the metric."""

    start: int
    clusters: int
    n: float
    effect: Difference


@dataclass(frozen=True)
class Cell:
    """The effect in one week on the clusters that began in `start`, over `n` treated answers."""

    start: int
    week: int
    n: float
    value: float


@dataclass(frozen=True)
class Staggered:
    """effect: over all treated answers that have a control, in points; cells: by cohort and week; treated, controls:
    clusters used as such (a cluster may be both); left_out: treated answers without anybody to compare with."""

    effect: Difference
    cohorts: tuple[Cohort, ...]
    cells: tuple[Cell, ...]
    treated: int
    controls: int
    left_out: float


def staggered(
    rows: pd.DataFrame, starts: Mapping[Hashable, int], *, never_only: bool = False, base: int | None = None
) -> Staggered:
    """From sums by cluster and week: columns cluster, week (number), n, total; starts: first treated week of each.

    Clusters without a start are never treated. never_only: compare with these only. base: how many weeks before its
    start a cohort is measured against; all of them where it is not given.

    >>> weeks = pd.DataFrame([(c, w, 10, 10 * (80 + 2 * (c == 0 and w > 1))) for c in range(4) for w in range(4)])
    >>> found = staggered(weeks.set_axis(["cluster", "week", "n", "total"], axis=1), {0: 2})
    >>> found.effect.value, found.cohorts[0].clusters
    (2.0, 1)
    """
    grid = _Grid.of(rows, starts)
    parts = [part for g in grid.began for part in _parts(grid, g, never_only, base)]
    used = [part for part in parts if part.compared]
    whole = _effect(grid, used)
    return Staggered(
        whole,
        tuple(_cohort(grid, used, g) for g in grid.began),
        tuple(Cell(int(p.start), p.week, p.n, p.value) for p in used),
        _count(p.treated for p in used),
        _count(p.control for p in used),
        sum(p.answers for p in parts) - sum(p.n for p in used),
    )


def effects_of(rows: pd.DataFrame, starts: Array) -> Array:
    """The effect alone, as `staggered` finds it, for each row of (choices, clusters) starts, infinite for never.

    Clusters in the order of their first row of `rows`; NaN where a choice leaves nothing to compare.
    """
    grid = _Grid.of(rows, {})
    value, whole = np.zeros(len(starts)), np.zeros(len(starts))
    for g in sorted(set(starts[np.isfinite(starts)].tolist())):
        own, (mean0, known0) = starts == g, _base(grid, g, None)
        for t in np.flatnonzero(grid.weeks >= g).tolist():
            n, change = _changes(grid, t, mean0, known0)
            treated, control = own * n, (starts > grid.weeks[t]) * n
            answers, others = treated.sum(axis=1), control.sum(axis=1)
            used = np.where((answers > 0) & (others > 0), answers, 0.0)
            apart = treated @ change / np.maximum(answers, 1e-300) - control @ change / np.maximum(others, 1e-300)
            value, whole = value + used * apart, whole + used
    return np.where(whole > 0, value / np.where(whole > 0, whole, 1.0), math.nan)


@dataclass(frozen=True)
class _Grid:
    """n and total: (clusters, weeks); starts: (clusters,), infinite for never; weeks: their numbers."""

    n: Array
    total: Array
    starts: Array
    weeks: Array

    @classmethod
    def of(cls, rows: pd.DataFrame, starts: Mapping[Hashable, int]) -> _Grid:
        code, names = pd.factorize(rows["cluster"])
        weeks, place = np.unique(rows["week"].to_numpy(dtype=int), return_inverse=True)
        shape = (len(names), len(weeks))
        cell = code * len(weeks) + place
        n, total = (
            np.bincount(cell, rows[column].to_numpy(dtype=float), shape[0] * shape[1]).reshape(shape)
            for column in ("n", "total")
        )
        return cls(n, total, np.array([float(starts.get(name, math.inf)) for name in names]), weeks)

    @property
    def began(self) -> list[float]:
        return sorted(set(self.starts[np.isfinite(self.starts)].tolist()))


@dataclass(frozen=True)
class _Part:
    """One cohort in one week. treated, control: (clusters,) weights, adding up to 1 on each side; change: (clusters,)
    since before the start; n: treated answers that can be compared, of `answers` in all.
    """

    start: float
    week: int
    treated: Array
    control: Array
    change: Array
    n: float
    answers: float

    @property
    def compared(self) -> bool:
        return bool(self.treated.any() and self.control.any())

    @property
    def usual(self) -> float:
        """Mean change of the controls."""
        return float(self.control @ self.change)

    @property
    def value(self) -> float:
        return float(self.treated @ self.change) - self.usual


def _parts(grid: _Grid, g: float, never_only: bool, base: int | None) -> list[_Part]:
    mean0, known0 = _base(grid, g, base)
    return [_part(grid, g, t, mean0, known0, never_only) for t in np.flatnonzero(grid.weeks >= g).tolist()]


def _base(grid: _Grid, g: float, base: int | None) -> tuple[Array, Array]:
    """Mean of each cluster before a start, and whether it has one."""
    before = (grid.weeks < g) & (grid.weeks >= (g - base if base else -math.inf))
    n0 = grid.n[:, before].sum(axis=1)
    return grid.total[:, before].sum(axis=1) / np.where(n0 > 0, n0, 1.0), n0 > 0


def _changes(grid: _Grid, t: int, mean0: Array, known0: Array) -> tuple[Array, Array]:
    """Answers of each cluster in a week that can be compared, and its change since before the start."""
    n = np.where(known0, grid.n[:, t], 0.0)
    return n, np.where(n > 0, grid.total[:, t] / np.where(n > 0, n, 1.0) - mean0, 0.0)


def _part(grid: _Grid, g: float, t: int, mean0: Array, known0: Array, never_only: bool) -> _Part:
    week, own = int(grid.weeks[t]), grid.starts == g
    n, change = _changes(grid, t, mean0, known0)
    not_begun = np.isinf(grid.starts) if never_only else grid.starts > week
    treated, control = (np.where(side, n, 0.0) for side in (own, not_begun))
    sides = _weights(treated), _weights(control)
    return _Part(g, week, *sides, change, float(treated.sum()), float(grid.n[own, t].sum()))


def _weights(answers: Array) -> Array:
    whole = answers.sum()
    return answers / whole if whole > 0 else answers


def _effect(grid: _Grid, parts: list[_Part]) -> Difference:
    """Mean over treated answers, with the deviations of each cluster on either side."""
    size, whole = len(grid.starts), sum(part.n for part in parts)
    weight, total = np.zeros((2, size)), np.zeros((2, size))
    for part in parts:
        shares = part.n / whole * np.vstack([part.treated, part.control])
        weight, total = weight + shares, total + shares * (part.change - part.usual)
    # The degrees of freedom are those of clusters that vary alike on both sides, so each side counts its clusters.
    often = 1 / np.maximum((weight**2).sum(axis=1), 1e-300)
    side, cluster = (np.asarray(place) for place in np.nonzero(weight))
    own, scale, one = (side, cluster), often[side], np.zeros(len(side), dtype=int)
    sums = ClusterSums.of(one, side, cluster, weight[own] * scale, total[own] * scale, problems=1, groups=2)
    return contrasts(sums, np.array([1.0, -1.0])).first


def _cohort(grid: _Grid, used: list[_Part], g: float) -> Cohort:
    own = [part for part in used if part.start == g]
    return Cohort(int(g), _count(p.treated for p in own), sum(p.n for p in own), _effect(grid, own))


def _count(weights: Iterable[Array]) -> int:
    """Clusters that have a weight in any of the parts."""
    found = list(weights)
    return int(np.any([w > 0 for w in found], axis=0).sum()) if found else 0
