"""On which day did a segment's score break? The day whose step is clearest, and the days that fit nearly as well.

The days that fit are those whose likelihood falls short of the best by no more than chance leaves in 95 of 100 cases:
the maximum of a two-sided random walk with drift, P(shortfall > x) = 1 - (1 - exp(-x))^2 (Siegmund 1988).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.stats.intervals import Array
from analysis.suspects.daily import LEAST, Daily, day_of

MARGIN = 7  # days on either side of a date, fewer in a short span
SHORTFALL = 7.35  # of the likelihood ratio: twice the x at which the probability above is 5 %
CLEAR = 21  # days that fit, beyond which the day is not clear


@dataclass(frozen=True)
class Onset:
    """Days that could be the first of a lasting step, and the z of each in the direction of the change.

    n: answers that the z rest on; of a step as large as the spread of answers, z alone overstates how sure its day
    is: the likelihood ratio is n log(1 + z^2 / n).
    """

    days: tuple[date, ...]
    z: Array
    n: float

    @property
    def known(self) -> bool:
        return bool(len(self.days)) and bool(np.isfinite(self.z).any())

    @property
    def best(self) -> date:
        return self.days[int(np.nanargmax(self.z))]

    @property
    def fitting(self) -> tuple[date, date]:
        """The first and the last of the days that fit."""
        strength = self.n * np.log1p(np.where(self.z > 0, self.z, 0.0) ** 2 / self.n)
        near = np.flatnonzero(strength >= np.nanmax(strength) - SHORTFALL)
        return self.days[int(near[0])], self.days[int(near[-1])]

    @property
    def clear(self) -> bool:
        """Whether so few days fit that a date can be named."""
        if not self.known:
            return False
        first, last = self.fitting
        return (last - first).days < CLEAR and float(np.nanmax(self.z)) ** 2 > SHORTFALL


def margin_of(daily: Daily) -> int:
    return max(1, min(MARGIN, daily.span.days // 6))


def onset(daily: Daily, direction: float) -> Onset:
    """Every day of the span with enough days and answers on either side."""
    first, last = margin_of(daily), daily.span.days - margin_of(daily)
    starts = np.arange(first, last + 1)
    lasting = np.stack([starts, np.full_like(starts, daily.span.days)], axis=1)
    enough = (daily.answers(lasting) >= LEAST) & (daily.answers(lasting, outside=True) >= LEAST)
    if not enough.any():
        return Onset((), np.array([]), 0.0)
    z = direction * daily.clearness(lasting[enough])
    n = float(daily.own.plain[0, -1]) / daily.widening**2
    return Onset(tuple(day_of(daily, int(s)) for s in starts[enough]), z, n)
