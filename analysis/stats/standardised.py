"""What would each group score if all had the same kind of work?

Direct standardisation: the means of a group in each stratum (reason, channel, complexity) are averaged with the same
weights for every group. Arrays have strata on the last axis and, where there are several, groups on the axes before;
NaN or n = 0 marks a stratum in which a group has no answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import NAN, Array, t_bounds


@dataclass(frozen=True)
class Standardised:
    """Stratified means, one a group. `covered`: share of the standard's weight the group has answers for."""

    value: Array
    error: Array
    df: Array
    covered: Array

    def bounds(self, *, confidence: float = 0.95) -> tuple[Array, Array]:
        return t_bounds(self.value, self.error, self.df, confidence=confidence)


def variance_of_means(n: Array, s2: Array, *, fractions: Array | float = 0.0) -> tuple[Array, Array]:
    """Variance of each stratum's mean from its answers and their variance, and its degrees of freedom.

    A stratum with a single answer borrows the variance pooled over the group's other strata, and its freedom.
    `fractions`: share of each stratum's population that was asked; 0 where the population is endless (Cochran 1977,
    2.6). NaN where there is no answer, or nothing to borrow.

    >>> variance, df = variance_of_means(np.array([4, 1, 0]), np.array([8.0, np.nan, np.nan]))
    >>> variance.tolist(), df.tolist()
    ([2.0, 8.0, nan], [3.0, 3.0, nan])
    """
    n = np.asarray(n, dtype=float)
    several = (n > 1) & np.isfinite(s2)
    own = np.where(several, n - 1, 0.0)
    shared = own.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (own * np.where(several, s2, 0.0)).sum(axis=-1, keepdims=True) / shared
        variance = (1 - np.asarray(fractions)) * np.where(several, s2, pooled) / n
    df = np.where(several, own, shared)
    return np.where(n > 0, variance, NAN), np.where((n > 0) & (df > 0), df, NAN)


def stratified_mean(standard: Array, mean: Array, variance: Array, df: Array) -> Standardised:
    """Means over strata weighted alike for all groups (Cochran 1977, 5.2 and 5.4; freedom after Satterthwaite 1946).

    standard: weight of each stratum, such as its share of all answers; mean, variance, df: of each stratum's mean.
    A group's weights are shared out anew over the strata it has answers in. Means of different strata are taken as
    independent: where clusters run through the strata, the error has to come from sums by cluster.

    >>> mean = np.array([[80.0, 60.0], [90.0, np.nan]])
    >>> s = stratified_mean(np.array([3.0, 1.0]), mean, np.ones((2, 2)), np.full((2, 2), 9.0))
    >>> s.value.tolist(), s.covered.tolist()
    ([75.0, 90.0], [1.0, 0.75])
    """
    answered = np.isfinite(mean)
    weight = np.where(answered, standard, 0.0)
    total = weight.sum(axis=-1)
    share = weight / np.where(total > 0, total, NAN)[..., None]
    used = share > 0
    parts = np.where(used, share**2 * np.where(used, variance, 0.0), 0.0)
    squared = np.divide(parts**2, df, out=np.zeros_like(parts), where=parts > 0).sum(axis=-1)
    spread = np.where(total > 0, parts.sum(axis=-1), NAN)
    freedom = np.divide(spread**2, squared, out=np.full_like(spread, NAN), where=squared > 0)
    value = np.where(total > 0, (share * np.where(answered, mean, 0.0)).sum(axis=-1), NAN)
    return Standardised(value, np.sqrt(spread), freedom, total / np.sum(standard))
