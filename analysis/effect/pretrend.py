"""Did both sides move alike before the plan, and how unlike could they move without the verdict falling?

A difference in differences is right if treated and control would have gone on side by side. The time before shows
whether they did: the gap between them week by week, its slope with a clustered interval, and the smallest slope that
so many weeks and clusters would have shown with 80 % power - "no trend seen" says little where only steep ones could
be seen (Roth 2022, AER: Insights 4:305).

Bounds after Rambachan and Roth (2023, Review of Economic Studies 90:2555), relative magnitudes, in a simple
conservative form. The time before is cut into blocks as long as the time since the start (shorter ones where fewer
than three would fit). If the sides drifted apart since the start by at most M times the largest jump of the gap from
one block to the next before it, the effect lies within M jumps of the estimate. Which jump is the largest is not
known but estimated: the interval is the union, over all jumps, of intervals that add the error of the effect and M
times that of the jump, as if both erred the same way. It holds with at least 95 %, whatever these have in common.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.distributions import t_ppf
from analysis.stats.intervals import NAN, Array, Difference, differences

LEAST_WEEKS, LEAST_BLOCKS = 3, 3
POWER = 0.8
MAGNITUDES = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Gap:
    """The gap, treated less control, of one week before the start, in points of the metric."""

    week: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Pretrend:
    """gaps: week by week; slope: of the gap, in points a week; detectable: slope that 80 % of such times before would
    have shown at 5 %. NaN, and no gaps, with fewer than three weeks."""

    gaps: tuple[Gap, ...]
    slope: Difference
    detectable: float


@dataclass(frozen=True)
class Bound:
    """Interval of the effect if the sides drifted apart by up to `m` of the largest jumps before the start."""

    m: float
    low: float
    high: float


def pretrend(before: pd.DataFrame) -> Pretrend:
    """From sums of the time before the start: columns cluster, week (number), treated (bool), n, total.

    The slope is taken within clusters, so a cluster that answers more in some weeks makes none.
    """
    cells = before[before["n"] > 0]
    weeks = np.sort(cells["week"].unique())
    if len(weeks) < LEAST_WEEKS:
        return Pretrend((), _contrast(_no_sums(), np.array([-1.0, 1.0])), NAN)
    slope = _slope(cells)
    reach = float(t_ppf(0.975, slope.df) + t_ppf(POWER, slope.df)) * slope.error
    return Pretrend(tuple(_gap(cells, int(week)) for week in weeks), slope, reach)


def jumps(before: pd.DataFrame, length: int) -> list[Difference]:
    """Change of the gap from each block of `length` weeks (or less) to the next, the earliest first."""
    cells = before[before["n"] > 0]
    if cells.empty:
        return []
    end, weeks = int(cells["week"].max()) + 1, int(cells["week"].max() - cells["week"].min()) + 1
    size = max(min(length, weeks // LEAST_BLOCKS), 1)
    block = (end - 1 - cells["week"].to_numpy()) // size  # 0 is the last one before the start
    count = weeks // size
    kept = cells[block < count].assign(block=block[block < count])
    return [_jump(kept, k) for k in range(count - 1, 0, -1)]


def bounds(effect: Difference, moved: Sequence[Difference], at: Sequence[float] = MAGNITUDES) -> list[Bound]:
    """The interval of the effect under each magnitude of a violation; NaN beyond 0 without a jump to go by."""
    return [_bound(effect, moved, m) for m in at]


def breakdown(effect: Difference, moved: Sequence[Difference]) -> float:
    """The magnitude at which the sign of the effect is no longer shown; 0 where it is not even without a violation.

    NaN without a jump to go by; infinite where nothing before the start moves at all.
    """
    _, reach = _known(effect, moved)
    if math.isnan(effect.error) or not reach:
        return NAN
    room = abs(effect.value) - _distance(effect)
    return max(room, 0.0) / max(reach) if max(reach) > 0 else math.inf


def _bound(effect: Difference, moved: Sequence[Difference], m: float) -> Bound:
    own = _distance(effect)
    _, reach = _known(effect, moved)
    wide = own if m == 0 else own + m * max(reach) if reach else NAN
    return Bound(m, effect.value - wide, effect.value + wide)


def _known(effect: Difference, moved: Sequence[Difference]) -> tuple[list[Difference], list[float]]:
    known = [jump for jump in moved if math.isfinite(jump.value) and math.isfinite(jump.error)]
    return known, [abs(jump.value) + _distance(jump) for jump in known]


def _distance(found: Difference) -> float:
    """From the estimate to the end of its interval at 95 %."""
    return (found.interval.high - found.interval.low) / 2


def _gap(cells: pd.DataFrame, week: int) -> Gap:
    own = cells[cells["week"] == week]
    found = _contrast(_sums(own, own["treated"], own["n"], own["total"], 2), np.array([-1.0, 1.0]))
    return Gap(week, found.value, found.interval.low, found.interval.high)


def _slope(cells: pd.DataFrame) -> Difference:
    """Of each side: products of time and score within clusters over squares of time; control less, treated more."""
    by = cells.groupby(["cluster", "treated"])
    whole = by["n"].transform("sum")
    time = (
        cells["week"]
        - (cells["n"] * cells["week"]).groupby([cells["cluster"], cells["treated"]]).transform("sum") / whole
    )
    sums = _sums(cells, cells["treated"], cells["n"] * time**2, time * cells["total"], 2)
    return _contrast(sums, np.array([-1.0, 1.0]))


def _jump(cells: pd.DataFrame, earlier: int) -> Difference:
    """Gap of the block before `earlier` (counted backwards) less that of `earlier`."""
    pair = cells[cells["block"].isin([earlier, earlier - 1])]
    group = 2 * (pair["block"] == earlier - 1).astype(int) + pair["treated"].astype(int)
    return _contrast(_sums(pair, group, pair["n"], pair["total"], 4), np.array([1.0, -1.0, -1.0, 1.0]))


def _sums(rows: pd.DataFrame, group: pd.Series, weight: pd.Series, total: pd.Series, groups: int) -> ClusterSums:
    code, _ = pd.factorize(rows["cluster"])
    values = (np.asarray(column, dtype=float) for column in (weight, total))
    zero: Array = np.zeros(len(rows), dtype=int)
    return ClusterSums.of(zero, np.asarray(group, dtype=int), code, *values, problems=1, groups=groups)


def _no_sums() -> ClusterSums:
    none: Array = np.zeros(0, dtype=int)
    return ClusterSums.of(none, none, none, none.astype(float), none.astype(float), problems=1, groups=2)


def _contrast(sums: ClusterSums, coefficients: Array) -> Difference:
    found = contrasts(sums, coefficients)
    return differences(found.value, found.error, found.df, found.clusters)[0]
