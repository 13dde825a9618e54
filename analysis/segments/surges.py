"""Which segments only grew? Shares that surged by more than chance while the score stayed: a shift of mix."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.segments.cells import CellSums
from analysis.segments.overdispersion import MEDIAN_CHI2
from analysis.segments.prices import Prices
from analysis.segments.space import Array, Codes, Space

MOST = 3  # surges named
GROWN = 1.2  # a share that grew by less than a fifth is no surge, however significant
UNMOVED = 2.0  # standard errors of the segment's own change
MOST_OVERLAP = 0.5


def surges(cell_sums: CellSums, space: Space, taken: Sequence[Codes], prices: Prices, scale: Array) -> list[int]:
    """Candidates of up to two conditions whose share surged, strongest first; none that mostly lies in `taken`.

    After each one the later period is reweighted to the segment's old share, so what surged with it is not named.
    """
    n, surged, space, spread = cell_sums.per_answer()[0].copy(), list[int](), space.shallow, 0.0
    if not len(space):
        return surged
    price = prices.of(space)[0]  # as dear as a change against the whole: a share need not vary by chance alone
    while len(surged) < MOST:
        z, grown = _growth(n, space)
        spread = spread or max(1.0, float(np.median(z**2)) / MEDIAN_CHI2)
        gain = np.where((z > 0) & (grown >= GROWN), z**2 / 2 / spread - price, -np.inf)
        gain[surged] = -np.inf
        best = int(np.argmax(gain))
        if not gain[best] > 0:
            break
        rows = space.rows(space.where(best))
        n[rows, 1] /= grown[best]
        if not _within(cell_sums, rows, taken) and _score_unchanged(cell_sums, rows, float(scale[best])):
            surged.append(best)
    return surged


def _growth(n: Array, space: Space) -> tuple[Array, Array]:
    """z of the logarithm of how many times each candidate's share grew, and that factor."""
    n0, n1 = space.all_sums(n).T
    whole0, whole1 = n.sum(axis=0)
    grown = (n1 / whole1) / (n0 / whole0)
    error = np.sqrt(np.maximum(1 / n0 - 1 / whole0 + 1 / n1 - 1 / whole1, 1e-12))
    return np.log(grown) / error, grown


def _within(cell_sums: CellSums, rows: Codes, taken: Sequence[Codes]) -> bool:
    whole = cell_sums.n[rows].sum()
    return any(cell_sums.n[np.intersect1d(rows, other)].sum() > MOST_OVERLAP * whole for other in taken)


def _score_unchanged(cell_sums: CellSums, rows: Codes, scale: float) -> bool:
    own = cell_sums.own(rows)
    return bool(abs(own.change) < UNMOVED * own.error * scale**0.5)
