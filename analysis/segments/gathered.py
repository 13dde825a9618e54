"""What a search rests on, kept for the next one of the same change: one of another depth needs the same cells."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from weakref import WeakKeyDictionary

from analysis.segments.cells import CellSums
from analysis.segments.earlier import earlier
from analysis.segments.fetched import fetched_cells, kish_by_period
from data_access.selection import Selection
from data_access.warehouse import Warehouse

MOST_CELLS = 500_000  # kept for one warehouse, about 50 MB; larger searches are about years, and rest on their own


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The cells of both periods, what makes the sums of one half of them, and the cells of earlier changes."""

    dimensions: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    sql: str
    cell_sums: CellSums
    half: Callable[[CellSums], CellSums]
    earlier: Iterable[CellSums]


class _Kept:
    """The newest of what was gathered, up to MOST_CELLS."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[Gathered, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Gathered | None:
        with self._lock:
            return self._known[key][0] if key in self._known else None

    def put(self, key: Hashable, gathered: Gathered, cells: int) -> None:
        with self._lock:
            self._known[key] = gathered, cells
            while sum(count for _, count in self._known.values()) > MOST_CELLS:
                self._known.popitem(last=False)


_KEPT: WeakKeyDictionary[Warehouse, _Kept] = WeakKeyDictionary()  # a scope is a warehouse of its own
_LOCK = Lock()


def gathered(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> Gathered:
    """What a search by some dimensions rests on. Raises NothingToShow for an empty period."""
    with _LOCK:
        kept = _KEPT.setdefault(warehouse, _Kept())
    key = (warehouse.version(), selection, tuple(by))
    known = kept.get(key)
    if known is not None:
        return known
    found = _gathered(warehouse, selection, by)
    if len(found.cell_sums.codes) <= MOST_CELLS:
        before = tuple(found.earlier)
        found = replace(found, earlier=before)
        kept.put(key, found, sum(len(cells.codes) for cells in (found.cell_sums, *before)))
    return found


def _gathered(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> Gathered:
    assert selection.baseline is not None, "a change has two periods"
    cells = fetched_cells(warehouse, selection, by)
    assert cells.half is not None, "cells are asked for by halves"
    apart = CellSums.of(cells, kish_by_period(warehouse, selection))
    return Gathered(
        dimensions=cells.dimensions,
        members=cells.members,
        sql=cells.sql,
        cell_sums=apart.merged(),
        half=apart.only(cells.half == 0),
        earlier=earlier(warehouse, selection, selection.baseline, by),
    )
