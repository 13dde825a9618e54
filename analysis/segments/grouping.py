"""Which tuples of dimensions are summed together? Those whose cells are few once only their dimensions count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Group:
    """Tuples of dimensions that are summed together, and all dimensions of them."""

    dimensions: tuple[int, ...]
    tuples: tuple[tuple[int, ...], ...]


@lru_cache(64)  # a search asks for the same again and again
def shared(wanted: tuple[tuple[int, ...], ...], sizes: tuple[int, ...], most: int) -> tuple[Group, ...]:
    """The tuples in groups whose dimensions have at most `most` combinations; one of more stands alone.

    >>> [g.dimensions for g in shared(((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)), (4, 5, 600), 2_500)]
    [(1, 2), (0, 2), (0, 1)]
    """
    order = sorted(wanted, key=lambda t: (len(t), prod(sizes[d] for d in t), t), reverse=True)
    inside, groups = np.zeros((len(order), len(sizes)), dtype=np.int8), list[Group]()
    for row, dimensions in zip(inside, order, strict=True):
        row[list(dimensions)] = 1
    left = np.arange(len(order))
    while len(left):
        group = _grown(order[left[0]], inside[left], sizes, most)
        mine = inside[left][:, group].sum(axis=1) == inside[left].sum(axis=1)
        if prod(sizes[d] for d in group) > most:
            mine = left == left[0]
        groups.append(Group(tuple(group), tuple(sorted(order[place] for place in left[mine]))))
        left = left[~mine]
    return tuple(groups)


def _grown(seed: tuple[int, ...], inside: npt.NDArray[np.int8], sizes: Sequence[int], most: int) -> list[int]:
    """The seed with one dimension after the other that adds most tuples to it, while there is room for one.

    inside: (tuples, dimensions) 1 where a tuple has a dimension.
    """
    group, size = set(seed), prod(sizes[d] for d in seed)
    outside = inside.sum(axis=1, dtype=np.int8) - inside[:, list(seed)].sum(axis=1, dtype=np.int8)
    while further := [d for d in range(len(sizes)) if d not in group and sizes[d] <= most // size]:
        found = (outside[:, None] == inside[:, further]).sum(axis=0)
        best = int(np.argmax(found))
        if not found[best] > np.count_nonzero(outside == 0):
            break
        group, size = group | {further[best]}, size * sizes[further[best]]
        outside = outside - inside[:, further[best]]
    return sorted(group)
