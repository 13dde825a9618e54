"""Within which limits does a day vary by chance alone? Shewhart's limits for rates, counts and mean scores.

A centre is that of all points unless one is given: the mean of a baseline, or what each day is expected to be. The
standard error of a point is that of its answers; where days vary by more than their answers explain, it is
multiplied by Laney's sigma_z (Laney 2002, Quality Engineering 14:531; the same way for counts and for means).
Source: Montgomery, Introduction to Statistical Quality Control, chapters 6 and 7. A point without answers is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.stats.distributions import chi2_sf
from analysis.stats.intervals import Array, wilson_bounds

SIGMAS = 3.0  # Shewhart's limits
CONFIDENCE = 0.9973  # of an interval that reaches as far
MOVING_RANGE = 1.128  # mean range of two normal values, in standard deviations (d2 of two)
OVERDISPERSED = 0.05  # chance of as much spread between days without any of their own, below which it is allowed for
Center = float | Array | None


@dataclass(frozen=True)
class Limits:
    """Four numbers a point: its centre, its limits, and the standard error of it, sigma_z included.

    sigma_z: how many times wider than by their answers alone the points spread; 1 where that is not allowed for.
    """

    center: Array
    low: Array
    high: Array
    sigma: Array
    sigma_z: float = 1.0

    def z(self, values: Array) -> Array:
        """How far points lie from their centres, in their standard errors."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((values - self.center) / self.sigma)


def p_chart(d: Array, n: Array, *, center: Center = None, sigma_z: float = 1.0) -> Limits:
    """Limits of shares d / n; none outside 0..1.

    >>> found = p_chart(np.array([4.0, 6.0]), np.array([50.0, 50.0]))
    >>> found.center.tolist(), found.high.round(4).tolist()
    ([0.1, 0.1], [0.2273, 0.2273])
    """
    n = _sizes(n)
    middle = _center(center, d, n)
    sigma = sigma_z * np.sqrt(middle * (1 - middle) / n)
    return _around(middle, sigma, sigma_z, floor=0.0, ceiling=1.0)


def laney(d: Array, n: Array, *, center: Center = None) -> Limits:
    """Limits of shares that vary from day to day by more than their answers explain: Laney's p' chart."""
    plain = p_chart(d, n, center=center)
    return p_chart(d, n, center=center, sigma_z=sigma_z(plain.z(np.asarray(d) / _sizes(n))))


def u_chart(x: Array, size: Array, *, center: Center = None, sigma_z: float = 1.0) -> Limits:
    """Limits of events per unit, where the number of units varies; none below 0.

    >>> u_chart(np.array([14.0, 12.0]), np.array([10.0, 8.0])).center.round(3).tolist()
    [1.444, 1.444]
    """
    size = _sizes(size)
    middle = _center(center, x, size)
    return _around(middle, sigma_z * np.sqrt(middle / size), sigma_z, floor=0.0)


def laney_u(x: Array, size: Array, *, center: Center = None) -> Limits:
    """Limits of events per unit that vary by more than chance: Laney's u' chart."""
    plain = u_chart(x, size, center=center)
    return u_chart(x, size, center=center, sigma_z=sigma_z(plain.z(np.asarray(x) / _sizes(size))))


def xbar(mean: Array, n: Array, *, center: Center, sd: float, sigma_z: float = 1.0) -> Limits:
    """Limits of means of n answers whose standard deviation within a day is `sd`."""
    n = _sizes(n)
    middle = _center(center, np.nan_to_num(np.asarray(mean, dtype=float)) * np.nan_to_num(n), n)
    return _around(middle, sigma_z * sd / np.sqrt(n), sigma_z)


def wilson_limits(d: Array, n: Array) -> tuple[Array, Array]:
    """Where the share behind each point may lie, at the confidence of three standard errors (Wilson 1927).

    The centre is outside of it exactly where the point is outside the limits of a p chart.
    """
    return wilson_bounds(np.asarray(d, dtype=float), _sizes(n), confidence=CONFIDENCE)


def sd_within(n: Array, sd: Array) -> float:
    """The standard deviation of single answers, from that of each day; without bias, and with the least variance.

    Days of one answer have none. Source: Burr 1976, Statistical Quality Control Methods; `MVLUE-SD` of R's qcc.

    >>> round(sd_within(np.array([5.0, 5.0]), np.array([1.0, 3.0])), 4)
    2.1277
    """
    n, sd = np.asarray(n, dtype=float), np.asarray(sd, dtype=float)
    known = (n > 1) & np.isfinite(sd)
    if not known.any():
        return float("nan")
    c4 = _c4(n[known])
    weight = c4**2 / (1 - c4**2)
    return float((weight * sd[known] / c4).sum() / weight.sum())


def sigma_z(z: Array) -> float:
    """How many times wider than chance points spread from one to the next: mean moving range over that of chance.

    z: distances from the centre in standard errors of the answers. A lasting change enters it once only.

    >>> sigma_z(np.array([1.128, 0.0, 1.128]))
    1.0
    """
    z = np.asarray(z, dtype=float)
    z = z[np.isfinite(z)]
    return float(np.abs(np.diff(z)).mean() / MOVING_RANGE) if len(z) > 1 else float("nan")


def overdispersion(z: Array, *, fitted: float = 1.0) -> float:
    """The chance that points spread as much as they do, or more, if only their answers made them vary.

    The sum of squared z against chi squared; `fitted`: what was estimated from these same points.
    """
    z = np.asarray(z, dtype=float)
    z = z[np.isfinite(z)]
    return float(chi2_sf((z**2).sum(), len(z) - fitted)) if len(z) > fitted else float("nan")


def allowed_for(z: Array, *, fitted: float = 1.0) -> float:
    """sigma_z where days vary by more than their answers explain, by the test of `overdispersion`; else 1."""
    return max(sigma_z(z), 1.0) if overdispersion(z, fitted=fitted) < OVERDISPERSED else 1.0


def u_or_laney(x: Array, size: Array) -> Limits:
    """Limits of events per unit: u', where they vary by more than chance, else u."""
    plain = u_chart(x, size)
    spread = allowed_for(plain.z(np.asarray(x) / _sizes(size)))
    return plain if spread == 1 else u_chart(x, size, sigma_z=spread)


def _c4(n: Array) -> Array:
    """The mean of a standard deviation of n normal values, in the true one."""
    return np.asarray(np.sqrt(2 / (n - 1)) * np.exp(special.gammaln(n / 2) - special.gammaln((n - 1) / 2)))


def _sizes(n: Array) -> Array:
    n = np.asarray(n, dtype=float)
    return np.where(n > 0, n, np.nan)


def _center(center: Center, events: Array, n: Array) -> Array:
    """The centre of each point: what is given, else that of all."""
    if center is not None:
        return np.broadcast_to(np.asarray(center, dtype=float), n.shape)
    units = np.nansum(n)
    return np.full(n.shape, float(np.nansum(events)) / units if units else np.nan)


def _around(center: Array, sigma: Array, spread: float, *, floor: float = -np.inf, ceiling: float = np.inf) -> Limits:
    low, high = center - SIGMAS * sigma, center + SIGMAS * sigma
    return Limits(center, np.maximum(low, floor), np.minimum(high, ceiling), sigma, spread)
