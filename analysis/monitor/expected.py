"""What is to be expected of a day? Weekdays, holidays and the turn of the month each have a level of their own.

The effects are those of a baseline. Each group of them is a random effect: its levels are drawn towards none by how
little the days of the baseline tell them apart (DerSimonian and Laird 1986), so that noise is taken for none. A
holiday counts as a Sunday and a worked weekend day as a middling workday, until enough of them are in the baseline to
have an effect of their own; a year whose holidays are unknown has weekdays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.monitor.workdays import DayKind, kind_of_day
from analysis.stats.intervals import Array
from data_access.selection import Period

SUNDAY, SHIFTED = 6, 7  # the places of a holiday and of a worked weekend day among the weekdays
TURN = (28, 3)  # the turn of a month: from this day on, and up to that day of the next
LEAST_DAYS, LEAST_TIMES = 3, 2  # days of a level, in so many stretches, before it can have an effect of its own
ROUNDS = 20  # of fitting each group to what the others leave, unless nothing moves any more
SIZES = (SHIFTED + 1, 2, 2)  # levels of weekday, holiday, turn
Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class DayEffects:
    """What is expected: a level over all, and what each level of a group adds to it, in the unit of the values.

    weekday: Monday .. Sunday and worked weekend days (8); holiday and turn: no, yes (2 each).
    fitted: numbers that were estimated besides the level, as degrees of freedom: parts of effects that were kept.
    """

    level: float
    weekday: Array
    holiday: Array
    turn: Array
    fitted: float

    def expected(self, days: Sequence[date]) -> Array:
        """One number a day.

        >>> flat = DayEffects(80.0, np.zeros(8), np.zeros(2), np.array([0.0, -2.0]), 1.0)
        >>> flat.expected([date(2026, 10, 2), date(2026, 10, 20)]).tolist()
        [78.0, 80.0]
        """
        effects = (self.weekday, self.holiday, self.turn)
        added = [effect[codes] for effect, codes in zip(effects, _codes(tuple(days)), strict=True)]
        return np.asarray(self.level + sum(added))


def fit(days: pd.DataFrame, baseline: Period) -> DayEffects:
    """The effects of days on a mean or a share. days: columns day (date), w (weight), wx (sum of values)."""
    rows = days.sort_values("day")
    return fit_sums(list(rows["day"]), rows["w"].to_numpy(dtype=float), rows["wx"].to_numpy(dtype=float), baseline)


def fit_sums(days: Sequence[date], w: Array, wx: Array, baseline: Period) -> DayEffects:
    """`fit` of days in their order, each with its weight and its sum of values."""
    own = np.array([baseline.start <= day < baseline.end for day in days], dtype=bool) & (w > 0)
    when = tuple(day for day, is_own in zip(days, own, strict=True) if is_own)
    if not when:
        return DayEffects(float("nan"), np.zeros(SIZES[0]), np.zeros(SIZES[1]), np.zeros(SIZES[2]), 0.0)
    codes, may = _groups(when)
    level, effects, kept = _together(wx[own] / w[own], w[own], codes, may)
    weekday, holiday, turn = effects
    return DayEffects(level, _with_shifted(weekday, may[0]), holiday, turn, kept)


@lru_cache(maxsize=256)
def _groups(days: tuple[date, ...]) -> tuple[list[Codes], list[Flags]]:
    """The level of each day in each group, and which levels may differ; most segments have the same days."""
    codes = _codes(days)
    return codes, [_may_differ(code, size, days) for code, size in zip(codes, SIZES, strict=True)]


def _together(y: Array, w: Array, codes: Sequence[Codes], may: Sequence[Flags]) -> tuple[float, list[Array], float]:
    """The level, the effects of each group on what the others leave, and how much was kept of them."""
    effects, kept = [np.zeros(size) for size in SIZES], [0.0] * len(SIZES)
    added, total, still = np.zeros(len(y)), float(w.sum()), 1e-6 * float(np.std(y))
    for _ in range(ROUNDS):
        before = added
        for place, code in enumerate(codes):
            left = y - (added - effects[place][code])
            own, kept[place] = _shrunk(left - w @ left / total, w, code, SIZES[place], may[place])
            added = added - effects[place][code] + own[code]
            effects[place] = own
        if np.abs(added - before).max() <= still:
            break
    return float(w @ (y - added) / total), effects, sum(kept)


@lru_cache(maxsize=256)
def _codes(days: tuple[date, ...]) -> list[Codes]:
    """The level of each day in each group."""
    levels = np.array([_levels(day) for day in days], dtype=np.int64).reshape(-1, len(SIZES))
    return list(levels.T)


@lru_cache(maxsize=8192)
def _levels(day: date) -> tuple[int, int, int]:
    """Which weekday a day is as, whether it is a holiday, and whether the month turns; each segment asks again."""
    kind = kind_of_day(day)
    return _as_weekday(day, kind), int(kind is DayKind.HOLIDAY), int(day.day >= TURN[0] or day.day <= TURN[1])


def _as_weekday(day: date, kind: DayKind) -> int:
    if kind is DayKind.HOLIDAY:
        return SUNDAY
    return SHIFTED if kind is DayKind.WORKING_WEEKEND else day.weekday()


def _may_differ(code: Codes, size: int, days: Sequence[date]) -> Flags:
    """Which levels have enough days, not all in one stretch, which may be like that for other reasons."""
    found = np.zeros(size, dtype=bool)
    for level in range(size):
        own = [day for day, of in zip(days, code, strict=True) if of == level]
        stretches = 1 + sum(b - a > timedelta(days=1) for a, b in pairwise(own))
        found[level] = len(own) >= LEAST_DAYS and stretches >= LEAST_TIMES
    return found


def _shrunk(left: Array, w: Array, code: Codes, size: int, may: Flags) -> tuple[Array, float]:
    """What the levels of a group add to what the others leave, drawn towards none; and how much of them was kept."""
    weight = np.bincount(code, w, size)
    mean = np.bincount(code, w * left, size) / np.where(weight > 0, weight, 1.0)
    effects, count = np.zeros(size), int(may.sum())
    if count < 2:
        return effects, 0.0
    within = float((w * (left - mean[code]) ** 2).sum()) / max(len(left) - count, 1)
    precision = weight[may] / max(within, 1e-12)
    total = float(precision.sum())
    apart = mean[may] - precision @ mean[may] / total
    q = float(precision @ apart**2)
    between = max(0.0, (q - (count - 1)) / (total - float((precision**2).sum()) / total))
    part = between / (between + 1 / precision)
    effects[may] = part * apart
    return effects, float(part.mean()) * (count - 1)


def _with_shifted(weekday: Array, may: Flags) -> Array:
    """A worked weekend day is as workdays are on average, where there were too few to tell."""
    filled = weekday.copy()
    if not may[SHIFTED]:
        filled[SHIFTED] = weekday[:5].mean()
    return filled
