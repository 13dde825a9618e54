"""What a search rests on, kept for the next one of the same change: one of another depth needs the same cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from analysis.kept import Kept
from analysis.segments.cells import CellSums
from analysis.segments.earlier import fetched
from analysis.segments.explanation import of_members
from analysis.segments.fetched import check_answers, kish_by_period
from analysis.segments.search import Search
from data_access.selection import Selection
from data_access.warehouse import Warehouse

MOST_CELLS = 500_000  # kept for one warehouse, about 50 MB; larger searches are about years, and rest on their own


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """The cells of both periods, what makes the sums of one half of them, and the members in earlier changes."""

    dimensions: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    sql: str
    cell_sums: CellSums
    half: Callable[[CellSums], CellSums]
    earlier: Iterable[Search]


_KEPT = Kept[Gathered](MOST_CELLS)


def gathered(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> Gathered:
    """What a search by some dimensions rests on. Raises NothingToShow for an empty period."""
    return _KEPT.of(warehouse, (selection, tuple(by)), lambda: _gathered(warehouse, selection, by), _cells)


def _cells(found: Gathered) -> int:
    """How many cells there are; where they are too many to be kept, those of earlier changes are not asked for."""
    own = len(found.cell_sums.codes)
    return own if own > MOST_CELLS else own + sum(len(search.space.codes) for search in found.earlier)


def _gathered(warehouse: Warehouse, selection: Selection, by: Sequence[str]) -> Gathered:
    assert selection.period is not None and selection.baseline is not None, "a change has two periods"
    change = selection.baseline, selection.period
    cells, earlier = fetched(warehouse, selection, change, by)
    check_answers(cells, change)
    assert cells.half is not None, "cells are asked for by halves"
    apart = CellSums.of(cells, kish_by_period(warehouse, selection))
    whole, before = apart.merged(), map(of_members, earlier)
    return Gathered(
        dimensions=cells.dimensions,
        members=cells.members,
        sql=cells.sql,
        cell_sums=whole,
        half=apart.only(cells.half == 0),
        earlier=tuple(before) if len(whole.codes) <= MOST_CELLS else before,
    )
