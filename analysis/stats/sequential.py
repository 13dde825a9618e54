"""How sure are we when we look again and again? Intervals that hold at every look at once.

A confidence sequence by a normal mixture (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of
Statistics 49:1055, eq. 14; with estimated variances Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, Annals of
Statistics 52:2613). An estimate whose information V (one over its squared error) grows from look to look is a
Brownian motion seen at these times, for differences in differences as well: the time before, which all looks have in
common, is there from the first. With rho for the spread of the mixture, the estimate lies within

    error x sqrt((1 + rho / V) log((V + rho) / (rho alpha^2)))

of the truth at all looks at once, with probability 1 - alpha. rho is chosen so that this is least at the planned
information; there it is sqrt(y) errors with y - log y = 1 - 2 log alpha, 3.03 at 95 %.

With few clusters the error is itself a guess: the bound, taken as a quantile of the normal distribution, is replaced
by Student's quantile with the same tail.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from analysis.stats.distributions import normal_sf, t_isf
from analysis.stats.intervals import NAN, Interval

LEAST_FRACTION = 1e-6


def bound(fraction: float, *, alpha: float = 0.05) -> float:
    """How many errors to either side hold at all looks: at `fraction` (above 0) of the planned information.

    >>> round(bound(1.0), 3), round(bound(0.1), 2), round(bound(2.0), 2)
    (3.035, 3.82, 3.06)
    """
    v, rho = max(fraction, LEAST_FRACTION), mixture(alpha)
    return math.sqrt((1 + rho / v) * math.log((v + rho) / (rho * alpha**2)))


def mixture(alpha: float) -> float:
    """rho over the planned information that makes the interval least there; by the lower branch of Lambert's W."""
    y = -float(np.real(special.lambertw(-(alpha**2) / math.e, k=-1)))
    return 1 / (y - 1)


def for_few(normal_bound: float, df: float) -> float:
    """The bound in Student's distribution that leaves as much in its tails; NaN without freedom.

    >>> round(for_few(1.959964, 8), 3), round(for_few(3.03, 1e9), 3)
    (2.306, 3.03)
    """
    if not df > 0:
        return NAN
    return float(t_isf(normal_sf(normal_bound), df))


def sequence_interval(value: float, error: float, df: float, fraction: float, *, alpha: float = 0.05) -> Interval:
    """The interval of one look, which holds together with those of all other looks."""
    reach = for_few(bound(fraction, alpha=alpha), df) * error
    return Interval(value - reach, value + reach)
