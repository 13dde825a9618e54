"""Did both sides move alike before the plan, and how unlike could they move without the verdict falling?

A difference in differences is right if treated and control would have gone on side by side. The time before shows
whether they did: the gap between them week by week, its slope with a clustered interval, and the smallest slope that
so many weeks and clusters would have shown with 80 % power - "no trend seen" says little where only steep ones could
be seen (Roth 2022, AER: Insights 4:305).

Bounds after Rambachan and Roth (2023, Review of Economic Studies 90:2555), relative magnitudes, in a simple
conservative form. The time before is cut into blocks as long as the time since the start (shorter ones where fewer
than three would fit). If from the last block on the sides drifted apart by at most M times the largest jump of their
gap from one block to the next before it, then the effect lies within M jumps of the change since that block. Which
jump is the largest, and its sign, is not known: the interval is the union, over all jumps and both signs, of the
clustered intervals of the change less M times the jump. One of them is that of the true largest jump, so for M of 1
and more it holds with at least 95 %. M = 0 is the interval of the effect itself, which rests on the whole
time before; between 0 and 1 the bounds go straight from the one to the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.stats.clustered import ClusterSums, contrasts
from analysis.stats.distributions import t_ppf
from analysis.stats.intervals import NAN, Array, Difference, t_bounds
from analysis.stats.roots import root
from analysis.stats.spread import Spread

LEAST_WEEKS, LEAST_BLOCKS = 3, 3
POWER = 0.8
MAGNITUDES = (0.0, 0.5, 1.0, 2.0)
MOST = 100.0  # jumps, beyond which nothing is looked for


@dataclass(frozen=True)
class Pretrend:
    """slope: of the gap between treated and control, in points a week; detectable: slope that 80 % of such times
    before would have shown at 5 %. NaN with fewer than three weeks."""

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
    if cells["week"].nunique() < LEAST_WEEKS:
        return Pretrend(contrasts(_no_sums(2), np.array([-1.0, 1.0])).first, NAN)
    slope = _slope(cells)
    reach = float(t_ppf(0.975, slope.df) + t_ppf(POWER, slope.df)) * slope.error
    return Pretrend(slope, reach)


@dataclass(frozen=True)
class Drift:
    """How the gap moved in blocks of weeks: sums with two groups a block, control and treated, in the order of time.

    blocks: those before the start; the time since it is one more. Without a time before or since, there is none.
    """

    sums: ClusterSums
    blocks: int

    @property
    def jumps(self) -> tuple[Difference, ...]:
        """From each block before the start to the next, in points, the earliest first."""
        return tuple(contrasts(self.sums, self.to(block)).first for block in range(1, self.blocks))

    @property
    def since(self) -> Difference:
        """From the last block before the start to the time since."""
        return contrasts(self.sums, self.to(self.blocks)).first

    def to(self, block: int) -> Array:
        """Coefficients of the change of the gap to a block from the one before it."""
        coefficients: Array = np.zeros(2 * (self.blocks + 1))
        coefficients[2 * block - 2 : 2 * block + 2] = 1.0, -1.0, -1.0, 1.0
        return coefficients

    def end(self, m: float, side: int, wider: float) -> float:
        """The farthest end, lower (-1) or upper (1), of what a drift of `m` times any of the jumps leaves.

        wider: how many times as wide as ordinary ones the intervals are.
        """
        if self.blocks < 2:
            return NAN
        jumps = np.array([self.to(block) for block in range(1, self.blocks)])
        found = self.spread.contrasts(self.to(self.blocks) + m * np.vstack([-jumps, jumps]))
        _, ends = t_bounds(side * found.value, np.where(found.error > 0, wider * found.error, NAN), found.df)
        return side * float(np.max(ends))

    @cached_property
    def spread(self) -> Spread:
        """What the changes between any blocks vary by."""
        return Spread.of(self.sums)


def drift(rows: pd.DataFrame) -> Drift:
    """From sums as in `pretrend`, those of the time since the start among them; weeks before it are negative."""
    cells = rows[rows["n"] > 0]
    week = cells["week"].to_numpy(dtype=int)
    before, after = week[week < 0], week[week >= 0]
    if not (len(before) and len(after)):
        return Drift(_no_sums(4), 1)
    weeks = -int(before.min())
    size = max(min(int(after.max()) + 1, weeks // LEAST_BLOCKS), 1)
    count = weeks // size
    block = np.where(week < 0, week // size, 0) + count
    kept, block = cells[block >= 0], block[block >= 0]
    group = pd.Series(2 * block + kept["treated"].to_numpy(dtype=int))
    return Drift(_sums(kept, group, kept["n"], kept["total"], 2 * (count + 1)), count)


def bounds(effect: Difference, moved: Drift, at: Sequence[float] = MAGNITUDES) -> list[Bound]:
    """The interval of the effect under each magnitude of a violation; NaN beyond 0 where no jump is known."""
    return [Bound(m, _end(effect, moved, m, -1), _end(effect, moved, m, 1)) for m in at]


def breakdown(effect: Difference, moved: Drift) -> float:
    """The magnitude at which the sign of the effect is no longer shown; 0 where it is not even without a violation.

    NaN where no jump is known; infinite where not even a drift of MOST jumps hides it.
    """
    side = -1 if effect.value > 0 else 1
    nearest, at_one = (-side * _end(effect, moved, m, side) for m in (0.0, 1.0))
    if math.isnan(nearest) or math.isnan(at_one):
        return NAN
    if nearest <= 0:
        return 0.0
    if at_one <= 0:
        return nearest / (nearest - at_one)
    wider = _wider(effect)
    far = root(lambda m: moved.end(m, side, wider), 1.0, MOST)
    return math.inf if math.isnan(far) else far


def _end(effect: Difference, moved: Drift, m: float, side: int) -> float:
    """The lower (-1) or upper (1) end at a magnitude; never nearer than without a violation."""
    own = effect.value + side * _distance(effect)
    if m == 0:
        return own
    end = moved.end(max(m, 1.0), side, _wider(effect))
    far = NAN if math.isnan(end) else side * max(side * own, side * end)
    return far if m >= 1 else (1 - m) * own + m * far


def _wider(effect: Difference) -> float:
    """How many times as wide as an ordinary one the interval of an effect is: looks before their time have more."""
    ordinary = float(t_ppf(0.975, effect.df)) * effect.error
    return _distance(effect) / ordinary if ordinary > 0 else 1.0


def _distance(found: Difference) -> float:
    """From the estimate to the end of its interval at 95 %."""
    return (found.interval.high - found.interval.low) / 2


def _slope(cells: pd.DataFrame) -> Difference:
    """Of each side: products of time and score within clusters over squares of time; control less, treated more."""
    by = cells.groupby(["cluster", "treated"])
    whole = by["n"].transform("sum")
    time = (
        cells["week"]
        - (cells["n"] * cells["week"]).groupby([cells["cluster"], cells["treated"]]).transform("sum") / whole
    )
    sums = _sums(cells, cells["treated"], cells["n"] * time**2, time * cells["total"], 2)
    return contrasts(sums, np.array([-1.0, 1.0])).first


def _sums(rows: pd.DataFrame, group: pd.Series, weight: pd.Series, total: pd.Series, groups: int) -> ClusterSums:
    code, _ = pd.factorize(rows["cluster"])
    values = (np.asarray(column, dtype=float) for column in (weight, total))
    zero: Array = np.zeros(len(rows), dtype=int)
    return ClusterSums.of(zero, np.asarray(group, dtype=int), code, *values, problems=1, groups=groups)


def _no_sums(groups: int) -> ClusterSums:
    none: Array = np.zeros(0, dtype=int)
    return ClusterSums.of(none, none, none, none.astype(float), none.astype(float), problems=1, groups=groups)
