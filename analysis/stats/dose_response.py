"""How does the score answer to more of a cause: steadily, and from where on worse? From moments of the score per bin.

A bin is a stretch of the cause with its centre `x` (ascending), `n` answers, their mean and sample variance. n may be
an effective number, as long as variance / n is the squared error of the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.stats.distributions import f_ppf, normal_sf, t_sf
from analysis.stats.intervals import NAN, Array
from analysis.stats.trend import Trend

CANDIDATES = 1000  # break points tried
STEADINESS = 20  # answers' worth of the variance of all bins, by which that of one is steadied
ROUNDING = 1e-12


@dataclass(frozen=True)
class Bin:
    """Answers whose cause is between two of its values, both included."""

    low: float
    high: float
    n: float


@dataclass(frozen=True)
class Knee:
    """The best line of two pieces that meet, and whether it fits better than a straight one.

    at: where they meet, with the interval `low`..`high`, which is the whole range tried where no place is better.
    before, after: change of the score for one more of the cause on either side, with errors that allow for the place.
    statistic, df, p: F of 1 and `df` degrees of freedom against a straight line, its p for the best of all places.
    improves: whether p is below 1 less the confidence. All are NaN (and False) with fewer than 4 bins of 2 answers.
    """

    at: float
    before: float
    after: float
    low: float
    high: float
    improves: bool
    before_error: float
    after_error: float
    statistic: float
    df: float
    p: float


UNKNOWN = Knee(NAN, NAN, NAN, NAN, NAN, False, NAN, NAN, NAN, NAN, NAN)


def bins_of(values: npt.ArrayLike, counts: npt.ArrayLike, *, most: int = 10) -> list[Bin]:
    """At most `most` bins of about as many answers each; answers of one value stay together.

    `values` ascending, with the count of each. A value goes to the quantile of its middle answer, so one that many
    gave has a bin to itself.

    >>> [(b.low, b.high, b.n) for b in bins_of([0, 1, 2, 3, 4, 9], [60, 10, 10, 10, 5, 5], most=5)]
    [(0.0, 0.0, 60.0), (1.0, 2.0, 20.0), (3.0, 9.0, 20.0)]
    """
    values_, counts_ = np.asarray(values, dtype=float), np.asarray(counts, dtype=float)
    values_, counts_ = values_[counts_ > 0], counts_[counts_ > 0]
    if len(values_) <= most:
        return [Bin(float(v), float(v), float(c)) for v, c in zip(values_, counts_, strict=True)]
    quantile = np.floor(most * (np.cumsum(counts_) - counts_ / 2) / counts_.sum())
    starts = np.flatnonzero(np.diff(quantile, prepend=-1))
    ends = [*(starts[1:] - 1), len(values_) - 1]
    sizes = np.add.reduceat(counts_, starts)
    return [Bin(float(values_[a]), float(values_[b]), float(n)) for a, b, n in zip(starts, ends, sizes, strict=True)]


def trend_of_bins(x: npt.ArrayLike, n: npt.ArrayLike, mean: npt.ArrayLike, variance: npt.ArrayLike) -> Trend:
    """`trend.linear_by_linear` of the cause and the score, from moments: M2 = (n - 1) r2 (Mantel 1963).

    Every answer counts at the centre of its bin. NaN where the cause or the score does not vary.

    >>> t = trend_of_bins([10, 20, 30], [50, 50, 50], [84, 83, 80], [90, 100, 120]); round(t.slope, 2), round(t.p, 3)
    (-0.2, 0.051)
    """
    x_, n_, mean_, variance_ = _filled(x, n, mean, variance)
    total = float(n_.sum())
    if total <= 2:
        return Trend(NAN, NAN, NAN, NAN, NAN, NAN)
    away, lead = x_ - n_ @ x_ / total, mean_ - n_ @ mean_ / total
    within = (n_ - 1) * variance_
    xx, xy, yy = float(n_ @ away**2), float((n_ * away) @ lead), float(n_ @ lead**2 + within.sum())
    if xx <= ROUNDING * (n_ @ x_**2) or yy <= ROUNDING * (n_ @ mean_**2):
        return Trend(NAN, NAN, NAN, NAN, NAN, NAN)
    slope, r = xy / xx, xy / math.sqrt(xx * yy)
    spread = float(away**2 @ (within + n_ * (lead - slope * away) ** 2)) * total / (total - 2)
    z = r * math.sqrt(total - 1)
    return Trend(z * z, z, float(2 * normal_sf(abs(z))), r, slope, math.sqrt(spread) / xx)


def knee(
    x: npt.ArrayLike, n: npt.ArrayLike, mean: npt.ArrayLike, variance: npt.ArrayLike, *, confidence: float = 0.95
) -> Knee:
    """Weighted least squares of two lines that meet, over places from the second bin to the last but one.

    A bin weighs n / variance, a small one's variance drawn towards that of all, so the bins' own errors are the only
    noise. The place was picked for fitting best: its F is judged by the volume of the tube about
    all that could have been picked (Knowles and Siegmund 1989), not by a table of F. The interval of the place holds
    those that do not fit significantly worse (Hinkley 1971).

    >>> k = knee(range(0, 100, 10), [200] * 10, [85.0] * 5 + [84, 80, 76, 72, 68], [100] * 10)
    >>> round(k.at, 1), round(k.before, 2), round(k.after, 2), k.improves
    (47.5, 0.0, -0.4, True)
    """
    x_, n_, mean_, variance_ = _filled(x, n, mean, variance)
    weight = _weights(n_, variance_)
    if len(x_) < 4 or weight is None:
        return UNKNOWN
    places, df = np.union1d(np.linspace(x_[1], x_[-2], CANDIDATES), x_[1:-1]), float(np.sum(n_ - 1))
    bends = _bends(x_, places, weight)
    gains = bends @ (np.sqrt(weight) * mean_)
    best = int(np.argmax(np.abs(gains)))
    statistic = float(gains[best] ** 2)
    p = _p_of_best(math.sqrt(statistic), bends, df)
    kept = places[statistic - gains**2 <= f_ppf(confidence, 1, df)]
    at = float(places[best])
    before, after = _slopes(x_, at, mean_, weight)
    error_before, error_after = (_error(x_[side], weight[side]) for side in (x_ <= at, x_ >= at))
    low, high, improves = float(kept.min()), float(kept.max()), p < 1 - confidence
    return Knee(at, before, after, low, high, improves, error_before, error_after, statistic, df, p)


def _filled(*columns: npt.ArrayLike) -> list[Array]:
    """x, n, mean and variance of the bins that have answers; a single answer has no variance of its own."""
    x, n, mean, variance = (np.asarray(column, dtype=float) for column in columns)
    return [x[n > 0], n[n > 0], mean[n > 0], np.where(n > 1, variance, 0.0)[n > 0]]


def _weights(n: Array, variance: Array) -> Array | None:
    """One over the squared errors of the bins' means; None where the score does not vary within any."""
    freedom = np.maximum(n - 1, 0.0)
    pooled = float(freedom @ variance) / max(float(freedom.sum()), 1.0)
    return n * (freedom + STEADINESS) / (freedom * variance + STEADINESS * pooled) if pooled > 0 else None


def _bends(x: Array, places: Array, weight: Array) -> Array:
    """For every place the direction of unit length in which a bend there moves the weighted means off a line."""
    root = np.sqrt(weight)
    line, _ = np.linalg.qr(root[:, None] * np.column_stack([np.ones_like(x), x - x.mean()]))
    hinge = root * np.maximum(x - places[:, None], 0.0)
    off = hinge - (hinge @ line) @ line.T
    return np.asarray(off / np.linalg.norm(off, axis=1, keepdims=True))


def _p_of_best(t: float, directions: Array, df: float) -> float:
    """p of the largest |t| over a path of directions: its two ends, and the length on the sphere between them."""
    steps = np.clip(np.sum(directions[1:] * directions[:-1], axis=1), -1.0, 1.0)
    length = float(np.sum(np.arccos(steps)))
    return min(float(2 * t_sf(t, df) + length / math.pi * (1 + t * t / df) ** (-df / 2)), 1.0)


def _slopes(x: Array, at: float, mean: Array, weight: Array) -> tuple[float, float]:
    """Slopes before and after `at` of the two lines that meet there."""
    root = np.sqrt(weight)
    design = np.column_stack([np.ones_like(x), np.minimum(x - at, 0.0), np.maximum(x - at, 0.0)])
    fitted = np.linalg.lstsq(root[:, None] * design, root * mean)[0]
    return float(fitted[1]), float(fitted[2])


def _error(x: Array, weight: Array) -> float:
    """Of the slope of a line through these bins alone: what is left to know it by while the place is not known."""
    return 1 / math.sqrt(float(weight @ (x - weight @ x / weight.sum()) ** 2))
