"""Do two arms of a trial differ? They ran side by side, so they are compared as such, without a time before.

Means by Welch, shares by two proportions with Newcombe's interval, both from sums; where whole clusters (teams) were
put into arms, the clusters are what was drawn, by CR2 with Satterthwaite's freedom. Before that: is the split the one
that was planned? If not, something between drawing lots and counting answers prefers an arm, and no comparison of
the arms means anything (Fabijan et al. 2019, KDD, "Diagnosing sample ratio mismatch"): the result is withheld.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.distributions import chi2_sf
from analysis.stats.intervals import NAN, Array, Difference, Interval, welch
from analysis.stats.proportions import newcombe, two_proportions

NOT_AS_PLANNED = 0.001  # p of the split below which the result is withheld


@dataclass(frozen=True)
class Sums:
    """Answers of one arm, sum of their scores and of the squares of these; a share has scores of 0 and 1 (or 100)."""

    n: float
    total: float
    squares: float

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n > 0 else NAN

    @property
    def error(self) -> float:
        """Standard error of the mean; NaN below two answers."""
        if self.n < 2:
            return NAN
        variance = (self.squares - self.total**2 / self.n) / (self.n - 1)
        return float(np.sqrt(max(variance, 0.0) / self.n))


@dataclass(frozen=True)
class Split:
    """How many fell into each arm, against the ratio that was planned: chi-square of one degree of freedom."""

    treated: float
    control: float
    planned: float
    chi2: float
    p: float

    @property
    def as_planned(self) -> bool:
        """Whether the comparison may be shown; a split of which nothing is known does not forbid it."""
        return not self.p < NOT_AS_PLANNED


def split(treated: float, control: float, *, planned: float = 0.5) -> Split:
    """The sample-ratio check. Counted is whatever was drawn: customers, calls, or clusters - not their answers.

    planned: share that was to be treated, between 0 and 1.

    >>> round(split(5_200, 4_800).p, 6), split(5_200, 4_800).as_planned
    (6.3e-05, False)
    """
    whole = treated + control
    if whole <= 0 or not 0 < planned < 1:
        return Split(treated, control, planned, NAN, NAN)
    expected = np.array([planned, 1 - planned]) * whole
    chi2 = float((((np.array([treated, control]) - expected) ** 2) / expected).sum())
    return Split(treated, control, planned, chi2, float(chi2_sf(chi2, 1)))


def means(treated: Sums, control: Sums) -> Difference:
    """Treated less control by Welch, answers taken as independent.

    >>> d = means(Sums(100, 8500, 728_100), Sums(100, 8200, 678_000)); round(d.value, 2), round(d.p, 4)
    (3.0, 0.0053)
    """
    sides = (np.array([[arm.mean], [arm.error], [arm.n]]) for arm in (control, treated))
    return welch(*next(sides), *next(sides))[0]


def shares(treated: Sums, control: Sums, *, whole: float = 1.0) -> Difference:
    """Treated less control of two shares: pooled z test, Newcombe's interval; the error is unpooled.

    whole: what a yes counts, 100 in percent; a no counts nothing.
    """
    four = control.total / whole, control.n, treated.total / whole, treated.n
    found, interval = two_proportions(*four), newcombe(*four)
    variance = sum(arm.mean * (whole - arm.mean) / arm.n if arm.n > 0 else NAN for arm in (treated, control))
    ends = Interval(whole * interval.low, whole * interval.high)
    return Difference(treated.mean - control.mean, float(np.sqrt(variance)), np.inf, ends, found.p)


def clustered_means(treated: Array, cluster: Array, n: Array, total: Array) -> Difference:
    """Treated less control where clusters were drawn: sums by cluster, `treated` True or False, all of one length."""
    group = np.asarray(treated, dtype=int)
    _, code = np.unique(cluster, return_inverse=True)
    zero = np.zeros(len(group), dtype=int)
    sums = ClusterSums.of(zero, group, code, np.asarray(n, float), np.asarray(total, float), problems=1, groups=2)
    return contrasts(sums, np.array([-1.0, 1.0])).first
