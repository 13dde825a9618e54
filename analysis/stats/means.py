"""Do means differ, which ones, by how much, and does it matter? Tests and effect sizes from n, mean and variance.

Nothing here needs the answers themselves. A variance is the sample variance (divisor n - 1) of single answers; n may
be an effective number, as long as variance / n is the squared error of the mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.stats.distributions import f_sf, noncentral_t_cdf, t_cdf, t_sf
from analysis.stats.intervals import NAN, Array, Difference, Omnibus, differences, t_interval
from analysis.stats.roots import root, roots
from analysis.stats.studentized_range import range_quantile, range_sf

# Conventions (Cohen 1988; for A Vargha and Delaney 2000): from here on small, medium, large.
BANDS = {
    "d": (0.2, 0.5, 0.8),
    "g": (0.2, 0.5, 0.8),
    "r": (0.1, 0.3, 0.5),
    "V": (0.1, 0.3, 0.5),
    "A": (0.56, 0.64, 0.71),
    "omega2": (0.01, 0.06, 0.14),
}
SIZES = ("negligible", "small", "medium", "large")


@dataclass(frozen=True)
class Effect:
    """An effect size with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Comparisons:
    """Every pair of groups: numbers of the two, mean i - mean j, its error and freedom, adjusted interval and p."""

    i: Array
    j: Array
    difference: Array
    error: Array
    df: Array
    low: Array
    high: Array
    p: Array


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests of a margin: p of either side, the larger of them, and the interval that decides alike."""

    p_lower: float
    p_upper: float
    p: float
    low: float
    high: float


def welch_anova(n: Array, mean: Array, variance: Array) -> Omnibus:
    """Whether several means are equal, the variances free to differ (Welch 1951).

    NaN for fewer than two groups, a group of one answer, or one whose answers are all alike: its weight would be
    without end.

    >>> welch_anova(np.full(3, 10), np.array([5.032, 4.661, 5.526]), np.array([0.34, 0.63, 0.196])).df1
    2.0
    """
    from statsmodels.stats.oneway import anova_generic  # slow to import: only who asks waits

    n, mean, variance = (np.asarray(a, dtype=float) for a in (n, mean, variance))
    if not _testable(n, variance):
        return Omnibus(NAN, NAN, NAN, NAN)
    test = anova_generic(mean, variance, n, use_var="unequal")
    return Omnibus(float(test.statistic), float(test.df_num), float(test.df_denom), float(test.pvalue))


def anova(n: Array, mean: Array, variance: Array) -> Omnibus:
    """The classical one-way F test with one variance for all groups (Fisher 1925); NaN as `welch_anova`.

    >>> round(anova(np.full(3, 10), np.array([5.032, 4.661, 5.526]), np.array([0.34, 0.63, 0.196])).p, 4)
    0.0159
    """
    n, mean, variance = (np.asarray(a, dtype=float) for a in (n, mean, variance))
    if not _testable(n, variance):
        return Omnibus(NAN, NAN, NAN, NAN)
    total, groups = n.sum(), len(n)
    between = np.dot(n, (mean - (n / total) @ mean) ** 2) / (groups - 1.0)
    statistic = between / (((n - 1) * variance).sum() / (total - groups))
    p = f_sf(statistic, groups - 1.0, total - groups)
    return Omnibus(float(statistic), groups - 1.0, float(total - groups), float(p))


def _testable(n: Array, variance: Array) -> bool:
    return len(n) >= 2 and bool(np.all((n > 1) & (variance > 0)))


def omega_squared(n: Array, mean: Array, variance: Array, *, confidence: float = 0.95) -> Effect:
    """Share of the differences between answers that goes with the groups, freed of luck (Hays 1963).

    Never below 0. The interval turns the noncentral F round: lambda / (lambda + N) (Steiger 2004). It takes the
    variances as equal, as omega squared itself does.
    """
    f, total = anova(n, mean, variance), float(np.sum(n))
    if math.isnan(f.statistic):
        return Effect(NAN, NAN, NAN)
    value = max(f.df1 * (f.statistic - 1) / (f.df1 * (f.statistic - 1) + total), 0.0)
    low, high = (_noncentral_f(f, p) for p in ((1 + confidence) / 2, (1 - confidence) / 2))
    return Effect(value, low / (low + total), high / (high + total))


def _noncentral_f(f: Omnibus, p: float) -> float:
    """The noncentrality under which the statistic has probability `p` to its left; 0 where none has."""
    centre = f.df1 * f.statistic
    reach = 10 + 8 * math.sqrt(f.df1 + centre + centre**2 / f.df2)
    return _root(lambda nc: float(special.ncfdtr(f.df1, f.df2, nc, f.statistic)) - p, 0.0, centre + reach)


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0; `low` where it is below from the start, NaN where it never gets there."""
    if excess(low) <= 0:
        return low
    return root(excess, low, high) if excess(high) < 0 else NAN


def games_howell(n: Array, mean: Array, variance: Array, *, confidence: float = 0.95) -> Comparisons:
    """Every pair of means, variances free to differ, the error of the whole family held (Games and Howell 1976).

    Pairs in the order (0, 1), (0, 2), ..., (1, 2), ...; NaN for a pair without spread or with a group of one answer.
    """
    n, mean, variance = (np.asarray(a, dtype=float) for a in (n, mean, variance))
    i, j = np.triu_indices(len(n), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(n > 1, variance / n, NAN)
        error = np.sqrt(own[i] + own[j])
        df = error**4 / (own[i] ** 2 / (n[i] - 1) + own[j] ** 2 / (n[j] - 1))
        difference = mean[i] - mean[j]
        p = range_sf(np.abs(difference) / error * math.sqrt(2), len(n), df)
    reach = range_quantile(len(n), df, confidence=confidence) * error / math.sqrt(2)
    return Comparisons(i, j, difference, error, df, difference - reach, difference + reach, p)


def hedges_g(
    n0: float, mean0: float, variance0: float, n1: float, mean1: float, variance1: float, *, confidence: float = 0.95
) -> Effect:
    """mean1 - mean0 in pooled standard deviations, freed of small-sample bias (Hedges 1981, exact factor).

    The interval for the true value turns the noncentral t round (Steiger and Fouladi 1997). NaN without spread.

    >>> round(hedges_g(50, 10.0, 4.0, 50, 11.0, 4.0).value, 4)
    0.4962
    """
    one = (np.array([v], dtype=float) for v in (n0, mean0, variance0, n1, mean1, variance1))
    return Effect(*(float(v[0]) for v in hedges_gs(*one, confidence=confidence)))


def hedges_gs(
    n0: Array, mean0: Array, variance0: Array, n1: Array, mean1: Array, variance1: Array, *, confidence: float = 0.95
) -> tuple[Array, Array, Array]:
    """`hedges_g` of many pairs at once: values, low and high bounds, one number a pair."""
    df = n0 + n1 - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = ((n0 - 1) * variance0 + (n1 - 1) * variance1) / df
        known = (np.minimum(n0, n1) > 1) & (pooled > 0)
        d = (mean1 - mean0) / np.sqrt(np.where(known, pooled, NAN))
    size, df = np.sqrt(n0 * n1 / np.maximum(n0 + n1, 1)), np.where(known, df, NAN)
    correction = np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    low, high = (noncentral_t(d * size, df, p) / size for p in ((1 + confidence) / 2, (1 - confidence) / 2))
    return correction * d, low, high


def standardised_bounds(
    value: Array, error: Array, df: Array, sd: Array, *, confidence: float = 0.95
) -> tuple[Array, Array]:
    """Bounds of value / sd, where value / error is Student's t (Steiger and Fouladi 1997).

    They leave out 0 exactly where the t test does. For one sample or for pairs error is sd / sqrt(n).

    >>> low, high = standardised_bounds(np.array([1.0]), np.array([0.25]), np.array([15.0]), np.array([1.0]))
    >>> low.round(3), high.round(3)
    (array([0.384]), array([1.594]))
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (error > 0) & (df > 0) & (sd > 0)
        t, scale = np.where(known, value / error, NAN), error / np.where(known, sd, NAN)
    df = np.where(known, df, NAN)
    low, high = (noncentral_t(t, df, p) * scale for p in ((1 + confidence) / 2, (1 - confidence) / 2))
    return low, high


def noncentral_t(t: Array, df: Array, p: float) -> Array:
    """The noncentralities under which each `t` has probability `p` to its left; NaN for NaN."""
    noncentrality, known = np.full(t.shape, NAN), np.isfinite(t)
    t, df = t[known], df[known]
    reach = 5 * np.sqrt(1 + t * t / (2 * df))  # farther out scipy 1.17 may lose its way
    noncentrality[known] = roots(lambda nc: noncentral_t_cdf(t, df, nc) - p, t - reach, t + reach)
    return noncentrality


def size_of(name: str, value: float, *, df: int = 1) -> str:
    """What an effect is called by convention: negligible, small, medium or large; "" for NaN.

    `name` is one of `BANDS`; the sign does not count, and an A below 0.5 counts as its mirror. For Cramer's V `df`
    is the smaller of rows and columns less one: the more categories, the less V it takes (Cohen 1988, 7.2).

    >>> size_of("d", -0.5), size_of("A", 0.4), size_of("V", 0.22, df=4), size_of("omega2", float("nan"))
    ('medium', 'small', 'medium', '')
    """
    if math.isnan(value):
        return ""
    value = 0.5 + abs(value - 0.5) if name == "A" else abs(value)
    scale = math.sqrt(df) if name == "V" else 1.0
    return SIZES[sum(value * scale >= band for band in BANDS[name])]


def tost(value: float, error: float, df: float, margin: float, *, alpha: float = 0.05) -> Equivalence:
    """Whether a difference lies within -margin..margin: two one-sided t tests (Schuirmann 1987; Lakens 2017).

    `p_lower` tests against a difference of -margin or less, `p_upper` against margin or more; equivalent where `p`,
    the larger, is below alpha, which is where the 1 - 2 alpha interval lies inside. NaN without error or freedom.
    """
    if not (error > 0 and df > 0):
        return Equivalence(NAN, NAN, NAN, NAN, NAN)
    lower, upper = t_sf((value + margin) / error, df), t_cdf((value - margin) / error, df)
    interval = t_interval(value, error, df, confidence=1 - 2 * alpha)
    return Equivalence(float(lower), float(upper), float(max(lower, upper)), interval.low, interval.high)


def one_sample(mean: float, error: float, df: float, target: float) -> Difference:
    """mean - target of a fixed value (Student 1908); the interval is that of the distance."""
    return differences(np.array([mean - target]), np.array([error]), np.array([df]))[0]


def paired_t(n: float, mean_of_differences: float, variance_of_differences: float) -> Difference:
    """The mean change of the same customers (Student 1908): their differences against 0."""
    error = math.sqrt(variance_of_differences / n) if n > 1 else NAN
    return one_sample(mean_of_differences, error, n - 1, 0.0)
