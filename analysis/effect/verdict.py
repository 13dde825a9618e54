"""Effective, not effective, or not enough evidence? And how long, or how many answers, would it take to know?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.effect.did import Estimated
from analysis.stats.distributions import t_ppf
from analysis.stats.intervals import NAN
from analysis.stats.power import ALPHA, POWER

EFFECTIVE, NOT_EFFECTIVE, NOT_ENOUGH = "effective", "not_effective", "not_enough_evidence"


def verdict_of(gain: float, low: float, high: float, smallest: float, *, sure: bool = True) -> str:
    """The verdict by an interval of the gain. `sure`: whether nothing speaks against an effect.

    >>> verdict_of(2.5, 1.7, 3.3, 1.0), verdict_of(2.4, -0.5, 5.4, 1.0), verdict_of(0.1, -0.3, 0.5, 1.0)
    ('effective', 'not_enough_evidence', 'not_effective')
    """
    if low > 0 and gain >= smallest:
        return EFFECTIVE if sure else NOT_ENOUGH
    return NOT_EFFECTIVE if high < smallest else NOT_ENOUGH


@dataclass(frozen=True)
class Needed:
    """Weeks after the start, by waiting; answers before and after, by asking more. Infinite where never."""

    weeks: float
    answers: float


def needed(effect: Estimated, gain: float, smallest: float, *, weeks: float, answers: float) -> Needed:
    """What would show this effect to be one (or to be too small) with 80 % power.

    `weeks`: those there are after the start; `answers`: all that are compared. Waiting lessens only the error of the
    answers after the start, more answers that of all of them; what differs between clusters stays.
    """
    if math.isnan(sum(effect.within)):  # a design that does not part its error
        return Needed(NAN, NAN)
    if effect.error == 0:  # answers without spread tell nothing of how many more it would take
        return Needed(NAN, NAN)
    if not (math.isfinite(effect.error) and effect.df > 0):
        return Needed(math.inf, math.inf)
    reach = float(t_ppf(1 - ALPHA / 2, effect.df) + t_ppf(POWER, effect.df))
    distance = gain if gain >= smallest else smallest - gain
    room = (distance / reach) ** 2 - effect.between
    before, after = effect.within
    return Needed(_times(weeks, after, room - before), _times(answers, before + after, room))


def _times(many: float, variance: float, room: float) -> float:
    """So many that what is `many` now leaves no more variance than there is room for."""
    times = many * variance / room if room > 0 else math.inf
    return float(math.ceil(times)) if math.isfinite(times) else math.inf
