"""Since when has the mean been elsewhere? Tabular cumulative sums (Page 1954).

Source: Montgomery, Introduction to Statistical Quality Control, section 9.1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.intervals import Array

REFERENCE, DECISION = 0.5, 5.0  # half the change to be found quickly, and the sum that tells it; in standard errors


@dataclass(frozen=True)
class Cusum:
    """Two numbers a point: the sum of what lies above the centre, at least 0, and of what lies below, at most 0.

    signal: whether either is beyond the decision interval; since: the point at which the sum that is beyond it left
    0, -1 where none is.
    """

    up: Array
    down: Array
    signal: Array
    since: Array


def cusum(z: Array, *, reference: float = REFERENCE, decision: float = DECISION) -> Cusum:
    """Sums of standardised distances from the centre, each less `reference`. A point without a value adds nothing.

    >>> found = cusum(np.array([0.0, 3.0, 4.0]))
    >>> found.up.tolist(), found.signal.tolist(), found.since.tolist()
    ([0.0, 2.5, 6.0], [False, False, True], [-1, -1, 1])
    """
    z = np.asarray(z, dtype=float)
    up, up_from = _one_side(z, reference)
    down, down_from = _one_side(-z, reference)
    since = np.where(up > decision, up_from, np.where(down > decision, down_from, -1))
    return Cusum(up, np.where(down > 0, -down, 0.0), (up > decision) | (down > decision), since)


def _one_side(z: Array, reference: float) -> tuple[Array, Array]:
    """The sum at each point, and the point at which it last left 0."""
    total, start = 0.0, 0
    totals, starts = np.empty(len(z)), np.empty(len(z), dtype=int)
    for i, value in enumerate(np.nan_to_num(z, nan=reference)):
        start = i if total == 0 else start
        total = max(0.0, total + float(value) - reference)
        totals[i], starts[i] = total, start
    return totals, starts
