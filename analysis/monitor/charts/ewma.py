"""Did the mean drift? Exponentially weighted moving averages (Roberts 1959), whose limits suit days of any size.

Source: Montgomery, Introduction to Statistical Quality Control, section 9.2, with a standard error for each point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import Array

WEIGHT, WIDTH = 0.2, 3.0


@dataclass(frozen=True)
class Ewma:
    """Three numbers a point: the moving average and its limits."""

    value: Array
    low: Array
    high: Array


def ewma(values: Array, center: Array | float, sigma: Array | float, *, weight: float = WEIGHT,
         width: float = WIDTH) -> Ewma:  # fmt: skip
    """The moving average of the distances from the centre, drawn around the centre of each point.

    sigma: standard error of each point. A point without a value changes nothing.

    >>> found = ewma(np.array([10.0, 11.0]), 10.0, 1.0)
    >>> found.value.round(3).tolist(), found.high.round(3).tolist()
    ([10.0, 10.2], [10.6, 10.768])
    """
    values = np.asarray(values, dtype=float)
    middle, errors = (np.broadcast_to(np.asarray(x, dtype=float), values.shape) for x in (center, sigma))
    known = np.isfinite(values - middle) & np.isfinite(errors)
    level, variance = 0.0, 0.0
    levels, reach = np.empty(len(values)), np.empty(len(values))
    for i in range(len(values)):
        if known[i]:
            level += weight * (values[i] - middle[i] - level)
            variance = (1 - weight) ** 2 * variance + weight**2 * errors[i] ** 2
        levels[i], reach[i] = level, width * np.sqrt(variance)
    return Ewma(middle + levels, middle - reach, middle + reach)
