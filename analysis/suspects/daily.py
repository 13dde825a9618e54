"""Did a segment step up or down at a date, beyond everything else? Sums by day and cluster, asked once for all dates.

Days are split by a pattern: exposed or not. The step of a pattern is the segment's change from its other days to its
exposed ones less that of everything else (difference in differences), its error from one cluster to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.contrast.diff_in_diff import net_changes
from analysis.estimate import SUMS, changes, estimates
from analysis.stats.intervals import Array, Difference
from analysis.trace.path import ask_along, within
from data_access.metrics import Metric
from data_access.selection import Filter, Period, Selection
from data_access.warehouse import Warehouse

LEAST = 10  # answers of the segment on either side of a date


@dataclass(frozen=True)
class _Side:
    """Sums of some contacts: (6, clusters, days) in the order of SUMS, the last cluster being none."""

    sums: Array

    def of(self, exposed: Array) -> Array:
        """(6, patterns, clusters) over the exposed days of each pattern."""
        return np.asarray(np.einsum("scd,pd->spc", self.sums, exposed, optimize=True))


@dataclass(frozen=True)
class Daily:
    """The days of a span, of a segment and of everything else; without a segment there is nothing else."""

    span: Period
    parts: tuple[Array, Array]  # (days,) each: which belong to the baseline, and to the period
    metric: Metric
    own: _Side
    rest: _Side | None
    clustered: bool
    sql: tuple[str, ...]

    def days(self, start: date, end: date) -> Array:
        """(days,) which of the days lie in [start, end)."""
        return _of_span(self.span, Period(start, end)) if start < end else np.zeros(self.span.days, dtype=bool)

    def answers(self, exposed: Array) -> Array:
        """(patterns,) answers of the segment on the exposed days of each pattern."""
        return np.asarray(exposed.astype(float) @ self.own.sums[0].sum(axis=0))

    @property
    def size(self) -> float:
        """The segment's part of all answers, by weight."""
        own = float(self.own.sums[1].sum())
        return own / (own + float(self.rest.sums[1].sum())) if self.rest else 1.0

    def grown(self, exposed: Array) -> float:
        """By how much the exposed part of the segment's answers grew from the baseline to the period."""
        weight = self.own.sums[1].sum(axis=0)
        before, now = (weight[part & exposed].sum() / max(weight[part].sum(), 1e-12) for part in self.parts)
        return float(now - before)

    def clearness(self, exposed: Array) -> Array:
        """(patterns,) each step in standard errors: those of single answers, widened as clusters widen the change.

        The same for all patterns, so that dates can be held against each other whatever few clusters do to either.
        """
        return np.asarray(_plain_z(self._sides, exposed) / self.widening)

    @property
    def direction(self) -> float:
        """The sign of the change from baseline to period, beyond that of everything else."""
        return float(np.sign(self.change.value)) if np.isfinite(self.change.value) else 0.0

    @cached_property
    def change(self) -> Difference:
        return self.steps(self.parts[1][None, :])[0]

    @cached_property
    def widening(self) -> float:
        """How many times larger the error of the change is from one cluster to another; at least 1."""
        z = float(_plain_z(self._sides, self.parts[1][None, :])[0])
        if not (self.change.error > 0 and np.isfinite(z) and z != 0):
            return 1.0
        return max(1.0, self.change.error * z / self.change.value)

    @property
    def _sides(self) -> tuple[_Side, ...]:
        return (self.own, self.rest) if self.rest else (self.own,)

    def steps(self, exposed: Array) -> list[Difference]:
        """The step of each pattern (patterns, days)."""
        frames = [f for side in self._sides for f in (self._frame(side, exposed), self._frame(side, ~exposed))]
        k = len(exposed)
        if len(frames) == 2:
            return changes(frames[1], frames[0], k, self.metric)
        return net_changes(frames, [estimates(f, k, self.metric) for f in frames], k)

    def _frame(self, side: _Side, exposed: Array) -> pd.DataFrame:
        """Coded cells with a problem a pattern, as `analysis.estimate` reads them."""
        sums = side.of(exposed.astype(float))
        pattern, cluster = np.nonzero(sums[0] > 0.5)
        rows = pd.DataFrame(dict(zip(SUMS, sums[:, pattern, cluster], strict=True)))
        rows = rows.assign(s=pattern)
        last = sums.shape[2] - 1
        return rows.assign(c=np.where(cluster == last, -1, cluster)) if self.clustered else rows


def _plain_z(sides: Sequence[_Side], exposed: Array) -> Array:
    """(patterns,) the step in standard errors of independent answers."""
    patterns = exposed.astype(float)
    step, variance = np.zeros(len(exposed)), np.zeros(len(exposed))
    with np.errstate(divide="ignore", invalid="ignore"):
        for sign, side in zip((1.0, -1.0), sides, strict=False):
            days = side.sums.sum(axis=1)
            for way, sums in ((sign, days @ patterns.T), (-sign, days @ (1 - patterns).T)):
                n, w, wx, v, vx, vxx = sums
                mean = wx / w
                step += way * mean
                variance += np.maximum(vxx - 2 * mean * vx + mean**2 * v, 0.0) * n / (n - 1) / w**2
        return np.asarray(step / np.sqrt(variance))


def daily(warehouse: Warehouse, selection: Selection, path: Sequence[Filter], span: Period) -> Daily:
    """Both sides by day. `selection` is that of the whole, `path` the conditions of the segment."""
    whole = ask_along(warehouse, selection, tuple(path), [("day",)], span)[0]
    rows, own = whole.rows, within(whole.rows, len(path))
    span = _with_answers(span, [date.fromisoformat(day) for (day,) in rows["segment"]])
    clusters: list[str] = []
    if "cluster" in rows:
        clusters = sorted({str(c) for c in rows["cluster"] if c is not None and c != ""})
    sums, mine = (_summed(cells, clusters, span) for cells in (rows, own))
    rest = _Side(sums - mine) if path else None
    parts = tuple(_of_span(span, p) for p in (selection.baseline, selection.period))
    return Daily(span, (parts[0], parts[1]), whole.metric, _Side(mine), rest, bool(clusters), (whole.sql,))


def _with_answers(span: Period, days: Sequence[date]) -> Period:
    """A span without what lies before the first and after the last answer: it may be asked for in centuries."""
    return Period(min(days), max(days) + timedelta(days=1)) if days else span


def _of_span(span: Period, part: Period | None) -> Array:
    """(days,) which days of a span belong to a part of it; all of them without one."""
    at = np.arange(span.days)
    if part is None:
        return np.ones(span.days, dtype=bool)
    return np.asarray((at >= (part.start - span.start).days) & (at < (part.end - span.start).days))


def _summed(rows: pd.DataFrame, clusters: Sequence[str], span: Period) -> Array:
    """(6, clusters + 1, days): the last cluster is none."""
    place = {name: i for i, name in enumerate(clusters)}
    days = np.array([(date.fromisoformat(day) - span.start).days for (day,) in rows["segment"]], dtype=int)
    named = rows["cluster"] if "cluster" in rows else pd.Series("", index=rows.index)
    code = np.array([place.get(str(name), len(clusters)) for name in named], dtype=int)
    sums = np.zeros((len(SUMS), len(clusters) + 1, span.days))
    for i, name in enumerate(SUMS):
        np.add.at(sums[i], (code, days), rows[name].to_numpy(dtype=float))
    return sums


def span_of(selection: Selection) -> Period:
    """All days from the beginning of the baseline to the end of the period."""
    spans = [p for p in (selection.baseline, selection.period) if p is not None]
    return Period(min(p.start for p in spans), max(p.end for p in spans))


def day_of(daily: Daily, place: int) -> date:
    return daily.span.start + timedelta(days=place)
