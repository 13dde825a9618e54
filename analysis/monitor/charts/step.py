"""On which day did a lasting change begin? The most likely one, once a chart has told that there is a change.

Source: Samuel, Pignatiello and Calvin 1998, Quality Engineering 10:521, with a standard error for each point.
"""

from __future__ import annotations

import numpy as np

from analysis.stats.intervals import Array


def step_start(apart: Array, sigma: Array) -> int:
    """The point from which on all others explain the distances best by one step away from the centre.

    apart: distances from the centre; sigma: standard errors. Points without a value do not count. -1 without any.

    >>> step_start(np.array([0.1, -0.2, 2.0, 1.6, 2.2]), np.ones(5))
    2
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = 1 / np.asarray(sigma, dtype=float) ** 2
    known = np.isfinite(apart) & np.isfinite(weight)
    if not known.any():
        return -1
    weight = np.where(known, weight, 0.0)
    summed = np.cumsum((weight * np.where(known, apart, 0.0))[::-1])[::-1]
    total = np.cumsum(weight[::-1])[::-1]
    gain = np.divide(summed**2, total, out=np.full(len(total), -1.0), where=(total > 0) & known)
    return int(np.argmax(gain))
