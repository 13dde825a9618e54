"""Which points are more than chance? The rules of NHS England's Making Data Count, on any control chart.

beyond: one point outside the limits, three standard errors from its centre. near: two of three points in a row closer
to the same limit than to the rest, beyond two standard errors. shift: eight points in a row on the same side of their
centre. trend: six points in a row that rise, or that fall. Each is told with its direction, such as `shift_down`.

By chance a point is beyond once in 370; of a process in which nothing changes all four rules together begin to alarm
once in about 100 points (the tests simulate it): they are for looking at one chart, not for watching hundreds.
Source: NHS England, Making Data Count; Western Electric 1956; Champ and Woodall 1987, Technometrics 29:393.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from analysis.monitor.charts.limits import Limits
from analysis.stats.intervals import Array

BEYOND, NEAR, SHIFT, TREND = "beyond", "near", "shift", "trend"
RULES = (BEYOND, NEAR, SHIFT, TREND)
UP, DOWN = "up", "down"
CLOSE = 2.0  # standard errors from the centre
CLOSE_OF, CLOSE_ENOUGH = 3, 2
SHIFT_RUN, TREND_RUN = 8, 6
Flags = npt.NDArray[np.bool_]


def run_rules(values: Array, limits: Limits, *, better: str) -> list[tuple[str, ...]]:
    """The rules that each point completes, those of a turn for the worse first; none for a point without a value.

    better: high or low. Points without a value neither break a run nor add to it.

    >>> one = np.ones(9); line = Limits(0 * one, -3 * one, 3 * one, one)
    >>> run_rules(np.array([0.0, 4, 1, 1, 1, 1, 1, 1, 1]), line, better="high")[-2:]
    [(), ('shift_up',)]
    """
    values = np.asarray(values, dtype=float)
    apart = values - limits.center
    z = limits.z(values)
    known = np.flatnonzero(np.isfinite(z))
    worse_first = (DOWN, UP) if better == "high" else (UP, DOWN)
    found: list[tuple[str, ...]] = [()] * len(values)
    sides = {UP: (z[known], apart[known]), DOWN: (-z[known], -apart[known])}
    flags = {(rule, way): f for way in worse_first for rule, f in _one_side(*sides[way]).items()}
    for place, point in enumerate(known):
        found[point] = tuple(f"{rule}_{way}" for (rule, way), f in flags.items() if f[place])
    return found


def _one_side(z: Array, apart: Array) -> dict[str, Flags]:
    """By rule, whether a point completes it upwards."""
    rises = np.concatenate([[False], np.diff(apart) > 0]) if len(apart) else np.zeros(0, dtype=bool)
    close = z > CLOSE
    near = _sum_of_last(close, CLOSE_OF) >= CLOSE_ENOUGH
    return {
        BEYOND: z > 3.0,
        NEAR: near & close,
        SHIFT: _sum_of_last(apart > 0, SHIFT_RUN) == SHIFT_RUN,
        TREND: _sum_of_last(rises, TREND_RUN - 1) == TREND_RUN - 1,
    }


def _sum_of_last(flags: Flags, count: int) -> npt.NDArray[np.int64]:
    """How many of the last `count` points, this one included, are flagged."""
    until = np.concatenate([np.zeros(count, dtype=np.int64), np.cumsum(flags)])
    return np.asarray(until[count:] - until[:-count])
