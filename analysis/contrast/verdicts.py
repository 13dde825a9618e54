"""Does it matter? The verdict of each difference, decided in one order.

The adjusted interval leaves out 0: the groups differ, and matter if the estimate reaches the smallest difference that
does. Else, if the 90 % interval lies within that difference, they are equivalent (two one-sided tests, Schuirmann
1987; Lakens 2017). Else there is not enough evidence.
"""

from __future__ import annotations

import numpy as np

from analysis.result import Unit
from analysis.stats.intervals import Array

MATTERS, TRIVIAL, EQUIVALENT, UNKNOWN = (
    "different_and_matters", "different_but_trivial", "equivalent", "not_enough_evidence",
)  # fmt: skip
ORDER = (MATTERS, TRIVIAL, UNKNOWN, EQUIVALENT)  # which of several verdicts speaks for a whole family
POINTS = 1.0  # the smallest difference that matters unless the user says otherwise, of 100
RARE = 0.1  # of a rare event: a tenth of its rate
RAW = 0.2  # of a measure in its own unit: a fifth of its standard deviation (Cohen's small)


def verdicts(value: Array, differs: Array, low90: Array, high90: Array, threshold: float) -> Array:
    """One verdict per difference; blanks are no evidence.

    >>> verdicts(np.array([-3.0]), np.array([True]), np.array([-5.0]), np.array([-1.0]), 1.0).tolist()
    ['different_and_matters']
    """
    inside = (low90 > -threshold) & (high90 < threshold)
    reaches = np.abs(value) >= threshold
    return np.select([differs & reaches, differs, inside], [MATTERS, TRIVIAL, EQUIVALENT], UNKNOWN)


def leading(family: Array) -> str:
    """The verdict of a family: what is known to matter comes first; equivalent only where all are."""
    return next((verdict for verdict in ORDER if verdict in family), UNKNOWN)


def default_threshold(unit: Unit, rate: float, sd: float) -> float:
    """The default threshold: a point of 100; of an event rarer than one in ten, a tenth of its rate.

    >>> round(default_threshold(Unit.RATE, 2.6, 16.0), 2), default_threshold(Unit.POINTS, 85.0, 18.0)
    (0.26, 1.0)
    """
    if not unit.is_bounded:
        return RAW * sd
    if unit.is_share:
        return min(POINTS, RARE * rate, RARE * (100 - rate)) or POINTS
    return POINTS
