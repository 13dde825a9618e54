"""Sums of products of all numbers at once: correlations of pairs with too many values for a table.

One pass over the rows serves every pair. Each number is standardised and enters as (1, u, u2), all 0 where it is
missing: the moments of a pair over the rows that have both follow from the products of these three.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.association.coded_rows import Coded, Rows
from analysis.stats.effective import effect, kish
from analysis.stats.intervals import Array
from analysis.stats.patience import step_by_step

ROWS_AT_ONCE = 16_384  # rows whose numbers fit a processor's cache


@dataclass(frozen=True, kw_only=True)
class PairSums:
    """Of one pair: answers, weight, centred sums of squares and products, effective number and design effect."""

    n: float
    weight: float
    xx: float
    yy: float
    xy: float
    effective_n: float
    design_effect: float


@dataclass(frozen=True, kw_only=True)
class Products:
    """Products of (1, u, u2) of some columns: weighted, by squared weights, and rows with both of each pair.

    weighted, squared, alone: (3, 3, columns, columns); alone is `squared` of answers without a cluster. spread: sums
    by cluster of (1, v, u, uv) of each pair, their cross products added up over clusters, (4, 4, columns, columns);
    None for independent answers. clusters: the number of clusters with answers of a pair.
    """

    names: Sequence[str]
    weighted: Array
    squared: Array
    alone: Array
    n: Array
    spread: Array | None
    clusters: Array
    survey: bool

    @classmethod
    def of(cls, rows: Rows, columns: Sequence[Coded]) -> Products:
        """One pass over the rows, cluster by cluster."""
        k = len(columns)
        scores = [_scores(c) for c in columns]
        weighted, squared, alone = (np.zeros((3 * k, 3 * k)) for _ in range(3))
        spread, clusters, n = np.zeros((4, 4, k, k)), np.zeros((k, k)), np.zeros((k, k))
        for part, is_cluster in _clusters(rows):
            own, before = np.zeros((3 * k, 3 * k)), squared.copy()
            for some in step_by_step(part):
                a = _powers(columns, scores, some)
                w = None if rows.weight is None else rows.weight[some]
                own += a @ (a if w is None else a * w).T
                if rows.survey and w is not None:
                    squared += a @ (a * w**2).T
                    n += a[::3] @ a[::3].T
            weighted += own
            if not is_cluster:
                alone = squared - before if rows.survey else own
                continue
            cube = _cube(own)
            each = np.stack([cube[0, 0], cube[0, 1], cube[1, 0], cube[1, 1]])
            spread += each[:, None] * each[None]
            clusters += cube[0, 0] > 0
        whole, among = _cube(weighted), None if rows.starts is None else spread
        square, counted = (_cube(squared), n) if rows.survey else (whole, whole[0, 0])
        return cls(
            names=[c.name for c in columns],
            weighted=whole,
            squared=square,
            alone=_cube(alone),
            n=counted,
            spread=among,
            clusters=clusters,
            survey=rows.survey,
        )

    def pair(self, x: str, y: str) -> PairSums:
        """The sums of two of the columns; weight 0 where no row has both."""
        i, j = self.names.index(x), self.names.index(y)
        m, weight = self.weighted[:, :, i, j], float(self.weighted[0, 0, i, j])
        if not weight > 0:
            return PairSums(n=0.0, weight=0.0, xx=0.0, yy=0.0, xy=0.0, effective_n=0.0, design_effect=1.0)
        mean_x, mean_y = m[1, 0] / weight, m[0, 1] / weight
        xy = float(m[1, 1] - weight * mean_x * mean_y)
        xx, yy = float(m[2, 0] - weight * mean_x**2), float(m[0, 2] - weight * mean_y**2)
        squares = self.squared[:, :, i, j]
        effective_n = kish(weight, float(squares[0, 0])) if self.survey else weight
        design_effect = 1.0 if self.spread is None else self._effect(i, j, (mean_x, mean_y, xy / weight), squares)
        return PairSums(
            n=float(self.n[i, j]),
            weight=weight,
            xx=xx,
            yy=yy,
            xy=xy,
            effective_n=effective_n,
            design_effect=design_effect,
        )

    def _effect(self, i: int, j: int, means: tuple[float, float, float], squares: Array) -> float:
        """(u - mean)(v - mean) less its own mean, in powers of u and v, summed by cluster and by row."""
        assert self.spread is not None
        a, b, ab = means
        linear = np.array([a * b - ab, -a, -b, 1.0])
        between = float(linear @ self.spread[:, :, i, j] @ linear)
        within, lone = _of_single_answers(squares, means), _of_single_answers(self.alone[:, :, i, j], means)
        return effect(between, within, int(self.clusters[i, j]), lone)


def _of_single_answers(squares: Array, means: tuple[float, float, float]) -> float:
    """Sum of the squares of (u - mean)(v - mean) less its own mean."""
    a, b, ab = means
    apart = np.array([a * a, -2 * a, 1.0]) @ squares @ np.array([b * b, -2 * b, 1.0])
    met = np.array([-a, 1.0]) @ squares[:2, :2] @ np.array([-b, 1.0])
    return float(apart - 2 * ab * met + ab * ab * squares[0, 0])


def _cube(products: Array) -> Array:
    """Products by power and column of both: (3, 3, columns, columns)."""
    k = len(products) // 3
    return products.reshape(k, 3, k, 3).transpose(1, 3, 0, 2)


def _powers(columns: Sequence[Coded], scores: Sequence[Array], some: slice) -> Array:
    """(1, u, u2) of some rows, column after column; all 0 where it is missing."""
    powers = np.empty((3 * len(columns), some.stop - some.start))
    for i, (column, score) in enumerate(zip(columns, scores, strict=True)):
        code = column.code[some]
        powers[3 * i] = code > 0
        np.take(score, code, out=powers[3 * i + 1], mode="clip")
        np.multiply(powers[3 * i + 1], powers[3 * i + 1], out=powers[3 * i + 2])
    return powers


def _scores(column: Coded) -> Array:
    """The standardised number of each code; 0 of the missing one."""
    total = column.margin.sum()
    share = column.margin / total if total > 0 else column.margin
    u = column.scores - share @ column.scores
    size = float(np.sqrt(share @ u**2))
    return np.concatenate([[0.0], u / size if size > 0 else u])


def _clusters(rows: Rows) -> Iterator[tuple[Iterator[slice], bool]]:
    """The rows of each cluster, in blocks, then those of none; whether they are a cluster."""
    end, starts = len(rows.columns[0].code), [] if rows.starts is None else rows.starts.tolist()
    named = rows.in_clusters if starts else 0
    ends = [*starts, named, end]
    for place, (first, last) in enumerate(pairwise(ends)):
        blocks = (slice(at, min(at + ROWS_AT_ONCE, last)) for at in range(first, last, ROWS_AT_ONCE))
        yield blocks, place < len(starts)
