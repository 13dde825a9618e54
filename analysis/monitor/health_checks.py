"""Did a share of the rows move beyond what its own days do, and by enough to matter? Pure arithmetic on days.

Days of one data feed are not independent draws: weekdays, outages and campaigns move all rows of a day together. So
the spread of the days before says how far a week may stray: their Pearson dispersion (McCullagh and Nelder 1989,
section 4.5), never below 1, widens the binomial error of the difference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from analysis.stats.distributions import normal_sf
from analysis.stats.intervals import NAN, Array

BEYOND_CHANCE = 0.01  # over all the columns of a check together
LEAST_DAYS = 7  # before, without which nothing can be expected
BREAK_DAYS = 3  # least days on either side of a break


class State(StrEnum):
    """Whether somebody has to act on a check; UNKNOWN where the data do not say what it needs."""

    OK = "ok"
    WATCH = "watch"
    ACT = "act"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Moved:
    """A share now, the one expected, and the chance of so great a difference without a cause; NaN if unknown."""

    value: float
    expected: float
    n: float
    p: float


@dataclass(frozen=True)
class Limits:
    """Differences from which on a move is watched, and acted upon; up, down or either way."""

    watch: float
    act: float
    way: str = "up"


def moved(x: Array, n: Array, x0: Array, n0: Array) -> Moved:
    """Rows with a mark (x) of so many (n), by day: of late, and on the days before (x0, n0).

    >>> days = np.full(56, 100.0)
    >>> m = moved(np.full(7, 30.0), days[:7], np.tile([9.0, 11.0], 28), days); round(m.value, 2), round(m.expected, 2)
    (0.3, 0.1)
    >>> m.p < 1e-9
    True
    """
    now, before = float(np.sum(n)), float(np.sum(n0))
    value = float(np.sum(x)) / now if now > 0 else NAN
    if np.count_nonzero(n0) < LEAST_DAYS or not now:
        return Moved(value, NAN, now, NAN)
    expected = float(np.sum(x0)) / before
    p = (float(np.sum(x0)) + 0.5) / (before + 1)  # never 0 or 1, which would leave nothing to chance
    error = math.sqrt(_dispersion(x0, n0, p) * p * (1 - p) * (1 / now + 1 / before))
    return Moved(value, expected, now, 2 * float(normal_sf(abs(value - expected) / error)))


def _dispersion(x: Array, n: Array, p: float) -> float:
    x, n = x[n > 0], n[n > 0]
    return max(1.0, float(np.sum((x - n * p) ** 2 / (n * p * (1 - p)))) / (len(n) - 1))


def state_of(found: Moved, limits: Limits, *, tests: int = 1) -> State:
    """What a move asks for: beyond chance, the way that matters, and by enough.

    tests: how many were looked at, so that one of many columns is no find (Bonferroni).
    """
    if math.isnan(found.value):
        return State.UNKNOWN
    if math.isnan(found.p) or found.p >= BEYOND_CHANCE / tests:
        return State.OK
    step = found.value - found.expected
    size = {"up": step, "down": -step, "either": abs(step)}[limits.way]
    return State.ACT if size >= limits.act else State.WATCH if size >= limits.watch else State.OK


def broke_on(days: pd.Series, x: Array, n: Array) -> str:
    """The day since which a share is another: the split of the days that fits best, by the likelihood of two shares.

    >>> broke_on(pd.Series(list("abcdefgh")), np.array([1.0] * 4 + [9.0] * 4), np.full(8, 10.0))
    'e'
    """
    after_x, after_n = (np.cumsum(values[::-1])[::-1] for values in (x, n))
    before_x, before_n = x.sum() - after_x, n.sum() - after_n
    gain = _log_likelihood(after_x, after_n) + _log_likelihood(before_x, before_n)
    inside = slice(BREAK_DAYS, len(x) - BREAK_DAYS + 1)
    if not len(gain[inside]):
        return ""
    return str(days.iloc[BREAK_DAYS + int(np.argmax(gain[inside]))])[:10]


def _log_likelihood(x: Array, n: Array) -> Array:
    p = np.clip(x / np.where(n > 0, n, 1.0), 1e-9, 1 - 1e-9)
    return np.asarray(x * np.log(p) + (n - x) * np.log1p(-p))
