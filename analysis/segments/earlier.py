"""The changes before the one in question: they show how much members vary by themselves from period to period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.segments.cells import CellSums
from data_access.selection import Period, Selection
from data_access.warehouse import Warehouse

MOST = 3  # changes: enough to know a variance by, few enough to fetch


def earlier(warehouse: Warehouse, selection: Selection, baseline: Period, by: Sequence[str]) -> Iterator[CellSums]:
    """The changes up to the baseline between periods as long as it, as far back as there are answers."""
    later = baseline
    for _ in range(MOST):
        before = later.previous()
        cells = warehouse.change_cells(selection.metric, by, later, before, selection.filters)
        if not cells.n[:, 0].any():
            return
        yield CellSums.of(cells)
        later = before
