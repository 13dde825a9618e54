"""Answers one by one as the cells a warehouse would give."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from data_access.warehouse.change_cells import ChangeCells
from tests.analysis.segments.instances import Instance, Where

Floats = npt.NDArray[np.float64]
Segments = set[frozenset[tuple[int, int]]]


def cells_of(one: Instance, later: npt.NDArray[np.bool_] | None = None) -> ChangeCells:
    """The cells of an instance, halves drawn by the place of an answer; `later` may stand for its own."""
    later, half = one.later if later is None else later, np.arange(len(one.value)) % 2
    sizes = (*one.sizes, 2)
    keys, place = np.unique(np.ravel_multi_index((*one.codes.T, half), sizes), return_inverse=True)
    codes = np.column_stack(np.unravel_index(keys, sizes))
    sums = [_two(place, part, later) for part in (np.ones(len(one.value)), one.value, one.value**2)]
    names = tuple(f"d{d}" for d in range(len(one.sizes)))
    members = tuple(tuple(f"{d}_{m}" for m in range(size)) for d, size in zip(names, one.sizes, strict=True))
    n, total, squares = sums
    own = codes[:, :-1].astype(np.int32)
    return ChangeCells(
        dimensions=names, members=members, codes=own, n=n, sum=total, squares=squares, weight=n,
        half=codes[:, -1].astype(np.int8), sql="",
    )  # fmt: skip


def _two(place: npt.NDArray[np.intp], part: Floats, later: npt.NDArray[np.bool_]) -> Floats:
    return np.stack([np.bincount(place.ravel(), part * side) for side in (~later, later)], axis=1)


def as_set(wheres: Iterable[Where | Iterable[tuple[int, int]]]) -> Segments:
    """Conjunctions as a set, whatever their order."""
    return {frozenset(w.items() if isinstance(w, dict) else w) for w in wheres}


def f1(pairs: Iterable[tuple[Segments, Segments]]) -> float:
    """Micro F1 over (found, planted)."""
    known = list(pairs)
    hits = sum(len(found & planted) for found, planted in known)
    return 2 * hits / max(sum(len(found) + len(planted) for found, planted in known), 1)
