"""How sure are we of means when answers come in clusters (teams, agents), and clusters may be few?

Everything is asked of sums by cluster: of weights, and of weights times values. The design is one mean per group, so
the hat matrix only averages within groups, and for cluster g with the share h = W_gk / W_k of the weight of group k
the bias-reduced adjustment CR2 is the factor 1 / sqrt(1 - h) on the cluster's sum of residuals (Bell and McCaffrey
2002; Pustejovsky and Tipton 2018). This is exact for answers that count alike or are repeated; with survey weights
the working variance of an answer is taken as inverse to its weight, under which the factor stays what it is.

Degrees of freedom are Satterthwaite's under the same working model, in sums: the matrix M of the cluster
contributions is diag(d) - sum_k p_k p_k', whence the traces of M and M M need no matrix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.stats.distributions import f_sf
from analysis.stats.intervals import NAN, Array, Difference, Omnibus, differences


@dataclass(frozen=True)
class ClusterSums:
    """Sums of weight and of weight x value: one entry for each problem, group and cluster that occurs.

    A problem is one question about some groups: the mean of a segment, or its change between two periods. Many are
    answered at once; the number of a cluster means the same in all of them. An entry that has a number in `alone`
    stands for so many answers without a cluster, each a cluster of its own with these sums (see `each_alone`).
    """

    problem: Array
    group: Array
    cluster: Array
    weight: Array
    total: Array
    alone: Array
    problems: int
    groups: int

    @classmethod
    def of(
        cls, problem: Array, group: Array, cluster: Array, weight: Array, total: Array, *, problems: int, groups: int,
        alone: Array | None = None,
    ) -> ClusterSums:  # fmt: skip
        """From any finer sums, all of one length; numbers of problems, groups and clusters count from 0."""
        width = int(cluster.max(initial=0)) + 1
        codes, place = np.unique((problem.astype(np.int64) * groups + group) * width + cluster, return_inverse=True)
        own, k = codes // width, len(codes)
        weight, total, singles = np.bincount(place, weight, k), np.bincount(place, total, k), np.zeros(k)
        if alone is not None:
            singles[place] = alone
        return cls(own // groups, own % groups, codes % width, weight, total, singles, problems, groups)

    @cached_property
    def own(self) -> Array:
        """Number of the problem and group of each entry."""
        return np.asarray(self.problem * self.groups + self.group)

    def by_group(self, values: Array | None = None) -> Array:
        """Sums (or without values, clusters) by problem and group."""
        values = self.times if values is None else values * self.times
        return np.bincount(self.own, values, self.problems * self.groups).astype(float)

    @cached_property
    def times(self) -> Array:
        """How many clusters each entry stands for."""
        return np.where(self.alone > 0, self.alone, 1.0)

    @cached_property
    def often(self) -> Array:
        """How many clusters each row of `wide` stands for."""
        rows, place = self.joint
        found = np.ones(len(rows))
        found[place] = self.times
        return found

    @cached_property
    def named(self) -> Array:
        """Clusters of each problem, those of answers without one not among them."""
        rows, place = self.joint
        is_named = np.ones(len(rows), dtype=bool)
        is_named[place] = self.alone == 0
        return np.bincount(rows[is_named], minlength=self.problems)

    @cached_property
    def joint(self) -> tuple[Array, Array]:
        """Problem of each cluster of each problem, and which of these every entry belongs to."""
        width = int(self.cluster.max(initial=0)) + 1
        codes, place = np.unique(self.problem * width + self.cluster, return_inverse=True)
        return codes // width, place

    def wide(self, values: Array) -> Array:
        """Values with a row for each cluster of each problem and a column for each group, 0 where it has none."""
        rows, place = self.joint
        return np.bincount(place * self.groups + self.group, values, len(rows) * self.groups).reshape(-1, self.groups)


@dataclass(frozen=True)
class Alone:
    """Answers without a cluster, as entries of `ClusterSums`: each entry stands for `alone` answers with its sums."""

    weight: Array
    total: Array
    alone: Array


def each_alone(w: Array, wx: Array, v: Array, vx: Array, vxx: Array) -> Alone:
    """Cells of answers as clusters of one answer each, two entries a cell (first all lower, then all upper ones).

    Half of the answers lie a standard deviation below the mean of the cell, half above, which leaves sums of weight,
    value and squared residual as they are: exactly where answers of a cell weigh alike or have one value, else with
    its weights taken as unrelated to its values.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        n, each = np.where(v > 0, w**2 / v, 0.0), np.where(w > 0, v / w, 0.0)
        mean = np.where(w > 0, wx / w, 0.0)
        spread = np.sqrt(np.maximum(np.where(v > 0, (vxx - 2 * mean * vx) / v + mean**2, 0.0), 0.0))
    values = np.concatenate([mean - spread, mean + spread])
    both = np.concatenate([each, each])
    return Alone(both, both * values, np.concatenate([n, n]) / 2)


@dataclass(frozen=True)
class Contrasts:
    """Weighted sums of group means with standard error, degrees of freedom and clusters: one number a problem.

    clusters: those that have a name; an answer without one is not counted.
    """

    value: Array
    error: Array
    df: Array
    clusters: Array

    @property
    def first(self) -> Difference:
        """That of the first problem, with its 95 % interval."""
        return differences(self.value[:1], self.error[:1], self.df[:1], self.clusters[:1])[0]


@dataclass(frozen=True)
class Icc:
    """Share of the variance that lies between clusters, and the cluster size that stands for unequal ones."""

    value: float
    n0: float


def contrasts(sums: ClusterSums, coefficients: Array) -> Contrasts:
    """sum of coefficient x mean over the groups of each problem, by CR2 with Satterthwaite freedom.

    `coefficients` has one number a group: (1,) for means, (-1, 1) for differences. Where a group has fewer than two
    clusters, nothing is known of the spread between them: error and freedom are NaN.

    >>> zero, one = np.zeros(4, int), np.ones(4)
    >>> sums = ClusterSums.of(zero, zero, np.arange(4), one, np.array([3.0, 5, 6, 8]), problems=1, groups=1)
    >>> c = contrasts(sums, np.ones(1)); c.value, c.error.round(4), c.df.round(4)  # as 4 independent answers
    (array([5.5]), array([1.0408]), array([3.]))
    """
    c = np.asarray(coefficients, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        pulls, d, p = parts_of(sums, c)
        known = np.all(sums.by_group().reshape(-1, sums.groups)[:, c != 0] > 1, axis=1)
        error = np.where(known, np.sqrt(_summed(sums, pulls.sum(axis=1) ** 2)), NAN)
        df = np.where(known, _freedom(sums, d, p), NAN)
        means = (sums.by_group(sums.total) / sums.by_group(sums.weight)).reshape(-1, sums.groups)
    value = means[:, c != 0] @ c[c != 0]
    return Contrasts(value, error, df, sums.named)


def shares(
    whole: Array, group: Array, cluster: Array, part: Array, *, groups: int, total: float = 0.0,
    share: Array | None = None, others: Array | float = 0.0,
) -> Contrasts:  # fmt: skip
    """What each of many groups has of one total, as `contrasts`: the mean of a membership that the total weighs.

    whole: total of each cluster; group, cluster, part: sums of the pairs that occur, most of them may be missing.
    Where there are answers outside all clusters: the total and the shares with them, and the squared residuals of
    `others`, which add to those of the clusters.

    >>> found = shares(np.full(4, 2.0), np.zeros(4, int), np.arange(4), np.array([0.0, 1, 1, 2]), groups=1)
    >>> found.value, found.error.round(4), found.df.round(4)  # as 4 independent answers
    (array([0.5]), array([0.2041]), array([3.]))
    """
    one, sum_of_all = np.zeros(len(whole), dtype=int), total or float(whole.sum())
    alone = ClusterSums.of(one, one, np.arange(len(whole)), whole, np.zeros(len(whole)), problems=1, groups=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = 1 / (1 - whole / sum_of_all)
        value = np.bincount(group, part, groups) / sum_of_all if share is None else share
        squares: Array = np.bincount(group, adjusted[cluster] * part**2, groups).astype(float)  # of nothing: whole
        squares -= 2 * value * np.bincount(group, adjusted[cluster] * part * whole[cluster], groups)
        squares += value**2 * float(np.sum(adjusted * whole**2)) + others
        error = np.sqrt(np.maximum(squares, 0.0)) / sum_of_all
    contrast = contrasts(alone, np.ones(1))
    known = np.isfinite(contrast.df[0])
    return Contrasts(
        value, np.where(known, error, NAN), np.full(groups, contrast.df[0]), np.full(groups, contrast.clusters[0])
    )


def parts_of(sums: ClusterSums, c: Array) -> tuple[Array, Array, Array]:
    """Adjusted pull of each cluster through each group's mean, and the d and p of M; wide."""
    whole = sums.by_group(sums.weight)[sums.own]
    mean = (sums.by_group(sums.total) / sums.by_group(sums.weight))[sums.own]
    scale = np.where(c[sums.group] == 0, 0.0, c[sums.group] / np.sqrt(1 - sums.weight / whole) / whole)
    pulls = sums.wide(scale * (sums.total - mean * sums.weight))
    return pulls, sums.wide(scale**2 * sums.weight), sums.wide(np.abs(scale) * sums.weight / np.sqrt(whole))


def _freedom(sums: ClusterSums, d: Array, p: Array) -> Array:
    """tr(M)^2 / tr(M M) with M = diag(d) - sum_k p_k p_k'; groups share a cluster where both have entries in it."""
    ends = np.searchsorted(sums.joint[0], np.arange(1, sums.problems))
    parts = (np.split(values, ends) for values in (d, p, sums.often))
    squares = [traces_of(*each).sum() for each in zip(*parts, strict=True)]
    return np.asarray(_summed(sums, (d - p**2).sum(axis=1)) ** 2 / np.array(squares))


def traces_of(d: Array, p: Array, often: Array) -> Array:
    """tr(M_k M_m) for the M of any two groups of one problem; each row stands for `often` clusters."""
    repeated = d.T * often
    mixed = repeated @ p**2
    return np.asarray(repeated @ d - mixed - mixed.T + ((p.T * often) @ p) ** 2)


def _summed(sums: ClusterSums, values: Array) -> Array:
    return np.bincount(sums.joint[0], values * sums.often, sums.problems)


def wald(group: Array, cluster: Array, weight: Array, total: Array, *, alone: Array | None = None) -> Omnibus:
    """Whether all group means are equal: Hotelling's T2 of CR2 covariances with approximate freedom.

    With q groups less one, F = (eta - q + 1) / (eta q) T2 on (q, eta - q + 1), eta fitted to the variance of the
    covariances (the HTZ test of Tipton and Pustejovsky 2015). It is the square of t for two groups. NaN where
    eta <= q - 1: too few clusters for so many groups; or where a group has fewer than two.
    """
    groups = int(group.max(initial=-1)) + 1
    sums = ClusterSums.of(np.zeros_like(group), group, cluster, weight, total, problems=1, groups=groups, alone=alone)
    q, unknown = groups - 1, Omnibus(NAN, NAN, NAN, NAN)
    if q < 1 or sums.by_group().min() < 2:
        return unknown
    pulls, d, p = parts_of(sums, np.ones(groups))
    contrast = np.hstack([-np.ones((q, 1)), np.eye(q)])
    covariance = contrast @ (pulls.T * sums.often) @ pulls @ contrast.T
    eta = _shared_freedom(sums, d, p, contrast)
    if eta <= q - 1 or np.linalg.matrix_rank(covariance) < q:
        return unknown
    apart = contrast @ (sums.by_group(sums.total) / sums.by_group(sums.weight))
    statistic = (eta - q + 1) / (eta * q) * float(apart @ np.linalg.solve(covariance, apart))
    return Omnibus(statistic, float(q), eta - q + 1, float(f_sf(statistic, q, eta - q + 1)))


def _shared_freedom(sums: ClusterSums, d: Array, p: Array, contrast: Array) -> float:
    """q (q + 1) / sum of the variances of the standardised covariances; these are sums over pairs of groups k, m of
    tr(M_k M_m) (B_km^2 + B_kk B_mm), B = C' (C diag(1 / W) C')^-1 C.
    """
    b = contrast.T @ np.linalg.solve(contrast / sums.by_group(sums.weight) @ contrast.T, contrast)
    spread = np.sum(traces_of(d, p, sums.often) * (b**2 + np.outer(np.diag(b), np.diag(b))))
    return float(len(contrast) * (len(contrast) + 1) / spread)


def icc(n: Array, total: Array, squares: Array) -> Icc:
    """Intraclass correlation from the one-way analysis of variance (Shrout and Fleiss 1979, case 1).

    Number of answers, their sum and sum of squares by cluster. Below 0 where clusters differ less than luck would
    have it; NaN for one cluster, or for one answer each.

    >>> icc(np.full(3, 2), np.array([2.0, 8.0, 14.0]), np.array([2.0, 32.0, 98.0]))
    Icc(value=1.0, n0=2.0)
    """
    n, total, squares = (np.asarray(a, dtype=float) for a in (n, total, squares))
    answers, k = float(n.sum()), len(n)
    if k < 2 or answers <= k:
        return Icc(NAN, NAN)
    n0 = (answers - float(np.sum(n**2)) / answers) / (k - 1)
    within = max(float(np.sum(squares - total**2 / n)), 0.0) / (answers - k)
    between = float(np.sum(n * (total / n - total.sum() / answers) ** 2)) / (k - 1)
    spread = between + (n0 - 1) * within
    return Icc((between - within) / spread if spread > 0 else NAN, n0)


def design_effect(n: Array, icc: float) -> float:
    """How many times the variance of a mean grows by clusters of sizes `n` (Kish 1987).

    1 + (sum n^2 / sum n - 1) ICC. An ICC below 0 is taken as luck: the effect is 1.

    >>> round(design_effect(np.full(40, 30), 0.05), 2)
    2.45
    """
    n = np.asarray(n, dtype=float)
    return NAN if math.isnan(icc) else 1 + (float(np.sum(n**2) / np.sum(n)) - 1) * max(icc, 0.0)
