"""Which quantities belong side by side, and which say the same twice? From a matrix of their coefficients."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

COPY = 0.9999
COLLINEAR = 0.95


@dataclass(frozen=True)
class Likeness:
    """Quantities `i` < `j` that hardly differ, with their coefficient; `copy` where one repeats the other."""

    i: int
    j: int
    value: float
    copy: bool


def heat_map_order(matrix: npt.ArrayLike) -> list[int]:
    """The rows of a symmetric matrix of coefficients (-1..1) in an order that puts like beside like.

    Average linkage of 1 - |coefficient|, leaves ordered for the least distance between neighbours (Bar-Joseph et al.
    2001). An unknown coefficient (NaN) counts as none. Of an order and its reverse, the one is given that has the
    first row in its first half.

    >>> heat_map_order([[1, 0, -0.9], [0, 1, 0.2], [-0.9, 0.2, 1]])
    [0, 2, 1]
    """
    from scipy.cluster import hierarchy  # slow to import: only who asks waits
    from scipy.spatial import distance

    strength = np.abs(np.nan_to_num(np.asarray(matrix, dtype=float)))
    if len(strength) < 3:
        return list(range(len(strength)))
    far = np.clip(1 - (strength + strength.T) / 2, 0.0, 1.0)
    np.fill_diagonal(far, 0.0)
    tree = hierarchy.linkage(distance.squareform(far, checks=False), "average", optimal_ordering=True)
    order = [int(leaf) for leaf in hierarchy.leaves_list(tree)]
    return order if 2 * order.index(0) < len(order) else order[::-1]


def duplicates(matrix: npt.ArrayLike) -> list[Likeness]:
    """Pairs with a coefficient of 0.95 or more, whatever its sign, the strongest first; from 0.9999 on a copy.

    >>> duplicates([[1, -1, 0.3], [-1, 1, 0.96], [0.3, 0.96, 1]])
    [Likeness(i=0, j=1, value=-1.0, copy=True), Likeness(i=1, j=2, value=0.96, copy=False)]
    """
    known = np.nan_to_num(np.asarray(matrix, dtype=float))
    pairs = np.argwhere(np.triu(np.abs(known) >= COLLINEAR, 1))
    pairs_found = [Likeness(int(i), int(j), float(known[i, j]), bool(abs(known[i, j]) >= COPY)) for i, j in pairs]
    return sorted(pairs_found, key=lambda pair: -abs(pair.value))
