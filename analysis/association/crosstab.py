"""The contingency table of two columns, in all and by cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from analysis.association.coded_rows import MOST_RANKS, Coded, Rows, coarser, placed
from analysis.association.counting import counted
from analysis.stats.effective import Side, design_effect, effect_of_sums, folded, kish, spread_of_rows
from analysis.stats.intervals import Array

MOST_CELLS = 1_000_000  # of the table of a pair
AT_ONCE = 250_000  # cells of the tables of all clusters


@dataclass(frozen=True, kw_only=True)
class Crosstab:
    """A pair of columns with their tables of weights and of squared weights, and the number of answers with both.

    Without weights each row counts once; with frequency weights it stands for that many answers. by_cluster: the
    tables of the clusters, where they are not too many.
    """

    rows: Rows
    x: Coded
    y: Coded
    counts: Array
    squares: Array
    n: float
    by_cluster: Array | None

    @property
    def weight(self) -> float:
        return float(self.counts.sum())

    @property
    def effective_n(self) -> float:
        """Effective number of answers under the weights (Kish 1965)."""
        return kish(self.weight, float(self.squares.sum())) if self.rows.survey else self.n

    def design_effect(self, scores_x: Array | None, scores_y: Array | None) -> float:
        """The design effect of the clusters; scores are None for a column without order.

        It is 1 where the members of a column are the clusters themselves: these are then what is compared.
        """
        if self.rows.starts is None or not self.weight > 0 or self.x.clustered or self.y.clustered:
            return 1.0
        x, y = Side.of(self.counts.sum(axis=1), scores_x), Side.of(self.counts.sum(axis=0), scores_y)
        if self.by_cluster is not None:
            return design_effect([self.by_cluster], self.counts, self.squares, x, y, alone=self._alone)
        if x.scores is None and y.scores is None:
            blocks = _blocks(self.rows, self.x, self.y)
            return design_effect(blocks, self.counts, self.squares, x, y, alone=self._alone)
        mean = folded(self.counts, x, y) / self.weight
        within, alone = spread_of_rows(self.squares, x, y, mean), self._alone
        lone = 0.0 if alone is None else spread_of_rows(alone, x, y, mean)
        sums, sizes = _sums(self.rows, self.x, self.y, x, y), _sizes(self.rows, self.x, self.y)
        return effect_of_sums(sums, sizes, within, mean=mean.ravel(), lone=lone)

    @property
    def _alone(self) -> Array | None:
        """Squared weights of the answers without a cluster, by cell; None where there are none."""
        last, weight = slice(self.rows.in_clusters, None), self.rows.weight
        if self.rows.in_clusters == len(self.x.code):
            return None
        place = self.x.code[last].astype(np.int64) * self.y.size + self.y.code[last]
        w = None if weight is None else weight[last] ** 2 if self.rows.survey else weight[last]
        return np.bincount(place, w, self.x.size * self.y.size).reshape(self.x.size, -1)[1:, 1:].astype(float)


def crosstab(rows: Rows, x: Coded, y: Coded, tables: Array | None = None) -> Crosstab:
    """The table of a pair; neighbouring values of a column are merged where it would be too large.

    tables: what the pair has in `joint_tables`, where it was counted there.
    """
    x, y = _fitting(rows, x, y)
    cells = x.size * y.size * (rows.clusters + 1)
    if tables is None and rows.starts is not None and cells <= AT_ONCE:
        tables = counted([x, y], rows.clusters, rows.weight)
    if tables is None:
        counts, by_cluster = _table(x, y, rows.weight), None
    else:
        counts = tables.sum(axis=0)[1:, 1:]
        by_cluster = None if rows.starts is None else tables[:-1, 1:, 1:]
    if rows.weight is None or not rows.survey:
        return Crosstab(
            rows=rows, x=x, y=y, counts=counts, squares=counts, n=float(counts.sum()), by_cluster=by_cluster
        )
    squares = _table(x, y, rows.weight**2)
    return Crosstab(
        rows=rows,
        x=x,
        y=y,
        counts=counts,
        squares=squares,
        n=float(np.count_nonzero(x.known & y.known)),
        by_cluster=by_cluster,
    )


def _fitting(rows: Rows, x: Coded, y: Coded) -> tuple[Coded, Coded]:
    if x.size * y.size <= MOST_CELLS:
        return x, y
    if x.size < y.size:
        return _fitting(rows, y, x)[::-1]
    code, margin, values = coarser(x.code, x.margin, min(MOST_RANKS, MOST_CELLS // y.size))
    place = None if rows.starts is None else rows.place
    return placed(x.name, x.level, code, values, len(margin), place, rows.weight), y


def _table(x: Coded, y: Coded, weight: Array | None) -> Array:
    return counted([replace(x, within=x.code), y], 0, weight)[0, 1:, 1:]


def _blocks(rows: Rows, x: Coded, y: Coded) -> Iterator[Array]:
    """Tables of some clusters at a time."""
    assert rows.starts is not None
    together = max(AT_ONCE // (x.size * y.size), 1)
    ends = [*rows.starts, rows.in_clusters]
    for first in range(0, rows.clusters, together):
        last = min(first + together, rows.clusters)
        mine = slice(ends[first], ends[last])
        place = (x.within[mine] - np.int32(first * x.size)).astype(np.int64) * y.size + y.code[mine]
        weight = None if rows.weight is None else rows.weight[mine]
        table = np.bincount(place, weight, (last - first) * x.size * y.size).astype(float)
        yield table.reshape(last - first, x.size, y.size)[:, 1:, 1:]


def _sums(rows: Rows, x: Coded, y: Coded, side_x: Side, side_y: Side) -> Array:
    """Sums of u v' by cluster (clusters, scores), from rows: one column at least has scores."""
    if side_y.scores is None:
        return _sums(rows, y, x, side_y, side_x)
    v = np.concatenate([[0.0], side_y.scores])[y.code]
    if rows.weight is not None:
        v = v * rows.weight
    if side_x.scores is None:
        by_member = np.bincount(x.within, v, (rows.clusters + 1) * x.size).reshape(-1, x.size)
        return side_x.folded(by_member[:-1, 1:])
    return by_cluster(rows, v * np.concatenate([[0.0], side_x.scores])[x.code])[:, None]


def _sizes(rows: Rows, x: Coded, y: Coded) -> Array:
    """Weight of the answers of each cluster that have both."""
    known = (x.known & y.known).astype(float)
    return by_cluster(rows, known if rows.weight is None else known * rows.weight)


def by_cluster(rows: Rows, values: Array) -> Array:
    """Sum of a number of each row by cluster."""
    assert rows.starts is not None
    return np.asarray(np.add.reduceat(values[: rows.in_clusters], rows.starts))
