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
from scipy import stats

from analysis.stats.intervals import NAN, Array
from analysis.stats.means import Omnibus

MOST_SIGNS = 12  # clusters up to which all changes of sign are tried
WEBB = np.sqrt(np.array([0.5, 1.0, 1.5]))


@dataclass(frozen=True)
class ClusterSums:
    """Sums of weight and of weight x value: one entry for each problem, group and cluster that occurs.

    A problem is one question about some groups: the mean of a segment, or its change between two periods. Many are
    answered at once; the number of a cluster means the same in all of them.
    """

    problem: Array
    group: Array
    cluster: Array
    weight: Array
    total: Array
    problems: int
    groups: int

    @classmethod
    def of(
        cls, problem: Array, group: Array, cluster: Array, weight: Array, total: Array, *, problems: int, groups: int
    ) -> ClusterSums:
        """From any finer sums, all of one length; numbers of problems, groups and clusters count from 0."""
        width = int(cluster.max(initial=0)) + 1
        codes, place = np.unique((problem.astype(np.int64) * groups + group) * width + cluster, return_inverse=True)
        own, k = codes // width, len(codes)
        weight, total = np.bincount(place, weight, k), np.bincount(place, total, k)
        return cls(own // groups, own % groups, codes % width, weight, total, problems, groups)

    @cached_property
    def own(self) -> Array:
        """Number of the problem and group of each entry."""
        return np.asarray(self.problem * self.groups + self.group)

    def by_group(self, values: Array | None = None) -> Array:
        """Sums (or without values, clusters) by problem and group."""
        return np.bincount(self.own, values, self.problems * self.groups).astype(float)

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
class Contrasts:
    """Weighted sums of group means with standard error, degrees of freedom and clusters: one number a problem."""

    value: Array
    error: Array
    df: Array
    clusters: Array


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
        pulls, d, p = _parts(sums, c)
        known = np.all(sums.by_group().reshape(-1, sums.groups)[:, c != 0] > 1, axis=1)
        error = np.where(known, np.sqrt(_summed(sums, pulls.sum(axis=1) ** 2)), NAN)
        df = np.where(known, _freedom(sums, d, p), NAN)
        means = (sums.by_group(sums.total) / sums.by_group(sums.weight)).reshape(-1, sums.groups)
    value = means[:, c != 0] @ c[c != 0]
    return Contrasts(value, error, df, np.bincount(sums.joint[0], minlength=sums.problems))


def shares(whole: Array, group: Array, cluster: Array, part: Array, *, groups: int) -> Contrasts:
    """What each of many groups has of one total, as `contrasts`: the mean of a membership that the total weighs.

    whole: total of each cluster; group, cluster, part: sums of the pairs that occur, most of them may be missing.

    >>> found = shares(np.full(4, 2.0), np.zeros(4, int), np.arange(4), np.array([0.0, 1, 1, 2]), groups=1)
    >>> found.value, found.error.round(4), found.df.round(4)  # as 4 independent answers
    (array([0.5]), array([0.2041]), array([3.]))
    """
    one, sum_of_all = np.zeros(len(whole), dtype=int), float(whole.sum())
    alone = ClusterSums.of(one, one, np.arange(len(whole)), whole, np.zeros(len(whole)), problems=1, groups=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = 1 / (1 - whole / sum_of_all)
        value = np.bincount(group, part, groups) / sum_of_all
        squares: Array = np.bincount(group, adjusted[cluster] * part**2, groups)
        squares -= 2 * value * np.bincount(group, adjusted[cluster] * part * whole[cluster], groups)
        squares += value**2 * float(np.sum(adjusted * whole**2))
        error = np.sqrt(np.maximum(squares, 0.0)) / sum_of_all
    contrast = contrasts(alone, np.ones(1))
    known = np.isfinite(contrast.df[0])
    return Contrasts(
        value, np.where(known, error, NAN), np.full(groups, contrast.df[0]), np.full(groups, contrast.clusters[0])
    )


def _parts(sums: ClusterSums, c: Array) -> tuple[Array, Array, Array]:
    """Adjusted pull of each cluster through each group's mean, and the d and p of M; wide."""
    whole = sums.by_group(sums.weight)[sums.own]
    mean = (sums.by_group(sums.total) / sums.by_group(sums.weight))[sums.own]
    scale = np.where(c[sums.group] == 0, 0.0, c[sums.group] / np.sqrt(1 - sums.weight / whole) / whole)
    pulls = sums.wide(scale * (sums.total - mean * sums.weight))
    return pulls, sums.wide(scale**2 * sums.weight), sums.wide(np.abs(scale) * sums.weight / np.sqrt(whole))


def _freedom(sums: ClusterSums, d: Array, p: Array) -> Array:
    """tr(M)^2 / tr(M M) with M = diag(d) - sum_k p_k p_k'; groups share a cluster where both have entries in it."""
    ends = np.searchsorted(sums.joint[0], np.arange(1, sums.problems))
    squares = [_traces(*each).sum() for each in zip(np.split(d, ends), np.split(p, ends), strict=True)]
    return np.asarray(_summed(sums, (d - p**2).sum(axis=1)) ** 2 / np.array(squares))


def _traces(d: Array, p: Array) -> Array:
    """tr(M_k M_m) for the M of any two groups of one problem."""
    mixed = d.T @ p**2
    return np.asarray(d.T @ d - mixed - mixed.T + (p.T @ p) ** 2)


def _summed(sums: ClusterSums, values: Array) -> Array:
    return np.bincount(sums.joint[0], values, sums.problems)


def wald(group: Array, cluster: Array, weight: Array, total: Array) -> Omnibus:
    """Whether all group means are equal: Hotelling's T2 of CR2 covariances with approximate freedom.

    With q groups less one, F = (eta - q + 1) / (eta q) T2 on (q, eta - q + 1), eta fitted to the variance of the
    covariances (the HTZ test of Tipton and Pustejovsky 2015). It is the square of t for two groups. NaN where
    eta <= q - 1: too few clusters for so many groups; or where a group has fewer than two.
    """
    groups = int(group.max(initial=-1)) + 1
    sums = ClusterSums.of(np.zeros_like(group), group, cluster, weight, total, problems=1, groups=groups)
    q, unknown = groups - 1, Omnibus(NAN, NAN, NAN, NAN)
    if q < 1 or sums.by_group().min() < 2:
        return unknown
    pulls, d, p = _parts(sums, np.ones(groups))
    contrast = np.hstack([-np.ones((q, 1)), np.eye(q)])
    covariance = contrast @ pulls.T @ pulls @ contrast.T
    eta = _shared_freedom(sums, d, p, contrast)
    if eta <= q - 1 or np.linalg.matrix_rank(covariance) < q:
        return unknown
    apart = contrast @ (sums.by_group(sums.total) / sums.by_group(sums.weight))
    statistic = (eta - q + 1) / (eta * q) * float(apart @ np.linalg.solve(covariance, apart))
    return Omnibus(statistic, float(q), eta - q + 1, float(stats.f.sf(statistic, q, eta - q + 1)))


def _shared_freedom(sums: ClusterSums, d: Array, p: Array, contrast: Array) -> float:
    """q (q + 1) / sum of the variances of the standardised covariances; these are sums over pairs of groups k, m of
    tr(M_k M_m) (B_km^2 + B_kk B_mm), B = C' (C diag(1 / W) C')^-1 C.
    """
    b = contrast.T @ np.linalg.solve(contrast / sums.by_group(sums.weight) @ contrast.T, contrast)
    spread = np.sum(_traces(d, p) * (b**2 + np.outer(np.diag(b), np.diag(b))))
    return float(len(contrast) * (len(contrast) + 1) / spread)


def wild_cluster(
    group: Array, cluster: Array, weight: Array, total: Array, *, draws: int = 1_999, seed: int = 1
) -> float:
    """p of a difference of two means by the restricted wild cluster bootstrap (Cameron, Gelbach and Miller 2008).

    `group` is 0 or 1. Up to twelve clusters all changes of sign are tried, so the p is exact and has few values;
    beyond, Webb's six-point weights are drawn from the seed. NaN where a group has fewer than two clusters.
    """
    sums = ClusterSums.of(np.zeros_like(group), group, cluster, weight, total, problems=1, groups=2)
    if sums.by_group().min() < 2:
        return NAN
    g = len(sums.joint[0])
    weights, residuals = sums.wide(sums.weight), sums.wide(sums.total - _overall(sums) * sums.weight)
    factors = _all_signs(g) if g <= MOST_SIGNS else _webb(g, draws, seed)
    observed, drawn = (np.abs(_statistics(weights, residuals, f)) for f in (np.ones((1, g)), factors))
    if not np.isfinite(observed[0]):
        return NAN
    reached = int(np.sum(drawn >= observed[0] * (1 - 1e-9)))
    return reached / len(drawn) if g <= MOST_SIGNS else (reached + 1) / (len(drawn) + 1)


def _overall(sums: ClusterSums) -> float:
    return float(sums.total.sum() / sums.weight.sum())


def _all_signs(clusters: int) -> Array:
    """Every change of sign but for the first cluster's: turning all of them turns the statistic only."""
    bits = np.arange(2 ** (clusters - 1))[:, None] >> np.arange(clusters) & 1
    return np.asarray(1.0 - 2 * bits)


def _webb(clusters: int, draws: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    return np.asarray(rng.choice(np.concatenate([-WEBB, WEBB]), (draws, clusters)))


def _statistics(weights: Array, residuals: Array, factors: Array) -> Array:
    """t of the difference for residuals multiplied cluster by cluster; one for each row of factors."""
    whole = weights.sum(axis=0)
    moved = factors @ residuals / whole
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.array([-1.0, 1.0]) / np.sqrt(1 - weights / whole) / whole
        pulls = factors * (residuals * scale).sum(axis=1) - moved @ (weights * scale).T
        return np.asarray((moved[:, 1] - moved[:, 0]) / np.sqrt((pulls**2).sum(axis=1)))


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
