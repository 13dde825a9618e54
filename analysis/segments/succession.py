"""Who took whose place? A release of a flow, a plan of a line of business: new in one period, gone in the other.

The level of what only one period has cannot be told from a change of what it lies under. It is that of all under the
same parent, so that the parent is compared with what it was before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.segments.space import Array, Members

ENOUGH = 30.0  # answers of a member, below which its level is too small a part of anything to hide a change


def level_codes(codes: Members, sizes: Sequence[int], n: Array, nested: Iterable[tuple[int, int]]) -> Members:
    """The members of each cell, where those under a parent that somebody joined or left are one.

    `nested` are pairs of dimensions of which one lies under the other, n (cells, 2) the answers of both periods.
    """
    own = codes
    for child, parent in parents(sizes, nested).items():
        sides = np.stack([np.bincount(codes[:, child], n[:, side], sizes[child]) for side in (0, 1)])
        alone = (sides.min(axis=0) == 0) & (sides.max(axis=0) >= ENOUGH)
        if alone.any():
            own = own.copy(order="F") if own is codes else own
            own[:, child] = _joined(codes[:, child], codes[:, parent], alone, sizes[parent])
    return own


def parents(sizes: Sequence[int], nested: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Of each dimension that lies under others the next above it: the one with the most members.

    >>> parents((3, 40, 9), [(0, 1), (0, 2), (1, 2)])
    {1: 2, 2: 0}
    """
    found: dict[int, int] = {}
    for pair in sorted(nested):
        above, below = sorted(pair, key=lambda d: sizes[d])
        found[below] = max(found.get(below, above), above, key=lambda d: sizes[d])
    return found


def _joined(child: Members, parent: Members, alone: Array, count: int) -> Members:
    """The first member under a parent stands for all, where one of them is alone."""
    touched = np.bincount(parent, alone[child], count) > 0
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, parent, child.astype(np.int64))
    return np.where(touched[parent], first[parent], child)
