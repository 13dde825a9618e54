"""Do the segments hold out of sample? Each half is searched, and its segments are estimated on the other half.

An effect estimated on the answers that selected it is biased upwards (winner's curse); the other half is unbiased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.segments.cells import CellSums, Own
from analysis.segments.explanation import SearchResult
from analysis.segments.space import Array, Codes
from analysis.stats.intervals import NAN, t_bounds

SAME = 0.8  # of the answers of either: the same segment


@dataclass(frozen=True)
class Split:
    """A change estimated on answers that were not used to find it; NaN when neither half found it."""

    change: float = NAN
    low: float = NAN
    high: float = NAN


@dataclass(frozen=True)
class Half:
    """The segments found in one half, as cells of the other, and that other half."""

    segments: tuple[Codes, ...]
    other: CellSums


def halves(results: Sequence[SearchResult], parts: Sequence[CellSums]) -> tuple[Half, ...]:
    """The segments found in either half, each with the other half."""
    if any(part.n.sum(axis=0).min() <= 0 for part in parts):
        return ()
    segments = [tuple(map(find.search.rows, find.choice.chosen)) for find in results]
    return tuple(Half(own, other) for own, other in zip(segments, reversed(parts), strict=False))


def rows_of(cell_sums: CellSums, where: Sequence[tuple[int, int]]) -> Codes:
    """Cells of a conjunction."""
    inside = np.ones(len(cell_sums.codes), dtype=np.bool_)
    for d, member in where:
        inside &= cell_sums.codes[:, d] == member
    return np.flatnonzero(inside)


def split(searched: Sequence[Half], where: Sequence[tuple[int, int]], scale: float) -> Split:
    """The change of a segment, averaged over the halves that found it or one of nearly the same answers."""
    owns = [own for half in searched if (own := _estimate(half, where)) is not None]
    if not owns:
        return Split()
    change = float(np.mean([own.change for own in owns]))
    error = float(np.sqrt(sum(own.error**2 for own in owns) * scale)) / len(owns)
    df = float(sum(own.n.sum() for own in owns)) - 2 * len(owns)
    low, high = t_bounds(np.array([change]), np.array([error]), np.array([df]))
    return Split(change, float(low[0]), float(high[0]))


def _estimate(half: Half, where: Sequence[tuple[int, int]]) -> Own | None:
    rows = rows_of(half.other, where)
    likeness = [_jaccard(half.other.n, rows, segment) for segment in half.segments]
    best = int(np.argmax(likeness)) if likeness else 0
    if not likeness or likeness[best] <= SAME:
        return None
    own = half.other.own(half.segments[best])
    return own if np.isfinite(own.error) and np.isfinite(own.change) else None


def _jaccard(n: Array, a: Codes, b: Codes) -> float:
    shared = float(n[np.intersect1d(a, b, assume_unique=True)].sum())
    return shared / max(float(n[a].sum() + n[b].sum()) - shared, 1.0)
