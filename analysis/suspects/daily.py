"""Did a segment step up or down at a date, beyond everything else? Sums by day and cluster, asked once for all dates.

Days are split by a stretch of them: exposed or not. The step of a stretch is the segment's change from its other days
to the exposed ones less that of everything else (difference in differences), its error from one cluster to another.
Stretches are read from running sums, so that twenty years of days cost but ten times what two do.
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
    """Sums of some contacts before each day and at the end: (6, clusters, days + 1) in the order of SUMS.

    The last cluster is none.
    """

    until: Array

    def of(self, stretches: Array, *, outside: bool = False) -> Array:
        """(6, stretches, clusters) over the days of each stretch, or over all others."""
        return np.moveaxis(_over(self.until, stretches, outside=outside), 1, 2)

    @cached_property
    def plain(self) -> Array:
        """(6, days + 1) of all clusters together."""
        return np.asarray(self.until.sum(axis=1))


@dataclass(frozen=True)
class Daily:
    """The days of a span, of a segment and of everything else; without a segment there is nothing else.

    A stretch of days is the place of its first day and that after its last; stretches are (stretches, 2).
    """

    span: Period
    parts: tuple[Array, Array]  # the stretches of the baseline and of the period
    metric: Metric
    own: _Side
    rest: _Side | None
    clustered: bool
    sql: tuple[str, ...]

    def stretch(self, start: date, end: date) -> Array:
        """The days in [start, end); none where it ends before it starts."""
        first, last = ((day - self.span.start).days for day in (start, end))
        return np.clip([first, max(first, last)], 0, self.span.days)

    def answers(self, stretches: Array, *, outside: bool = False) -> Array:
        """(stretches,) answers of the segment in each stretch, or on all other days."""
        return _over(self.own.plain[0], stretches, outside=outside)

    @property
    def size(self) -> float:
        """The segment's part of all answers, by weight."""
        own = float(self.own.plain[1, -1])
        return own / (own + float(self.rest.plain[1, -1])) if self.rest else 1.0

    def grown(self, stretch: Array) -> float:
        """By how much the part of the segment's answers in a stretch grew from the baseline to the period."""
        weight, (first, last) = self.own.plain[1], stretch
        both = np.array([np.clip([first, last], *part) for part in self.parts])
        before, now = _over(weight, both) / np.maximum(_over(weight, np.array(self.parts)), 1e-12)
        return float(now - before)

    def clearness(self, stretches: Array) -> Array:
        """(stretches,) each step in standard errors: those of single answers, widened as clusters widen the change.

        The same for all, so that dates can be held against each other whatever few clusters do to either.
        """
        return np.asarray(_plain_z(self._sides, stretches) / self.widening)

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

    def steps(self, stretches: Array) -> list[Difference]:
        """The step of each stretch."""
        sums = (side.of(stretches, outside=outside) for side in self._sides for outside in (False, True))
        frames, k = [self._frame(part) for part in sums], len(stretches)
        if len(frames) == 2:
            return changes(frames[1], frames[0], k, self.metric)
        return net_changes(frames, [estimates(f, k, self.metric) for f in frames], k)

    def _frame(self, sums: Array) -> pd.DataFrame:
        """Coded cells with a problem a stretch, as `analysis.estimate` reads them."""
        stretch, cluster = np.nonzero(sums[0] > 0.5)
        rows = pd.DataFrame(dict(zip(SUMS, sums[:, stretch, cluster], strict=True)))
        rows = rows.assign(s=stretch)
        last = sums.shape[2] - 1
        return rows.assign(c=np.where(cluster == last, -1, cluster)) if self.clustered else rows


def _over(until: Array, stretches: Array, *, outside: bool = False) -> Array:
    """What running sums, days last, come to in each stretch, or on all other days."""
    inside = until[..., stretches[:, 1]] - until[..., stretches[:, 0]]
    return np.asarray(until[..., -1:] - inside if outside else inside)


def _plain_z(sides: Sequence[_Side], stretches: Array) -> Array:
    """(stretches,) the step in standard errors of independent answers."""
    step, variance = np.zeros(len(stretches)), np.zeros(len(stretches))
    with np.errstate(divide="ignore", invalid="ignore"):
        for sign, side in zip((1.0, -1.0), sides, strict=False):
            for way, outside in ((sign, False), (-sign, True)):
                n, w, wx, v, vx, vxx = _over(side.plain, stretches, outside=outside)
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
    parts = tuple(_part_of(span, p) for p in (selection.baseline, selection.period))
    return Daily(span, (parts[0], parts[1]), whole.metric, _Side(mine), rest, bool(clusters), (whole.sql,))


def _with_answers(span: Period, days: Sequence[date]) -> Period:
    """A span without what lies before the first and after the last answer: it may be asked for in centuries."""
    return Period(min(days), max(days) + timedelta(days=1)) if days else span


def _part_of(span: Period, part: Period | None) -> Array:
    """The stretch of a span that belongs to a part of it; all of it without one."""
    days = [(part.start - span.start).days, (part.end - span.start).days] if part else [0, span.days]
    return np.clip(days, 0, span.days)


def _summed(rows: pd.DataFrame, clusters: Sequence[str], span: Period) -> Array:
    """(6, clusters + 1, days + 1) before each day and at the end: the last cluster is none."""
    place = {name: i for i, name in enumerate(clusters)}
    days = np.array([(date.fromisoformat(day) - span.start).days for (day,) in rows["segment"]], dtype=int)
    named = rows["cluster"] if "cluster" in rows else pd.Series("", index=rows.index)
    code = np.array([place.get(str(name), len(clusters)) for name in named], dtype=int)
    sums = np.zeros((len(SUMS), len(clusters) + 1, span.days + 1))
    for i, name in enumerate(SUMS):
        np.add.at(sums[i], (code, days + 1), rows[name].to_numpy(dtype=float))
    return sums.cumsum(axis=2)


def span_of(selection: Selection) -> Period:
    """All days from the beginning of the baseline to the end of the period."""
    spans = [p for p in (selection.baseline, selection.period) if p is not None]
    return Period(min(p.start for p in spans), max(p.end for p in spans))


def day_of(daily: Daily, place: int) -> date:
    return daily.span.start + timedelta(days=place)
