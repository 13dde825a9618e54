"""Which answers are learned from, which set the level right, which test? Earlier, later, last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.stats.intervals import Array
from data_access.statement import NothingToShow

LATER = 0.1  # of the answers at least to set right, and to test
LEAST_TESTED, LEAST_LEARNED = 25, 50  # dissatisfied ones
MONTHS, WEEKS = 4, 6  # so many of them, else the next smaller part of the time
SEED = 20_261_201


@dataclass(frozen=True)
class Slices:
    """Rows (bool) of each slice; in_time: whether later ones test earlier ones, else they were drawn by lot."""

    learn: Array
    right: Array
    test: Array
    in_time: bool


def slices(day: Array, bad: Array) -> Slices:
    """Answers by their days (ordinals, NaN without a time) and whether they were bad.

    Raises NothingToShow where too few dissatisfied answers are known to learn and to test.
    """
    in_time = not np.isnan(day).all()
    part = _parts(day) if in_time else np.random.default_rng(SEED).permutation(len(day)) * 10 // max(len(day), 1)
    left = ~np.isnan(part)
    test = _last(part, bad, left)
    right = _last(part, bad, left & ~test)
    learn = left & ~test & ~right
    if min(bad[test].sum(), bad[right].sum()) < LEAST_TESTED or bad[learn].sum() < LEAST_LEARNED:
        raise NothingToShow("risk.too_few", bad=float(bad.sum()), least=LEAST_LEARNED + 2 * LEAST_TESTED)
    return Slices(learn, right, test, in_time)


def _parts(day: Array) -> Array:
    """The month of each answer, or its week or day where there are few months."""
    days = {float(d): date.fromordinal(int(d)) for d in np.unique(day[~np.isnan(day)])}
    months = {d: 12.0 * on.year + on.month for d, on in days.items()}
    weeks = {d: float((int(d) - 1) // 7) for d in days}
    many = {"month": len(set(months.values())) >= MONTHS, "week": len(set(weeks.values())) >= WEEKS}
    by = months if many["month"] else weeks if many["week"] else {d: d for d in days}
    return np.array([by.get(d, np.nan) for d in day.tolist()])


def _last(part: Array, bad: Array, left: Array) -> Array:
    """The last parts that hold enough answers and enough bad ones."""
    chosen, whole = np.zeros(len(part), dtype=bool), len(part)
    for last in np.unique(part[left])[::-1]:
        chosen |= left & (part == last)
        if chosen.sum() >= LATER * whole and bad[chosen].sum() >= LEAST_TESTED:
            break
    return chosen
