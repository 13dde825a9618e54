"""What do weights, strata and clusters do to the error of an estimate, and to a test of a table?

Design-based: only the sums of each primary sampling unit (an agent, a team; or one answer) are needed.
Without clusters each answer is a unit; without strata give the same stratum to all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.stats.distributions import f_sf
from analysis.stats.intervals import NAN, Array

NO_FRACTIONS = np.zeros(0)


@dataclass(frozen=True)
class DesignMean:
    """A weighted mean with its linearised standard error; `df` is units less strata."""

    value: float
    error: float
    df: int


def design_mean(strata: Array, w: Array, wx: Array, *, fractions: Array = NO_FRACTIONS) -> DesignMean:
    """Weighted mean of a sample drawn by units within strata (Taylor linearisation; Lumley 2010, 2.2).

    strata: number of the stratum of each unit, from 0; w, wx: sums over the unit's answers of the weight and of
    weight times value, both 0 in a unit without answers of the subgroup asked for; fractions: share of its units
    that was drawn, one a stratum. NaN error where a stratum has one unit.

    >>> m = design_mean(np.zeros(3, dtype=int), np.ones(3), np.array([1.0, 2.0, 6.0]))
    >>> m.value, round(m.error, 3), m.df
    (3.0, 1.528, 2)
    """
    total = float(w.sum())
    if total <= 0:
        return DesignMean(NAN, NAN, 0)
    value = float(wx.sum()) / total
    variance = _covariance(strata, ((wx - value * w) / total)[:, None], fractions)[0, 0]
    return DesignMean(value, math.sqrt(variance), _freedom(strata))


def _freedom(strata: Array) -> int:
    return len(strata) - len(np.unique(strata))


def _covariance(strata: Array, sums: Array, fractions: Array) -> Array:
    """Covariance of totals from the sums by unit (rows) of several numbers (columns)."""
    units = np.bincount(strata)
    drawn = fractions if len(fractions) else np.zeros(len(units))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(units > 0, (1 - drawn) * units / (units - 1), 0.0)
        factor[units == 1] = NAN
    means = np.zeros((len(units), sums.shape[1]))
    np.add.at(means, strata, sums / units[strata][:, None])
    away = sums - means[strata]
    covariance: Array = (away * factor[strata][:, None]).T @ away
    return covariance


def effective_size(w: float, w2: float) -> float:
    """Answers of equal weight that would tell as much: (sum of w) squared over the sum of w squared (Kish 1965).

    >>> effective_size(10.0, 25.0)
    4.0
    """
    return w * w / w2 if w2 > 0 else NAN


def design_effect(error: float, n: float, s2: float, *, fraction: float = 0.0) -> float:
    """Variance of a mean over that of `n` answers drawn one by one from a population with variance `s2` (Kish 1965).

    >>> design_effect(2.0, 100, 200.0)
    2.0
    """
    plain = s2 / n * (1 - fraction) if n > 0 else NAN
    return error * error / plain if plain > 0 else NAN


@dataclass(frozen=True)
class RaoScott:
    """The corrected test of a table: F with its degrees of freedom, and Pearson's chi-square before correction.

    `design_effect` is the mean of the generalised design effects: how much the plain chi-square overstates.
    """

    f: float
    df1: float
    df2: float
    p: float
    chi2: float
    design_effect: float


def rao_scott(strata: Array, cells: Array, n: float, *, fractions: Array = NO_FRACTIONS) -> RaoScott:
    """Are rows and columns of a weighted table independent? Second-order correction (Rao and Scott 1984).

    strata: number of the stratum of each unit; cells: units x k x m, sums of weights; n: answers behind them.
    NaN with fewer than two filled rows or columns, or no degrees of freedom.
    """
    shares = cells.sum(axis=0) / cells.sum() if cells.sum() > 0 else np.zeros(cells.shape[1:])
    rows, columns = shares.sum(axis=1) > 0, shares.sum(axis=0) > 0
    shares, freedom = shares[np.ix_(rows, columns)], _freedom(strata)
    if min(shares.shape) < 2 or freedom < 1:
        return RaoScott(NAN, NAN, NAN, NAN, NAN, NAN)
    sums = cells[:, rows][:, :, columns].reshape(len(cells), -1)
    effects = _design_effects(strata, sums, shares, n, fractions)
    trace, squares = float(np.trace(effects)), float(np.trace(effects @ effects))
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    chi2 = n * float(((shares - expected) ** 2 / expected).sum())
    if not trace > 0:
        return RaoScott(NAN, NAN, NAN, NAN, chi2, NAN)
    df1 = trace**2 / squares
    p = float(f_sf(chi2 / trace, df1, df1 * freedom))
    return RaoScott(chi2 / trace, df1, df1 * freedom, p, chi2, trace / len(effects))


def _helmert(size: int) -> Array:
    """Each category against the mean of those before it, in orthogonal rows of length 1."""
    k = np.arange(1, size)
    rows = np.tri(size - 1, size) - k[:, None] * np.eye(size - 1, size, 1)
    return np.asarray(rows / np.sqrt(k * (k + 1))[:, None])


def _design_effects(strata: Array, sums: Array, shares: Array, n: float, fractions: Array) -> Array:
    """Matrix whose eigenvalues are the generalised design effects of the interactions of a table."""
    p = shares.ravel()
    inverse = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)[:, None]
    contrasts = np.kron(*(_helmert(size).T for size in shares.shape))
    residuals = (sums - sums.sum(axis=1, keepdims=True) * p) / sums.sum()
    weighed = inverse * contrasts
    observed: Array = weighed.T @ _covariance(strata, residuals, fractions) @ weighed
    alone = contrasts.T @ weighed / n  # what answers drawn one by one would give
    effects: Array = np.linalg.lstsq(alone, observed, rcond=None)[0]
    return effects
