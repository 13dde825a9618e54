"""Which chart suits the days of a segment, and where are its limits? Fitted on a baseline, then kept as they are.

A rate has a p chart, any other metric an X-bar chart of its daily means. Where the days of the baseline vary by more
than their answers explain (chi-squared test, `charts.limits.overdispersion`), both allow for it by Laney's sigma_z.
The centre of a day is what its weekday, holiday and turn of the month let expect. Where the limits begin anew at a
change that is known, the level of the first 28 days since then replaces that of the baseline; what days add to it,
and how much they vary, stays. Neither the days of a baseline nor those are judged by the limits that they made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.monitor.baseline import LEAST_DAYS
from analysis.monitor.charts.limits import Limits, allowed_for, overdispersion, p_chart, sd_within, xbar
from analysis.monitor.expected import DayEffects, fit
from analysis.stats.intervals import Array
from data_access.metrics import Metric
from data_access.selection import Period

COUNTED_FROM, JUDGED_FROM = 10, 30  # answers of a day that count among others, and those that can be judged alone
EXPECTED_FROM = 5.0  # answers of either kind to be expected on a day whose rate is judged: fewer are too skewed
P, P_LANEY, XBAR, XBAR_LANEY = "p", "p_laney", "xbar", "xbar_laney"
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SegmentChart:
    """One row a day that has answers, in order, on the scale of the metric.

    n: answers; size: how many a day is worth, which is less where they are weighted. counted: enough answers to count
    among other days; judged: enough to be judged alone, and after the days that made the limits, which are learning.
    phase: 0 until the limits begin anew for the first time. chart: p, p_laney, xbar or xbar_laney. p: chance of the
    spread between the days of the baseline without any of their own. sd: of single answers within a day (NaN for a
    rate).
    """

    days: tuple[date, ...]
    n: Array
    size: Array
    value: Array
    limits: Limits
    counted: Flags
    judged: Flags
    learning: Flags
    phase: npt.NDArray[np.int64]
    chart: str
    p: float
    sd: float
    effects: DayEffects

    @property
    def z(self) -> Array:
        """Distance of each day from what is expected, in its standard errors."""
        return self.limits.z(self.value)


def by_day(rows: pd.DataFrame) -> pd.DataFrame:
    """Cells whose first key is the day, as one row a day: column day (date) and the sums, in order of the days."""
    days = pd.Series([date.fromisoformat(segment[0]) for segment in rows["segment"]], index=rows.index, dtype=object)
    sums = rows[["n", "w", "wx", "v", "vx", "vxx"]].astype(float).assign(day=days)
    return sums.groupby("day", sort=True).sum().reset_index()


def segment_chart(
    days: pd.DataFrame, metric: Metric, baseline: Period, *, rebased: Sequence[date] = ()
) -> SegmentChart:
    """The chart of one segment. days: as `by_day` has them, on the scale of the metric.

    rebased: days on which limits begin anew. NaN throughout where no day of the baseline has enough answers.
    """
    rows = days[days["w"] > 0].reset_index(drop=True)
    when = tuple(rows["day"])
    n, w = (rows[name].to_numpy(dtype=float) for name in ("n", "w"))
    size, value = w**2 / rows["v"].to_numpy(dtype=float), rows["wx"].to_numpy(dtype=float) / w
    counted = n >= COUNTED_FROM
    learnt = counted & _within(when, baseline)
    effects = fit(rows[learnt], baseline)
    phase, learning = _phases(when, baseline, rebased)
    center = _leveled(effects.expected(when), value, size, phase, learning & counted)
    plain, sd = _plain(metric, rows, center, size, learnt)
    z, fitted = plain.z(value)[learnt], 1 + effects.fitted
    limits = _widened(plain, allowed_for(z, fitted=fitted), metric)
    is_wider = limits.sigma_z > 1
    kinds = (P, P_LANEY) if metric.unit.is_share else (XBAR, XBAR_LANEY)
    learning |= ~_is_after(when, baseline)
    judged = (n >= JUDGED_FROM) & ~learning & _well_spread(metric, center, size)
    p = overdispersion(z, fitted=fitted)
    return SegmentChart(
        when, n, size, value, limits, counted, judged, learning, phase, kinds[is_wider], p, sd, effects
    )


def _within(days: Sequence[date], period: Period) -> Flags:
    return np.array([period.start <= day < period.end for day in days], dtype=bool)


def _is_after(days: Sequence[date], period: Period) -> Flags:
    return np.array([day >= period.end for day in days], dtype=bool)


def _phases(days: Sequence[date], baseline: Period, rebased: Sequence[date]) -> tuple[npt.NDArray[np.int64], Flags]:
    """The phase of each day, and whether its limits are still being learnt from it; the baseline is phase 0."""
    starts = sorted({day for day in rebased if day >= baseline.end})
    phase = np.array([sum(day >= start for start in starts) for day in days], dtype=np.int64)
    learning = np.zeros(len(days), dtype=bool)
    for start in starts:
        learning |= _within(days, Period(start, start + timedelta(days=LEAST_DAYS)))
    return phase, learning


def _leveled(center: Array, value: Array, size: Array, phase: npt.NDArray[np.int64], learning: Flags) -> Array:
    """Centres whose level is that of the first days of their own phase, from the second phase on."""
    found = center.copy()
    for number in range(1, int(phase.max(initial=0)) + 1):
        own = (phase == number) & learning
        if own.any():
            found[phase == number] += np.average(value[own] - center[own], weights=size[own])
    return found


def _plain(metric: Metric, rows: pd.DataFrame, center: Array, size: Array, learnt: Flags) -> tuple[Limits, float]:
    """Limits by the answers alone, and the standard deviation of single ones within a day."""
    if metric.unit.is_share:
        room = 0.5 / max(float(size[learnt].sum()), 1.0)  # a rate that was never seen is still possible
        share = np.clip(center / 100, room, 1 - room)
        return _times(p_chart(np.zeros(len(size)), size, center=share), 100), float("nan")
    n, w, wx, v, vx, vxx = (rows[name].to_numpy(dtype=float) for name in ("n", "w", "wx", "v", "vx", "vxx"))
    mean = wx / w
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.maximum(vxx - 2 * mean * vx + mean**2 * v, 0.0) / w**2 * n / (n - 1)
    sd = sd_within(size[learnt], np.sqrt(error * size)[learnt])
    return xbar(mean, size, center=center, sd=sd), sd


def _times(limits: Limits, factor: float) -> Limits:
    center, low, high, sigma = (factor * x for x in (limits.center, limits.low, limits.high, limits.sigma))
    return replace(limits, center=center, low=low, high=high, sigma=sigma)


def _widened(limits: Limits, sigma_z: float, metric: Metric) -> Limits:
    """Limits for days that vary sigma_z times as much, none outside of what the metric can be."""
    least, most = metric.kind.range
    sigma, reach = sigma_z * limits.sigma, 3 * sigma_z * limits.sigma
    low, high = np.maximum(limits.center - reach, least), np.minimum(limits.center + reach, most)
    return Limits(limits.center, low, high, sigma, sigma_z)


def _well_spread(metric: Metric, center: Array, size: Array) -> Flags:
    """Whether enough answers of either kind are to be expected of a rate."""
    if not metric.unit.is_share:
        return np.ones(len(size), dtype=bool)
    return np.asarray(size * np.minimum(center, 100 - center) / 100 >= EXPECTED_FROM)
