"""Which of several finds are the same people? A find that lies mostly in a larger one says nothing new."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.selection import Filter, Selection
from data_access.warehouse import Warehouse

MOSTLY = 0.5
Filters = tuple[Filter, ...]


class Overlap:
    """How many answers any two of some groups share, counted in one query."""

    def __init__(self, warehouse: Warehouse, selection: Selection, groups: Sequence[Filters]) -> None:
        filters = [selection.within(group).filters for group in groups]
        self._shared = warehouse.shared(selection.metric, selection.period, filters) if groups else None

    def inside(self, group: int, other: int) -> bool:
        """Whether most of a group lies in another one."""
        assert self._shared is not None, "asked only of the groups that were given"
        n = self._shared[group, group]
        return bool(n > 0 and self._shared[group, other] > MOSTLY * n)
