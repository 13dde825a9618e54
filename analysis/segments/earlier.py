"""The changes before the one in question: they show how much members vary by themselves from period to period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from analysis.kept import Kept
from analysis.segments.cells import CellSums
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse
from data_access.warehouse.change_cells import Change, ChangeCells
from data_access.warehouse.extent import Extent

MOST = 3  # changes: enough to know a variance by, few enough to fetch
AT_ONCE = 250_000  # contacts, up to which all changes are fetched in one pass; the cells of more would fill memory
_EXTENTS = Kept[Extent](1)


def fetched(
    warehouse: Warehouse, selection: Selection, change: Change, by: Sequence[str]
) -> tuple[ChangeCells, Iterator[CellSums]]:
    """The cells of a change by halves, and those of the changes before it."""
    if not are_few(warehouse, change):
        (cells,) = warehouse.change_cells_each(selection.metric, by, [change], selection.filters, halves=True)
        return cells, earlier(warehouse, selection, change[0], by)
    cells, *rest = warehouse.change_cells_each(
        selection.metric, by, [change, *changes_before(change[0])], selection.filters, halves=True
    )
    return cells, map(CellSums.of, takewhile(_begins_with_answers, rest))


def earlier(warehouse: Warehouse, selection: Selection, baseline: Period, by: Sequence[str]) -> Iterator[CellSums]:
    """The changes up to the baseline between periods as long as it, as far back as there are answers."""
    each = (
        warehouse.change_cells_each(selection.metric, by, [change], selection.filters)[0]
        for change in changes_before(baseline)
    )
    return map(CellSums.of, takewhile(_begins_with_answers, each))


def changes_before(baseline: Period) -> list[Change]:
    """The changes up to a period between others as long as it, latest first."""
    found, later = list[Change](), baseline
    for _ in range(MOST):
        found.append((later.previous(), later))
        later = later.previous()
    return found


def _begins_with_answers(cells: ChangeCells) -> bool:
    return bool(cells.n[:, 0].any())


def are_few(warehouse: Warehouse, change: Change) -> bool:
    """Whether the contacts of a change and of those before it, if they come evenly, can all be looked at together."""
    whole = _EXTENTS.of(warehouse, "extent", warehouse.extent, lambda _: 1)
    if whole.first is None or whole.last is None:
        return True
    start, end = changes_before(change[0])[-1][0].start, max(period.end for period in change)
    return whole.contacts * min(1.0, (end - start).days / ((whole.last - whole.first).days + 1)) <= AT_ONCE
