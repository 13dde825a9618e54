"""How many have not yet met an event after a while, when some are still being waited for?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.stats.distributions import normal_ppf
from analysis.stats.intervals import NAN, Array


@dataclass(frozen=True)
class Survival:
    """The share without the event after each time at which it happened, with its interval and who was waited for."""

    times: Array
    share: Array
    error: Array
    low: Array
    high: Array
    at_risk: Array

    def at(self, time: float) -> tuple[float, float, float]:
        """The share after a time, with its interval; all of them before the first event."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return (1.0, 1.0, 1.0)
        return float(self.share[place]), float(self.low[place]), float(self.high[place])


def kaplan_meier(times: Array, events: Array, left: Array, *, confidence: float = 0.95) -> Survival:
    """The product-limit estimate of Kaplan and Meier 1958 from counts at each time.

    events: how many met the event then; left: how many were last seen then without it, and count as waited for until
    it. Error after Greenwood, interval on the scale log(-log), which keeps it within 0..1.

    >>> s = kaplan_meier(np.array([1, 2, 3, 4]), np.array([1, 0, 1, 0]), np.array([0, 1, 0, 1]))
    >>> s.times.tolist(), s.share.tolist()
    ([1, 3], [0.75, 0.375])
    """
    order = np.argsort(times, kind="stable")
    times, events, left = (np.asarray(values)[order] for values in (times, events, left))
    gone = np.concatenate([[0.0], np.cumsum(events + left)[:-1]])
    at_risk = (events + left).sum() - gone
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.cumprod(1 - np.where(at_risk > 0, events / at_risk, 0.0))
        terms = np.where(events > 0, events / (at_risk * (at_risk - events)), 0.0)
        greenwood = np.sqrt(np.cumsum(terms))
        middle = np.log(-np.log(share))
        reach = float(normal_ppf((1 + confidence) / 2)) * greenwood / np.abs(np.log(share))
        low, high = np.exp(-np.exp(middle + reach)), np.exp(-np.exp(middle - reach))
    inside = (share > 0) & (share < 1)
    low, high = np.where(inside, low, NAN), np.where(inside, high, NAN)
    met = events > 0
    error = share * greenwood
    return Survival(times[met], share[met], error[met], low[met], high[met], at_risk[met])
