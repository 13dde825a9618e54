"""How sure are we? Intervals and tests of means, rates and their differences, from sufficient statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.stats.distributions import beta_ppf, normal_ppf, t_ppf, t_sf

NAN = float("nan")
SIGNIFICANCE = 0.05  # a smaller two-sided p is taken as more than chance
Array = npt.NDArray[Any]


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
    """A difference with its standard error, degrees of freedom, interval and two-sided p.

    `clusters` is 0 where answers were taken as independent.
    """

    value: float
    error: float
    df: float
    interval: Interval
    p: float
    clusters: int = 0


@dataclass(frozen=True)
class Omnibus:
    """A test of all groups at once; NaN where it cannot be given."""

    statistic: float
    df1: float
    df2: float
    p: float


def t_bounds(value: Array, error: Array, df: Array, *, confidence: float | Array = 0.95) -> tuple[Array, Array]:
    """Lower and upper bounds of Student intervals; NaN without degrees of freedom.

    >>> low, high = t_bounds(np.array([10.0]), np.array([1.0]), np.array([1e9])); low.round(3), high.round(3)
    (array([8.04]), array([11.96]))
    """
    reach = t_ppf((1 + confidence) / 2, np.where(np.asarray(df) > 0, df, NAN)) * error
    return value - reach, value + reach


def t_interval(value: float, error: float, df: float, *, confidence: float = 0.95) -> Interval:
    """`t_bounds` of one value."""
    low, high = t_bounds(np.array([value]), np.array([error]), np.array([df]), confidence=confidence)
    return Interval(float(low[0]), float(high[0]))


def wilson_bounds(successes: Array, n: Array, *, confidence: float = 0.95) -> tuple[Array, Array]:
    """Score intervals of proportions, 0..1 (Wilson 1927; Newcombe 1998 method 3); NaN where n is 0.

    `n` may be effective sizes.
    """
    z = float(normal_ppf((1 + confidence) / 2))
    n = np.where(np.asarray(n) > 0, n, NAN)
    p, half = successes / n, z * z / (2 * n)
    reach = z * np.sqrt(np.maximum(p * (1 - p) / n + z * z / (4 * n * n), 0.0))
    scale = 1 + z * z / n
    return np.clip((p + half - reach) / scale, 0.0, 1.0), np.clip((p + half + reach) / scale, 0.0, 1.0)


def wilson_interval(successes: float, n: float, *, confidence: float = 0.95) -> Interval:
    """`wilson_bounds` of one proportion.

    >>> i = wilson_interval(81, 263); round(i.low, 4), round(i.high, 4)
    (0.2553, 0.3662)
    """
    low, high = wilson_bounds(np.array([successes]), np.array([n]), confidence=confidence)
    return Interval(float(low[0]), float(high[0]))


def exact_bounds(successes: Array, n: Array, *, confidence: float = 0.95) -> tuple[Array, Array]:
    """Exact intervals of proportions, 0..1 (Clopper and Pearson 1934), for what is rare; NaN where n is 0.

    >>> low, high = exact_bounds(np.array([0.0, 3.0]), np.array([20.0, 100.0])); low.round(4), high.round(4)
    (array([0.    , 0.0062]), array([0.1684, 0.0852]))
    """
    x, n = np.asarray(successes, dtype=float), np.where(np.asarray(n) > 0, n, NAN)
    tail = (1 - confidence) / 2
    low = beta_ppf(tail, np.where(x > 0, x, 1.0), n - x + 1)
    high = beta_ppf(1 - tail, x + 1, np.where(x < n, n - x, 1.0))
    known = np.isfinite(n)
    return np.where(known & (x > 0), low, np.where(known, 0.0, NAN)), np.where(
        known & (x < n), high, np.where(known, 1.0, NAN)
    )


def differences(value: Array, error: Array, df: Array, clusters: Array | None = None) -> list[Difference]:
    """Differences with Student interval and p; without error or freedom neither is given.

    >>> d = differences(np.array([-1.6]), np.array([0.57]), np.array([3998.0]))[0]; round(d.p, 3)
    0.005
    """
    known = (error > 0) & (df > 0)
    error_, df_ = np.where(known, error, NAN), np.where(known, df, NAN)
    low, high = t_bounds(value, error_, df_)
    p = 2 * t_sf(np.abs(value / error_), df_)
    columns = (np.asarray(c, dtype=float).tolist() for c in (value, error, df, low, high, p))
    counts = np.zeros(len(value), dtype=int) if clusters is None else clusters
    rows = zip(*columns, counts.tolist(), strict=True)
    return [Difference(v, e, d, Interval(lo, hi), p_, k) for v, e, d, lo, hi, p_, k in rows]


def welch(mean0: Array, error0: Array, n0: Array, mean1: Array, error1: Array, n1: Array) -> list[Difference]:
    """mean1 - mean0 of independent samples with unequal variances (Welch 1947, Satterthwaite freedom).

    `error*` are standard errors of the means; `n*` are numbers of answers, or one more than the freedom of an error
    that has less.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.where((n0 < 2) | (n1 < 2), NAN, error0**2 + error1**2)
        df = variance**2 / (error0**4 / (n0 - 1) + error1**4 / (n1 - 1))
        return differences(mean1 - mean0, np.sqrt(variance), df)
