"""How strong is the evidence that a segment has changed, and from where on is it too strong for chance?

Each segment has an e-detector: sums of likelihood ratios of a shift that began on any day so far (Shiryaev 1963,
Roberts 1966), for shifts of `SHIFTS` standard errors of a look and both ways, averaged. While nothing changes its
expectation is at most the number of days watched (Shin, Ramdas and Rinaldo 2024, New England Journal of Statistics in
Data Science 2:229). At the end of each day segments are told apart by the Benjamini-Hochberg procedure for such
evidence: the k strongest of m are signals where the weakest of them reaches m / (k a). This holds the error over
patience, false discoveries per day of watching, at a, whatever the dependence between segments and whenever one stops
(Dandapanthula and Ramdas 2025, arXiv 2501.04130, e-d-BH).

Errors of the baseline are in the limits: that of its level moves the reference of each shift, that of its spread
widens the standard error, both by what keeps the expected evidence where it would be with the level and the spread
known, up to where a signal begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.stats.intervals import Array

SHIFTS = (1.0, 2.0, 4.0)  # standard errors of a look: a drift, a shift, a fall from one day to the next
WEIGHTS = (0.25, 0.5, 0.25)
RULES = ("drift", "shift", "sudden")
FALSE_PER_YEAR = 2.0  # at most, of all segments together, in a year without a change
YEAR = 365.0
HIGHEST = 20.0  # logarithm beyond what is needed up to which evidence is kept


@dataclass(frozen=True)
class Looks:
    """What is known of each segment (row) on each day (column).

    z: distance of a look from what is expected, in its standard errors; NaN on days without one. length: days that
    a look takes. level_error: variance of the baseline's level in that of a look. df: of the spread.
    """

    z: Array
    length: Array
    level_error: Array
    df: Array


@dataclass(frozen=True)
class Evidence:
    """By segment and day: the logarithm of the evidence in all, of each shift downwards and upwards."""

    total: Array
    down: Array
    up: Array


def needed(segments: int, false_per_year: float = FALSE_PER_YEAR) -> float:
    """The logarithm of the evidence that a single signal among so many segments takes.

    >>> round(needed(214), 2)
    10.57
    """
    return float(np.log(max(segments, 1) * YEAR / false_per_year))


def evidence(looks: Looks, *, segments: int | None = None, false_per_year: float = FALSE_PER_YEAR) -> Evidence:
    """Of segments of one family. segments: how many there are in it, by default those given."""
    enough = needed(segments or len(looks.z), false_per_year)
    u = looks.z / (1 + enough / (2 * looks.df))[:, None]
    shape = (len(SHIFTS), *u.shape)
    down, up = np.empty(shape), np.empty(shape)
    for i, shift in enumerate(SHIFTS):
        reference = shift / 2 + enough / shift * looks.level_error
        down[i] = _summed(shift * (-u - reference[:, None]), looks.length, enough + HIGHEST)
        up[i] = _summed(shift * (u - reference[:, None]), looks.length, enough + HIGHEST)
    weights = np.log(np.array(WEIGHTS) / 2)[:, None, None]
    both = np.concatenate([down + weights, up + weights])
    return Evidence(np.logaddexp.reduce(both, axis=0), down + weights, up + weights)


def _summed(ratio: Array, length: Array, most: float) -> Array:
    """log of M, where M = (days of a look + M before) x likelihood ratio; it stays where there is no look."""
    now, found = np.full(len(ratio), -np.inf), np.empty_like(ratio)
    began = np.log(length)
    for day in range(ratio.shape[1]):
        looked = np.isfinite(ratio[:, day])
        later = np.minimum(np.logaddexp(began, now) + np.where(looked, ratio[:, day], 0.0), most)
        now = np.where(looked, later, now)
        found[:, day] = now
    return found


def discovered(total: Array, penalty: Array, *, false_per_year: float = FALSE_PER_YEAR) -> npt.NDArray[np.bool_]:
    """By segment and day, whether it is among the signals of that day. penalty: taken off a segment's evidence."""
    return adjusted(total, penalty) <= false_per_year / YEAR


def adjusted(total: Array, penalty: Array) -> Array:
    """By segment and day, false discoveries per day below which it still were one: min over l >= k of m / (l E_l)."""
    m = len(total)
    strength = np.nan_to_num(total - penalty[:, None], nan=-np.inf)
    order = np.argsort(-strength, axis=0, kind="stable")
    ranked = np.take_along_axis(strength, order, axis=0)
    with np.errstate(over="ignore", divide="ignore"):  # nothing watched yet; beyond all bounds
        rate = np.exp(np.log(m) - np.log(np.arange(1, m + 1))[:, None] - ranked)
    lowest = np.minimum.accumulate(rate[::-1], axis=0)[::-1]
    found = np.empty_like(lowest)
    np.put_along_axis(found, order, lowest, axis=0)
    return found
