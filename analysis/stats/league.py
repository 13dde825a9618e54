"""Who is really out of line among many groups, once luck is allowed for?

Groups whose value or error is missing or zero take no part: NaN in, NaN out, and nobody else is moved by them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.stats.distributions import normal_ppf, normal_sf, t_ppf, t_sf
from analysis.stats.intervals import NAN, Array
from analysis.stats.multiplicity import holm
from analysis.stats.roots import root

INNER, OUTER = 0.95, 0.998


@dataclass(frozen=True)
class Funnel:
    """Limits within which groups lie by luck, one number a group; `outside` is 0, 95 or 99.8, NaN where unknown."""

    limit95_low: Array
    limit95_high: Array
    limit998_low: Array
    limit998_high: Array
    outside: Array


def funnel(
    value: Array,
    error: Array,
    centre: float,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    df: Array | None = None,
) -> Funnel:
    """Control limits of groups around an overall mean (Spiegelhalter 2005, Stat. Med. 24:1185).

    `error`: what a group of that size would have by luck alone, best from the spread common to all groups, sd /
    sqrt(effective n). With `df` the limits are Student's, for errors estimated from each group alone. `low` and
    `high` are the ends of the scale.

    >>> f = funnel(np.array([80.0, 84.0]), np.array([1.0, 2.0]), 85.0)
    >>> f.limit95_low.round(1).tolist(), f.outside.tolist()
    ([83.0, 81.1], [99.8, 0.0])
    """
    known = _known(value, error)
    spread = np.where(known, error, NAN)
    reach = {level: _quantile((1 + level) / 2, spread, df) * spread for level in (INNER, OUTER)}
    away = np.abs(np.where(known, value, NAN) - centre)
    outside = np.where(away > reach[OUTER], 99.8, np.where(away > reach[INNER], 95.0, 0.0))
    inner, outer = (
        (np.clip(centre - reach[level], low, high), np.clip(centre + reach[level], low, high))
        for level in (INNER, OUTER)
    )
    return Funnel(*inner, *outer, np.where(known & ~np.isnan(reach[INNER]), outside, NAN))


def _quantile(level: float, error: Array, df: Array | None) -> Array:
    if df is None:
        return np.full(np.shape(error), normal_ppf(level))
    quantile: Array = t_ppf(level, np.where(np.asarray(df) > 0, df, NAN))
    return quantile


def _known(value: Array, error: Array) -> Array:
    known: Array = np.isfinite(value) & np.isfinite(error) & (np.asarray(error) > 0)
    return known


@dataclass(frozen=True)
class Shrunken:
    """Group means drawn to the mean of all by as much as luck moves them; `between` is the variance of true means."""

    value: Array
    low: Array
    high: Array
    centre: float
    between: float


def shrink(value: Array, error: Array, *, confidence: float = 0.95) -> Shrunken:
    """Empirical Bayes estimates of many group means, normal around a normal (Morris 1983, JASA 78:47).

    The variance between groups is that of Paule and Mandel. The intervals add what it costs not to know the overall
    mean and that variance. With errors all alike this is the estimate of Efron and Morris 1975. It takes four groups;
    fewer get NaN.

    value, error: group means and their standard errors, one number a group.

    >>> s = shrink(np.array([70.0, 80.0, 82.0, 84.0, 90.0]), np.array([5.0, 2.0, 2.0, 2.0, 5.0]))
    >>> s.value.round(1).tolist()
    [72.6, 80.1, 82.0, 83.8, 88.0]
    """
    known = _known(value, error)
    if known.sum() < 4:
        nothing = np.full(known.shape, NAN)
        return Shrunken(nothing, nothing, nothing, NAN, NAN)
    y, variance = np.asarray(value, dtype=float)[known], np.asarray(error, dtype=float)[known] ** 2
    between = paule_mandel(y, variance)
    centre, posterior, spread = _posterior(y, variance, between)
    reach = float(normal_ppf((1 + confidence) / 2)) * spread
    low, high = _placed(posterior - reach, known), _placed(posterior + reach, known)
    return Shrunken(_placed(posterior, known), low, high, centre, between)


def _placed(numbers: Array, known: Array) -> Array:
    """Numbers of the known groups at their places among all."""
    column = np.full(known.shape, NAN)
    column[known] = numbers
    return column


def _posterior(y: Array, variance: Array, between: float) -> tuple[float, Array, Array]:
    """Overall mean, posterior means and their standard errors, with the corrections of Morris 1983 for few groups."""
    k, weight = len(y), 1 / (variance + between)
    centre = float(weight @ y / weight.sum())
    drawn = (k - 3) / (k - 1) * variance * weight  # share of the way to the centre
    typical = float(weight @ variance / weight.sum())
    unsure = 2 / (k - 3) * drawn**2 * (typical + between) * weight  # of how far to draw
    rest = variance * (1 - drawn) + drawn**2 / weight.sum() + unsure * (y - centre) ** 2
    return centre, y - drawn * (y - centre), np.sqrt(rest)


def paule_mandel(value: Array, variance: Array) -> float:
    """Variance between groups at which their weighted spread is what is expected (Paule and Mandel 1982).

    >>> round(paule_mandel(np.array([1.0, 2.0, 6.0]), np.array([1.0, 1.0, 1.0])), 3)
    6.0
    """

    def excess(between: float) -> float:
        weight = 1 / (variance + between)
        return float(weight @ (value - weight @ value / weight.sum()) ** 2) - (len(value) - 1)

    if excess(0.0) <= 0:
        return 0.0
    most = float(((value - value.mean()) ** 2).sum())
    return root(excess, 0.0, most)


@dataclass(frozen=True)
class Ranks:
    """Place of each group by its value (1 the best, ties share the better one), and the places luck leaves open."""

    rank: Array
    best: Array
    worst: Array


def compatible_ranks(
    value: Array, error: Array, *, df: Array | None = None, better_high: bool = True, alpha: float = 0.05
) -> Ranks:
    """For each group the places it may truly hold, with confidence 1 - `alpha` for each group.

    A group is behind all those surely better and ahead of all those surely worse: two-sided comparisons with each of
    the k - 1 others, Holm within the group (Mogstad, Romano, Shaikh and Wilhelm 2024, Rev. Econ. Stud. 91:476;
    Al Mohamad, van Zwet, Solari and Goeman 2021 for all groups at once). With `df`, the degrees of freedom of the
    errors, comparisons are Welch's.

    >>> r = compatible_ranks(np.array([90.0, 80.0, 80.5]), np.ones(3)); r.best.tolist(), r.worst.tolist()
    ([1.0, 2.0, 2.0], [1.0, 3.0, 3.0])
    """
    known = _known(value, error) & (True if df is None else np.asarray(df) > 0)
    if not known.any():
        nothing = np.full(known.shape, NAN)
        return Ranks(nothing, nothing, nothing)
    ahead = np.asarray(value, dtype=float)[known] * (1 if better_high else -1)
    gap = ahead[None, :] - ahead[:, None]  # row: the group; column: how far the other is ahead of it
    p = pairwise_p(gap, np.asarray(error, dtype=float)[known], None if df is None else np.asarray(df)[known])
    sure = np.array([holm(row) for row in p]) < alpha
    best, worst = 1 + (sure & (gap > 0)).sum(axis=1), len(ahead) - (sure & (gap < 0)).sum(axis=1)
    columns = (_places(-ahead), best, worst)
    return Ranks(*(_placed(column, known) for column in columns))


def _places(values: Array) -> Array:
    """The place of each value from the smallest; equal ones share the best of theirs."""
    return np.asarray(1 + np.searchsorted(np.sort(values), values))


def pairwise_p(gap: Array, error: Array, df: Array | None) -> Array:
    """Two-sided p of each pair by its difference (a row and a column a group); NaN for a group with itself."""
    variance = error[:, None] ** 2 + error[None, :] ** 2
    size = np.abs(gap) / np.sqrt(variance)
    if df is None:
        p = 2 * normal_sf(size)
    else:
        p = 2 * t_sf(size, variance**2 / (error[:, None] ** 4 / df[:, None] + error[None, :] ** 4 / df[None, :]))
    np.fill_diagonal(p, NAN)
    return np.asarray(p)
