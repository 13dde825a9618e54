"""Are predicted shares as often right as they say? Groups of alike predictions, the calibration error, the gains.

Brier score, calibration line and the area under the curve stand in `logit.skill`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.distributions import Z_95
from analysis.stats.intervals import NAN, Array, Interval, wilson_bounds

BINS = 10


@dataclass(frozen=True)
class Groups:
    """Predictions in groups of about equal size, the lowest first: n, mean prediction, share that came, interval."""

    n: Array
    predicted: Array
    observed: Array
    low: Array
    high: Array

    @property
    def error(self) -> float:
        """The expected calibration error: mean distance of what came from what was predicted, by group size."""
        return float(np.average(np.abs(self.observed - self.predicted), weights=self.n))


def groups(share: Array, came: Array, *, bins: int = BINS) -> Groups:
    """Predicted shares and what came (0 or 1), cut at the quantiles of the predictions.

    >>> found = groups(np.array([.1, .1, .3, .3]), np.array([0, 0, 0, 1]), bins=2)
    >>> found.predicted.tolist(), found.observed.tolist(), round(found.error, 3)
    ([0.1, 0.3], [0.0, 0.5], 0.15)
    """
    ends = np.unique(np.quantile(share, np.linspace(0, 1, bins + 1)))
    place = np.clip(np.searchsorted(ends, share, side="left") - 1, 0, max(len(ends) - 2, 0))
    kept, place = np.unique(place, return_inverse=True)
    n = np.bincount(place, minlength=len(kept)).astype(float)
    yes = np.bincount(place, came, len(kept))
    low, high = wilson_bounds(yes, n)
    return Groups(n, np.bincount(place, share, len(kept)) / n, yes / n, low, high)


def gains(share: Array, came: Array, parts: Array) -> Array:
    """Which part of what came lies among the highest predictions, for parts (0..1) of all; ties count by halves.

    >>> gains(np.array([.9, .5, .1, .1]), np.array([1, 0, 1, 0]), np.array([.25, .75, 1.0])).tolist()
    [0.5, 0.75, 1.0]
    """
    values, place = np.unique(-share, return_inverse=True)
    n, yes = np.bincount(place).astype(float), np.bincount(place, came, len(values))
    reached, caught = np.concatenate([[0], np.cumsum(n)]), np.concatenate([[0], np.cumsum(yes)])
    total = float(caught[-1])
    return np.interp(parts * reached[-1], reached, caught) / total if total else np.full(len(parts), NAN)


def brier_gain(share: Array, came: Array) -> tuple[float, Interval]:
    """How much smaller the mean squared error is than that of saying the share of all each time, with interval."""
    gained = (np.mean(came) - came) ** 2 - (share - came) ** 2
    mean, error = float(np.mean(gained)), float(np.std(gained) / np.sqrt(len(gained)))
    return mean, Interval(mean - Z_95 * error, mean + Z_95 * error)
