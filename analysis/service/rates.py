"""How large is a rate of the service, how sure is it, and has it moved? From counts by segment and day.

What happens on one day goes together: a bad morning lowers the rate of all its calls. So the interval of a rate comes
from the variation between days (Wilson's, on the number of independent cases that the days are worth: Korn and
Graubard 1998), which never leaves 0..1. With fewer than five days each case counts for itself. A rare event may ask
for the exact interval instead (Clopper and Pearson 1934).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.estimate import WITHHELD_BELOW, Segment
from analysis.stats.intervals import NAN, Array, Interval, exact_bounds, t_bounds, wilson_bounds
from analysis.stats.proportions import newcombe, two_proportions

LEAST_DAYS = 5
NEITHER = "neither"  # better when high, or when low? Containment alone is not good, nor is a transfer bad


@dataclass(frozen=True)
class Ratio:
    """A measure: of the cases in column `of`, those in column `count`. rare: its interval is the exact one.

    weighted: where both are scaled to what unequal weights are worth, the columns of the weighted sums themselves and
    of the number of cases behind them.
    """

    name: str
    count: str
    of: str
    better: str = "high"
    rare: bool = False
    weighted: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Rates:
    """A rate of several segments, one number each; `worth` is the number of independent cases."""

    count: Array
    of: Array
    value: Array
    low: Array
    high: Array
    worth: Array

    @property
    def withheld(self) -> Array:
        return self.of < WITHHELD_BELOW

    def shown(self, name: str) -> Array:
        """A column of numbers with blanks where too few cases stand behind it."""
        return np.where(self.withheld, NAN, getattr(self, name))


@dataclass(frozen=True)
class Moved:
    """By how much a rate changed, with its interval and two-sided p."""

    value: float
    interval: Interval
    p: float


def numbered(rows: pd.DataFrame, by: Sequence[str]) -> tuple[list[Segment], pd.DataFrame]:
    """The segments in the order of their first row, and the rows with the number of theirs in column s.

    A blank is None, however the rows were grouped before.

    >>> numbered(pd.DataFrame({"team": ["a", np.nan]}), ["team"])[0]
    [('a',), (None,)]
    """
    named = (rows[name].astype(object).where(rows[name].notna(), None) for name in by)
    values = list(zip(*named, strict=True)) if by else [()] * len(rows)
    codes, segments = pd.factorize(pd.Series(values, dtype=object))
    return list(segments), rows.assign(s=codes)


def rates(rows: pd.DataFrame, segments: int, ratio: Ratio) -> Rates:
    """A measure of each segment, from rows with the number of theirs in column s, one for each day."""
    s = rows["s"].to_numpy()
    x, n = (rows[name].to_numpy(dtype=float) for name in (ratio.count, ratio.of))
    count, of = np.bincount(s, x, segments), np.bincount(s, n, segments)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(of > 0, count / of, NAN)
        if ratio.rare:
            return Rates(count, of, value, *exact_bounds(count, of), of)
        worth = _worth(s, x, n, value, of)
        low, high = wilson_bounds(value * worth, worth)
    return Rates(count, of, value, low, high, worth)


def _worth(s: Array, x: Array, n: Array, value: Array, of: Array) -> Array:
    """How many independent cases the days are worth, at most as many as there are."""
    k = len(of)
    days = np.bincount(s, n > 0, k)
    squares = np.bincount(s, (x - value[s] * n) ** 2, k)
    variance = squares * days / (days - 1) / of**2
    known = (days >= LEAST_DAYS) & (variance > 0) & (value > 0) & (value < 1)
    df = np.where(known, days - 1, 1)
    reach = _reach(np.maximum(of - 1, 1)) / _reach(df)  # few days know their own variation less well
    return np.where(known, np.minimum(of, value * (1 - value) / variance * reach**2), of)


def _reach(df: Array) -> Array:
    return t_bounds(np.zeros_like(df, dtype=float), np.ones_like(df, dtype=float), df)[1]


def moved(before: Rates, now: Rates, place: int, past: int) -> Moved:
    """now - before of the segments at two places."""
    if min(before.of[past], now.of[place]) < WITHHELD_BELOW:
        return Moved(NAN, Interval(NAN, NAN), NAN)
    x0, n0 = float(before.value[past] * before.worth[past]), float(before.worth[past])
    x1, n1 = float(now.value[place] * now.worth[place]), float(now.worth[place])
    return Moved(
        float(now.value[place] - before.value[past]), newcombe(x0, n0, x1, n1), two_proportions(x0, n0, x1, n1).p
    )
