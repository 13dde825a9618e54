"""Do the answers of one group tend to be higher than those of another? Rank tests from counts by value.

`counts` is a matrix of groups (rows) by values in ascending order (columns). Fractions are allowed, but every count
is taken as that many answers: sums of survey weights belong to the designs that know their errors.
Where nobody differs from anybody nothing speaks for a difference: the statistic is 0 and p is 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.stats.distributions import beta_ppf, chi2_sf, normal_sf, t_ppf, t_sf
from analysis.stats.intervals import NAN, Array, Interval

# Below this a spread or a distance from certainty is rounding, not information.
ROUNDING = 1e-12


@dataclass(frozen=True)
class RankTest:
    """Mann-Whitney: U of group 1, its z, two-sided p, and `a`, Vargha and Delaney's A of group 1 over group 0."""

    statistic: float
    z: float
    p: float
    a: float


@dataclass(frozen=True)
class BrunnerMunzel:
    """`a`, the share of pairs in which group 1 is higher (ties half), with its error; test of a = 0.5."""

    statistic: float
    df: float
    p: float
    a: float
    error: float


@dataclass(frozen=True)
class KruskalWallis:
    """H with its freedom and p; `epsilon2` is the share of the ranks' variance between groups, 0..1."""

    statistic: float
    df: float
    p: float
    epsilon2: float


@dataclass(frozen=True)
class DunnPair:
    """Mean rank of group `i` less that of group `j`, as z; two-sided p, not adjusted."""

    i: int
    j: int
    z: float
    p: float


def placements(counts0: npt.ArrayLike, counts1: npt.ArrayLike) -> tuple[Array, Array]:
    """Mid-distribution functions (F0, F1) of two groups at each value; NaN for an empty group.

    A of group 1 over group 0 is the mean of F0 over group 1; its error comes from the spread of F0 within group 1
    and of F1 within group 0 (Brunner and Munzel 2000), by answers or by clusters of answers.

    >>> f0, f1 = placements([2, 2, 0], [0, 1, 3]); f0.tolist(), f1.tolist()
    ([0.25, 0.75, 1.0], [0.0, 0.125, 0.625])
    """
    return _mid_distribution(_array(counts0)), _mid_distribution(_array(counts1))


def superiority(value: float, error: float, df: float, *, confidence: float = 0.95) -> Interval:
    """Interval of Vargha and Delaney's A on the logit scale, which never leaves 0..1 (Perme and Manevski 2019).

    Groups that do not overlap, or do not vary, have no spread to judge by. Then `df` + 1 independent pairs (the
    answers or clusters of the smaller group) with these outcomes are assumed, and their exact interval is given.

    >>> i = superiority(0.53, 0.01, 900); round(i.low, 3), round(i.high, 3)
    (0.51, 0.55)
    >>> i = superiority(1.0, 0.0, 19); round(i.low, 3), i.high
    (0.832, 1.0)
    """
    if not (df > 0 and error >= 0):
        return Interval(NAN, NAN)
    if min(value, 1 - value, error) < ROUNDING:
        return _exact_share(value, df + 1, confidence)
    reach = float(t_ppf((1 + confidence) / 2, df)) * error / (value * (1 - value))
    middle = special.logit(value)
    return Interval(float(special.expit(middle - reach)), float(special.expit(middle + reach)))


def cliffs_delta(a: float) -> float:
    """Cliff's delta, -1..1, the same statement as A: pairs in favour less pairs against (Cliff 1993).

    >>> cliffs_delta(0.75)
    0.5
    """
    return 2 * a - 1


def mann_whitney(counts0: npt.ArrayLike, counts1: npt.ArrayLike, *, correction: float = 0.5) -> RankTest:
    """Normal approximation with ties; `correction` is for continuity, as R's `wilcox.test(group1, group0)` does.

    >>> t = mann_whitney([4, 3, 2, 1], [1, 2, 3, 4]); t.statistic, round(t.p, 3)
    (75.0, 0.056)
    """
    c0, c1 = _array(counts0), _array(counts1)
    pairs, n = float(c0.sum() * c1.sum()), float(c0.sum() + c1.sum())
    if pairs <= 0:
        return RankTest(NAN, NAN, NAN, NAN)
    u = float(np.sum(c1 * (np.cumsum(c0) - c0 / 2)))
    away = u - pairs / 2
    z = _z(math.copysign(max(abs(away) - correction, 0.0), away), pairs * (n + 1) / 12 * _untied(c0 + c1))
    return RankTest(u, z, _two_sided(z), u / pairs)


def brunner_munzel(counts0: npt.ArrayLike, counts1: npt.ArrayLike) -> BrunnerMunzel:
    """Test of A = 0.5 that lets spreads differ (Brunner and Munzel 2000, as corrected by Neubert and Brunner 2007).

    Groups that do not overlap have no error: the statistic is NaN, p that of the two most extreme permutations.
    NaN, but for A, with fewer than two answers in a group.

    >>> t = brunner_munzel([11, 2, 0, 1, 0], [3, 1, 4, 2, 1])  # pain scores in that paper
    >>> round(t.a, 4), round(t.statistic, 4), round(t.df, 3), round(t.p, 6)
    (0.789, 3.1375, 17.683, 0.005786)
    """
    c0, c1 = _array(counts0), _array(counts1)
    f0, f1 = placements(c0, c1)
    (_, v0), (a, v1) = _mean_variance(f1, c0), _mean_variance(f0, c1)
    n0, n1, error = float(c0.sum()), float(c1.sum()), math.sqrt(v0 + v1)
    if error < ROUNDING:
        return _without_spread(a, n0, n1)
    df = error**4 / (v0**2 / (n0 - 1) + v1**2 / (n1 - 1)) if error > 0 else NAN
    t = (a - 0.5) / error
    return BrunnerMunzel(t, df, float(2 * t_sf(abs(t), df)), a, error)


def kruskal_wallis(counts: npt.ArrayLike) -> KruskalWallis:
    """H corrected for ties, of the groups that answered; NaN with fewer than two of them (Kruskal and Wallis 1952).

    epsilon2 = H / (n - 1) (Tomczak and Tomczak 2014).

    >>> k = kruskal_wallis([[4, 3, 2], [2, 3, 4], [1, 2, 6]]); round(k.statistic, 3), k.df, round(k.epsilon2, 3)
    (3.979, 2, 0.153)
    """
    answered = _array(counts)
    answered = answered[answered.sum(axis=1) > 0]
    groups, n = len(answered), float(answered.sum())
    if groups < 2:
        return KruskalWallis(NAN, NAN, NAN, NAN)
    away = _mean_ranks(answered) - (n + 1) / 2
    between = 12 / (n * (n + 1)) * float(np.sum(answered.sum(axis=1) * away**2))
    untied = _untied(answered.sum(axis=0))
    h = between / untied if untied > 0 else 0.0
    return KruskalWallis(h, groups - 1, float(chi2_sf(h, groups - 1)), h / (n - 1))


def dunn(counts: npt.ArrayLike) -> list[DunnPair]:
    """Every pair of groups on their common ranks, corrected for ties (Dunn 1964); the caller adjusts the p.

    NaN where a group has no answers.

    >>> [(d.i, d.j, round(d.z, 3), round(d.p, 3)) for d in dunn([[4, 3, 2], [2, 3, 4], [1, 2, 6]])]
    [(0, 1, -1.114, 0.265), (0, 2, -1.99, 0.047), (1, 2, -0.876, 0.381)]
    """
    matrix = _array(counts)
    n, ranks, sizes = float(matrix.sum()), _mean_ranks(matrix), matrix.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variances = n * (n + 1) / 12 * _untied(matrix.sum(axis=0)) / sizes
    pairs = list(combinations(range(len(matrix)), 2))
    zs = [_z(float(ranks[i] - ranks[j]), float(variances[i] + variances[j])) for i, j in pairs]
    return [DunnPair(i, j, z, _two_sided(z)) for (i, j), z in zip(pairs, zs, strict=True)]


def _array(counts: npt.ArrayLike) -> Array:
    return np.asarray(counts, dtype=float)


def _mid_distribution(counts: Array) -> Array:
    """Share below each value plus half of the share at it."""
    upto = np.cumsum(counts)
    # The last running sum, not `sum()`: only so the share above everything is exactly 1.
    return (upto - counts / 2) / upto[-1] if upto[-1] > 0 else np.full(counts.shape, NAN)


def _mean_ranks(counts: Array) -> Array:
    """Mean midrank of every group among all answers; NaN for an empty group."""
    pooled = counts.sum(axis=0)
    midranks = np.cumsum(pooled) - pooled / 2 + 0.5
    with np.errstate(invalid="ignore"):
        return np.asarray(counts @ midranks / counts.sum(axis=1))


def _untied(pooled: Array) -> float:
    """The part of the ranks' variance that ties leave, 0..1."""
    n = float(pooled.sum())
    return 1 - float(np.sum(pooled**3 - pooled)) / (n**3 - n) if n > 1 else 0.0


def _mean_variance(values: Array, counts: Array) -> tuple[float, float]:
    """Mean of counted values and the variance of that mean; NaN where it cannot be known."""
    n = float(counts.sum())
    if n <= 0:
        return NAN, NAN
    mean = float(np.sum(counts * values)) / n
    return mean, float(np.sum(counts * (values - mean) ** 2)) / (n * (n - 1)) if n > 1 else NAN


def _z(away: float, variance: float) -> float:
    if math.isnan(away) or variance > 0:
        return away / math.sqrt(variance)
    return 0.0


def _two_sided(z: float) -> float:
    return float(2 * normal_sf(abs(z)))


def _without_spread(a: float, n0: float, n1: float) -> BrunnerMunzel:
    """All answers alike, or no overlap at all: two of the equally likely orders are as extreme as this one."""
    df = min(n0, n1) - 1
    if abs(a - 0.5) < ROUNDING:
        return BrunnerMunzel(0.0, df, 1.0, a, 0.0)
    return BrunnerMunzel(NAN, df, min(2 / float(special.binom(n0 + n1, n0)), 1.0), a, 0.0)


def _exact_share(value: float, n: float, confidence: float) -> Interval:
    """Clopper and Pearson's interval (1934) of a share seen in `n` independent pairs."""
    tail, hits = (1 - confidence) / 2, min(max(value, 0.0), 1.0) * n
    low = 0.0 if hits < ROUNDING else float(beta_ppf(tail, hits, n - hits + 1))
    high = 1.0 if n - hits < ROUNDING else float(beta_ppf(1 - tail, hits + 1, n - hits))
    return Interval(low, high)
