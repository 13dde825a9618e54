"""Do rates of many differ more than by chance, when each had but a few cases? And does one of them stand out?

Counts of cases in strata with a rate each; under the null every unit has the rate of the stratum. The statistic is
Tarone's (1979) against a beta-binomial, its moments extended to several strata: for one stratum it is his.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.distributions import normal_sf
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Dispersion:
    """z: how far the spread of the units lies above that of chance, in standard errors; p: of as much or more."""

    z: float
    p: float


def tarone(x: Array, n: Array) -> Dispersion:
    """x: (units, strata) cases with the mark; n: (units, strata) cases. NaN where nothing can differ.

    >>> d = tarone(np.array([[0.0], [5], [0], [5]]), np.full((4, 1), 5.0)); round(d.z, 3)
    6.325
    """
    x, n = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    p = _rates(x, n)
    v = n * p * (1 - p)
    variance = v.sum(axis=1)
    fourth = (v * (1 - 6 * p * (1 - p))).sum(axis=1)  # cumulant of the sum of the unit's cases
    spread = (fourth + 2 * variance**2).sum() - (v.sum(axis=0) * (1 - 2 * p) ** 2).sum()
    if not spread > 1e-12:
        return Dispersion(NAN, NAN)
    z = float((((x - n * p).sum(axis=1) ** 2) - variance).sum() / np.sqrt(spread))
    return Dispersion(z, float(normal_sf(z)))


def _rates(x: Array, n: Array) -> Array:
    whole = n.sum(axis=0)
    return np.where(whole > 0, x.sum(axis=0) / np.where(whole > 0, whole, 1.0), 0.0)


def stands_out(x: Array, n: Array, unit: int) -> float:
    """The chance that a unit has as many cases as it has or more, had it the rates of all the others; exact.

    >>> round(stands_out(np.array([[3.0], [10]]), np.array([[3.0], [100]]), 0), 4)
    0.001
    """
    rest_x, rest_n = x.sum(axis=0) - x[unit], n.sum(axis=0) - n[unit]
    chance = np.array([1.0])
    for cases, marked, of in zip(n[unit].astype(int), rest_x, rest_n, strict=True):
        if cases and of <= 0:
            return NAN
        if cases:
            chance = np.convolve(chance, _binomial(cases, marked / of))
    return float(min(chance[int(x[unit].sum()) :].sum(), 1.0))


def _binomial(n: int, p: float) -> Array:
    """The chances of 0..n."""
    k = np.arange(n + 1)
    if p <= 0 or p >= 1:
        return np.asarray(k == (0 if p <= 0 else n), dtype=float)
    choices = np.concatenate([[0.0], np.cumsum(np.log((n - k[1:] + 1) / k[1:]))])
    return np.asarray(np.exp(choices + k * np.log(p) + (n - k) * np.log1p(-p)))
