"""How sure are we? Intervals and tests of means, rates and their differences, from sufficient statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

NAN = float("nan")


@dataclass(frozen=True)
class Interval:
    """Bounds of an interval; NaN where it cannot be given."""

    low: float
    high: float

    def clipped(self, low: float, high: float) -> Interval:
        return Interval(max(self.low, low), min(self.high, high))

    def excludes(self, value: float) -> bool:
        """
        >>> Interval(0.1, 2.0).excludes(0), Interval(NAN, NAN).excludes(0)
        (True, False)
        """
        return self.low > value or self.high < value


@dataclass(frozen=True)
class Difference:
    """A difference with its standard error, degrees of freedom, interval and two-sided p."""

    value: float
    error: float
    df: float
    interval: Interval
    p: float


def t_interval(value: float, error: float, df: float, *, confidence: float = 0.95) -> Interval:
    """Student interval; NaN without degrees of freedom.

    >>> i = t_interval(10, 1, 1e9); round(i.low, 3), round(i.high, 3)
    (8.04, 11.96)
    """
    if not df > 0 or math.isnan(error):
        return Interval(NAN, NAN)
    reach = float(stats.t.ppf((1 + confidence) / 2, df)) * error
    return Interval(value - reach, value + reach)


def wilson_interval(successes: float, n: float, *, confidence: float = 0.95) -> Interval:
    """Score interval of a proportion, 0..1 (Wilson 1927; Newcombe 1998 method 3). `n` may be an effective size.

    >>> i = wilson_interval(81, 263); round(i.low, 4), round(i.high, 4)
    (0.2553, 0.3662)
    """
    if not n > 0:
        return Interval(NAN, NAN)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    p, half = successes / n, z * z / (2 * n)
    reach = z * math.sqrt(max(p * (1 - p) / n + z * z / (4 * n * n), 0.0))
    scale = 1 + z * z / n
    return Interval((p + half - reach) / scale, (p + half + reach) / scale).clipped(0.0, 1.0)


def difference(value: float, error: float, df: float) -> Difference:
    """A difference with Student interval and p; without error or freedom neither is given.

    >>> d = difference(-1.6, 0.57, 3998.0); round(d.p, 3)
    0.005
    """
    if not df > 0 or not error > 0:
        return Difference(value, error, df, Interval(NAN, NAN), NAN)
    p = float(2 * stats.t.sf(abs(value / error), df))
    return Difference(value, error, df, t_interval(value, error, df), p)


def welch(mean0: float, error0: float, n0: float, mean1: float, error1: float, n1: float) -> Difference:
    """mean1 - mean0 of independent samples with unequal variances (Welch 1947, Satterthwaite freedom).

    `error*` are standard errors of the means.
    """
    variance = error0**2 + error1**2
    if n0 < 2 or n1 < 2 or not variance > 0:
        return Difference(mean1 - mean0, NAN, NAN, Interval(NAN, NAN), NAN)
    df = variance**2 / (error0**4 / (n0 - 1) + error1**4 / (n1 - 1))
    return difference(mean1 - mean0, math.sqrt(variance), df)
