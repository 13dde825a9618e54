"""What would do where an effect cannot be shown as planned? Each way with what it takes; the least change first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.effect.horizon import Trial
from analysis.stats.distributions import normal_ppf
from analysis.stats.power import POWER, needed_for_means

MOST_WEEKS = 52


@dataclass(frozen=True)
class Way:
    """A way to show it: `later`, `more_units`, `staggered`, `longer_before` or `by_customer`.

    count: units to treat, waves, weeks more before, answers on each side; of `later` the weeks themselves. weeks:
    from the planned start to the verdict; detectable: the smallest effect shown then.
    """

    code: str
    count: int
    weeks: int
    detectable: float


def ways(trial: Trial, wanted: float, weeks: int, waves: pd.DataFrame, smallest: float, promised: bool) -> list[Way]:
    """All that would show the effect `wanted`, with 80 % power. promised: whether it is a promise, no mere limit."""

    def shows(other: Trial, after: float) -> bool:
        if not promised:
            return other.tells_from_none(after, smallest)
        return other.detectable(after, smallest) <= wanted

    found = list[Way | None]()
    later = next((w for w in range(weeks + 1, MOST_WEEKS + 1) if shows(trial, w)), None)
    if later is not None:
        found.append(Way("later", later, later, trial.detectable(later, smallest)))
    k = _fewest(trial, lambda more: shows(more, weeks))
    if k is not None:
        found.append(Way("more_units", k, weeks, _with_more(trial, k).detectable(weeks, smallest)))
    for row in waves.to_dict("records"):
        if row["detectable"] <= wanted:
            found.append(Way("staggered", int(waves["wave"].max()) + 1, int(row["weeks"]), float(row["detectable"])))
            break
    for extra in (4, 8, 13, 26):
        longer = replace(trial, before=trial.before + extra)
        if shows(longer, weeks):
            found.append(Way("longer_before", extra, weeks + extra, longer.detectable(weeks, smallest)))
            break
    found.append(_by_customer(trial, wanted, smallest if promised else 0.0))
    return [way for way in found if way and way.weeks <= MOST_WEEKS]


def _fewest(trial: Trial, shows: Callable[[Trial], bool]) -> int | None:
    """How many have to be treated at least, up to the half: the more, the better until there."""
    low, high = trial.treated_clusters, trial.clusters // 2
    if low >= high or not shows(_with_more(trial, high)):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if shows(_with_more(trial, middle)) else (middle, high)
    return high


def _with_more(trial: Trial, treated: int) -> Trial:
    """As many treated, those with most answers joining first."""
    order = np.lexsort((-trial.rates, ~trial.treated))
    return replace(trial, treated=np.isin(np.arange(trial.clusters), order[:treated]))


def _by_customer(trial: Trial, wanted: float, least: float) -> Way | None:
    """Customers drawn by lot into two halves, in all these units: units no longer matter. least: what must be passed,
    where the effect is a promise that has to reach the smallest that matters. None where that is no less.
    """
    sd, room = math.sqrt(trial.spread.within), (wanted - least) / float(normal_ppf(POWER))
    if not (room > 0 and trial.spread.is_known):
        return None
    needed = max(needed_for_means(wanted, sd, sd), 2 * (sd / room) ** 2)
    if not needed < MOST_WEEKS * float(trial.rates.sum()):
        return None
    each = math.ceil(needed)
    return Way("by_customer", each, math.ceil(2 * each / float(trial.rates.sum())), wanted)
