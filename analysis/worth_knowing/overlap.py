"""Which of several finds are the same people? A find that lies mostly in a larger one says nothing new."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from data_access.selection import Filter, Selection
from data_access.warehouse import Warehouse

MOSTLY = 0.5
Filters = tuple[Filter, ...]


class Overlap:
    """How many answers any two of some groups share, counted in one query."""

    def __init__(self, warehouse: Warehouse, selection: Selection, groups: Sequence[Filters]) -> None:
        pairs = list(combinations(range(len(groups)), 2))
        asked = [*groups, *((*groups[i], *groups[j]) for i, j in pairs)]
        alternatives = [selection.within(filters).filters for filters in asked]
        counts = warehouse.answers(selection.metric, selection.period, alternatives) if asked else []
        self.n = counts[: len(groups)]
        self.shared = dict(zip(pairs, counts[len(groups) :], strict=True))

    def inside(self, group: int, other: int) -> bool:
        """Whether most of a group lies in another one."""
        shared = self.shared[min(group, other), max(group, other)]
        return self.n[group] > 0 and shared > MOSTLY * self.n[group]
