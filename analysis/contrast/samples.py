"""The two samples of each comparison, as counts: a row per group, cluster and value, never one per answer.

Every method below works on these rows: means from their sums, ranks from their values, rates from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.contrast.question import Question
from analysis.estimate import SUMS, Estimates, Segment, changes, coded, estimates, scaled
from analysis.stats.intervals import Array, Difference
from data_access.metrics import Metric
from data_access.selection import Period
from data_access.warehouse import Warehouse

REST, BASELINE = ("rest",), ("baseline",)
MOST_PAIRS = 8  # of more groups each is compared with all the others, not with every single one
MOST_GROUPS = 500
GroupPair = tuple[int, int]


@dataclass(frozen=True)
class Answers:
    """Answers of one period by group. `rows` has s (number of the group), c (of the cluster), x, n and the sums.

    `width` is the step that the values of a driver were rounded to, 0 where they were not.
    """

    rows: pd.DataFrame
    groups: tuple[Segment, ...]
    metric: Metric
    sql: tuple[str, ...]
    width: float | None = None

    @cached_property
    def estimates(self) -> Estimates:
        return estimates(self.rows, len(self.groups), self.metric)

    @cached_property
    def plain(self) -> Estimates:
        """The estimates with every answer taken as independent, whatever its cluster."""
        return estimates(self.rows.drop(columns="c", errors="ignore"), len(self.groups), self.metric)


@dataclass(frozen=True)
class Samples:
    """Both samples of every comparison: rows whose s is the number of the comparison, and who is compared."""

    a: pd.DataFrame
    b: pd.DataFrame
    names: tuple[tuple[Segment, Segment], ...]
    metric: Metric

    @property
    def count(self) -> int:
        return len(self.names)

    @cached_property
    def each(self) -> tuple[Estimates, Estimates]:
        """The estimates of both samples of every comparison."""
        return estimates(self.a, self.count, self.metric), estimates(self.b, self.count, self.metric)

    @cached_property
    def differences(self) -> list[Difference]:
        """a - b of every comparison."""
        a, b = self.each
        return changes(self.b, self.a, self.count, self.metric, (b, a))

    @cached_property
    def independent(self) -> Samples:
        """The same answers, each taken as independent of the others."""
        if "c" not in self.a:
            return self
        return replace(self, a=self.a.drop(columns="c"), b=self.b.drop(columns="c"))

    def only(self, place: int) -> Samples:
        """One of the comparisons."""
        rows = [side[side["s"] == place].assign(s=0) for side in (self.a, self.b)]
        return Samples(rows[0], rows[1], (self.names[place],), self.metric)


def with_values(rows: pd.DataFrame, values: Array | pd.Series) -> pd.DataFrame:
    """The rows with the sums that a mean of `values` (one a row) needs, as `analysis.estimate` reads them."""
    f, w, v = np.asarray(values, dtype=float), rows["w"].to_numpy(), rows["v"].to_numpy()
    return rows.assign(wx=w * f, vx=v * f, vxx=v * f * f)


def fetched_answers(
    warehouse: Warehouse, question: Question, period: Period | None, by: Sequence[str], *, width: float | None = None
) -> Answers:
    """The answers of a period by the combinations of `by`, on the scale of the metric.

    Pass the `width` of other answers to round the values of a driver the same way.
    """
    metric = question.metric
    answer = warehouse.values(metric.name, by, period, question.selection.filters, width=width)
    keys = [answer.rows[name] for name in by]
    segments = list(zip(*keys, strict=True)) if by else [()] * len(answer.rows)
    rows = answer.rows.assign(segment=pd.Series(segments, index=answer.rows.index, dtype=object))
    (rows,) = coded(scaled(rows, metric))[1]
    return Answers(rows, tuple(dict.fromkeys(segments)), metric, (answer.sql,), answer.width)


def recoded(*parts: Answers) -> list[Answers]:
    """The same numbers for the same groups and clusters in all parts."""
    groups, frames = coded(*(p.rows for p in parts))
    return [replace(p, rows=rows, groups=tuple(groups)) for p, rows in zip(parts, frames, strict=True)]


def all_pairs(groups: Iterable[int]) -> list[GroupPair]:
    """Every pair of some groups, in their order."""
    order = list(groups)
    return [(i, j) for place, i in enumerate(order) for j in order[place + 1 :]]


def between(answers: Answers, pairs: Sequence[GroupPair]) -> Samples:
    """Group i with group j, for each pair."""
    places = range(len(pairs))
    a = _rows_of_groups(answers.rows, [(p, pairs[p][0]) for p in places])
    b = _rows_of_groups(answers.rows, [(p, pairs[p][1]) for p in places])
    names = tuple((answers.groups[i], answers.groups[j]) for i, j in pairs)
    return Samples(a, b, names, answers.metric)


def samples_with_rest(answers: Answers, groups: Sequence[int]) -> Samples:
    """Each of some groups with all the other answers together."""
    names = tuple((answers.groups[i], REST) for i in groups)
    own = _rows_of_groups(answers.rows, list(enumerate(groups)))
    return Samples(own, _rows_of_rest(answers.rows, groups), names, answers.metric)


def _rows_of_rest(rows: pd.DataFrame, groups: Sequence[int]) -> pd.DataFrame:
    """The answers outside each of some groups, by cluster and value: those of all less its own."""
    keys = [k for k in ("c", "x") if k in rows]
    cell = rows.groupby(keys, sort=False).ngroup().to_numpy()
    cells = rows[keys].drop_duplicates(ignore_index=True)
    place = np.full(int(rows["s"].max()) + 1, -1)
    place[list(groups)] = range(len(groups))
    mine = place[rows["s"].to_numpy()]
    inside = mine >= 0
    code, shape = mine[inside] * len(cells) + cell[inside], (len(groups), len(cells))
    left = {}
    for name in SUMS:
        sums = rows[name].to_numpy()
        less = np.bincount(code, sums[inside], shape[0] * shape[1]).reshape(shape)
        left[name] = np.bincount(cell, sums, len(cells)) - less
    s, kind = np.nonzero(left["n"] > 0.5)
    columns = {k: cells[k].to_numpy()[kind] for k in keys} | {name: sums[s, kind] for name, sums in left.items()}
    return pd.DataFrame({"s": s, **columns})


def samples_over_time(now: Answers, before: Answers, groups: Sequence[int]) -> Samples:
    """Each of some groups now with itself before."""
    picks = list(enumerate(groups))
    names = tuple((now.groups[i], BASELINE) for i in groups)
    return Samples(_rows_of_groups(now.rows, picks), _rows_of_groups(before.rows, picks), names, now.metric)


def _rows_of_groups(rows: pd.DataFrame, picks: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """The rows of some groups, once for every comparison a group is part of; s becomes the comparison's number."""
    wanted = pd.DataFrame(picks, columns=["comparison", "s"], dtype=int)
    kept = [k for k in ("s", "c", "x", *SUMS) if k in rows]
    picked = wanted.merge(rows[kept], on="s").drop(columns="s").rename(columns={"comparison": "s"})
    return picked[kept]


def counts_by_value(rows: pd.DataFrame, groups: int, values: Array) -> Array:
    """Answers by group (row) and distinct value (column); weighted ones by their effective number."""
    s, place = rows["s"].to_numpy(), np.searchsorted(values, rows["x"].to_numpy())
    weights = np.bincount(s * len(values) + place, rows["w"].to_numpy(), groups * len(values))
    return weights.reshape(groups, len(values)) * effective_per_weight(rows, groups)[:, None]


def with_property(rows: pd.DataFrame, groups: int) -> tuple[Array, Array]:
    """Answers with the property that a rate counts, and all answers, by group; by effective number if weighted."""
    s, each = rows["s"].to_numpy(), effective_per_weight(rows, groups)
    x, n = (np.bincount(s, rows[name].to_numpy(), groups) * each for name in ("wx", "w"))
    return x / 100, n


def effective_per_weight(rows: pd.DataFrame, groups: int) -> Array:
    """Effective number of answers per unit of weight, by group (Kish 1965); 1 without survey weights."""
    w, v = (np.bincount(rows["s"].to_numpy(), rows[name].to_numpy(), groups) for name in ("w", "v"))
    return np.divide(w, v, out=np.ones(groups), where=v > 0)
