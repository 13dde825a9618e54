"""Which run of days or hours stands out? The one that best separates much loss from little; runs wrap around."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.stats.intervals import Array


def best_run(values: Sequence[str | None], share: Array, kept: Array) -> tuple[str | None, ...]:
    """The values of the run with the largest excess / sqrt(share (1 - share)), in the order of their numbers.

    Values are whole numbers that wrap around: the 31st is followed by the 1st, 23 o'clock by 0. The measure is the z
    of a difference of two means with equal variance, so neither a single day nor most of the month is favoured.

    >>> values = [str(d) for d in range(1, 11)]
    >>> best_run(values, np.full(10, 0.1), np.array([3, 2, 1, 1, 1, 1, 1, 1, 1, 3]) / 15)
    ('1', '2', '10')
    """
    order = sorted(range(len(values)), key=lambda i: int(values[i] or -1))
    w, over = np.asarray(share)[order], (np.nan_to_num(kept) - share)[order]
    best, run = 0.0, np.empty(0, dtype=int)
    for start in range(len(order)):
        around = np.roll(np.arange(len(order)), -start)[:-1]
        wide, more = np.cumsum(w[around]), np.cumsum(over[around])
        known = (wide > 0) & (wide < 1)
        z = np.where(known, more / np.sqrt(np.where(known, wide * (1 - wide), 1.0)), 0.0)
        last = int(np.argmax(z)) if len(z) else 0
        if len(z) and z[last] > best * (1 + 1e-12):
            best, run = float(z[last]), around[: last + 1]
    return tuple(values[order[i]] for i in sorted(run))


def runs_tried(values: int) -> int:
    """The number of runs tested: from every start, of every length but the whole."""
    return values * (values - 1)
