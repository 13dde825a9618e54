"""How strongly does a quantity go with groups of no order? Coefficients of 0..1, from moments or counts.

NaN where there is one group, or nothing varies. Intervals turn a noncentral distribution round, so that 0 is inside
just where chance alone explains what is seen.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from analysis.stats.coefficients import ROUNDING, Association, fisher_interval
from analysis.stats.distributions import chi2_sf
from analysis.stats.intervals import NAN, Array
from analysis.stats.means import omega_squared
from analysis.stats.proportions import chi_square
from analysis.stats.ranks import kruskal_wallis


def eta(n: npt.ArrayLike, mean: npt.ArrayLike, variance: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Correlation ratio of a score with groups: the root of omega squared, so that chance alone gives about 0.

    The groups' variances are pooled; a group of one answer says nothing of the spread and is left out of all, `n`
    too. Interval of `means.omega_squared`, p of the classical F test.

    >>> a = eta([40, 50, 60], [80, 84, 82], [90, 110, 100]); round(a.value, 3), round(a.p, 3)
    (0.101, 0.173)
    """
    sizes, means, variances = (np.asarray(a, dtype=float) for a in (n, mean, variance))
    sizes, means, variances = (a[sizes > 1] for a in (sizes, means, variances))
    total, df1 = float(sizes.sum()), len(sizes) - 1
    if df1 < 1:
        return Association("eta", NAN, NAN, NAN, NAN, total)
    df2 = total - df1 - 1
    between = float(sizes @ (means - sizes @ means / total) ** 2)
    pooled = float((sizes - 1) @ variances) / df2
    if pooled <= ROUNDING * float(sizes @ means**2) / total:
        return _perfect("eta", between > ROUNDING * float(sizes @ means**2), total)
    omega = omega_squared(sizes, means, np.full(len(sizes), pooled), confidence=confidence)
    value, low, high = (math.sqrt(share) for share in (omega.value, omega.low, omega.high))
    return Association("eta", value, low, high, float(special.fdtrc(df1, df2, between / df1 / pooled)), total)


def rank_epsilon(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Correlation ratio of ordered answers with groups: the root of epsilon squared of the ranks (Kelley 1935).

    `counts` as in `ranks.kruskal_wallis`, whose H and p it rests on: epsilon2 = (H - k + 1) / (n - k), which chance
    alone leaves at 0 on average (`KruskalWallis.epsilon2` grows with the number of groups). The interval is the wider
    of that of `eta` of the ranks, right near 0 (groups of one answer take no part in it), and that of the delta
    method on Fisher's scale, right far from 0.
    """
    table = np.asarray(counts, dtype=float)
    table = table[table.sum(axis=1) > 0]
    test, n, k = kruskal_wallis(table), float(table.sum()), len(table)
    if k < 2 or n <= k or np.count_nonzero(table.sum(axis=0)) < 2:
        return Association("rank_epsilon", NAN, NAN, NAN, NAN, n)
    value = math.sqrt(min(max((test.statistic - k + 1) / (n - k), 0.0), 1.0))
    near = eta(*_rank_moments(table), confidence=confidence)
    far = fisher_interval(value, _rank_error(table), confidence=confidence)
    low, high = max(np.fmin(near.low, far.low), 0.0), np.fmax(near.high, far.high)
    return Association("rank_epsilon", value, float(low), float(high), test.p, n)


def cramers_v(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Cramer's V with the bias of small tables taken off (Bergsma 2013); p of Pearson's chi-squared.

    The interval turns the noncentral chi-squared round (Smithson 2003, 4): right where V is small or moderate, rough
    for a strong V in a table of few answers per cell (see `proportions.ChiSquare.too_sparse`).
    """
    table = np.asarray(counts, dtype=float)
    test, n = chi_square(table), float(table.sum())
    if math.isnan(test.v):
        return Association("cramers_v", NAN, NAN, NAN, NAN, n)
    most = n * (min(np.count_nonzero(table.sum(axis=axis)) for axis in (0, 1)) - 1)
    low, high = (min(math.sqrt(nc / most), 1.0) for nc in _noncentrality(test.statistic, test.df, confidence))
    return Association("cramers_v", test.v_bias_corrected, low, high, test.p, n)


def theils_u(counts: npt.ArrayLike, *, confidence: float = 0.95) -> Association:
    """Theil's uncertainty coefficient: how much of what is open about the column the row tells, 0..1 (Theil 1970).

    Directed: transpose for the other way. p of the likelihood ratio G2, interval as in `cramers_v`.

    >>> a = theils_u([[30, 10], [10, 30]]); round(a.value, 3), round(a.p, 6)
    (0.189, 5e-06)
    """
    table = np.asarray(counts, dtype=float)
    test, n = chi_square(table), float(table.sum())
    if math.isnan(test.g2):
        return Association("theils_u", NAN, NAN, NAN, NAN, n)
    most = 2 * n * float(special.entr(table.sum(axis=0) / n).sum())
    low, high = (min(nc / most, 1.0) for nc in _noncentrality(test.g2, test.df, confidence))
    return Association("theils_u", test.g2 / most, low, high, float(chi2_sf(test.g2, test.df)), n)


def _perfect(name: str, differs: bool, n: float) -> Association:
    """No spread within the groups: they tell everything, or there is nothing to tell."""
    return Association(name, 1.0, NAN, NAN, 0.0, n) if differs else Association(name, NAN, NAN, NAN, NAN, n)


def _rank_moments(table: Array) -> tuple[Array, Array, Array]:
    """n, mean and variance of the midranks of every group."""
    pooled, n = table.sum(axis=0), table.sum(axis=1)
    ranks = np.cumsum(pooled) - pooled / 2 + 0.5
    mean = table @ ranks / n
    squares = np.sum(table * (ranks - mean[:, None]) ** 2, axis=1)
    return n, mean, squares / np.maximum(n - 1, 1)


def _rank_error(table: Array) -> float:
    """Standard error of the correlation ratio of the ranks on Fisher's scale, by the delta method; NaN at 0 and 1."""
    shares = table / table.sum()
    row, column = shares.sum(axis=1), shares.sum(axis=0)
    ridits = np.cumsum(column) - column / 2 - 0.5
    mean, total = shares @ ridits / row, float(column @ ridits**2)
    ratio, pull = float(row @ mean**2) / total, 2 * mean @ shares
    # A cell moves its group's mean, the ranks of all answers above it, and their variance.
    own = mean[:, None] * (2 * ridits - mean[:, None]) + np.cumsum(pull[::-1])[::-1] - pull / 2
    change = (own + ratio * column**2 / 4) / total
    variance = float(np.sum(shares * (change - np.sum(shares * change)) ** 2) / table.sum())
    scale = 2 * math.sqrt(ratio) * (1 - ratio)
    return math.sqrt(variance) / scale if scale > ROUNDING else NAN


def _noncentrality(statistic: float, df: int, confidence: float) -> list[float]:
    """The noncentralities between which chi-squared is not surprising; 0 where none is small enough."""
    tails = ((1 + confidence) / 2, (1 - confidence) / 2)
    return [float(special.chndtrinc(statistic, df, p)) if special.chdtr(df, statistic) > p else 0.0 for p in tails]
