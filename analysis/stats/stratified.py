"""Does a coefficient hold within strata? A pooled value, and the strata that surely say the opposite."""

from __future__ import annotations

import numpy as np

from analysis.stats.coefficients import Association
from analysis.stats.distributions import Z_95, normal_sf
from analysis.stats.intervals import NAN, SIGNIFICANCE, Array
from analysis.stats.multiplicity import family_adjusted


def pooled(strata: list[Association], *, signed: bool) -> Association:
    """One value from several strata, of coefficients of the same name with 95 % intervals.

    Coefficients of -1..1 are averaged on Fisher's scale by the inverse of their squared errors (Hedges and Olkin
    1985), which their intervals tell; those of 0..1 by their answers, and have neither interval nor p.

    >>> a = pooled([Association("pearson", 0.5, 0.34, 0.63, 0.0, 99.0)] * 4, signed=True)
    >>> round(a.value, 2), a.low > 0.34, a.n
    (0.5, True, 396.0)
    """
    name, n = (strata[0].name if strata else ""), float(sum(s.n for s in strata))
    if not signed:
        known = [s for s in strata if s.value == s.value]
        sizes = sum(s.n for s in known)
        value = sum(s.n * s.value for s in known) / sizes if sizes > 0 else NAN
        return Association(name, value, NAN, NAN, NAN, n)
    z, error = _on_fishers_scale(strata)
    usable = error > 0
    if not usable.any():
        return Association(name, NAN, NAN, NAN, NAN, n)
    weight = 1 / error[usable] ** 2
    middle, reach = float(weight @ z[usable] / weight.sum()), 1 / float(np.sqrt(weight.sum()))
    low, high = np.tanh(middle - Z_95 * reach), np.tanh(middle + Z_95 * reach)
    return Association(
        name, float(np.tanh(middle)), float(low), float(high), float(2 * normal_sf(abs(middle) / reach)), n
    )


def opposite(whole: Association, strata: list[Association]) -> list[bool]:
    """Which strata surely have the other sign than the whole, whose own sign must be sure.

    Sure is an interval that excludes 0, that of a stratum widened for their number (Holm).
    """
    if not strata or not (whole.low > 0 or whole.high < 0):
        return [False] * len(strata)
    z, error = _on_fishers_scale(strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(error > 0, 2 * normal_sf(np.abs(z / error)), NAN)
    sure = family_adjusted(p)[0] < SIGNIFICANCE
    return [bool(s) for s in sure & (z * whole.value < 0)]


def _on_fishers_scale(strata: list[Association]) -> tuple[Array, Array]:
    """Values and standard errors; a value of 1 has no error, so it says nothing of how sure it is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value, low, high = (np.arctanh([getattr(s, name) for s in strata]) for name in ("value", "low", "high"))
    return value, (high - low) / (2 * Z_95)
