"""Which target does a metric have in a selection? That of its segment where the table of targets has one."""

from __future__ import annotations

from collections.abc import Sequence

from data_access.selection import Filter
from data_access.warehouse import Warehouse


def target_for(warehouse: Warehouse, metric: str, filters: Sequence[Filter]) -> float | None:
    """In the unit of the metric: of the only member filtered by, else over all; None without one."""
    rows = warehouse.targets(metric)
    asked: list[tuple[str | None, str | None]] = [(None, None)]
    if len(filters) == 1 and len(filters[0].values) == 1:
        asked.insert(0, (filters[0].dimension, filters[0].values[0]))
    for dimension, value in asked:
        here = rows["dimension"].isna() if dimension is None else rows["dimension"] == dimension
        own = rows["target"][here if value is None else here & (rows["value"] == value)].dropna()
        if len(own):
            return float(own.iloc[0])
    return None
