"""Does it matter? The verdict of each difference, decided in one order.

The adjusted interval leaves out 0: the groups differ, and matter if the estimate reaches the smallest difference that
does. Else, if the 90 % interval lies within that difference, they are equivalent (two one-sided tests, Schuirmann
1987; Lakens 2017). Else there is not enough evidence.
"""

from __future__ import annotations

import numpy as np

from analysis.stats.intervals import Array

MATTERS, TRIVIAL, EQUIVALENT, UNKNOWN = (
    "different_and_matters", "different_but_trivial", "equivalent", "not_enough_evidence",
)  # fmt: skip
ORDER = (MATTERS, TRIVIAL, UNKNOWN, EQUIVALENT)  # which of several verdicts speaks for a whole family


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
